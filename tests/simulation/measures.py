"""Every measure of the simulation: each returns its lines of the table, and whether it is as it must be."""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from infra.local.problem import StackProblemError
from tests.e2e.outside import Outside
from tests.measure.killed_workers import measure, own_stack
from tests.simulation import double, guards, histories, lateness, poison, receipt_lag, rivals, single, sites
from tests.simulation.pool import share
from tests.simulation.stories import STORIES
from tests.simulation.tally import Tally

_Part = TypeVar("_Part")
FEWEST_NOTICES = 1_000
# One resend, and never a third copy.
MOST_COPIES = 2
SPREAD_SECONDS = 20.0
# Of so many seeds, at least, it is checked that they leave the same trace once more.
TRACES = 10


@dataclass(slots=True)
class Table:
    """Lines of figure, value and bar; `red` says what is not as it must be."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)
    red: list[str] = field(default_factory=list)

    def add(self, figure: str, value: object, bar: str = "", *, good: bool = True) -> None:
        """Add a line; one that is not good turns the table red."""
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        self.lines.append((figure, shown, bar))
        if not good:
            self.red.append(f"{figure}: {shown} ({bar})")


def _joined(results: Iterable[Tally]) -> Tally:
    whole = Tally()
    for each in results:
        whole.join(each)
    return whole


def faults(table: Table, schedules: int) -> None:
    """Single and double faults, and the places in the product that they hit."""
    one = _joined(share(single.single_faults, single.parts(), "single faults", show=True))
    table.add("stories", len(STORIES))
    table.add("I/O points of all stories", one.points)
    table.add(
        "I/O points hit, each by every fault that can strike there",
        one.points_hit,
        "all",
        good=one.points == one.points_hit,
    )
    _tally(table, "single faults", one)
    two = _joined(share(double.double_faults, double.parts(schedules), "double faults", show=True))
    _tally(table, "double faults", two, at_least=schedules)
    whole = _joined([one, two])
    third = double.aimed(sites.missed(whole.hits), whole)
    table.red += third.wrong
    missed = sites.missed(whole.hits | third.hits)
    known = sites.sites()
    table.add("places in the source that call a port", len(known))
    table.add("of these, hit by a fault", len(known) - len(missed), "all", good=not missed)
    table.red += [f"never hit: {each}" for each in missed]
    for kind, times in sorted((one.by_kind | {}).items(), key=lambda pair: -pair[1]):
        table.add(f"  {kind}", times)


def _tally(table: Table, name: str, tally: Tally, at_least: int = 1) -> None:
    table.add(f"{name}: runs", tally.runs, f"≥ {at_least:,}", good=tally.runs >= at_least)
    table.add(f"{name}: words owed", tally.owed)
    table.add(f"{name}: lost", tally.lost, "0", good=not tally.lost)
    table.add(f"{name}: unexpected", tally.unexpected, "0", good=not tally.unexpected)
    table.add(f"{name}: records that do not tell the truth", tally.untrue, "0", good=not tally.untrue)
    table.add(f"{name}: recovered", tally.recovered)
    table.add(f"{name}: handed over to a person", tally.handed_over)
    table.add(f"{name}: overtaken by the promise's end", tally.overtaken)
    table.add(f"{name}: said twice", f"{tally.duplicated:,} ({tally.duplicated / max(tally.owed, 1):.2%} of words)")
    table.add(f"{name}: crossed with the end", tally.crossed)
    table.add(f"{name}: said, with no line in the timeline", tally.unrecorded)
    table.add(f"{name}: latest word", f"{tally.latest.total_seconds() / 60:.1f} min")
    table.red += tally.wrong


def long_histories(table: Table, seeds: int) -> None:
    """Histories of two weeks, each from its seed."""
    parts = [(seed, min(seed + 10, seeds)) for seed in range(0, seeds, 10)]
    results = share(histories.lives, parts, "long histories", show=True)
    tally = _joined(each for each, _, _ in results)
    table.add("long histories: seeds", f"0 to {seeds - 1:,}")
    fewest = min(fewest for _, fewest, _ in results)
    table.add("long histories: fewest notices in 14 days", fewest, "≥ 1,000", good=fewest >= FEWEST_NOTICES)
    _tally(table, "long histories", tally, at_least=seeds)
    table.add("long histories: faults struck", sum(tally.by_kind.values()))
    # Each part leaves the trace of its last seed.
    checked = range(len(parts) - 1, -1, -max(1, len(parts) // TRACES))
    again = share(histories.trace, [parts[each][1] - 1 for each in checked], "traces", show=True)
    same = sum(trace == results[each][2] for trace, each in zip(again, checked, strict=True))
    table.add("same seed, same trace", f"{same} of {len(again)} seeds", "all", good=same == len(again))


def rivalry(table: Table) -> None:
    """Claimers, sleepers and poison."""
    calls, facts = rivals.claimers()
    table.add("50 claimers at once: provider calls", calls, "1", good=calls == facts == 1)
    _, writes = rivals.stale_holder()
    table.add("a stale holder wakes up: writes accepted", writes, "0", good=writes == 0)
    cases: list[tuple[str, Callable[[], poison.Poisoned]]] = [
        ("queue", poison.in_the_queue),
        ("facts", poison.in_the_facts),
        ("removed clocks", poison.in_the_removals),
    ]
    for name, case in cases:
        found = case()
        value = f"{found.done} done, {found.dead} set aside"
        table.add(f"one poison record among 100 ({name})", value, "99 and 1", good=(found.done, found.dead) == (99, 1))


def times(table: Table) -> None:
    """Lateness."""
    for each in share(lateness.measure, lateness.CASES, "lateness", show=True):
        value = f"p50 {each.p50:.3f} s, p99 {each.p99:.1f} s, longest {each.longest:.1f} s"
        drained = f", drained in {each.drained:.1f} s, by {each.peak} a second at most, median {each.median}"
        good = not each.early and each.updates == lateness.UPDATES
        table.add(
            f"lateness, {each.name}", value + (drained if each.drained else ""), "0 early, none missing", good=good
        )


def receipts(table: Table) -> None:
    """Words whose send left a doubt, by how late their receipt came: the quiet window is ten minutes."""
    for each in share(receipt_lag.measure, receipt_lag.LAGS, "receipts", show=True):
        late = each.lag is None or each.lag > receipt_lag.QUIET_WINDOW
        name = "never" if each.lag is None else f"after {each.lag.total_seconds():,.0f} s"
        good = each.words == receipt_lag.NOTICES and (each.most <= MOST_COPIES if late else each.twice == 0)
        bar = "at most 1 resend each" if late else "0 twice"
        table.add(f"sends in doubt, receipt {name}", f"{each.twice} of {each.words} came twice", bar, good=good)


def without_guards(table: Table) -> None:
    """Guards taken out one by one."""
    for number, shown in enumerate(
        share(guards.red_without_number, list(range(len(guards.GUARDS))), "guards", show=True)
    ):
        guard = guards.GUARDS[number]
        table.add(f"without {guard.name}", "red" if shown else "still green", "red", good=shown is not None)


def killed_workers(table: Table, updates: int) -> None:
    """The only measure of a real stack in real time: its workers are killed while updates are due."""
    started = time.monotonic()

    def say(text: str) -> None:
        shown = f"\rworkers: {time.monotonic() - started:4.0f} s  {text:<90}"
        print(shown, end="", file=sys.stderr, flush=True)

    try:
        with own_stack(say) as running:
            found = measure(Outside(running), updates, SPREAD_SECONDS, say)
    except StackProblemError as problem:
        table.red.append(f"workers: {problem}")
        return
    print(file=sys.stderr)
    table.add("updates due on the local stack while its workers are killed", f"{updates} within {SPREAD_SECONDS:g} s")
    for figure, value, bar, good in found.lines():
        table.add(f"workers: {figure}", value, bar, good=good)
