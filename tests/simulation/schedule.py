"""The every-minute schedules and the expiry of clocks, without simulating the minutes in which they find nothing.

A sweep that finds no clock reads nothing and writes nothing, so only those are run that a clock is due for.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.usecases.sweep import LOOK_AHEAD

MINUTE = timedelta(minutes=1)


class Alarm:
    """Calls `ring` at the earliest of the moments asked for."""

    def __init__(self, world: Any, ring: Callable[[], None]) -> None:
        self._world = world
        self._ring = ring
        self.set_for: datetime | None = None

    def by(self, moment: datetime) -> None:
        """Ring at `moment`, unless it rings before anyway."""
        if self.set_for is None or moment < self.set_for:
            self.set_for = moment
            self._world.at(moment, lambda: self._go(moment))

    def _go(self, moment: datetime) -> None:
        if self.set_for == moment:
            self.set_for = None
            self._ring()


class Minutes:
    """Runs `sweep` every minute from the one on in which it can find the earliest clock."""

    def __init__(self, world: Any, sweep: Callable[[], None], jitter: timedelta) -> None:
        self._world = world
        self.sweep = sweep
        self._jitter = jitter
        self._alarm = Alarm(world, self._run)
        self._earliest: datetime | None = None

    def expect(self, ring_at: datetime) -> None:
        """See that a clock is found: by the first minute that it can be found in."""
        first = max(ring_at - LOOK_AHEAD, self._world.time)
        if self._earliest and first < self._earliest:
            first = self._earliest
        minute = first.replace(second=0, microsecond=0)
        if minute != first:
            minute += MINUTE
        self._alarm.by(minute + self._jitter * self._world.chance.random() if self._jitter else minute)

    def _run(self) -> None:
        self._earliest = self._world.time + timedelta(seconds=1)
        self.sweep()
        if self._world.armed:
            self.expect(min(self._world.armed.values()))
