"""What really happened in a run, noted where it took effect: what the verdict is given on."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.usecases.ports import EmailMessage, SmsMessage
from chalicelib.usecases.store_port import Commit

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Effect:
    """A commit that was stored. `order` places it among all effects of the run."""

    order: int
    at: datetime
    commit: Commit


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that a provider took. `read_order` is the last state that its worker had read before it sent it, and
    `people_order` the last look at the people whom it could be sent to."""

    order: int
    at: datetime
    read_order: int
    read_at: datetime
    word: str
    message: EmailMessage | SmsMessage
    people_order: int

    @property
    def promise_id(self) -> str:
        return self.message.promise_id

    @property
    def notice_id(self) -> str:
        return self.message.notice_id


@dataclass(slots=True)
class Telling:
    """A webhook that a source sends until it is answered. `status` is its final answer (0: none yet), which it had by
    `answered_at`."""

    webhook_id: str
    type: str
    data: dict[str, object]
    at: datetime
    status: int = 0
    answered_at: datetime = NEVER

    @property
    def ref(self) -> str:
        """The source's name for the promise; empty where it tells of something else."""
        return str(self.data.get("ref", ""))


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a page's button that was answered with a page."""

    promise_id: str
    action: str
    at: datetime


@dataclass(slots=True)
class Asked:
    """What must be answered sooner or later: a read, a text message sent back, a run by hand. `done` once it was;
    `about` is its promise, if it has one, and `id` that of a text message."""

    what: str
    at: datetime
    done: bool = False
    about: str = ""
    id: str = ""


@dataclass(slots=True)
class Journal:
    """Everything that took effect in one run, in order."""

    effects: list[Effect] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    told: list[Telling] = field(default_factory=list)
    # What was told once more, under an id of its own, though nobody was waiting for an answer.
    told_again: list[Telling] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    # Presses that were made, answered or not.
    tried: list[Press] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    # How often each webhook's answer was stored, by its id, and the first time's place in the order.
    answered: Counter[str] = field(default_factory=Counter)
    taken: dict[str, int] = field(default_factory=dict)
    # The messages, by their order, of which a report was taken that they reached nobody, and its place in the order.
    failed: dict[int, int] = field(default_factory=dict)
    # What an intruder did that changed something, or was answered as if it had been let in.
    intrusions: list[str] = field(default_factory=list)
    # What came out of a function as no StoreUnavailable: each is a surprise.
    surprises: list[str] = field(default_factory=list)
