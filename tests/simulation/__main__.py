"""`python -m tests.simulation`: run the whole simulation, and print its figures. Ends with 1 if one is not met."""

import argparse
import logging
import sys
import time

from infra.catalogues import compile_all
from tests.simulation import measures
from tests.simulation.measures import Table


def main() -> int:
    """Run every measure, print the table, and say what is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=100_000, help="schedules of two faults (%(default)s)")
    parser.add_argument("--seeds", type=int, default=2_000, help="long histories (%(default)s)")
    parser.add_argument("--flips", type=int, default=100_000, help="webhooks with a bit flipped (%(default)s)")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    compile_all()
    started = time.monotonic()
    table = Table()
    measures.faults(table, given.schedules)
    measures.long_histories(table, given.seeds)
    measures.rivalry(table)
    measures.times(table)
    measures.receipts(table)
    measures.without_guards(table)
    measures.forgeries(table, given.flips)
    table.add("all of this took", f"{(time.monotonic() - started) / 60:.1f} min on two processes")
    _print(table)
    return 1 if table.red else 0


def _print(table: Table) -> None:
    print("| figure | measured | bar |\n|---|---|---|")
    for figure, value, bar in table.lines:
        print(f"| {figure} | {value} | {bar} |")
    for each in table.red:
        print(f"RED: {each}")


if __name__ == "__main__":
    sys.exit(main())
