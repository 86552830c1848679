"""What is owed of a check-in: the question to the promiser, and a word to the customer when it is not answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.durations import parse_duration
from tests.simulation.functions import SKEW
from tests.simulation.lives import Life, Owed

# Of a new due time that is nearer than this nobody is asked.
_SHORTEST = timedelta(hours=1)


def words(life: Life) -> Iterator[Owed]:
    """Yield the words owed of asking the promiser, where the promise was made with moments to ask and to doubt."""
    data: Any = life.made.data
    if "check_in_before" not in data:
        return
    known = _known(life)
    # A promiser who cannot be asked is as one who does not answer.
    known_for_asking = [*known, *_all(life, "CheckInNotDelivered")]
    check_in, warn = (parse_duration(data[name]).longest() for name in ("check_in_before", "warn_before"))
    moments = [*_broke(life), *(each.at for each in life.contests)]
    for term in life.terms:
        # What was known of the due time before says nothing of a new one.
        anew = term is not life.terms[0]
        since = term.since if anew else datetime.min.replace(tzinfo=UTC)
        if anew:
            check_in = min(check_in, term.length / 2)
            warn = min(warn, check_in / 2)
            if term.length < _SHORTEST:
                moments = [at for at in moments if at < since]
                break
        told, asked = ([at for at in some if at > since] for some in (known, known_for_asking))
        yield from _owed(life, "check_in", term.due_at - check_in, min(asked, default=None))
        yield from _owed(life, "doubt", term.due_at - warn, min([*told, term.due_at]))
    for moment in moments:
        later = [at for at in known_for_asking if at >= moment]
        yield from _owed(life, "check_in", moment, min(later, default=None))


def _owed(life: Life, word: str, at: datetime, until: datetime | None) -> Iterator[Owed]:
    """Yield the word unless it was forestalled; just before, a worker whose clock is ahead may have said it."""
    if until is None or until > at - SKEW:
        must = until is None or until > at
        yield Owed(life.promise_id, word, at, frozenset({word}), life.made_effect.order, must=must, until=until)


def _known(life: Life) -> list[datetime]:
    """Return when it became known how it goes: by an answer, by trouble that was told, or by the end."""
    told = [effect.at for _, effect in life.troubles]
    renewed = [term.since for term in life.terms[1:]]
    return [*(each.at for each in life.answers), *told, *(each.at for each in life.ends), *renewed]


def _all(life: Life, name: str) -> list[datetime]:
    """Return when each fact of a name was noted."""
    return [effect.at for effect in life.effects if any(fact.name == name for fact in effect.commit.facts)]


def _broke(life: Life) -> Iterator[datetime]:
    """Yield when the promise was noted as broken though nobody had told of it, since its due time was promised."""
    for effect in life.effects:
        if any(fact.name == "PromiseBroken" and not fact.data.get("by") for fact in effect.commit.facts):
            since = max(term.since for term in life.terms if term.since <= effect.at)
            if not any(since <= told.at <= effect.at for _, told in life.troubles):
                yield effect.at
