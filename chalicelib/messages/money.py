"""Amounts of money, and percentages, as people write them."""

import re
from decimal import Decimal, InvalidOperation

# A currency code glued to its digits ("CLP1,200") is not how anybody writes it; CLDR asks for a space there too.
_CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z]{3})(?=\d)")


def money(amount: str | None, currency: str | None, tag: str) -> str | None:
    """Return an amount with its currency in the manner of a language, or None when either is missing or senseless.

    `amount` is a decimal number in major units, `currency` an ISO 4217 code. Decimals follow the currency (none for
    JPY and CLP), by CLDR.
    """
    from babel.numbers import format_currency  # noqa: PLC0415 - 20 ms that only texts with an amount should pay

    if not amount or not currency or not re.fullmatch(r"[A-Za-z]{3}", currency):
        return None
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    written = format_currency(value, currency.upper(), locale=_number_locale(tag))
    return _CODE_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", written)


def percentage(percent: str | None, tag: str) -> str | None:
    """Return hundredths, given as a decimal number, in the manner of a language; None without any."""
    from babel.numbers import format_percent  # noqa: PLC0415 - as above

    if not percent:
        return None
    return format_percent(Decimal(percent) / 100, locale=_number_locale(tag), decimal_quantization=False)


def _number_locale(tag: str) -> str:
    from babel.localedata import exists  # noqa: PLC0415 - see above

    locale = tag.replace("-", "_")
    return locale if exists(locale) else locale.partition("_")[0]
