"""Waiting for a condition with a deadline: slow machines make a test slower, never wrong."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.1
# A sweep comes every minute: whatever the fast path misses is there after that, on a slow machine too.
PATIENCE_SECONDS = 90.0


def until(what: Callable[[], T], waited_for: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Return the first truthy answer of `what`; AssertionError says what was waited for and what there was instead."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {waited_for} (last seen: {answer!r})"
        time.sleep(POLL_SECONDS)
    return answer


def until_past(moment: datetime) -> None:
    """Return once a moment has passed."""
    while (left := (moment - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(min(left, 1.0))
