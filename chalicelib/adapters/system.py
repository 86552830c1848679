"""The real clock, real chance, and real threads."""

import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")

# A batch of ten rings at once; the work waits for the network nearly all the time.
THREADS = 10
TOKEN_BYTES = 16


class RealSystem:
    """The System."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, duration: timedelta) -> None:
        time.sleep(max(duration.total_seconds(), 0.0))

    def token(self) -> str:
        return secrets.token_urlsafe(TOKEN_BYTES)

    def jitter(self) -> float:
        return secrets.SystemRandom().random()

    def together(self, work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
        """Do the work in threads; one item alone needs none. What the work raises comes out."""
        if len(items) <= 1:
            return [work(item) for item in items]
        return list(self._threads.map(work, items))

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(THREADS, thread_name_prefix="together")
