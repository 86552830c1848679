"""What a customer is owed, worked out from what was told and accepted, without asking the product."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.durations import Duration, parse_duration
from tests.simulation import asked, recoveries
from tests.simulation.functions import SKEW
from tests.simulation.journal import Heard
from tests.simulation.lives import Life, Owed, Term

_TELLS_NEWS = frozenset({"update", "overdue"})
_MEETS_MOMENTS = _TELLS_NEWS | {"doubt", "apology", "recovery"}
_DAILY = Duration(days=1)


def owed_words(life: Life, until: datetime, heard: Sequence[Heard]) -> list[Owed]:
    """Return the words owed by `until` to who has `heard` what; those after the promise's end are not owed any more."""
    # A worker whose clock is ahead may speak of a moment just before an end that forestalls it.
    words = [each for each in _while_open(life, until) if not life.closed(each.at, each.at - SKEW)]
    words += recoveries.words(life)
    words += _answers(life, heard)
    made_at = life.made_effect.at
    for each in words:
        # A moment that was past when we were told of it may be spoken of, but nobody is owed a word at it any more.
        each.must &= each.what != "update" or each.at > made_at
        each.must &= each.outlives or not life.closed(each.at, each.at)
    words += [
        Owed(life.promise_id, end.word, end.at, frozenset({end.word}), end.order, until=end.until)
        for end in life.ends
        if end.word and end.word != "choice"
    ]
    for each in words:
        if each.what != "choice":
            ends = (end.at for end in life.ends if end.word == "choice" and end.at >= each.at)
            each.until = min([*filter(None, [each.until]), *ends], default=None)
    return [each for each in words if each.at <= until]


def _while_open(life: Life, until: datetime) -> Iterator[Owed]:
    made = life.made_effect
    # The word of a recovery, or of a due time that passed, says what was promised too.
    overtaken = min(filter(None, [life.terms[0].due_at, recoveries.first_told(life)]))
    yield Owed(life.promise_id, "confirmation", made.at, frozenset({"confirmation"}), made.order, until=overtaken)
    yield from asked.words(life)
    for term in life.terms:
        due = term.due_at
        if term.holds(due):
            must = not _told_before(life, term)
            yield Owed(life.promise_id, "overdue", due, frozenset({"overdue"}), term.order, must=must)
    for effect in life.contests:
        until_told = min((each.at for _, each in life.troubles if each.order > effect.order), default=None)
        yield Owed(
            life.promise_id, "apology", effect.at, frozenset({"apology"}), effect.order, note="", until=until_told
        )
    chosen = [effect.at for effect, _ in recoveries.choices(life)]
    for moment in moments(life, until):
        # What confirms a choice says how it goes on, and takes the place of a word that is late.
        taken = min((each for each in chosen if each >= moment), default=None)
        yield Owed(life.promise_id, "update", moment, _MEETS_MOMENTS, made.order, until=taken)
    for telling, effect in life.news:
        note = str(telling.data["note"])
        if telling.data.get("tell") == "now":
            yield Owed(life.promise_id, "news", effect.at, _TELLS_NEWS, effect.order, note)
        else:
            later = [each for each in (*moments(life, until), *_dues(life)) if each > effect.at]
            if later:
                yield Owed(life.promise_id, "news", min(later), _TELLS_NEWS, effect.order, note)


def moments(life: Life, until: datetime) -> list[datetime]:
    """Return the contact moments up to `until`, the due times apart."""
    updates = life.made.data.get("updates") or {}
    named = [datetime.fromisoformat(each) for each in updates.get("at", ())]  # type: ignore[attr-defined]
    found = list(named)
    for term in life.terms:
        beats = [each for each in _beats(life, term, until) if each > term.since and term.holds(each)]
        found += beats if term.every else [each for each in beats if not any(m > each for m in named)]
    return found


def _beats(life: Life, term: Term, until: datetime) -> list[datetime]:
    """Return the beats of a term's rhythm since the making; without one, daily ones once it is overdue."""
    promise = life.made_effect.commit.promise
    every, start = (parse_duration(term.every), promise.made_at) if term.every else (_DAILY, term.due_at)
    zone = ZoneInfo(promise.time_zone)
    beats: list[datetime] = []
    while (beat := every.after(start, zone, times=len(beats) + 1)) <= until:
        beats.append(beat)
    return beats


def _dues(life: Life) -> list[datetime]:
    return [each.due_at for each in life.terms if each.holds(each.due_at) and not _told_before(life, each)]


def _told_before(life: Life, term: Term) -> bool:
    """Who was told before that it will not be kept need not be told again at the due time."""
    return any(term.since <= effect.at <= term.due_at for _, effect in life.troubles)


def _answers(life: Life, heard: Sequence[Heard]) -> Iterator[Owed]:
    """What was found, until it is reversed; the reversal is told to whoever had heard of it, and may be to others."""
    for effect in life.findings:
        owed = _answer(life, effect.at, effect.order)
        owed.until = min((each.at for each in life.reversals if each.order > effect.order), default=None)
        yield owed
    for effect in life.reversals:
        told = _answer(life, effect.at, effect.order)
        found = max((each.order for each in life.findings if each.order < effect.order), default=effect.order)
        told.must = any(
            each.word == "finding" and found < each.read_order and each.order < effect.order for each in heard
        )
        told.until = min((each.at for each in life.findings if each.order > effect.order), default=None)
        yield told


def _answer(life: Life, at: datetime, order: int) -> Owed:
    """An answer to a claim is owed even when it is corrected already; a confirmation after it says it too."""
    met_by = frozenset({"finding", "confirmation"})
    return Owed(life.promise_id, "finding", at, met_by, order, "", outlives=True)
