"""Notices: one message each, meeting one obligation on one channel, with the history of its delivery."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Word
from chalicelib.domain.receipts import Delivery


class Outcome(StrEnum):
    """What became of a send, told apart by whether it can be tried again.

    accepted: the provider took it. refused: it never will, so another channel or a person must. unavailable: it took
    nothing, so trying again is safe. unknown: it may have taken it, so trying again may repeat it.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One send of a notice: when it was over, its outcome, and the provider's own id or reason (never an address)."""

    at: datetime
    channel: Channel
    outcome: Outcome
    provider_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `status` is `claimed` while a worker holds it until `lease_until`, else the last outcome.

    `token` fences: whoever writes must show the token of the latest claim. What it says is as of fact `news_seq`, and
    holds the `news` with these numbers; while it is claimed, both are what it holds at least.
    """

    promise_id: str
    word: Word
    n: int
    channel: Channel
    due_at: datetime
    token: str
    claimed_at: datetime
    lease_until: datetime
    status: str = CLAIMED
    wording: str = ""
    attempts: tuple[Attempt, ...] = ()
    as_of: datetime | None = None
    news_seq: int = 0
    news: tuple[int, ...] = ()
    delivery: Delivery = field(default_factory=Delivery)

    @property
    def id(self) -> str:
        """The notice's id, as derived from its obligation."""
        return f"{self.promise_id}:{self.word}:{self.n}"

    def lapsed(self, now: datetime) -> bool:
        """Tell whether its holder vanished between claim and record, so that nobody knows whether it was sent."""
        return self.status == CLAIMED and self.lease_until <= now
