"""One promise as it really went: which of what was heard, called for or overtaken counts for a word that was owed."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.simulation.faults import Strike
from tests.simulation.functions import SKEW
from tests.simulation.holding import held
from tests.simulation.journal import Effect, Heard
from tests.simulation.lives import Life, Owed

# How late a word may come where nothing went wrong: a ring that is held to its moment holds up others here.
PROMPT = timedelta(seconds=2)
# Later than anything that happens.
NEVER = 1 << 60


@dataclass(slots=True)
class Bounds:
    """How late a word may be: `prompt` where nothing went wrong before, `patience` after a fault struck."""

    prompt: timedelta
    patience: timedelta
    strikes: list[Strike]

    def allow(self, owed: datetime, came: datetime) -> bool:
        """Tell whether what came for a word was in time, as far as faults excuse it."""
        if came <= owed + self.prompt:
            return True
        return came <= owed + self.patience and any(owed - self.patience <= each.at <= came for each in self.strikes)


@dataclass(slots=True)
class Course:
    """One promise as it really went."""

    life: Life
    bounds: Bounds
    heard: list[Heard]
    known: dict[int, int]
    hands: list[Effect]
    # What reached nobody, with the order in which that became known.
    unheard: list[tuple[Heard, int]]


def counts(came: Heard | Effect, order: int, word: Owed, story: Course) -> bool:
    """Tell whether what came counts for a word: what came late, only if the word was owed still just before `order`,
    and nothing had taken its place."""
    if came.at <= word.at + PROMPT:
        return True
    return story.bounds.allow(word.at, came.at) and order < _until(word, story) and _held(word, order, story)


def _held(word: Owed, order: int, story: Course) -> bool:
    anew = any(meets(each, word) and each.order < order for each, _ in story.unheard)
    return held(word, story.life.effects, order, anew=anew)


def is_overtaken(word: Owed, story: Course) -> bool:
    """Tell whether something took the word's place before it should have been said at the latest, and while it was owed
    still: what the store took for said by then was lost."""
    overtaking = []
    if not word.outlives:
        overtaking += [(end.at, end.order) for end in story.life.ends if word.at <= end.at and word.order != end.order]
    if word.until is not None:
        overtaking.append((word.until, _until(word, story)))
    return any(
        at <= word.at
        or (story.bounds.allow(word.at, at) and (_held(word, order, story) or _thought_said(word, order, story)))
        for at, order in overtaking
    )


def _until(word: Owed, story: Course) -> int:
    """Return the place in the order from which on something else has taken a word's place."""
    if word.until is None:
        return NEVER
    # A worker may be ahead of the moment that it notes.
    effects, moment = story.life.effects, word.until - SKEW
    first = bisect_left(effects, moment, key=lambda each: each.at)
    return max(effects[first].order, word.order + 1) if first < len(effects) else NEVER


def _thought_said(word: Owed, order: int, story: Course) -> bool:
    """Tell whether a message had been sent for a word that turned out only later to have reached nobody."""
    return any(meets(each, word) and each.order < order < found_out for each, found_out in story.unheard)


def meets(heard: Heard, word: Owed) -> bool:
    if heard.word not in word.met_by:
        return False
    if word.note is not None:
        return heard.read_order > word.order and word.note in heard.message.text
    return heard.at >= word.at - SKEW


def hands_over(effect: Effect, word: Owed) -> bool:
    """Tell whether a call is required in place of a word. One for another reason, which names no notice, meets none."""
    after = effect.at >= word.at - SKEW if word.note is None else effect.order > word.order
    return after and any(
        str(fact.data["notice"]).split(":")[1] in word.met_by
        for fact in effect.commit.facts
        if fact.name == "CallRequired" and "notice" in fact.data
    )


def says(each: Heard, word: Owed) -> bool:
    """Tell whether a message says a word: what was written ahead of a moment, by a hasty clock or a slow worker, may be
    followed by a word at the moment."""
    return meets(each, word) and (word.note is not None or each.read_at >= word.at)
