"""Measure the promise report: `python -m tests.measure.ledgers` lets 100,000 promises of 300 promisers live.

The report must say what a count by hand says: every group of every breakdown, and every customer. Its work is bounded
by its rows, one for each promiser and day: once those are there, it takes no longer however many promises more are
counted.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.ledgers import Book, Row
from chalicelib.domain.reports import By, Report
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.report import report, spans
from tests.fakes.store import nothing
from tests.measure.hand_count import HandCount
from tests.measure.ledger_claims import ClaimLives
from tests.measure.ledger_lives import Lives
from tests.world import World

_BATCH = 100
_TRIES = 15
# How many of a hundred promises are claims; half of those bring a second one.
_CLAIMS = 12
_CONFIRMED = "confirmed:"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a report by promiser took: the rows that it read, the calls that it made, its seconds of CPU."""

    rows: int
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run has shown: promises, facts, how many numbers were compared, which differed, and what reports took.

    `taken` is by how many lives were counted by then.
    """

    promises: int
    facts: int
    compared: int
    faults: list[str]
    taken: dict[int, Taken]

    @property
    def ratio(self) -> float:
        """How many times as long a report of all promises takes as one of half of them."""
        *_, half, whole = self.taken.values()
        return whole.seconds / half.seconds


def measure(lives_: int, promisers: int, days: int = 20, seed: int = 1) -> Measured:
    """Let promises live and be counted, as the stream brings their facts: late, out of order, some of them twice."""
    chance = random.Random(seed)
    world = World()
    lives = Lives(world, chance, promisers, days)
    claims = ClaimLives(lives)
    since = world.system.now().date()
    until = since + timedelta(days=days + 10)
    promises, facts, taken = 0, 0, dict[int, Taken]()
    looks = {lives_ // 10, lives_ // 2, lives_}
    for start in range(0, lives_, _BATCH):
        for n in range(start, min(lives_, start + _BATCH)):
            (claims if chance.randrange(100) < _CLAIMS else lives).one(n)
            _tidy(world)
        promises, facts = promises + len(world.store.promises), facts + len(world.store.noted)
        _count(world, chance)
        if start + _BATCH in looks:
            taken[start + _BATCH] = _taken(since, until, world)
    found = [*_compared(since, until, world, lives.counted)]
    return Measured(promises, facts, len(found), [fault for fault in found if fault], taken)


def _tidy(world: World) -> None:
    """Forget what only time would need."""
    world.rings.queued.clear()
    world.email.delivered.clear()
    world._outbox.clear()
    world.store.answers.clear()


def _count(world: World, chance: random.Random) -> None:
    """Count all facts, then forget the promises: what the ledgers know must be enough."""
    keys = [*world.store.noted, *chance.choices(list(world.store.noted), k=len(world.store.noted) // 5)]
    chance.shuffle(keys)
    for start in range(0, len(keys), _BATCH):
        assert count_facts(keys[start : start + _BATCH], world) == frozenset()
    store = world.store
    for forgotten in (store.noted, store.promises, store.notices, store.clocks, store.heard, store.granted):
        forgotten.clear()


def _taken(since: date, until: date, world: World) -> Taken:
    """Return what a report by promiser takes: the quickest of several, as others run here."""
    calls: list[str] = []
    read = sum(1 for _ in world.ledgers.rows(1, spans(Book.PROMISER, since, until)))
    world.store.before = calls.append
    report(since, until, By.PROMISER, world)
    world.store.before = nothing
    seconds = []
    for _ in range(_TRIES):
        began = time.process_time()
        report(since, until, By.PROMISER, world)
        seconds.append(time.process_time() - began)
    return Taken(read, len(calls), min(seconds))


def _compared(since: date, until: date, world: World, counted: HandCount) -> Iterator[str]:
    """Yield for each number what differs from the count by hand: nothing, where it is the same."""
    for by in By:
        yield from _of_report(report(since, until, by, world), counted)
    rows = {Row(Book.CUSTOMER, "", ref): numbers for ref, numbers in counted.customers.items()}
    found = world.ledgers.at(1, list(rows))
    for row, numbers in rows.items():
        yield from _differences(f"customer {row.group}", found.get(row, {}), numbers)


def _of_report(found: Report, counted: HandCount) -> Iterator[str]:
    groups, again = counted.groups(found.by), counted.recurrences(found.by)
    reported = {group.ref: group.figures for group in found.groups}
    for ref in reported.keys() | groups.keys():
        figures, name = reported.get(ref), f"by {found.by}: {ref}"
        yield from _differences(name, figures.numbers if figures else {}, groups.get(ref, Counter()))
        yield _difference(f"{name}: recurrences", figures.recurrences if figures else 0, again[ref])
    total = f"total by {found.by}"
    yield from _differences(total, found.total.numbers, sum(groups.values(), Counter[str]()))
    yield _difference(f"{total}: recurrences", found.total.recurrences, counted.all_recurrences())


def _differences(what: str, reported: Mapping[str, int], expected: Counter[str]) -> Iterator[str]:
    said = {str(name): n for name, n in reported.items() if not name.startswith(_CONFIRMED)}
    for name in sorted(said.keys() | {name for name, n in expected.items() if n}):
        yield _difference(f"{what}: {name}", said.get(name, 0), expected[name])


def _difference(what: str, is_: int, expected: int) -> str:
    return "" if is_ == expected else f"{what} is {is_}, not {expected}"


def main() -> int:
    """Measure and print; 1 when a number is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.ledgers", description=__doc__)
    parser.add_argument("--promises", type=int, default=100_000)
    parser.add_argument("--promisers", type=int, default=300)
    arguments = parser.parse_args()
    began = time.monotonic()
    found = measure(arguments.promises, arguments.promisers)
    lived = f"{found.promises} promises of {arguments.promisers} promisers, {found.facts} facts"
    print(f"{lived}, {time.monotonic() - began:.0f} s")
    for lives, taken in found.taken.items():
        read = f"{taken.rows} rows in {taken.calls} calls, {taken.seconds * 1000:.1f} ms of CPU"
        print(f"report by promiser after {lives} lives: {read}")
    print(f"all of them take {found.ratio:.2f} times as long as half of them")
    print(f"{len(found.faults)} of {found.compared} numbers differ from the count by hand")
    print("\n".join(found.faults[:20]))
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
