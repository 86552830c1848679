"""How late promised updates arrive: python -m tests.measure.lateness [--updates 200] [--spread 120] [--runs 1]

Makes as many promises, each with one update, the updates evenly spread over so many seconds; then compares each
arrival in the inbox with its promised moment. Uses the stack whose stack.json KEPT_STACK_FILE names, or one of its own.
Exit code 1 when an update was early or missing.
"""

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local import stack
from tests.e2e.outside import Outside, moment
from tests.e2e.promises import Told, promise

# So long it takes to tell of them all before the first moment comes, on a slow machine.
SECONDS_TO_TELL_ONE = 0.25
TELLERS = 2
# Past the last moment: the next sweep would have healed whatever was lost.
PATIENCE_SECONDS = 90.0
PROGRESS_SECONDS = 10.0
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Lateness:
    """Milliseconds between promised moments and arrivals, sorted, and how many updates never came."""

    milliseconds: tuple[float, ...]
    missing: int

    @property
    def early(self) -> int:
        return sum(each < 0 for each in self.milliseconds)

    def percentile(self, percent: int) -> float:
        """The nearest rank: the smallest lateness that as many per cent do not exceed."""
        return self.milliseconds[max(math.ceil(len(self.milliseconds) * percent / 100), 1) - 1]


def measure(outside: Outside, updates: int, spread_seconds: float) -> Lateness:
    """Make the promises, wait for their updates, and say how late each was."""
    lead = timedelta(seconds=10 + updates * SECONDS_TO_TELL_ONE / TELLERS)
    first = datetime.now(UTC) + lead
    print(f"Telling of {updates} promises; their updates come from {first:%H:%M:%S} UTC on, over {spread_seconds:g} s.")
    with ThreadPoolExecutor(TELLERS) as tellers:
        told = list(tellers.map(lambda place: _tell(outside, first, spread_seconds * place / updates), range(updates)))
    late_tellings = sum(each.update_at < datetime.now(UTC) for each in told)
    if late_tellings:
        print(f"This machine was slow: {late_tellings} moments had passed before all promises were told.")
    arrivals = _arrivals(outside, told, first + timedelta(seconds=spread_seconds))
    found = [arrivals[each.email] - each.update_at for each in told if each.email in arrivals]
    late = sorted(each / timedelta(milliseconds=1) for each in found)
    return Lateness(tuple(late), len(told) - len(found))


def _tell(outside: Outside, first: datetime, after_seconds: float) -> Told:
    told = promise(updates=(first + timedelta(seconds=after_seconds) - datetime.now(UTC),))
    outside.tell("promise.made", told.data)
    return told


def _arrivals(outside: Outside, told: Sequence[Told], last: datetime) -> dict[str, datetime]:
    """When the second message arrived at each address: the first one is the confirmation."""
    wanted = {each.email for each in told}
    shown_at = time.monotonic()
    while True:
        messages: dict[str, list[datetime]] = {}
        for message in outside.inbox(""):
            messages.setdefault(message["to"], []).append(moment(message["received_at"]))
        arrived = {address: found[1] for address, found in messages.items() if address in wanted and len(found) > 1}
        past = (datetime.now(UTC) - last).total_seconds()
        if len(arrived) == len(wanted) or past > PATIENCE_SECONDS:
            return arrived
        if time.monotonic() - shown_at > PROGRESS_SECONDS:
            shown_at = time.monotonic()
            print(f"  {datetime.now(UTC):%H:%M:%S}  {len(arrived):4} of {len(wanted)} updates arrived", flush=True)
        time.sleep(LOOK_SECONDS)


def show(runs: Sequence[Lateness]) -> None:
    """Print the runs as a table, in milliseconds."""
    print(f"\n{'run':>4} {'updates':>8} {'p50':>8} {'p99':>8} {'max':>8} {'early':>6} {'missing':>8}   (ms)")
    for number, run in enumerate(runs, start=1):
        figures = [run.percentile(50), run.percentile(99), run.milliseconds[-1]] if run.milliseconds else [math.nan] * 3
        columns = " ".join(f"{each:8.0f}" for each in figures)
        print(f"{number:4} {len(run.milliseconds):8} {columns} {run.early:6} {run.missing:8}", flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.measure.lateness", description=__doc__.partition("\n")[0])
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--spread", type=float, default=120.0, help="seconds")
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, stack.for_tests(Path(folder)) as running:
        runs = [measure(Outside(running), asked.updates, asked.spread) for _ in range(asked.runs)]
    show(runs)
    return 1 if any(run.early or run.missing for run in runs) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
