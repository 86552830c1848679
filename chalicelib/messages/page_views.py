"""What a page may show, already decided by the use case: the promise's, the promiser's, and the form for a claim."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.messages.views import Brand, ClaimView, RecoveryView


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One fact to be put in human words. `data` may hold `channel`, `wording`, `word`; `text` is somebody's words."""

    name: str
    at: datetime
    data: Mapping[str, str | int] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """All that a promise page shows. `status` is open, broken, kept or withdrawn; `standard` says what it promises.

    `is_limit` means that nobody promised a date: `due_at` is the outermost limit of a word given without one.
    `perceived` is the answer to the question at the end (yes, partly, no), and `is_contested` while nothing has come of
    a "no" yet; `expected` is what was typed beside it, when it was not taken, and `errors` what was wrong then by field
    (kept: missing; expected: too_long). `claim_link` leads to the form for what else was promised.
    """

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
    is_expectation: bool = False
    is_limit: bool = False
    form_expired: bool = False
    recovery: RecoveryView | None = None
    chosen_at: datetime | None = None
    may_cancel: bool = False
    preselected: str | None = None
    just_chosen: bool = False
    too_late: bool = False
    claim: ClaimView | None = None
    may_answer: bool = False
    perceived: str | None = None
    is_contested: bool = False
    just_answered: bool = False
    expected: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    claim_link: str | None = None
    standard: str | None = None

    @property
    def says_otherwise(self) -> bool:
        """Tell whether the customer answered that what we ended as kept was not, or not all, kept."""
        return self.perceived in {"partly", "no"}


@dataclass(frozen=True, slots=True)
class ClaimPageView:
    """The form by which a customer tells us of a promise that nobody wrote down.

    `about` is the promise whose page they came from; `given` is what was typed, `errors` what is wrong by field
    (missing or too_long); `sent` once it was taken. With `more` it is the form for what else there is to show for it.
    """

    locale: str
    brand: Brand
    about: str
    form_nonce: str
    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    form_expired: bool = False
    sent: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class CheckInView:
    """What the promiser's page shows: the promise, and a form with three answers.

    `answered` is on_track, late or done once an answer was taken; `errors` name what is wrong by field (reason,
    done_so_far, solution, new_due_at, offer): missing, too_long, bad_date, past or too_far; `given` is what was typed,
    so that nothing is lost. `is_contested` means that it is broken as the customer says so, `is_expectation` that
    nobody promised it, `over` that it has ended meanwhile; `offers` are the kinds to choose from.
    """

    locale: str
    zone: ZoneInfo
    brand: Brand
    now: datetime
    what: str
    due_at: datetime
    form_nonce: str
    promiser_name: str | None = None
    customer_name: str | None = None
    is_broken: bool = False
    is_contested: bool = False
    is_expectation: bool = False
    preselected: str | None = None
    answered: str | None = None
    form_expired: bool = False
    over: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ("discount", "amount_off", "gift", "free_shipping", "upgrade", "special")
