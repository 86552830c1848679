"""Ledgers: what is known of a customer's promises and claims, and of a promiser's record, as numbers alone.

Everything is counted from facts: `tally` says what a promise adds up to, `increments` in which rows that is written.
Two tallies of one promise, as of an earlier and a later fact, differ by what must be added; so counting needs no order
of arrival, and whatever is repeated adds nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.claimed import Finding
from chalicelib.domain.facts import Fact
from chalicelib.domain.outcomes import Measure, Tally, Words
from chalicelib.domain.promise import Kind, Promise

# Facts that can change a tally. All others are passed over without a look at their promise.
COUNTED = frozenset(
    {
        "PromiseMade", "PromiseAtRisk", "PromiseBroken", "PromiseKept", "PromiseWithdrawn", "CustomerErased",
        "DoubtSent", "RecoverySent", "CallMade", "ChoiceRecorded", "ConcessionGranted", "ConcessionVoided",
        "ConcessionRedeemed", "ClaimRaised", "ClaimReviewOpened", "ClaimRatified", "ClaimSettled", "FeedbackGiven",
        "ExpectationHeard",
    }
)  # fmt: skip
FOUND = {
    Finding.PROMISED: Measure.FOUND_PROMISED,
    Finding.NOT_PROMISED: Measure.FOUND_NOT_PROMISED,
    Finding.UNCLEAR: Measure.FOUND_UNCLEAR,
}
PERCEIVED = {"yes": Measure.PERCEIVED_YES, "partly": Measure.PERCEIVED_PARTLY, "no": Measure.PERCEIVED_NO}
# What a claim says of the one who is said to have promised; whether its correction is kept is the house's own record.
_OF_THE_CLAIMED = {Measure.CLAIMS_RAISED, Measure.CLAIMS_RATIFIED, *FOUND.values()}
# Behind a measure in a tally: whose ledger it goes to, where a fact says so. No measure's own name holds this sign.
_OF = "@"
# Measures with a name of their own behind the colon: a confirmed claim's subject, or a currency (in minor units).
CONFIRMED, GRANTED_IN, REDEEMED_IN = "confirmed:", "granted:", "redeemed:"


class Book(StrEnum):
    """The books: a customer's ledger; promisers by day and month; and deeds, which are kind and standard, by day."""

    CUSTOMER = "customer"
    PROMISER = "promiser"
    DEED = "deed"


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One row of numbers. `period` is a day (2026-11-24), a month (2026-11), or empty for all time."""

    book: Book
    period: str
    group: str


Increments = Mapping[Row, Mapping[str, int]]


def tally(promise: Promise, facts: Sequence[Fact], zone: ZoneInfo) -> Tally:
    """Return what a promise adds up to by these facts, its first ones in order: measure by day of `zone`.

    What was thought over counts once, as it stands: a choice by its recovery, a finding, an answer to the question,
    what was expected.
    """
    words = Words(promise.kind, zone)
    counted = words.follow(facts)
    standing = _Standing()
    for fact in facts:
        day = words.day(fact.at)
        standing.take(fact, day)
    for day, measure, n in standing.counts():
        # An attempt gave no word, so whether it was found kept says nothing of words kept.
        if promise.kind is not Kind.ATTEMPT or measure not in PERCEIVED.values():
            counted[day, measure] += n
    return Counter({key: n for key, n in counted.items() if n})


def increments(promise: Promise, before: Tally, after: Tally) -> Increments:
    """Return what must be added to each row for a promise whose tally has changed."""
    rows: defaultdict[Row, Counter[str]] = defaultdict(Counter)
    added = Counter(after)
    added.subtract(before)
    deed = f"{promise.kind}|{promise.counted_under or ''}"
    for (day, counted), n in added.items():
        measure, _, found_of = counted.partition(_OF)
        by = found_of or promise.promiser_ref or ""
        if promise.claim and measure not in _OF_THE_CLAIMED and not measure.startswith(CONFIRMED):
            by = ""
        for row in (
            Row(Book.CUSTOMER, "", promise.customer_ref),
            Row(Book.PROMISER, day.isoformat(), by),
            Row(Book.PROMISER, day.isoformat()[:7], by),
            Row(Book.DEED, day.isoformat(), deed),
        ):
            rows[row][measure] += n
    adding = {row: {measure: n for measure, n in numbers.items() if n} for row, numbers in rows.items()}
    return {row: numbers for row, numbers in adding.items() if numbers}


@dataclass(slots=True)
class _Standing:
    """What counts once however often it is thought over: the latest of each."""

    choices: dict[str, tuple[date, Fact]] = field(default_factory=dict)
    granted: dict[str, tuple[date, Fact]] = field(default_factory=dict)
    redeemed: dict[str, tuple[date, Fact]] = field(default_factory=dict)
    finding: tuple[date, Fact] | None = None
    perceived: tuple[date, Fact] | None = None
    expected: tuple[date, Fact] | None = None
    heard: Counter[tuple[date, Measure]] = field(default_factory=Counter)

    def take(self, fact: Fact, day: date) -> None:
        match fact.name:
            case "ChoiceRecorded":
                self.choices[str(fact.data["recovery"])] = day, fact
            case "ConcessionGranted":
                self.granted[str(fact.data["code"])] = day, fact
            case "ConcessionVoided":
                self.granted.pop(str(fact.data["code"]), None)
            case "ConcessionRedeemed":
                self.redeemed[str(fact.data["code"])] = day, fact
            case "ClaimSettled":
                self.finding = day, fact
            case "FeedbackGiven":
                self.perceived = day, fact
            case "ClaimRaised":
                self.heard[day, Measure.CLAIMS_RAISED] += 1
            case "ClaimRatified":
                self.heard[day, Measure.CLAIMS_RATIFIED] += 1
            case "ExpectationHeard":
                self.expected = day, fact

    def counts(self) -> list[tuple[date, str, int]]:
        counted: list[tuple[date, str, int]] = [(day, measure, n) for (day, measure), n in self.heard.items()]
        for day, fact in self.choices.values():
            counted.append((day, Measure(str(fact.data["choice"])), 1))
            if fact.data["by"] == "silence":
                counted.append((day, Measure.BY_SILENCE, 1))
        for concessions, measure, amounts in (
            (self.granted, Measure.GRANTED, GRANTED_IN),
            (self.redeemed, Measure.REDEEMED, REDEEMED_IN),
        ):
            for day, fact in concessions.values():
                counted.append((day, measure, 1))
                if "minor_units" in fact.data:
                    counted.append((day, f"{amounts}{fact.data['currency']}", int(fact.data["minor_units"])))
        if self.expected:
            day, _ = self.expected
            counted.append((day, Measure.EXPECTATIONS, 1))
        if self.finding:
            day, fact = self.finding
            # On whom a finding counts is said by itself: it may name another promiser than the claim did.
            of = f"{_OF}{fact.data['promiser']}" if "promiser" in fact.data else ""
            counted.append((day, f"{FOUND[Finding(str(fact.data['finding']))]}{of}", 1))
            if fact.data["finding"] == Finding.PROMISED and "subject" in fact.data:
                counted.append((day, f"{CONFIRMED}{fact.data['subject']}{of}", 1))
        if self.perceived:
            day, fact = self.perceived
            counted.append((day, PERCEIVED[str(fact.data["answer"])], 1))
        return counted
