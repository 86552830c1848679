"""What every RingQueue takes, and when it gives it out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest

from chalicelib.adapters.aws import Aws
from chalicelib.adapters.ring_queue_sqs import SqsRingQueue, read_ring
from chalicelib.domain.clocks import Clock
from chalicelib.usecases.ports import RingQueue
from chalicelib.usecases.store_port import StoreUnavailable
from tests.contract.builders import NOON, clock
from tests.contract.conftest import REGION
from tests.contract.endpoint import Endpoint, Reply, closed_port
from tests.fakes import FakeRingQueue

SECOND = timedelta(seconds=1)


class WatchedAws(Aws):
    """Notes how long each message is asked to be held back."""

    def __init__(self, endpoint: str | None = None) -> None:
        super().__init__(REGION, endpoint)
        self.sent: list[tuple[Clock, int]] = []

    def client(self, service: str, *, read_seconds: float, tries: int) -> Any:
        client = super().client(service, read_seconds=read_seconds, tries=tries)
        client.meta.events.register("provide-client-params.sqs.SendMessageBatch", self._note)
        return client

    def _note(self, params: dict[str, Any], **_: object) -> None:
        self.sent += [(read_ring(each["MessageBody"]), each["DelaySeconds"]) for each in params["Entries"]]


@dataclass(frozen=True, slots=True)
class Bench:
    """A queue, and what was put into it with which delay in seconds."""

    queue: RingQueue
    sent: Callable[[], Sequence[tuple[Clock, int]]]


@pytest.fixture(params=["fake", "sqs"])
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "fake":
        fake = FakeRingQueue()
        return Bench(fake, lambda: [(each.clock, each.delay_seconds) for each in fake.queued])
    request.getfixturevalue("aws")
    url = boto3.client("sqs", region_name=REGION).create_queue(QueueName="rings")["QueueUrl"]
    watched = WatchedAws()
    return Bench(SqsRingQueue(url, watched), lambda: watched.sent)


@pytest.mark.parametrize(
    ("ahead", "delay"),
    [
        (timedelta(days=-2), 0),
        (timedelta(), 0),
        (1.9 * SECOND, 0),
        (2 * SECOND, 1),
        (10.4 * SECOND, 9),
        (60 * SECOND, 59),
        (901 * SECOND, 900),
        (timedelta(days=30), 900),
    ],
)
def test_a_ring_is_released_about_a_second_ahead_and_never_late(bench: Bench, ahead: timedelta, delay: int) -> None:
    bench.queue.put([clock(ring_at=NOON + ahead)], NOON)
    assert bench.sent() == [(clock(ring_at=NOON + ahead), delay)]


def test_any_number_of_rings_can_be_put_at_once(bench: Bench) -> None:
    clocks = [clock(f"p{n}", NOON + n * SECOND) for n in range(25)]
    bench.queue.put(clocks, NOON)
    bench.queue.put([], NOON)
    assert [each for each, _ in bench.sent()] == clocks


def test_what_lies_in_the_queue_is_a_ring() -> None:
    for body in ('{"promise_id": "p1"}', "[]", "no json", '{"promise_id": 1, "ring_at": 2}', "null"):
        with pytest.raises(ValueError, match="a ring"):
            read_ring(body)


def test_a_queue_that_is_down_says_so(credentials: None) -> None:
    down = FakeRingQueue()
    down.available = False
    for queue in (down, SqsRingQueue("http://127.0.0.1/rings", Aws(REGION, closed_port()))):
        with pytest.raises(StoreUnavailable):
            queue.put([clock()], NOON)


def test_what_the_queue_did_not_take_is_offered_once_more(credentials: None, endpoint: Endpoint) -> None:
    endpoint.answer(answer(taken=["0", "2"], failed=["1"]), answer(taken=["1"]))
    watched = WatchedAws(endpoint.url)
    SqsRingQueue(f"{endpoint.url}/rings", watched).put([clock("a"), clock("b"), clock("c")], NOON)
    assert [each.promise_id for each, _ in watched.sent] == ["a", "b", "c", "b"]


def test_what_the_queue_does_not_take_twice_is_an_outage(credentials: None, endpoint: Endpoint) -> None:
    endpoint.answer(answer(failed=["0"]))
    with pytest.raises(StoreUnavailable):
        SqsRingQueue(f"{endpoint.url}/rings", Aws(REGION, endpoint.url)).put([clock()], NOON)


def answer(taken: Sequence[str] = (), failed: Sequence[str] = ()) -> Reply:
    return Reply(
        200,
        json.dumps(
            {
                "Successful": [{"Id": each, "MessageId": each, "MD5OfMessageBody": ""} for each in taken],
                "Failed": [{"Id": each, "SenderFault": False, "Code": "InternalError"} for each in failed],
            }
        ),
    )
