"""The ring queue as Lambda reads it: batches, messages hidden while in work, redelivery, and a dead-letter queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from chalicelib.adapters.ring_queue_sqs import write_ring
from chalicelib.domain.clocks import Clock
from tests.simulation.faults import Crash, Kind

BATCH = 10
MOST_RECEIVES = 5
# Six times the function's time-out, as the template sets it.
HIDDEN = timedelta(seconds=180)
LATE = timedelta(minutes=20)
AGAIN = timedelta(seconds=200)


@dataclass(slots=True)
class Message:
    """A message: its text, from when on it can be received, and how often it was."""

    id: str
    body: str
    visible_at: datetime
    receives: int = 0


class Queue:
    """Messages, and the function that is called with them. `invoke` returns the ids that must come again."""

    def __init__(self, world: Any, invoke: Callable[[list[Message], Kind | None], set[str]]) -> None:
        self._world = world
        self._invoke = invoke
        self._count = 0
        self.messages: dict[str, Message] = {}
        self._by_time: list[tuple[datetime, int, str]] = []
        self.dead: list[Message] = []

    def put_ring(self, clock: Clock, visible_at: datetime) -> None:
        """Queue a ring."""
        self.put(write_ring(clock), visible_at)

    def put(self, body: str, visible_at: datetime) -> None:
        """Queue any text."""
        self._count += 1
        self._show(Message(f"message-{self._count}", body, visible_at), self._count)
        self._world.at(visible_at, self.poll)

    def poll(self) -> None:
        """Hand over what is visible, ten at a time.

        A batch that is held to its moment takes time, and what else is due in that time comes before the next batch.
        """
        if self.has_visible():
            self.receive(self.take())
            self._world.at(self._world.time, self.poll)

    def has_visible(self) -> bool:
        """Tell whether a message can be received now."""
        while self._by_time:
            at, _, name = self._by_time[0]
            message = self.messages.get(name)
            if message and message.visible_at == at:
                return at <= self._world.time  # type: ignore[no-any-return]
            heappop(self._by_time)
        return False

    def take(self) -> list[Message]:
        """Take up to ten messages that can be received now, to be given to `receive`."""
        batch: list[Message] = []
        while len(batch) < BATCH and self.has_visible():
            batch.append(self.messages[heappop(self._by_time)[2]])
        return batch

    def _show(self, message: Message, number: int) -> None:
        self.messages[message.id] = message
        heappush(self._by_time, (message.visible_at, number, message.id))

    def receive(self, batch: list[Message]) -> None:
        kind = self._world.tap.trigger("deliver.ring")
        if kind is Kind.DELAYED:
            self._hide(batch, LATE)
            return
        if kind is Kind.REORDERED:
            batch = batch[::-1]
        for each in batch:
            each.receives += 1
        self._hide(batch, HIDDEN)
        if kind is Kind.LOST:
            self._delete(batch)
            return
        if kind is Kind.DUPLICATED:
            for each in batch:
                self.put(each.body, self._world.time)
                self.put(each.body, self._world.time + AGAIN)
        try:
            failed = self._invoke(batch, kind)
        except Crash:
            failed = {each.id for each in batch}
        except Exception:  # noqa: BLE001 - whatever a function raises, Lambda delivers its batch again
            failed = {each.id for each in batch}
        self._delete([each for each in batch if each.id not in failed])
        self._bury([each for each in batch if each.receives >= MOST_RECEIVES])

    def _hide(self, batch: list[Message], time: timedelta) -> None:
        until = self._world.time + time
        for each in batch:
            each.visible_at = until
            self._show(each, int(each.id.rpartition("-")[2]))
        self._world.at(until, self.poll)

    def _delete(self, batch: list[Message]) -> None:
        for each in batch:
            self.messages.pop(each.id, None)

    def _bury(self, batch: list[Message]) -> None:
        self.dead += [each for each in batch if each.id in self.messages]
        self._delete(batch)
