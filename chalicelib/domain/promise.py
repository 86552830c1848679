"""The promise: what was promised, to which customer, by whom, until when; and what has been heard of it so far."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.claimed import Claim
from chalicelib.domain.durations import Duration
from chalicelib.domain.recovery import Recovery


class Kind(StrEnum):
    """Whose word it is. `attempt` is explicitly not a promise, but its contact moments are kept all the same."""

    COMMITMENT = "commitment"
    EXPECTATION = "expectation"
    PERSONAL = "personal"
    ATTEMPT = "attempt"


class Status(StrEnum):
    """Where a promise stands. `kept` and `withdrawn` are final; `cancelled` is until the customer thinks again."""

    OPEN = "open"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Word(StrEnum):
    """The kinds of word that somebody can be owed."""

    CONFIRMATION = "confirmation"
    UPDATE = "update"
    CHECK_IN = "check_in"
    DOUBT = "doubt"
    OVERDUE = "overdue"
    APOLOGY = "apology"
    RECOVERY = "recovery"
    REMINDER = "reminder"
    REMINDER_ELSEWHERE = "reminder_elsewhere"
    CHOICE = "choice"
    FINDING = "finding"
    CLOSING = "closing"
    WITHDRAWN = "withdrawn"


# The notice of a recovery and the reminders of it.
OF_RECOVERY = frozenset({Word.RECOVERY, Word.REMINDER, Word.REMINDER_ELSEWHERE})
# What a due time brings, and another one brings again.
OF_DUE_TIME = frozenset({Word.CHECK_IN, Word.DOUBT, Word.OVERDUE})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When updates were promised: every so long since the making, at named moments, or both."""

    every: Duration | None = None
    at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened and that the customer has not been told yet. `seq` is its fact's number."""

    seq: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Trying:
    """How far a word that has not got through yet has been tried.

    `unheard` are the channels given up for it; `tries` and `unknowns` count the unavailable and the unknown sends on
    the current one; `retry_at` is when the next try may be made (None: at once); `held_since` is when its provider
    first asked to be left alone.
    """

    unheard: tuple[str, ...] = ()
    tries: int = 0
    unknowns: int = 0
    retry_at: datetime | None = None
    held_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leads:
    """How long before the due time the promiser is asked, and how long before it no answer counts as a risk."""

    check_in: timedelta
    warn: timedelta


@dataclass(frozen=True, slots=True)
class Promise:
    """The state of one promise. All times are aware.

    `heard_until` is the moment up to which updates are met; `due_seq` the number of the fact that set the due time: a
    notice written before it speaks of an older one. `leads` is None when there is no promiser to ask. `expected_at` is
    when the customer last said what they had expected. `reopened_seq` is the number of the fact by which the customer's
    "no" took up a promise that had been kept (0: none did).
    """

    id: str
    source: str
    ref: str
    kind: Kind
    what: str
    made_at: datetime
    due_at: datetime
    customer_ref: str
    time_zone: str
    heard_until: datetime
    status: Status = Status.OPEN
    rhythm: Rhythm = field(default_factory=Rhythm)
    promiser_ref: str | None = None
    standard: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    told: frozenset[Word] = frozenset()
    notices: Mapping[Word, int] = field(default_factory=dict)
    news: tuple[News, ...] = ()
    tell_now: datetime | None = None
    trying: Mapping[Word, Trying] = field(default_factory=dict)
    leads: Leads | None = None
    checked_in: bool = False
    due_seq: int = 0
    recovery: Recovery | None = None
    recoveries: int = 0
    delays: int = 0
    ended_at: datetime | None = None
    end_note: str | None = None
    acknowledged_at: datetime | None = None
    claim: Claim | None = None
    perceived: str | None = None
    expected_digest: str | None = None
    expected_at: datetime | None = None
    reopened_seq: int = 0
    is_erased: bool = False
    made_digest: str = ""
    seq: int = 0
    version: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The customer's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def counted_under(self) -> str | None:
        """The standard under which the promise is counted, whatever it is kept under by now."""
        return self.claim.began_under if self.claim else self.standard

    @property
    def warn_at(self) -> datetime | None:
        """When a check-in without an answer counts as a risk."""
        return self.due_at - self.leads.warn if self.leads else None

    @property
    def is_over(self) -> bool:
        """Tell whether the promise has ended, so that only its last word is still owed."""
        return self.status in {Status.KEPT, Status.WITHDRAWN, Status.CANCELLED}

    @property
    def counted_on(self) -> str | None:
        """On whose ledger it counts: who gave it, or of a claim, whom the finding named."""
        return (self.claim.found_of if self.claim else None) or self.promiser_ref

    @property
    def contested(self) -> Recovery | None:
        """The recovery that the customer's "no" opened, until somebody has told what comes of it."""
        recovery = self.recovery
        if recovery is None or recovery.seq != self.reopened_seq or recovery.parts is not None:
            return None
        return recovery if self.status is Status.BROKEN else None

    @property
    def is_late(self) -> bool:
        """Tell whether it was ended after its due time."""
        return self.ended_at is not None and self.ended_at > self.due_at


def promise_id(source: str, ref: str) -> str:
    """Return the id of the promise that `source` calls `ref`: 24 lower-case base32 characters.

    Derived, not drawn, so that a reference can name one promise only, however often it is told at once. Ids open
    nothing: links are signed.
    """
    digest = hashlib.sha256(f"{len(source)}:{source}:{ref}".encode()).digest()
    return base64.b32encode(digest[:15]).decode().lower()
