"""What can go wrong, and where: the kinds of fault, which of them can strike which call, and plans of when they do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Protocol


class Crash(BaseException):
    """The worker dies. Not an Exception, so that nothing in the product can catch it."""


class Kind(StrEnum):
    """One kind of fault. `..._BEFORE` strikes before the call took effect, `..._AFTER` once it has."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    TIMEOUT_BEFORE = "time-out, nothing done"
    TIMEOUT_AFTER = "time-out, done"
    THROTTLED = "throttled for a while"
    CONDITION_FAILED = "condition fails"
    UNAVAILABLE = "provider unavailable"
    HELD = "provider asks to be left alone"
    REFUSED = "provider refuses"
    UNKNOWN_BEFORE = "5xx, nothing done"
    UNKNOWN_AFTER = "5xx, done"
    NOT_TAKEN = "bus takes nothing"
    HALF_TAKEN = "bus takes half"
    TAKEN_UNHEARD = "bus takes all, answer lost"
    DROPPED = "queue drops it"
    CLOCK_EXPIRED = "clock expired early"
    RIVAL_RING_BEFORE = "rival ring before"
    RIVAL_RING_AFTER = "rival ring after"
    RIVAL_WRITE_BEFORE = "rival write before"
    RIVAL_WRITE_AFTER = "rival write after"
    NEWS_BEFORE = "news before"
    NEWS_AFTER = "news after"
    END_BEFORE = "end before"
    END_AFTER = "end after"
    STALL_BEFORE = "worker stalls before"
    STALL_AFTER = "worker stalls after"
    SLEEP_BEFORE = "worker outsleeps its lease before"
    SLEEP_AFTER = "worker outsleeps its lease after"
    DUPLICATED = "delivered twice"
    REORDERED = "delivered in another order"
    DELAYED = "delivered late"
    LOST = "not delivered"
    NOT_STARTED = "function dies at its start"
    SKEW_AHEAD = "worker's clock ahead"
    SKEW_BEHIND = "worker's clock behind"


# After these nobody can know whether a message went out: only they excuse one that comes twice.
LEAVES_DOUBT = frozenset(
    {
        Kind.CRASH_BEFORE,
        Kind.CRASH_AFTER,
        Kind.TIMEOUT_BEFORE,
        Kind.TIMEOUT_AFTER,
        Kind.THROTTLED,
        Kind.UNKNOWN_BEFORE,
        Kind.UNKNOWN_AFTER,
        Kind.SLEEP_BEFORE,
        Kind.SLEEP_AFTER,
    }
)
SLEEPS = frozenset({Kind.SLEEP_BEFORE, Kind.SLEEP_AFTER})
# Meanwhile others go on: what this worker has read is outdated when it does too.
STALLS = frozenset({Kind.STALL_BEFORE, Kind.STALL_AFTER})

# Faults of the machine and of other writers, which can strike whatever call is being made.
ANYWHERE = (
    Kind.CRASH_BEFORE,
    Kind.CRASH_AFTER,
    Kind.RIVAL_RING_BEFORE,
    Kind.RIVAL_RING_AFTER,
    Kind.RIVAL_WRITE_BEFORE,
    Kind.RIVAL_WRITE_AFTER,
    Kind.NEWS_BEFORE,
    Kind.NEWS_AFTER,
    Kind.END_BEFORE,
    Kind.END_AFTER,
    Kind.STALL_BEFORE,
    Kind.STALL_AFTER,
    Kind.SLEEP_BEFORE,
    Kind.SLEEP_AFTER,
)
STORE = (Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER, Kind.THROTTLED)
SENDER = (Kind.UNAVAILABLE, Kind.HELD, Kind.THROTTLED, Kind.REFUSED, Kind.UNKNOWN_BEFORE, Kind.UNKNOWN_AFTER)
# What a port does of its own; a port that is not named fails like the store.
BY_PORT = {
    "email": SENDER,
    "sms": SENDER,
    "bus": (Kind.NOT_TAKEN, Kind.HALF_TAKEN, Kind.TAKEN_UNHEARD, Kind.THROTTLED),
    "rings": (*STORE, Kind.DROPPED),
    "metrics": (),  # a metric that cannot be put never raises
}
BY_CALL = {
    "store.commit": (*STORE, Kind.CONDITION_FAILED, Kind.CLOCK_EXPIRED),
    "store.redeem": (*STORE, Kind.CONDITION_FAILED),
    "ledgers.add": (*STORE, Kind.CONDITION_FAILED),
}
_CLOCKWORK = (Kind.NOT_STARTED, Kind.DUPLICATED, Kind.DELAYED, Kind.SKEW_AHEAD, Kind.SKEW_BEHIND)
BY_TRIGGER = {
    "deliver.ring": (*_CLOCKWORK, Kind.LOST, Kind.REORDERED),
    "deliver.sweep": (*_CLOCKWORK, Kind.LOST),
    "deliver.watch": (*_CLOCKWORK, Kind.LOST),
    "deliver.publish": (*_CLOCKWORK, Kind.REORDERED),
    "deliver.rescue": (*_CLOCKWORK, Kind.REORDERED),
    "deliver.nightly": (*_CLOCKWORK, Kind.LOST),
    "deliver.press": (Kind.DUPLICATED,),
    "deliver.sms_reply": _CLOCKWORK,
    "deliver.sms_status": _CLOCKWORK,
    # A person asks for it, once, and sees whether it was done.
    "deliver.rebuild_ledgers": (Kind.NOT_STARTED, Kind.SKEW_AHEAD, Kind.SKEW_BEHIND),
    # A sender repeats itself until it hears 2xx, so that what is lost comes late.
    "deliver.http": _CLOCKWORK,
}


def repertoire(call: str) -> tuple[Kind, ...]:
    """Return the faults that can strike a call, named `port.method` or `deliver.trigger`."""
    port = call.partition(".")[0]
    if port == "deliver":
        return BY_TRIGGER[call]
    return ANYWHERE + BY_CALL.get(call, BY_PORT.get(port, STORE))


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that struck: at which of the run's I/O calls, what was being called, how and when. `about` are the
    promises of the notices that workers held then."""

    tick: int
    call: str
    kind: Kind
    at: datetime
    about: frozenset[str] = frozenset()


class Plan(Protocol):
    """When faults strike. `next` is the number of the next call that one may strike at (0: none any more)."""

    next: int

    def strikes(self, call: str) -> Kind | None:
        """Return how the call numbered `next` is struck, and move `next` on."""


class Planned:
    """Faults at given calls, by their number in the run, from 1."""

    def __init__(self, *faults: tuple[int, Kind]) -> None:
        self._faults = sorted(faults)
        self.next = self._faults[0][0] if faults else 0

    def strikes(self, call: str) -> Kind | None:
        """Return the planned kind, or None where that cannot strike this call."""
        _, kind = self._faults.pop(0)
        self.next = self._faults[0][0] if self._faults else 0
        return kind if kind in repertoire(call) else None


class ByChance:
    """Faults by chance: one in about `one_in` calls, of any kind that can strike there."""

    def __init__(self, chance: Random, one_in: int) -> None:
        self._chance = chance
        self._mean = one_in
        self.next = 0
        self._move_on()

    def strikes(self, call: str) -> Kind | None:
        self._move_on()
        return self._chance.choice(repertoire(call) or (None,))

    def _move_on(self) -> None:
        self.next += 1 + int(self._chance.expovariate(1 / self._mean))
