"""A worker: one running function, with its own clock, and a tap at each of its ports."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tests.simulation.tap import METHODS

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Worker:
    """The Services as one running function sees them."""

    def __init__(self, world: Any) -> None:
        self.texts = world.base.texts
        self.rules = world.base.rules
        self.system = WorkerSystem(world)
        for name in METHODS:
            setattr(self, name, world.tap.port(name, getattr(world.base, name), self))
        self.begin(timedelta())

    def begin(self, skew: timedelta) -> None:
        """Start a function anew, with a clock that is wrong by `skew`."""
        self.system.skew = skew
        self.read_order = self.people_order = 0
        # The promises whose notices it has claimed and not recorded yet.
        self.holds: set[str] = set()
        self.read_at = self.system.now()


class WorkerSystem:
    """A System: the world's time, seen through a clock that may be wrong."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self.skew = timedelta()

    def now(self) -> datetime:
        return self._world.time + self.skew  # type: ignore[no-any-return]

    def wait(self, duration: timedelta) -> None:
        if duration > timedelta():
            self._world.time += duration

    def token(self) -> str:
        self._world.tokens += 1
        return f"token-{self._world.tokens}"

    def jitter(self) -> float:
        return self._world.chance.random()  # type: ignore[no-any-return]

    def together(self, work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
        return [work(item) for item in items]
