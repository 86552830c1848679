"""How each word given ended: kept on time, told before it broke, or broken untold. Counted from a promise's facts.

A word is one due time: a date agreed anew gives a new word. It ends once: kept by its due time; told, when the customer
heard of the risk before the due time; untold, when they did not. What breaks and is done later is kept late besides.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.facts import Fact
from chalicelib.domain.promise import Kind


class Measure(StrEnum):
    """What is counted. Warning is in whole seconds between hearing of a risk and the due time."""

    GIVEN = "given"
    RENEWED = "renewed"
    ATTEMPTS = "attempts"
    KEPT_ON_TIME = "kept_on_time"
    KEPT_LATE = "kept_late"
    TOLD_BEFORE = "told_before_it_broke"
    UNTOLD = "broken_untold"
    WITHDRAWN = "withdrawn"
    WARNING_SECONDS = "warning_seconds"
    STAY = "stay"
    CANCEL = "cancel"
    BY_SILENCE = "by_silence"
    GRANTED = "concessions_granted"
    REDEEMED = "concessions_redeemed"
    CLAIMS_RAISED = "claims_raised"
    CLAIMS_RATIFIED = "claims_ratified"
    FOUND_PROMISED = "found_promised"
    FOUND_NOT_PROMISED = "found_not_promised"
    FOUND_UNCLEAR = "found_unclear"
    PERCEIVED_YES = "perceived_yes"
    PERCEIVED_PARTLY = "perceived_partly"
    PERCEIVED_NO = "perceived_no"
    EXPECTATIONS = "expectations_heard"


Tally = Counter[tuple[date, str]]


@dataclass(slots=True)
class _Word:
    """The word that stands: its due time, when the customer heard of a risk, and how it ended, if it did."""

    given: date
    due_at: datetime
    measure: Measure
    risked: bool = False
    heard_at: datetime | None = None
    ended: tuple[date, Measure] | None = None
    kept: bool = False
    broke_at: datetime | None = None

    @property
    def was_told(self) -> bool:
        return self.heard_at is not None and self.heard_at < self.due_at


class Words:
    """Follows a promise's facts, in order, and counts how its words end, by the day on which that happened."""

    def __init__(self, kind: Kind, zone: ZoneInfo) -> None:
        """Begin before the first fact. Days are those of `zone`; an attempt gives no word."""
        self.counted: Tally = Counter()
        self._kind = kind
        self._zone = zone
        self._word: _Word | None = None
        self._reviewing = False
        self._take: Mapping[str, Callable[[Fact], None]] = {
            "PromiseMade": self._made,
            "ClaimReviewOpened": self._review,
            "ClaimRatified": self._ratified,
            "ClaimSettled": self._settled,
            "DoubtSent": self._heard,
            "RecoverySent": self._heard,
            "CallMade": self._called,
            "PromiseAtRisk": self._risked,
            "PromiseBroken": self._broken,
            "ChoiceRecorded": self._chosen,
            "PromiseKept": self._kept,
            "PromiseWithdrawn": self._withdrawn,
            "CustomerErased": self._withdrawn,
        }

    def follow(self, facts: Iterable[Fact]) -> Tally:
        """Take the facts and return what they add up to."""
        for fact in facts:
            if take := self._take.get(fact.name):
                take(fact)
        return self.counted

    def day(self, at: datetime) -> date:
        """Return the day to which a moment belongs."""
        return at.astimezone(self._zone).date()

    def _made(self, fact: Fact) -> None:
        if self._kind is Kind.ATTEMPT:
            self.counted[self.day(fact.at), Measure.ATTEMPTS] += 1
        else:
            self._give(fact, Measure.GIVEN)

    def _review(self, fact: Fact) -> None:
        self._reviewing = True
        self._give(fact, Measure.GIVEN)

    def _ratified(self, fact: Fact) -> None:
        self._give(fact, Measure.GIVEN)

    def _settled(self, fact: Fact) -> None:
        """A finding is the answer that a review had promised."""
        if self._reviewing:
            self._reviewing = False
            self._kept(fact)

    def _give(self, fact: Fact, measure: Measure) -> None:
        day = self.day(fact.at)
        self.counted[day, measure] += 1
        self._word = _Word(day, datetime.fromisoformat(str(fact.data["due_at"])), measure)

    def _risked(self, _: Fact) -> None:
        if self._word:
            self._word.risked = True

    def _heard(self, fact: Fact) -> None:
        """The customer hears of a risk; what was counted as untold when it was declared broken ahead is mended."""
        word = self._word
        if word is None or not word.risked or word.heard_at:
            return
        word.heard_at = fact.at
        if word.broke_at and word.was_told:
            self._end(word, word.broke_at, Measure.TOLD_BEFORE)

    def _called(self, fact: Fact) -> None:
        if fact.data.get("outcome") == "reached":
            self._heard(fact)

    def _broken(self, fact: Fact) -> None:
        if self._word:
            self._word.risked = True
            self._break(self._word, fact.at)

    def _break(self, word: _Word, at: datetime) -> None:
        if word.ended is None:
            word.broke_at = at
            self._end(word, at, Measure.TOLD_BEFORE if word.was_told else Measure.UNTOLD)

    def _chosen(self, fact: Fact) -> None:
        """Stay or cancel ends the word that was at risk; stay gives a new one, which a change of mind takes back."""
        word = self._word
        if word and word.risked:
            if fact.data["by"] != "silence":
                self._heard(fact)
            self._break(word, fact.at)
        elif word and fact.data["choice"] == "cancel" and word.ended is None:
            self.counted[word.given, word.measure] -= 1
            self._word = None
        if fact.data["choice"] == "stay":
            self._give(fact, Measure.RENEWED)

    def _kept(self, fact: Fact) -> None:
        word = self._word
        # Kept again after the customer's "no": the record stands, and their answer is counted beside it.
        if word is None or word.kept:
            return
        word.kept = True
        if fact.at <= word.due_at:
            self._end(word, fact.at, Measure.KEPT_ON_TIME)
            return
        self._break(word, fact.at)
        self.counted[self.day(fact.at), Measure.KEPT_LATE] += 1

    def _withdrawn(self, fact: Fact) -> None:
        self._reviewing = False
        word = self._word
        if word is None or word.ended:
            return
        if fact.at <= word.due_at:
            self._end(word, fact.at, Measure.WITHDRAWN)
        else:
            self._break(word, fact.at)

    def _end(self, word: _Word, at: datetime, measure: Measure) -> None:
        """Count how a word ended, in place of how it seemed to have ended before."""
        if word.ended:
            self._count_end(word, word.ended, -1)
        word.ended = self.day(at), measure
        self._count_end(word, word.ended, 1)

    def _count_end(self, word: _Word, ended: tuple[date, Measure], n: int) -> None:
        day, measure = ended
        self.counted[day, measure] += n
        if measure is Measure.TOLD_BEFORE and word.heard_at:
            self.counted[day, Measure.WARNING_SECONDS] += n * int((word.due_at - word.heard_at).total_seconds())
