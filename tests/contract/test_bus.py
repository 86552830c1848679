"""What every Bus takes, and what it says of what it did not take."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from chalicelib.adapters.aws import Aws
from chalicelib.adapters.bus_eventbridge import EventBridgeBus
from chalicelib.usecases.ports import Bus, BusEvent
from tests.contract.builders import NOON
from tests.contract.conftest import REGION
from tests.contract.endpoint import Endpoint, Reply, closed_port
from tests.fakes import FakeBus


def event(n: int) -> BusEvent:
    return BusEvent(f"p1:{n}", "Update Sent", NOON, {"promise_id": "p1", "seq": n})


@dataclass(frozen=True, slots=True)
class Bench:
    """A bus, and the ids of the events that came out at its other end."""

    bus: Bus
    came_out: Callable[[], Sequence[str]]


@pytest.fixture(params=["fake", "eventbridge"])
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "fake":
        fake = FakeBus()
        return Bench(fake, lambda: [each.id for each in fake.events])
    request.getfixturevalue("aws")
    messages = listening()
    return Bench(EventBridgeBus("kept", Aws(REGION)), lambda: [each["detail"]["id"] for each in messages()])


def listening() -> Callable[[], list[dict[str, Any]]]:
    """Make the bus with a queue that gets everything from it; return how to read what came."""
    events, sqs = boto3.client("events", region_name=REGION), boto3.client("sqs", region_name=REGION)
    events.create_event_bus(Name="kept")
    url = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventBusName="kept", EventPattern=json.dumps({"source": ["kept"]}))
    events.put_targets(Rule="all", EventBusName="kept", Targets=[{"Id": "listener", "Arn": arn}])

    def read() -> list[dict[str, Any]]:
        came: list[dict[str, Any]] = []
        while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            came += [json.loads(each["Body"]) for each in some]
        return came

    return read


def test_any_number_of_events_goes_out_and_all_are_taken(bench: Bench) -> None:
    assert bench.bus.put([]) == frozenset()
    assert bench.bus.put([event(n) for n in range(23)]) == frozenset()
    assert sorted(bench.came_out()) == sorted(f"p1:{n}" for n in range(23))


def test_an_event_says_what_happened_when_and_its_id_to_drop_repeats_by(aws: None) -> None:
    messages = listening()
    EventBridgeBus("kept", Aws(REGION)).put([event(7)])
    (message,) = messages()
    assert message["source"] == "kept"
    assert message["detail-type"] == "Update Sent"
    assert message["detail"] == {"id": "p1:7", "at": "2026-11-24T12:00:00+00:00", "promise_id": "p1", "seq": 7}


def refusing_fake(endpoint: Endpoint) -> Bus:
    fake = FakeBus()
    fake.refuses = {"p1:1"}
    return fake


def refusing_eventbridge(endpoint: Endpoint) -> Bus:
    entries = [{"EventId": "e-0"}, {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}]
    endpoint.answer(Reply(200, json.dumps({"FailedEntryCount": 1, "Entries": entries})))
    return EventBridgeBus("kept", Aws(REGION, endpoint.url))


@pytest.mark.parametrize("refusing", [refusing_fake, refusing_eventbridge])
def test_only_what_was_not_taken_is_named(
    credentials: None, endpoint: Endpoint, refusing: Callable[[Endpoint], Bus]
) -> None:
    assert refusing(endpoint).put([event(0), event(1)]) == {"p1:1"}


def test_a_bus_that_does_not_answer_took_nothing(credentials: None) -> None:
    bus = EventBridgeBus("kept", Aws(REGION, closed_port(), tries_at_most=1))
    assert bus.put([event(0), event(1)]) == {"p1:0", "p1:1"}
