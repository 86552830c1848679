"""What a customer is owed, worked out from what was told and accepted, without asking the product.

Each kind of event has a rule of its own; an event without a rule is an error, so that a new word cannot go unchecked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.durations import Duration, parse_duration
from chalicelib.domain.promise import promise_id
from tests.simulation.functions import SKEW
from tests.simulation.journal import Effect, Journal, Telling
from tests.world import SOURCE

_UPDATES = frozenset({"update", "overdue"})
_DAILY = Duration(days=1)
LAST_WORD = {"promise.kept": "closing", "promise.withdrawn": "withdrawn"}


@dataclass(slots=True)
class Owed:
    """A word owed from `at` on, met by any of `met_by`. With a `note`, only by a message that was written after the
    effect numbered `order` and says it. Where it is no `must`, it may be said, and may be left unsaid."""

    promise_id: str
    what: str
    at: datetime
    met_by: frozenset[str]
    order: int
    note: str | None = None
    must: bool = True


@dataclass(slots=True)
class Life:
    """What was told of one promise, and accepted."""

    promise_id: str
    made: Telling
    made_effect: Effect
    news: list[tuple[Telling, Effect]]
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
                found.setdefault(promise, Life(promise, telling, effect, []))
            case "promise.progressed":
                found[promise].news.append((telling, effect))
            case "promise.kept" | "promise.withdrawn":
                found[promise].end = found[promise].end or (telling, effect)
            case _:
                raise NotImplementedError(f"no rule says what is owed after {telling.type}")
    return found


def owed_words(life: Life, until: datetime) -> list[Owed]:
    """Return the words owed by `until`; those after the promise's end are not owed any more."""
    end = life.end[1].at if life.end else None
    # A worker whose clock is ahead may speak of a moment just before an end that forestalls it.
    words = [each for each in _while_open(life, until) if end is None or each.at <= end + SKEW]
    if life.end and end is not None:
        last = LAST_WORD[life.end[0].type]
        words.append(Owed(life.promise_id, last, end, frozenset({last}), life.end[1].order))
    made_at = life.made_effect.at
    for each in words:
        # A moment that was past when we were told of it may be spoken of, but nobody is owed a word at it any more.
        each.must = (each.what != "update" or each.at > made_at) and (end is None or each.at <= end)
    return [each for each in words if each.at <= until]


def _while_open(life: Life, until: datetime) -> Iterator[Owed]:
    made = life.made_effect
    yield Owed(life.promise_id, "confirmation", made.at, frozenset({"confirmation"}), made.order)
    due = _due(life)
    yield Owed(life.promise_id, "overdue", due, frozenset({"overdue"}), made.order)
    for moment in moments(life, until):
        yield Owed(life.promise_id, "update", moment, _UPDATES, made.order)
    for telling, effect in life.news:
        note = str(telling.data["note"])
        if telling.data.get("tell") == "now":
            yield Owed(life.promise_id, "news", effect.at, _UPDATES, effect.order, note)
        else:
            later = [each for each in (*moments(life, until), due) if each > effect.at]
            if later:
                yield Owed(life.promise_id, "news", min(later), _UPDATES, effect.order, note)


def moments(life: Life, until: datetime) -> list[datetime]:
    """Return the contact moments up to `until`, the due time apart."""
    data = life.made.data
    updates = data.get("updates") or {}
    named = [datetime.fromisoformat(each) for each in updates.get("at", ())]  # type: ignore[attr-defined]
    zone = ZoneInfo(data["customer"]["time_zone"])  # type: ignore[index]
    every = updates.get("every")  # type: ignore[attr-defined]
    if every:
        return named + _beats(life.made_effect.commit.promise.made_at, parse_duration(every), zone, until)
    due = _due(life)
    return named + [each for each in _beats(due, _DAILY, zone, until) if not any(m > each for m in named)]


def _beats(start: datetime, every: Duration, zone: ZoneInfo, until: datetime) -> list[datetime]:
    beats: list[datetime] = []
    while (beat := every.after(start, zone, times=len(beats) + 1)) <= until:
        beats.append(beat)
    return beats


def _due(life: Life) -> datetime:
    return datetime.fromisoformat(str(life.made.data["due_at"]))
