"""The ports of a reconcile: the tables read from end to end, and what the stream to the bus has given up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chalicelib.domain.clocks import Clock
from chalicelib.domain.facts import Fact
from chalicelib.domain.notices import Notice
from chalicelib.domain.promise import Promise
from chalicelib.domain.receipts import Delivery


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which facts were stored that may not have been published."""

    first: datetime
    last: datetime

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact was stored in it; of one from before that was written down, whether it is dated in it."""
        return self.first <= (fact.noted_at or fact.at) <= self.last


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a table: what lies on it, and where to go on (None: that was the last).

    `early` are the receipts that came before it was known whose they are, each with its notice's id. `unreadable` is
    how many of its items are not as they should be; a fact among them is shown all the same, as it may be wanted.
    """

    promises: tuple[Promise, ...] = ()
    claimed: tuple[Notice, ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    clocks: tuple[Clock, ...] = ()
    early: tuple[tuple[str, Delivery], ...] = ()
    unreadable: int = 0
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One way through the tables: since when, how far each part has come, and which facts are to be published again.

    Its `token` tells it from any other (empty: from before rounds had one). `parts` are those that are not finished,
    with where to go on ("": at the beginning). `receipts` stand for what the stream gave up, to be removed once the
    round is complete, if none of its facts was `refused` again.
    """

    began_at: datetime
    token: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    receipts: tuple[str, ...] = ()
    refused: int = 0


class Survey(Protocol):
    """The tables, part by part, page by page. Raises StoreUnavailable; what it reads may be a moment old."""

    @property
    def parts(self) -> Sequence[str]:
        """The parts, which can be read side by side."""

    def page(self, part: str, after: str, spans: Sequence[Span]) -> Page:
        """Return the page that follows `after`.

        It shows promises, notices claimed by a worker, facts in any of `spans`, and early receipts.
        """

    def latest(self) -> Round | None:
        """Return the latest round."""

    def keep(self, latest: Round, read: Round | None) -> bool:
        """Store how far a round has come, in place of the round that was `read`; tell whether that was done.

        It is not done if yet another round was begun since. Of several runs of one round the last one is stored.
        """

    def remove_clock(self, clock: Clock) -> bool:
        """Remove a clock unless it was set anew since it was read; tell whether it was there and is gone."""


class GivenUp(Protocol):
    """What the stream to the bus could not deliver and gave up. Raises StoreUnavailable."""

    def spans(self) -> Mapping[str, Span]:
        """Return the stretches of time that were given up, each by a receipt; they stay until they are removed."""

    def remove(self, receipts: Iterable[str]) -> None:
        """Remove what has been made good."""
