"""Strikes: workers of a local stack that are killed again and again, at random moments, and what that cut off."""

import random
import threading
from collections import Counter
from types import TracebackType
from typing import Self

from infra.local.aws import Aws
from infra.local.stack import Stack
from tests.measure.workers import is_at_work, kill, workers

# What the emulator notes for an invocation whose process ended under it.
DIED_AT_WORK = "Worker process died"
LOG_GROUPS = "/kept/local/"


class Strikes:
    """Kills one worker after the other while its block lasts: any one at work, after any time up to the longest gap.

    `killed` counts by function; there are no more than `most`.
    """

    def __init__(self, stack: Stack, chance: random.Random, longest_gap_seconds: float, most: int) -> None:
        self.killed: Counter[str] = Counter()
        self._stack = stack
        self._chance = chance
        self._longest_gap = longest_gap_seconds
        self._most = most
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._strike, name="strikes", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    @property
    def are_over(self) -> bool:
        return not self._thread.is_alive()

    def _strike(self) -> None:
        while self.killed.total() < self._most and not self._over.wait(self._chance.uniform(0, self._longest_gap)):
            at_work = [each for each in workers(self._stack) if is_at_work(each)]
            if at_work and kill(self._stack, struck := self._chance.choice(at_work)):
                self.killed[struck.function] += 1


def died_at_work(stack: Stack) -> Counter[str]:
    """How many invocations of each function ended because their worker died, since the stack was started."""
    logs = Aws(stack.aws).client("logs")
    found: Counter[str] = Counter()
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=LOG_GROUPS):
        for group in (each["logGroupName"] for each in page["logGroups"]):
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, filterPattern=f'"{DIED_AT_WORK}"'
            )
            found[group.removeprefix(LOG_GROUPS)] += sum(len(each["events"]) for each in pages)
    return +found
