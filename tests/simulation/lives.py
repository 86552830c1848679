"""What was told of each promise, and accepted: the ground on which it is worked out what is owed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation.journal import Effect, Telling


@dataclass(slots=True)
class Owed:
    """A word owed from `at` on, met by any of `met_by`. With a `note`, only by a message that was written after the
    effect numbered `order` and says it (or, when it is empty, whatever it says). Where it is no `must`, it may be said,
    and may be left unsaid. From `until` on something else has taken its place. One that `outlives` the promise may be
    said after its end."""

    promise_id: str
    what: str
    at: datetime
    met_by: frozenset[str]
    order: int
    note: str | None = None
    must: bool = True
    until: datetime | None = None
    outlives: bool = False


@dataclass(slots=True)
class Term:
    """A due time that stands from an effect on, with its rhythm of updates, until another takes its place. `length` is
    how far ahead it was when it was promised."""

    since: datetime
    order: int
    due_at: datetime
    every: str | None = None
    until: datetime | None = None
    length: timedelta = timedelta()

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment falls to this term."""
        return self.until is None or moment < self.until


@dataclass(slots=True)
class End:
    """The promise ended by an effect, with a last `word` (None: it ends unsaid), until another effect opened it again.

    `until_order` places that effect among all.
    """

    at: datetime
    order: int
    word: str | None
    until: datetime | None = None
    until_order: int | None = None

    def silences(self, order: int) -> bool:
        """Tell whether an effect came while the promise was over."""
        return self.order < order and (self.until_order is None or order < self.until_order)


@dataclass(slots=True)
class Claimed:
    """How a claim stands: ratified, in review or declined; and what was found."""

    status: str
    finding: str | None = None


@dataclass(slots=True)
class Life:
    """What was told of one promise, and accepted. `findings` are the effects that owe an answer to a claim, `reversals`
    those that take back what was not found of one that is believed, `answers` those by which the promiser answered a
    check-in, `contests` those by which the customer's "no" took up again what had been kept."""

    promise_id: str
    made: Telling
    made_effect: Effect
    terms: list[Term] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    news: list[tuple[Telling, Effect]] = field(default_factory=list)
    troubles: list[tuple[Telling, Effect]] = field(default_factory=list)
    findings: list[Effect] = field(default_factory=list)
    reversals: list[Effect] = field(default_factory=list)
    answers: list[Effect] = field(default_factory=list)
    contests: list[Effect] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    claim: Claimed | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the promise has ended, and stays so."""
        return bool(self.ends) and self.ends[-1].until is None

    def closed(self, moment: datetime, grace: datetime) -> bool:
        """Tell whether the promise was over at a moment; it may be spoken of as open up to `grace` later."""
        return any(each.at < grace and (each.until is None or moment < each.until) for each in self.ends)

    def end(self, effect: Effect, word: str | None) -> None:
        """Note an end; one that stands already has then been taken back."""
        self.reopen(effect)
        self.ends.append(End(effect.at, effect.order, word))

    def reopen(self, effect: Effect) -> None:
        """Note that the end that stands, if any, is none any more."""
        if self.is_over:
            self.ends[-1].until, self.ends[-1].until_order = effect.at, effect.order

    def contest(self, effect: Effect) -> None:
        """Note that the customer did not find it kept, which opened it again."""
        self.reopen(effect)
        self.contests.append(effect)

    def renew(self, term: Term) -> None:
        """Note a due time in place of the one before."""
        if self.terms:
            self.terms[-1].until = term.since
        self.terms.append(term)
