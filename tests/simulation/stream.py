"""A table's stream as Lambda reads it: in order, one batch at a time, retried, halved, and in the end set aside."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.simulation.faults import Crash, Kind

BATCH = 100
MOST_RETRIES = 20
LATENCY = timedelta(milliseconds=300)
LONGEST_WAIT = timedelta(minutes=1)
LATE = timedelta(minutes=20)

Record = dict[str, Any]


class Stream:
    """Records in order. `invoke` gets a batch and returns the sequence numbers that failed."""

    def __init__(self, world: Any, name: str, invoke: Callable[[list[Record], Kind | None], set[str]]) -> None:
        self._world = world
        self._name = name
        self._invoke = invoke
        self._count = 0
        self._reading = False
        self._tries = 0
        self._most = BATCH
        self.waiting: list[Record] = []
        self.dead: list[Record] = []

    def add(self, event: str, **what: Any) -> None:
        """Write a record: its event name, and the keys or images of the item."""
        self._count += 1
        number = f"{self._count:021d}"
        stamp = {
            "SequenceNumber": number,
            "StreamViewType": "KEYS_ONLY",
            "SizeBytes": 100,
            "ApproximateCreationDateTime": self._world.time.timestamp(),
        }
        self.waiting.append(
            {
                "eventID": number,
                "eventName": event,
                "awsRegion": "eu-west-1",
                "eventSourceARN": f"arn:aws:dynamodb:eu-west-1:000000000000:table/{self._name}/stream/1",
                "dynamodb": {**what, **stamp},
            }
        )
        self._world.at(self._world.time + LATENCY, self.poll)

    def poll(self) -> None:
        """Hand over what waits, from the oldest on; a batch in work or in retry holds up what comes after it."""
        while self.waiting and not self._reading:
            if not self._hand_over(self.waiting[: self._most]):
                return

    def _hand_over(self, batch: list[Record]) -> bool:
        kind = self._world.tap.trigger(f"deliver.{self._name}")
        if kind is Kind.DELAYED:
            self._pause(LATE)
            return False
        self._reading = True
        try:
            failed = self._call(batch, kind)
        finally:
            self._reading = False
        first = next((place for place, each in enumerate(batch) if _number(each) in failed), len(batch))
        self.waiting = self.waiting[first:]
        if first == len(batch):
            self._tries, self._most = 0, BATCH
            if kind is Kind.DUPLICATED:
                self._call(batch, None)
            return True
        if first:
            self._tries = 0
        self._fail(len(batch) - first)
        return False

    def _call(self, batch: list[Record], kind: Kind | None) -> set[str]:
        handed = batch[::-1] if kind is Kind.REORDERED else batch
        try:
            return self._invoke(handed, kind)
        except Crash:
            return {_number(each) for each in batch}
        except Exception:  # noqa: BLE001 - whatever a function raises, Lambda reads its batch again
            return {_number(each) for each in batch}

    def _fail(self, left: int) -> None:
        """Halve what failed, so that one bad record is found; set it aside once it alone has failed often enough."""
        self._tries += 1
        self._most = max(1, left // 2)
        if self._most == 1 and self._tries > MOST_RETRIES:
            self.dead.append(self.waiting.pop(0))
            self._tries, self._most = 0, BATCH
        self._pause(min(timedelta(seconds=2 ** min(self._tries, 6)), LONGEST_WAIT))

    def _pause(self, time: timedelta) -> None:
        self._reading = True

        def go_on() -> None:
            self._reading = False
            self.poll()

        self._world.at(self._world.time + time, go_on)


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
