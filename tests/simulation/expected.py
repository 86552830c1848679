"""What a customer is owed, worked out from what was told and accepted, without asking the product.

Each kind of event has a rule of its own; an event without a rule is an error, so that a new word cannot go unchecked.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.durations import Duration, parse_duration
from tests.simulation import recoveries
from tests.simulation.functions import SKEW
from tests.simulation.lives import Life, Owed

_TELLS_NEWS = frozenset({"update", "overdue"})
_MEETS_MOMENTS = _TELLS_NEWS | {"doubt", "recovery"}
_DAILY = Duration(days=1)
LAST_WORD = {"promise.kept": "closing", "promise.withdrawn": "withdrawn"}


def owed_words(life: Life, until: datetime) -> list[Owed]:
    """Return the words owed by `until`; those after the promise's end are not owed any more."""
    end = life.end[1].at if life.end else None
    # A worker whose clock is ahead may speak of a moment just before an end that forestalls it.
    words = [each for each in _while_open(life, until) if end is None or each.at <= end + SKEW]
    words += recoveries.words(life)
    cancelled = [effect.at for effect, choice in recoveries.choices(life) if choice == "cancel"]
    if life.end and end is not None:
        last = LAST_WORD[life.end[0].type]
        words.append(Owed(life.promise_id, last, end, frozenset({last}), life.end[1].order))
    made_at = life.made_effect.at
    for each in words:
        # A moment that was past when we were told of it may be spoken of, but nobody is owed a word at it any more.
        each.must &= (each.what != "update" or each.at > made_at) and (end is None or each.at <= end)
        if each.what != "choice":
            each.until = min([*filter(None, [each.until]), *(at for at in cancelled if at >= each.at)], default=None)
    return [each for each in words if each.at <= until]


def _while_open(life: Life, until: datetime) -> Iterator[Owed]:
    made = life.made_effect
    yield Owed(life.promise_id, "confirmation", made.at, frozenset({"confirmation"}), made.order)
    due = _due(life)
    # Who was told before that it will not be kept need not be told again at the due time.
    told_before = any(effect.at <= due for _, effect in life.troubles)
    yield Owed(life.promise_id, "overdue", due, frozenset({"overdue"}), made.order, must=not told_before)
    for moment in moments(life, until):
        yield Owed(life.promise_id, "update", moment, _MEETS_MOMENTS, made.order)
    for telling, effect in life.news:
        note = str(telling.data["note"])
        if telling.data.get("tell") == "now":
            yield Owed(life.promise_id, "news", effect.at, _TELLS_NEWS, effect.order, note)
        else:
            later = [each for each in (*moments(life, until), due) if each > effect.at]
            if later:
                yield Owed(life.promise_id, "news", min(later), _TELLS_NEWS, effect.order, note)


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
