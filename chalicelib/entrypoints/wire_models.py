"""The fields of each webhook, and what each may hold. Unknown fields are passed over: senders may be newer than us."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import phonenumbers
from babel.numbers import get_currency_precision, list_currencies
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from chalicelib.domain.durations import Duration, parse_duration
from chalicelib.entrypoints.plain_text import CONTROL_BUT_NEWLINE
from chalicelib.messages import texts

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# RFC 5321, section 4.5.3.1.3, less the angle brackets.
_LONGEST_EMAIL = 254
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def _one_line(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("must not be empty")
    if _CONTROL.search(text):
        raise ValueError("must be one line of plain text, without control characters")
    return text


def _some_lines(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValueError("must not be empty")
    if CONTROL_BUT_NEWLINE.search(text):
        raise ValueError("must be plain text, without control characters")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text) or len(text) > _LONGEST_EMAIL or ".." in text:
        raise ValueError("must be an email address such as gemma@shop.example")
    return text


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError("must be a phone number with its country, in E.164 form, such as +34600000000")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _locale(tag: str) -> str:
    if not texts.supported(tag):
        raise ValueError("must be a language we speak: en, en-GB, en-US, es (or es with a region), pt-BR, pt-PT")
    return tag


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise ValueError("must be an IANA time zone such as Europe/Madrid") from None
    return name


def _moment(given: object) -> object:
    if not isinstance(given, str) or not re.match(r"\d{4}-\d\d-\d\d[Tt ]\d", given):
        raise ValueError("must be a date and time in ISO 8601 with its offset, such as 2026-12-05T18:00:00-03:00")
    return given


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the calendar") from None


def _duration(given: object) -> Duration:
    if not isinstance(given, str):
        raise ValueError("must be a duration such as P2D, PT4H or, in working days, P2B")
    return parse_duration(given)


def _amount(given: object) -> Decimal:
    if not isinstance(given, str) or not re.fullmatch(r"\d{1,15}(?:\.\d{1,4})?", given):
        raise ValueError('must be a decimal number in quotes, such as "120.00"')
    return Decimal(given)


def decimal_number(given: object) -> Decimal:
    """Read a number, quoted or not, without going through binary fractions. Raises ValueError."""
    text = str(given) if isinstance(given, int | float | str) and not isinstance(given, bool) else ""
    return _amount(text)


def fault_in(model: BaseModel, field: str, detail: str) -> ValidationError:
    """Return the error that names one field of a model, for what only several fields together show."""
    custom = PydanticCustomError("fault", "{detail}", {"detail": detail})
    line = InitErrorDetails(type=custom, loc=(field,), input=getattr(model, field))
    return ValidationError.from_exception_data(type(model).__name__, [line])


def check_money(model: BaseModel, amount: Decimal | None, currency: str | None) -> None:
    """Raise ValidationError, naming the field, for an amount without a currency, or finer than its smallest unit."""
    if amount is not None and currency is None:
        raise fault_in(model, "currency", "is needed beside an amount: without it nobody knows how much is meant")
    if currency is not None and amount is None:
        raise fault_in(model, "currency", "belongs beside an amount, and there is none")
    try:
        whole_minor_units(amount, currency)
    except ValueError as error:
        raise fault_in(model, "amount", str(error)) from None


def whole_minor_units(amount: Decimal | None, currency: str | None) -> None:
    """Raise ValueError for an amount finer than its currency's smallest unit: rounding would promise something else."""
    if amount is not None and currency is not None and amount != round(amount, get_currency_precision(currency)):
        raise ValueError(f"an amount in {currency} has at most {get_currency_precision(currency)} decimals")


def minor_units(amount: Decimal, currency: str) -> int:
    """Return an amount in the smallest unit of its currency (ISO 4217): 120.00 EUR is 12000, 500 JPY is 500."""
    return int((amount * 10 ** get_currency_precision(currency)).to_integral_value())


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError("must be an ISO 4217 currency code such as EUR")
    return code


Ref = Annotated[str, Field(max_length=128), AfterValidator(_one_line)]
Title = Annotated[str, Field(max_length=200), AfterValidator(_one_line)]
Name = Annotated[str, Field(max_length=80), AfterValidator(_one_line)]
Note = Annotated[str, Field(max_length=1000), AfterValidator(_some_lines)]
Evidence = Annotated[str, Field(max_length=4000), AfterValidator(_some_lines)]
Email = Annotated[str, AfterValidator(_email)]
Phone = Annotated[str, Field(max_length=32), AfterValidator(_phone)]
UtcMoment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_utc)]
GivenDuration = Annotated[Duration, BeforeValidator(_duration)]
Currency = Annotated[str, AfterValidator(_currency)]
Moment: TypeAdapter[datetime] = TypeAdapter(UtcMoment)


class Updates(BaseModel):
    """When updates are promised."""

    every: GivenDuration | None = None
    at: Annotated[list[UtcMoment], Field(max_length=100)] = []


class PromisedBy(BaseModel):
    """Who gave their word."""

    ref: Ref
    name: Name | None = None
    email: Email | None = None
    team: Name | None = None


class Customer(BaseModel):
    """Whom it was given to."""

    ref: Ref
    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    locale: Annotated[str, Field(max_length=20), AfterValidator(_locale)] | None = None
    time_zone: Annotated[str, Field(max_length=64), AfterValidator(_zone)] | None = None
    channels: Annotated[list[Literal["email", "sms"]], Field(max_length=2)] | None = None


class About(BaseModel):
    """What it is about."""

    order: Ref | None = None
    amount: Annotated[Decimal, BeforeValidator(_amount)] | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _in_whole_minor_units(self) -> "About":
        check_money(self, self.amount, self.currency)
        return self

    def as_text(self) -> dict[str, str]:
        """Return what was given, as text."""
        return {name: str(value) for name, value in self if value is not None}

    def with_minor_units(self) -> dict[str, str]:
        """Return what was given, as text, with the amount in minor units of its currency beside it."""
        if self.amount is None or self.currency is None:
            return self.as_text()
        return self.as_text() | {"amount_minor": str(minor_units(self.amount, self.currency))}


class PromiseMade(BaseModel):
    """`promise.made`."""

    ref: Ref
    kind: Literal["commitment", "expectation", "personal", "attempt"]
    what: Title
    standard: Ref | None = None
    due_at: UtcMoment | None = None
    due_in: GivenDuration | None = None
    updates: Updates | None = None
    check_in_before: GivenDuration | None = None
    warn_before: GivenDuration | None = None
    promised_by: PromisedBy | None = None
    customer: Customer
    about: About | None = None


class PromiseProgressed(BaseModel):
    """`promise.progressed`."""

    ref: Ref
    note: Note
    tell: Literal["now", "next"] = "next"


class PromiseKept(BaseModel):
    """`promise.kept`."""

    ref: Ref
    note: Note | None = None


class PromiseWithdrawn(BaseModel):
    """`promise.withdrawn`."""

    ref: Ref
    reason: Note
