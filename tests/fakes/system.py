"""Time that stands until it is moved, and chance without surprises."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class FakeSystem:
    """A System. Set `time` at will; waiting moves it on. Tokens count up; jitter is whatever `chance` says."""

    def __init__(self, time: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) -> None:
        self.time = time
        self.chance = 0.0
        self.waited: list[timedelta] = []
        self._numbers = count(1)

    def now(self) -> datetime:
        return self.time

    def wait(self, duration: timedelta) -> None:
        if duration > timedelta():
            self.waited.append(duration)
            self.time += duration

    def token(self) -> str:
        return f"token-{next(self._numbers)}"

    def jitter(self) -> float:
        return self.chance

    def together(self, work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
        return [work(item) for item in items]
