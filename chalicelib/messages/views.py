"""What a text or a page may speak of, already decided by the use case: rendering asks nothing and reads no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Wording(StrEnum):
    """Which text is said. Each is written for its case in every language."""

    CONFIRMATION = "confirmation"
    UPDATE_NEWS = "update_news"
    UPDATE_NO_NEWS = "update_no_news"
    OVERDUE = "overdue"
    CLOSING = "closing"
    CLOSING_LATE = "closing_late"
    WITHDRAWN = "withdrawn"


class Register(StrEnum):
    """How a brand addresses its customers in a language that has both."""

    INFORMAL = "informal"
    FORMAL = "formal"


@dataclass(frozen=True, slots=True)
class Brand:
    """Who speaks. `registers` is by language tag (`es`, `pt-PT`)."""

    name: str
    time_zone: ZoneInfo
    locale: str = "en"
    registers: Mapping[str, Register] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One piece of news in the company's own words, and when it happened."""

    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """All that one notice may say.

    `what` is the company's own short sentence or title in the customer's language ("Your order 1234 arrives"); `note`
    is a closing's or a withdrawal's word; `next_contact_at` is None only when no further word will come. `is_attempt`
    means that nothing was promised ("we will try"). `amount` and `currency` (ISO 4217) are what it is about, if known.
    """

    wording: Wording
    is_attempt: bool
    locale: str
    zone: ZoneInfo
    brand: Brand
    now: datetime
    what: str
    due_at: datetime
    next_contact_at: datetime | None
    link: str
    customer_name: str | None = None
    promiser_name: str | None = None
    promiser_team: str | None = None
    news: tuple[NewsLine, ...] = ()
    note: str | None = None
    order: str | None = None
    amount: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class EmailText:
    """An email, rendered."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One fact to be put in human words. `data` may hold `channel`, `wording`, `word`; `text` is somebody's words."""

    name: str
    at: datetime
    data: Mapping[str, str | int] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """All that a promise page shows. `status` is open, broken, kept or withdrawn."""

    is_attempt: bool
    locale: str
    zone: ZoneInfo
    brand: Brand
    now: datetime
    what: str
    status: str
    due_at: datetime
    next_contact_at: datetime | None
    timeline: tuple[TimelineLine, ...]
    form_nonce: str
    customer_name: str | None = None
    promiser_name: str | None = None
    promiser_team: str | None = None
    order: str | None = None
    amount: str | None = None
    currency: str | None = None
    acknowledged_at: datetime | None = None
    just_acknowledged: bool = False
    form_expired: bool = False
