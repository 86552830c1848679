"""`python -m tests.simulation`: run the whole simulation, and print its figures. Ends with 1 if one is not met."""

import argparse
import logging
import sys
import time
from collections.abc import Callable

from infra.catalogues import compile_all
from tests.simulation import forgeries, measures
from tests.simulation.measures import Table


def main() -> int:
    """Run every measure, print the table as it grows, and say what is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=100_000, help="schedules of two faults (%(default)s)")
    parser.add_argument("--seeds", type=int, default=2_000, help="long histories (%(default)s)")
    parser.add_argument(
        "--flips", type=int, default=100_000, help="webhooks, and receipts, with a bit flipped (%(default)s)"
    )
    parser.add_argument("--requests", type=int, default=200_000, help="hostile requests (%(default)s)")
    parser.add_argument("--updates", type=int, default=500, help="updates of the local stack (%(default)s)")
    parser.add_argument("--only", help="one part of the whole, by its name")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    compile_all()
    parts: dict[str, Callable[[Table], None]] = {
        "faults": lambda table: measures.faults(table, given.schedules),
        "histories": lambda table: measures.long_histories(table, given.seeds),
        "rivalry": measures.rivalry,
        "lateness": measures.times,
        "receipts": measures.receipts,
        "guards": measures.without_guards,
        "forgeries": lambda table: forgeries.forgeries(table, given.flips, given.requests),
        "workers": lambda table: measures.killed_workers(table, given.updates),
    }
    if given.only and given.only not in parts:
        parser.error(f"--only takes one of {', '.join(parts)}")
    red: list[str] = []
    print("| figure | measured | bar |\n|---|---|---|", flush=True)
    for name, measure in parts.items():
        if given.only in {None, name}:
            red += _measured(name, measure)
    for each in red:
        print(f"RED: {each}")
    return 1 if red else 0


def _measured(name: str, measure: Callable[[Table], None]) -> list[str]:
    started = time.monotonic()
    table = Table()
    measure(table)
    table.add(f"{name}: took", f"{time.monotonic() - started:,.0f} s")
    for figure, value, bar in table.lines:
        print(f"| {figure} | {value} | {bar} |", flush=True)
    return table.red


if __name__ == "__main__":
    sys.exit(main())
