"""The verdict on a run: Jepsen's four counts for each promised word."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation import recoveries
from tests.simulation.doubts import were_in_doubt
from tests.simulation.expected import owed_words
from tests.simulation.faults import Strike
from tests.simulation.functions import SKEW
from tests.simulation.holding import held
from tests.simulation.journal import Effect, Heard
from tests.simulation.lives import Life, Owed
from tests.simulation.world import SimWorld

# How late a word may come when things go wrong: a lapsed lease, a quiet window, a redelivery, one after the other.
PATIENCE = timedelta(minutes=50)
# And where nothing went wrong: a ring is held to its moment, and held rings hold each other up here.
PROMPT = timedelta(seconds=2)
# Senders give up after an hour; one that a sleeping worker kept waiting may be at it still.
ANSWERED_WITHIN = timedelta(hours=2)
# Later than anything that happens.
NEVER = 1 << 60


@dataclass(slots=True)
class Verdict:
    """What became of the words that were owed. `wrong` says in words what must never be."""

    owed: int = 0
    heard: int = 0
    handed_over: int = 0
    overtaken: int = 0
    recovered: int = 0
    duplicated: int = 0
    crossed: int = 0
    unrecorded: int = 0
    lost: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    latest: timedelta = timedelta()

    @property
    def wrong(self) -> list[str]:
        """Everything that turns the verdict red."""
        return [*self.lost, *self.unexpected, *self.untrue]


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
class _Story:
    """One promise as it really went."""

    life: Life
    bounds: Bounds
    heard: list[Heard]
    known: dict[int, int]
    hands: list[Effect]
    # What reached nobody, with the order in which that became known.
    unheard: list[tuple[Heard, int]]


def judge(
    world: SimWorld,
    found: dict[str, Life],
    until: datetime,
    patience: timedelta = PATIENCE,
    prompt: timedelta = PROMPT,
) -> Verdict:
    """Judge everything that was owed by `until` to these lives, in a world that has been drained since."""
    verdict = Verdict()
    journal = world.journal
    bounds = Bounds(prompt, patience, world.tap.struck)
    sent: dict[str, list[Heard]] = {}
    for each in journal.heard:
        sent.setdefault(each.promise_id, []).append(each)
    effects: dict[str, list[Effect]] = {}
    for effect in journal.effects:
        effects.setdefault(effect.commit.promise.id, []).append(effect)
    for promise, life in found.items():
        mine, known = effects.get(promise, []), _recorded(sent.get(promise, []), effects.get(promise, []))
        # What is known to have reached nobody was not heard: its word is still owed.
        heard = [each for each in sent.get(promise, []) if each.order not in journal.failed]
        unheard = [(each, journal.failed[each.order]) for each in sent.get(promise, []) if each.order in journal.failed]
        story = _Story(life, bounds, heard, known, _hand_overs(mine), unheard)
        words = owed_words(life, world.time, heard)
        _count_owed(verdict, story, [each for each in words if each.must and each.at <= until])
        _count_heard(verdict, story, words)
        if recoveries.undecided(life, world.time, patience):
            verdict.lost.append("silence should have decided, and has not")
    for promise in sent.keys() - found.keys():
        verdict.unexpected.append(f"something was said of {promise}, which was never made")
    return verdict


def _recorded(sent: list[Heard], effects: list[Effect]) -> dict[int, int]:
    """Return, for each message that was recorded as accepted, when (both by their order)."""
    known = {}
    for effect in effects:
        notice = effect.commit.notice
        if notice and notice.status == "accepted":
            said = [each.order for each in sent if each.notice_id == notice.id and each.order < effect.order]
            if said:
                known.setdefault(said[-1], effect.order)
    return known


def _hand_overs(effects: list[Effect]) -> list[Effect]:
    return [each for each in effects if any(fact.name == "CallRequired" for fact in each.commit.facts)]


def _count_owed(verdict: Verdict, story: _Story, words: list[Owed]) -> None:
    for word in words:
        verdict.owed += 1
        met = next(
            (each for each in story.heard if _meets(each, word) and _counts(each, each.read_order, word, story)), None
        )
        handed = next(
            (each for each in story.hands if _hands_over(each, word) and _counts(each, each.order, word, story)), None
        )
        if handed and (met is None or handed.order < met.order):
            verdict.handed_over += 1
        elif met:
            verdict.heard += 1
            verdict.recovered += bool(story.bounds.strikes)
            verdict.latest = max(verdict.latest, met.at - word.at)
        elif _overtaken(word, story):
            verdict.overtaken += 1
        else:
            late = next((f", only at {each.at:%H:%M:%S}" for each in story.heard if _meets(each, word)), "")
            verdict.lost.append(f"{word.what} owed at {word.at:%d %H:%M:%S} was not heard{late}")


def _counts(came: Heard | Effect, order: int, word: Owed, story: _Story) -> bool:
    """Tell whether what came counts for a word: what came late, only if the word was owed still just before `order`,
    and nothing had taken its place."""
    if came.at <= word.at + PROMPT:
        return True
    return story.bounds.allow(word.at, came.at) and order < _until(word, story) and _held(word, order, story)


def _held(word: Owed, order: int, story: _Story) -> bool:
    anew = any(_meets(each, word) and each.order < order for each, _ in story.unheard)
    return held(word, story.life.effects, order, anew=anew)


def _overtaken(word: Owed, story: _Story) -> bool:
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


def _until(word: Owed, story: _Story) -> int:
    """Return the place in the order from which on something else has taken a word's place."""
    if word.until is None:
        return NEVER
    # A worker may be ahead of the moment that it notes.
    effects, moment = story.life.effects, word.until - SKEW
    first = bisect_left(effects, moment, key=lambda each: each.at)
    return max(effects[first].order, word.order + 1) if first < len(effects) else NEVER


