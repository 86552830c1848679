"""What a message or a call may say, already decided by the use case: rendering asks nothing and reads no clock."""

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
    CHECK_IN = "check_in"
    CHECK_IN_BROKEN = "check_in_broken"
    CHECK_IN_CONTESTED = "check_in_contested"
    DOUBT = "doubt"
    OVERDUE = "overdue"
    RECOVERY_DELAY = "recovery_delay"
    RECOVERY_DELAY_LATE = "recovery_delay_late"
    RECOVERY_WRONG_ITEM = "recovery_wrong_item"
    RECOVERY_WRONG_ITEM_LATE = "recovery_wrong_item_late"
    RECOVERY_TERMS = "recovery_terms"
    RECOVERY_TERMS_LATE = "recovery_terms_late"
    RECOVERY_OTHER = "recovery_other"
    RECOVERY_OTHER_LATE = "recovery_other_late"
    APOLOGY = "apology"
    REMINDER = "reminder"
    STAY_CONFIRMED = "stay_confirmed"
    STAY_BY_SILENCE = "stay_by_silence"
    CANCEL_CONFIRMED = "cancel_confirmed"
    CANCEL_BY_SILENCE = "cancel_by_silence"
    CLAIM_RATIFIED = "claim_ratified"
    CLAIM_RIGHT = "claim_right"
    CLAIM_REVIEW = "claim_review"
    CLAIM_MISTAKEN = "claim_mistaken"
    CLAIM_MISTAKEN_HONOURED = "claim_mistaken_honoured"
    CLAIM_REVIEW_LATE = "claim_review_late"
    CLAIM_LATE = "claim_late"
    CLAIM_CLOSED = "claim_closed"
    CLAIM_CLOSED_LATE = "claim_closed_late"
    CLAIM_DROPPED = "claim_dropped"
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
class OfferView:
    """An offer: the company's own words for it, its code once granted, and until when it is good."""

    text: str
    code: str | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """What a recovery says, and the choice it gives.

    `reason`, `done_so_far` and `solution` are the company's own sentences. `silence` is what no answer by `decide_by`
    will mean: stay, cancel or call. The links are those of the page with one choice marked; `choice` (stay, cancel) is
    what was chosen, with its `reference` for people to quote and whether it can still be changed.
    """

    reason: str
    done_so_far: str
    solution: str
    offer: OfferView
    silence: str
    stay_link: str
    cancel_link: str
    reference: str
    new_due_at: datetime | None = None
    decide_by: datetime | None = None
    choice: str | None = None
    may_change: bool = True


@dataclass(frozen=True, slots=True)
class ClaimView:
    """The claim that a promise began as: status ratified, in_review or declined; finding promised, not_promised,
    unclear or None. `by_whom` and `when` are the customer's own words. `percent` (a decimal number) or `term` (in words
    or as an ISO date) is what is corrected, where that is no amount. `review` says that its answer comes out of a
    review (done, or late), `again` that a review began anew."""

    status: str
    finding: str | None = None
    by_whom: str | None = None
    when: str | None = None
    percent: str | None = None
    term: str | None = None
    review: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class NoticeView:
    """All that one notice may say.

    `what` is the company's own short sentence or title in the customer's language ("Your order 1234 arrives"); `note`
    is a closing's or a withdrawal's word; `next_contact_at` is None only when no further word will come. `is_attempt`
    means that nothing was promised ("we will try"), `is_limit` that no date was: `due_at` is the outermost limit of a
    word given without one. `amount` and `currency` (ISO 4217) are what it is about, if known.
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
    recovery: RecoveryView | None = None
    is_expectation: bool = False
    is_limit: bool = False
    claim: ClaimView | None = None


@dataclass(frozen=True, slots=True)
class EmailText:
    """An email, rendered."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class CallView:
    """What a person must tell a customer on the phone; it names nobody.

    `word` is what could not be told otherwise: confirmation, update, doubt, overdue, apology, recovery, reminder,
    choice, closing, finding or withdrawn. `recovery` is there when there is something to choose, `claim` when the
    promise began as one. `what` is empty, and so are a recovery's words, where only our own may be said. `answered_no`
    means that the customer was reached, and says that the word was not kept. `is_attempt`, `is_expectation` and
    `is_limit` are as in a notice: nothing was promised, nobody promised it, or no date was.
    """

    word: str
    is_attempt: bool
    locale: str
    zone: ZoneInfo
    brand: Brand
    now: datetime
    what: str
    due_at: datetime
    recovery: RecoveryView | None = None
    claim: ClaimView | None = None
    answered_no: bool = False
    is_limit: bool = False
    is_expectation: bool = False
