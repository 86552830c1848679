"""Facts: what happened to a promise, one past-tense line each. Facts are the timeline, and what is published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.promise import Promise
from chalicelib.domain.recovery import Concession


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a promise's timeline.

    `data` holds ids, names from closed lists, numbers and times, and is published; `text` is somebody's words, is
    shown to the customer, and never leaves the promise. `noted_at` is when it was stored, which may be hours after `at`
    (None: not yet, or before that was written down).
    """

    promise_id: str
    seq: int
    name: str
    at: datetime
    data: Mapping[str, str | int] = field(default_factory=dict)
    text: str | None = None
    noted_at: datetime | None = None

    @property
    def id(self) -> str:
        """Name the fact so that a consumer can drop a repeat."""
        return f"{self.promise_id}:{self.seq}"


@dataclass(frozen=True, slots=True)
class Change:
    """A promise's next state, the facts that led to it and what it grants, to be stored together or not at all."""

    promise: Promise
    facts: tuple[Fact, ...] = ()
    concession: Concession | None = None

    def told(self, name: str, at: datetime, text: str | None = None, **data: str | int | None) -> "Change":
        """Add a fact with the next number; data that is None is left out."""
        promise = replace(self.promise, seq=self.promise.seq + 1)
        given = {key: value for key, value in data.items() if value is not None}
        facts = (*self.facts, Fact(promise.id, promise.seq, name, at, given, text))
        return replace(self, promise=promise, facts=facts)