def _thought_said(word: Owed, order: int, story: _Story) -> bool:
    """Tell whether a message had been sent for a word that turned out only later to have reached nobody."""
    return any(_meets(each, word) and each.order < order < found_out for each, found_out in story.unheard)


def _meets(heard: Heard, word: Owed) -> bool:
    if heard.word not in word.met_by:
        return False
    if word.note is not None:
        return heard.read_order > word.order and word.note in heard.message.text
    return heard.at >= word.at - SKEW


def _hands_over(effect: Effect, word: Owed) -> bool:
    """Tell whether a call is required in place of a word. One for another reason, which names no notice, meets none."""
    after = effect.at >= word.at - SKEW if word.note is None else effect.order > word.order
    return after and any(
        str(fact.data["notice"]).split(":")[1] in word.met_by
        for fact in effect.commit.facts
        if fact.name == "CallRequired" and "notice" in fact.data
    )


def _count_heard(verdict: Verdict, story: _Story, words: list[Owed]) -> None:
    """Judge each message by what its worker could have known when it last read the state before sending."""
    outliving = {word.what for word in words if word.outlives}
    reached = [_reach(word, story) for word in words]
    for said in story.heard:
        end = next((each for each in story.life.ends if each.silences(said.order)), None)
        if end and said.word != end.word and said.word not in outliving:
            if end.silences(said.read_order):
                verdict.unexpected.append(f"{said.word} at {said.at:%d %H:%M:%S} after the end")
            else:
                verdict.crossed += 1
            continue
        asking = [each for each in reached if said.word in each.word.met_by and _is_due(said, each.word)]
        if all(each.known <= said.read_order for each in asking):
            why = "though it was known to be said" if asking else "though nothing was owed"
            verdict.unexpected.append(f"{said.word} at {said.at:%d %H:%M:%S} {why}")
        elif all(each.said < said.order for each in asking):
            verdict.duplicated += 1
            # Of the words that it says, the one that was said least often may have been in doubt still.
            copies = min(([*_until_said(each, said, story)] for each in asking), key=len)
            if not were_in_doubt(copies, story.bounds.strikes):
                verdict.unexpected.append(
                    f"{said.word} at {said.at:%d %H:%M:%S} came {len(copies)} times, and not so much was in doubt"
                )
        for each in asking:
            if not _believed_said(each.word, said, story):
                _check_fresh(verdict, said, each)


@dataclass(slots=True)
class _Reached:
    """A word with when it was first said, and from when on that was on record (orders; NEVER where it was not)."""

    word: Owed
    said: int
    known: int


def _reach(word: Owed, story: _Story) -> _Reached:
    said = [each.order for each in story.heard if _says(each, word)]
    known = [story.known[each] for each in said if each in story.known]
    known += [each.order for each in story.hands if _hands_over(each, word)]
    return _Reached(word, min(said, default=NEVER), min(known, default=NEVER))


def _says(each: Heard, word: Owed) -> bool:
    """Tell whether a message says a word: what was written ahead of a moment, by a hasty clock or a slow worker, may be
    followed by a word at the moment."""
    return _meets(each, word) and (word.note is not None or each.read_at >= word.at)


def _until_said(reached: _Reached, said: Heard, story: _Story) -> Iterator[Heard]:
    """Yield the messages that said a word, up to one of them."""
    return (each for each in story.heard if each is said or (each.order < said.order and _says(each, reached.word)))


def _is_due(said: Heard, word: Owed) -> bool:
    """Tell whether a message may be the one that a word asks for: written when it was owed already."""
    if word.note is not None:
        return said.read_order > word.order
    return said.at >= word.at - SKEW


def _believed_said(word: Owed, said: Heard, story: _Story) -> bool:
    """Tell whether a word was on record as said when a message was written, by another that turned out to be lost."""
    return any(
        _meets(each, word) and story.known.get(each.order, NEVER) <= said.read_order < found_out
        for each, found_out in story.unheard
    )


def _check_fresh(verdict: Verdict, said: Heard, reached: _Reached) -> None:
    """An update must tell every piece of news that was there when it was written, and not told before."""
    note = reached.word.note
    if note is not None and note not in said.message.text and reached.known > said.read_order:
        verdict.unexpected.append(f"stale {said.word} at {said.at:%d %H:%M:%S}: it does not tell {note!r}")
