"""What was told of each promise, and accepted: the ground on which it is worked out what is owed."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.promise import promise_id
from tests.simulation.journal import Effect, Journal, Telling
from tests.world import SOURCE


@dataclass(slots=True)
class Owed:
    """A word owed from `at` on, met by any of `met_by`. With a `note`, only by a message that was written after the
    effect numbered `order` and says it (or, when it is empty, whatever it says). Where it is no `must`, it may be said,
    and may be left unsaid. From `until` on something else has taken its place."""

    promise_id: str
    what: str
    at: datetime
    met_by: frozenset[str]
    order: int
    note: str | None = None
    must: bool = True
    until: datetime | None = None


@dataclass(slots=True)
class Life:
    """What was told of one promise, and accepted."""

    promise_id: str
    made: Telling
    made_effect: Effect
    news: list[tuple[Telling, Effect]] = field(default_factory=list)
    troubles: list[tuple[Telling, Effect]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    end: tuple[Telling, Effect] | None = None

    @property
    def ended_order(self) -> int | None:
        return self.end[1].order if self.end else None


def lives(journal: Journal) -> dict[str, Life]:
    """Return each promise's life, by its id."""
    effects: dict[str, Effect] = {}
    for effect in journal.effects:
        if effect.commit.answer:
            effects.setdefault(effect.commit.answer.webhook_id, effect)
    accepted = [(each, effects[each.webhook_id]) for each in journal.told if each.webhook_id in effects]
    found: dict[str, Life] = {}
    for telling, effect in sorted(accepted, key=lambda pair: pair[1].order):
        promise = promise_id(SOURCE, telling.ref)
        match telling.type:
            case "promise.made":
                found.setdefault(promise, Life(promise, telling, effect))
            case "promise.progressed":
                found[promise].news.append((telling, effect))
            case "promise.at_risk" | "promise.broken":
                found[promise].troubles.append((telling, effect))
            case "promise.kept" | "promise.withdrawn":
                found[promise].end = found[promise].end or (telling, effect)
            case _:
                raise NotImplementedError(f"no rule says what is owed after {telling.type}")
    for effect in journal.effects:
        if effect.commit.promise.id in found:
            found[effect.commit.promise.id].effects.append(effect)
    return found
