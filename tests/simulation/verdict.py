"""The verdict on a run: Jepsen's four counts for each promised word."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation import recoveries
from tests.simulation.course import NEVER, PROMPT, Bounds, Course, counts, hands_over, is_overtaken, meets, says
from tests.simulation.doubts import were_in_doubt
from tests.simulation.expected import owed_words
from tests.simulation.functions import SKEW
from tests.simulation.journal import Effect, Heard
from tests.simulation.lives import Life, Owed
from tests.simulation.world import SimWorld

# How late a word may come when things go wrong: a lapsed lease, a quiet window, a redelivery, one after the other.
PATIENCE = timedelta(minutes=50)
# Senders give up after an hour; one that a sleeping worker kept waiting may be at it still.
ANSWERED_WITHIN = timedelta(hours=2)


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
        story = Course(life, bounds, heard, known, _hand_overs(mine), unheard)
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


def _count_owed(verdict: Verdict, story: Course, words: list[Owed]) -> None:
    for word in words:
        verdict.owed += 1
        met = next(
            (each for each in story.heard if meets(each, word) and counts(each, each.read_order, word, story)), None
        )
        handed = next(
            (each for each in story.hands if hands_over(each, word) and counts(each, each.order, word, story)), None
        )
        if handed and (met is None or handed.order < met.order):
            verdict.handed_over += 1
        elif met:
            verdict.heard += 1
            verdict.recovered += bool(story.bounds.strikes)
            verdict.latest = max(verdict.latest, met.at - word.at)
        elif is_overtaken(word, story):
            verdict.overtaken += 1
        else:
            late = next((f", only at {each.at:%H:%M:%S}" for each in story.heard if meets(each, word)), "")
            verdict.lost.append(f"{word.what} owed at {word.at:%d %H:%M:%S} was not heard{late}")


def _count_heard(verdict: Verdict, story: Course, words: list[Owed]) -> None:
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
        if said.word == "choice" and not _confirms(said, said.read_order, story):
            verdict.unexpected.append(f"choice at {said.at:%d %H:%M:%S} confirms what was not chosen")
            continue
        if said.word == "choice" and not _confirms(said, said.order, story):
            verdict.crossed += 1
            continue
        asking = [each for each in reached if said.word in each.word.met_by and _is_due(said, each.word)]
        if all(each.known <= said.read_order for each in asking):
            why = "though it was known to be said" if asking else "though nothing was owed"
            verdict.unexpected.append(f"{said.word} at {said.at:%d %H:%M:%S} {why}")
        elif all(each.said < said.order for each in asking):
            verdict.duplicated += 1
            # One of the words that it says, and that its worker did not know to be said, must have been in doubt still.
            open_ones = [_copies(each, said, story, reached) for each in asking if each.known > said.read_order]
            if not any(were_in_doubt(copies, story.bounds.strikes) for copies in open_ones):
                times = min(len(copies) for copies in open_ones)
                verdict.unexpected.append(
                    f"{said.word} at {said.at:%d %H:%M:%S} came {times} times, and not so much was in doubt"
                )
        for each in asking:
            if not _believed_said(each.word, said, story):
                _check_fresh(verdict, said, each)


def _confirms(said: Heard, order: int, story: Course) -> bool:
    """Tell whether a message confirms the choice that stood at a place in the order."""
    stood = [choice for effect, choice in recoveries.choices(story.life) if effect.order < order]
    return bool(stood) and said.message.text.startswith(f"{stood[-1]}_")


@dataclass(slots=True)
class _Reached:
    """A word with when it was first said, and from when on that was on record (orders; NEVER where it was not)."""

    word: Owed
    said: int
    known: int


def _reach(word: Owed, story: Course) -> _Reached:
    said = [each.order for each in story.heard if says(each, word)]
    known = [story.known[each] for each in said if each in story.known]
    known += [each.order for each in story.hands if hands_over(each, word)]
    return _Reached(word, min(said, default=NEVER), min(known, default=NEVER))


def _copies(asked: _Reached, said: Heard, story: Course, reached: list[_Reached]) -> list[Heard]:
    """Return the messages that said a word, up to `said`: of its kind or, if it is the first, one of another.

    What was the first to say something else as well had a reason of its own.
    """
    firsts = {each.said for each in reached} - {asked.said}
    before = [each for each in story.heard if each.order < said.order and says(each, asked.word)]
    alike = [each for each in before if each.word == said.word and each.order not in firsts]
    return [*(alike or before[:1]), said]


def _is_due(said: Heard, word: Owed) -> bool:
    """Tell whether a message may be the one that a word asks for: written when it was owed already."""
    if word.note is not None:
        return said.read_order > word.order and (word.what != "choice" or word.note in said.message.text)
    return said.at >= word.at - SKEW


def _believed_said(word: Owed, said: Heard, story: Course) -> bool:
    """Tell whether a word was on record as said when a message was written, by another that turned out to be lost."""
    return any(
        meets(each, word) and story.known.get(each.order, NEVER) <= said.read_order < found_out
        for each, found_out in story.unheard
    )


def _check_fresh(verdict: Verdict, said: Heard, reached: _Reached) -> None:
    """An update must tell every piece of news that was there when it was written, and not told before."""
    note = reached.word.note
    if note is not None and note not in said.message.text and reached.known > said.read_order:
        verdict.unexpected.append(f"stale {said.word} at {said.at:%d %H:%M:%S}: it does not tell {note!r}")
