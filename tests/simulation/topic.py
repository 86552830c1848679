"""A topic that feeds one function, as SNS and Lambda do: tried again after one minute and two more, then set aside."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalice.app import SNSEvent

from tests.simulation.faults import Crash, Kind

LATENCY = timedelta(milliseconds=200)
LATE = timedelta(minutes=20)
WAITS = (timedelta(minutes=1), timedelta(minutes=2))

Job = Callable[[SNSEvent, Any], dict[str, bool]]


class Topic:
    """Messages for `job`. `dead` is what could not be taken, and lies where a person will read it."""

    def __init__(self, world: Any, name: str, job: Job) -> None:
        self._world = world
        self._name = name
        self._job = job
        self.dead: list[str] = []

    def publish(self, text: str, then: Callable[[bool], object]) -> None:
        """Publish a message; `then` is told whether the function took it, and what was set aside counts as taken."""
        self._world.at(self._world.time + LATENCY, lambda: self._hand_over(text, then, 0))

    def _hand_over(self, text: str, then: Callable[[bool], object], tried: int) -> None:
        world = self._world
        kind = world.tap.trigger(f"deliver.{self._name}")
        if kind is Kind.DELAYED:
            world.at(world.time + LATE, lambda: self._hand_over(text, then, tried))
            return
        taken = self._call(text, kind)
        if kind is Kind.DUPLICATED:
            self._call(text, None)
        if taken is not None:
            then(taken)
        elif tried < len(WAITS):
            world.at(world.time + WAITS[tried], lambda: self._hand_over(text, then, tried + 1))
        else:
            self.dead.append(text)
            then(True)

    def _call(self, text: str, kind: Kind | None) -> bool | None:
        event = SNSEvent({"Records": [{"Sns": {"Message": text, "Subject": "", "MessageAttributes": {}}}]}, None)
        try:
            answer = self._world.functions.work(lambda worker: self._job(event, worker), kind)
        except (Crash, Exception):  # noqa: BLE001 - whatever a function raises, Lambda calls it again
            return None
        return bool(answer["taken"])
