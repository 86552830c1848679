"""A bus that keeps what was put on it."""

from collections.abc import Sequence

from chalicelib.usecases.ports import BusEvent


class FakeBus:
    """A Bus. It does not take the events whose ids are in `refuses`."""

    def __init__(self) -> None:
        self.events: list[BusEvent] = []
        self.refuses: set[str] = set()

    def put(self, events: Sequence[BusEvent]) -> frozenset[str]:
        self.events.extend(event for event in events if event.id not in self.refuses)
        return frozenset(event.id for event in events if event.id in self.refuses)
