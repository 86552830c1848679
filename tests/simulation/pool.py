"""Work shared by two processes, with its progress shown."""

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from typing import TypeVar

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

PROCESSES = 2


def share(work: Callable[[_Part], _Result], parts: Sequence[_Part], what: str, *, show: bool) -> list[_Result]:
    """Do the parts of a work, and return their results in the order of the parts."""
    started = time.monotonic()
    with get_context("fork").Pool(PROCESSES, initializer=_quiet) as pool:
        results = list(_shown(pool.imap(work, parts), len(parts), what, show=show))
    if show:
        print(f"\r{what}: {time.monotonic() - started:.0f} s{' ' * 20}", file=sys.stderr, flush=True)
    return results


def _shown(results: Iterator[_Result], total: int, what: str, *, show: bool) -> Iterator[_Result]:
    for done, result in enumerate(results, 1):
        if show:
            print(f"\r{what}: {100 * done // total} %", end="", file=sys.stderr, flush=True)
        yield result


def _quiet() -> None:
    logging.disable(logging.CRITICAL)
