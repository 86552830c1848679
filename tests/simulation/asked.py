"""What is owed of a check-in: the question to the promiser, and a word to the customer when it is not answered."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.domain.durations import parse_duration
from tests.simulation.functions import SKEW
from tests.simulation.lives import Life, Owed


def words(life: Life) -> Iterator[Owed]:
    """Yield the words owed of asking the promiser, where the promise was made with moments to ask and to doubt."""
    data: Any = life.made.data
    if "check_in_before" not in data:
        return
    due = life.terms[0].due_at
    ask = due - parse_duration(data["check_in_before"]).longest()
    warn = due - parse_duration(data["warn_before"]).longest()
    known = _known(life)
    # A promiser who cannot be asked is as one who does not answer.
    known_for_asking = [*known, *_all(life, "CheckInNotDelivered")]
    yield from _owed(life, "check_in", ask, min(known_for_asking, default=None))
    yield from _owed(life, "doubt", warn, min([*known, due]))
    broken = next(_broke(life), None)
    for moment in filter(None, [broken, *(each.at for each in life.contests)]):
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
    return [*(each.at for each in life.answers), *told, *(each.at for each in life.ends)]


def _all(life: Life, name: str) -> list[datetime]:
    """Return when each fact of a name was noted."""
    return [effect.at for effect in life.effects if any(fact.name == name for fact in effect.commit.facts)]


def _broke(life: Life) -> Iterator[datetime]:
    """Yield when the promise was noted as broken though nobody had told of it."""
    for effect in life.effects:
        if any(fact.name == "PromiseBroken" and not fact.data.get("by") for fact in effect.commit.facts):
            yield effect.at
