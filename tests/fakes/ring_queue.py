"""A queue with SQS's whole-second delays, on the test's own time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.clocks import Clock
from chalicelib.usecases.store_port import StoreUnavailable

LONGEST_DELAY_SECONDS = 900


@dataclass(frozen=True, slots=True)
class QueuedRing:
    """A clock in the queue, and from when on it can be received."""

    clock: Clock
    delay_seconds: int
    visible_at: datetime


class FakeRingQueue:
    """A RingQueue. Set `available` to False for an outage, or `loses` to True to drop in silence what is put."""

    def __init__(self) -> None:
        self.queued: list[QueuedRing] = []
        self.available = True
        self.loses = False

    def put(self, clocks: Sequence[Clock], now: datetime) -> None:
        if not self.available:
            raise StoreUnavailable("the queue is down")
        if self.loses:
            return
        for clock in clocks:
            ahead = (clock.ring_at - now) // timedelta(seconds=1) - 1
            delay = min(max(ahead, 0), LONGEST_DELAY_SECONDS)
            self.queued.append(QueuedRing(clock, delay, now + timedelta(seconds=delay)))

    def receive(self, now: datetime) -> list[Clock]:
        """Take out what can be received at `now`, in the order in which it became visible."""
        visible = sorted((each for each in self.queued if each.visible_at <= now), key=lambda each: each.visible_at)
        self.queued = [each for each in self.queued if each.visible_at > now]
        return [each.clock for each in visible]
