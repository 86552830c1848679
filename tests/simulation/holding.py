"""Whether the store still held a word as owed, when something came that may have taken its place.

Only here the product is asked, of what it stored: not what is owed, but whether it had taken that for done.
"""

from bisect import bisect_left
from collections.abc import Sequence

from chalicelib.domain import obligations
from chalicelib.domain.lapses import lapse
from chalicelib.domain.promise import Promise
from tests.simulation.journal import Effect
from tests.simulation.lives import Owed


def held(word: Owed, effects: Sequence[Effect], order: int, *, anew: bool = False) -> bool:
    """Tell whether a word was owed still, as the promise stood just before place `order` among all effects.

    `effects` are the promise's own, in order. A word that was claimed, or waits for another try, is owed still. It
    is owed `anew` where a message turned out to have reached nobody: the moment up to which updates are met stays then.
    """
    before = bisect_left(effects, order, key=lambda each: each.order)
    return before > 0 and _owes(word, lapse(effects[before - 1].commit.promise, word.at).promise, anew=anew)


def _owes(word: Owed, promise: Promise, *, anew: bool) -> bool:
    if word.what == "news":
        return any(each.note == word.note for each in promise.news)
    if word.what == "update" and not anew and promise.heard_until >= word.at:
        return False
    return any(each.word in word.met_by for each in obligations.upcoming(promise))
