"""Words that are to say something else than before: that they were told, or how far they were tried, counts no more."""

from collections.abc import Collection
from dataclasses import replace

from chalicelib.domain.promise import Promise, Trying, Word


def afresh(promise: Promise, words: Collection[Word]) -> Promise:
    """Return the promise with these words untold, and untried on any channel.

    One that may have arrived gets a notice of its own: under the old one it could go out a third time.
    """
    numbered = {
        word: promise.notices.get(word, 0) + 1 for word in words if promise.trying.get(word, Trying()).unknowns > 0
    }
    trying = {word: each for word, each in promise.trying.items() if word not in words}
    return replace(promise, told=promise.told.difference(words), notices={**promise.notices, **numbered}, trying=trying)
