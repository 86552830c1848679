"""Numbers, rates, amounts and days as people of a language write them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.messages.money import money


@dataclass(frozen=True, slots=True)
class Numbers:
    """Writes numbers in the manner of a canonical language tag."""

    tag: str

    def whole(self, n: int) -> str:
        """Return a count."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - slow to import, and needed by few pages

        return format_decimal(n, locale=self._locale)

    def decimal(self, n: float) -> str:
        """Return a number with one decimal at most."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - as above

        return format_decimal(n, format="#,##0.#", locale=self._locale)

    def percent(self, part: float) -> str:
        """Return a part of one as whole hundredths."""
        from babel.numbers import format_percent  # noqa: PLC0415 - as above

        return format_percent(part, locale=self._locale)

    def money(self, minor_units: int, currency: str) -> str:
        """Return an amount that is given in minor units of its currency (ISO 4217)."""
        from babel.numbers import get_currency_precision  # noqa: PLC0415 - as above

        amount = Decimal(minor_units).scaleb(-get_currency_precision(currency))
        return money(str(amount), currency, self.tag) or f"{amount} {currency}"

    def day(self, day: date) -> str:
        """Return a day with its month in words and its year."""
        from babel.dates import format_date  # noqa: PLC0415 - as above

        return format_date(day, format="long", locale=self._locale)

    @property
    def _locale(self) -> str:
        from babel.localedata import exists  # noqa: PLC0415 - as above

        locale = "en_GB" if self.tag == "en" else self.tag.replace("-", "_")
        return locale if exists(locale) else locale.partition("_")[0]
