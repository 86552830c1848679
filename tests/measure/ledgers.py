"""Measure the promise report: `python -m tests.measure.ledgers` lets 100,000 promises of 300 promisers live.

The report must say what a count by hand says, promiser by promiser. Its work is bounded by its rows, one for each
promiser and day: once those are there, it takes no longer however many promises more are counted.
"""

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.ledgers import CONFIRMED, Book
from chalicelib.domain.reports import By, Report
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.report import report, spans
from tests.measure.ledger_lives import Lives
from tests.world import World

_BATCH = 100
_TRIES = 15


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run has shown: how many promises and facts, what differed, and what a report took on the way.

    `taken` is by how many promises were counted by then: the rows that were read, and the seconds of CPU.
    """

    promises: int
    facts: int
    faults: list[str]
    taken: dict[int, tuple[int, float]]

    @property
    def ratio(self) -> float:
        """How many times as long a report of all promises takes as one of half of them."""
        *_, (_, half), (_, whole) = self.taken.values()
        return whole / half


def measure(promises: int, promisers: int, days: int = 20, seed: int = 1) -> Measured:
    """Let promises live and be counted, as the stream brings their facts: late, out of order, some of them twice."""
    chance = random.Random(seed)
    world = World()
    lives = Lives(world, chance, promisers, days)
    since = world.system.now().date()
    until = since + timedelta(days=days + 10)
    facts, taken = 0, dict[int, tuple[int, float]]()
    looks = {promises // 10, promises // 2, promises}
    for start in range(0, promises, _BATCH):
        for n in range(start, min(promises, start + _BATCH)):
            lives.one(n)
        facts += len(world.store.noted)
        _count(world, chance)
        if start + _BATCH in looks:
            taken[start + _BATCH] = _taken(since, until, world)
    faults = [fault for by in By for fault in _faults(report(since, until, by, world), lives)]
    return Measured(promises, facts, faults, taken)


def _count(world: World, chance: random.Random) -> None:
    """Count all facts, then forget the promises: what the ledgers know must be enough."""
    keys = [*world.store.noted, *chance.choices(list(world.store.noted), k=len(world.store.noted) // 5)]
    chance.shuffle(keys)
    for start in range(0, len(keys), _BATCH):
        assert count_facts(keys[start : start + _BATCH], world) == frozenset()
    for forgotten in (world.store.noted, world.store.promises, world.store.notices, world.store.clocks):
        forgotten.clear()


def _taken(since: date, until: date, world: World) -> tuple[int, float]:
    """Return how many rows a report by promiser reads, and its seconds: the quickest of several, as others run here."""
    read = sum(1 for _ in world.ledgers.rows(1, spans(Book.PROMISER, since, until)))
    seconds = []
    for _ in range(_TRIES):
        began = time.process_time()
        report(since, until, By.PROMISER, world)
        seconds.append(time.process_time() - began)
    return read, min(seconds)


def _faults(found: Report, lives: Lives) -> list[str]:
    """Return where a report differs from the count by hand."""
    expected: Counter[str] = Counter()
    for numbers in lives.expected.values():
        expected.update(numbers)
    faults = _differences(f"total by {found.by}", dict(found.total.numbers), expected)
    again = sum(times - 1 for times in lives.confirmed.values())
    if found.total.recurrences != again:
        faults.append(f"total by {found.by}: {found.total.recurrences} recurrences, not {again}")
    if found.by is By.PROMISER:
        reported = {group.ref or "": dict(group.figures.numbers) for group in found.groups}
        for ref in reported.keys() | lives.expected.keys():
            faults += _differences(ref, reported.get(ref, {}), lives.expected.get(ref, Counter()))
    return faults


def _differences(what: str, reported: dict[str, int], expected: Counter[str]) -> list[str]:
    said = {str(name): n for name, n in reported.items() if not name.startswith(CONFIRMED)}
    names = sorted(said.keys() | {name for name, n in expected.items() if n})
    return [
        f"{what}: {name} is {said.get(name, 0)}, not {expected[name]}"
        for name in names
        if said.get(name, 0) != expected[name]
    ]


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
    for promises, (rows, seconds) in found.taken.items():
        print(f"report by promiser after {promises} promises: {rows} rows, {seconds * 1000:.1f} ms of CPU")
    print(f"all of them take {found.ratio:.2f} times as long as half of them")
    print(f"{len(found.faults)} numbers differ from the count by hand")
    print("\n".join(found.faults[:20]))
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
