"""One stream feeds the bus and the ledgers: neither waits for the other, and exactly what failed comes again."""

from typing import Any

import pytest
from chalice.app import DynamoDBEvent

from chalicelib.entrypoints import jobs
from chalicelib.usecases.store_port import StoreUnavailable
from tests.unit.test_ledgers_counting import a_life, reckoned, stored
from tests.world import World


def stream(world: World) -> DynamoDBEvent:
    """Return all facts as the stream brings them; the sequence number says which fact it is."""
    records: list[dict[str, Any]] = []
    for promise_id, seq in world.store.noted:
        number = f"{promise_id}:{seq}"
        keys = {"pk": {"S": f"P#{promise_id}"}, "sk": {"S": f"FACT#{seq:06d}"}}
        records.append(
            {
                "eventID": "1",
                "eventName": "INSERT",
                "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/promises/stream/x",
                "awsRegion": "us-east-1",
                "dynamodb": {
                    "ApproximateCreationDateTime": 1,
                    "Keys": keys,
                    "SequenceNumber": number,
                    "SizeBytes": 1,
                    "StreamViewType": "KEYS_ONLY",
                },
            }
        )
    return DynamoDBEvent({"Records": records}, None)


def failed(world: World) -> set[str]:
    told = jobs.publish(stream(world), world)
    return {each["itemIdentifier"] for each in told["batchItemFailures"]}


def test_facts_are_published_and_counted() -> None:
    world = a_life()
    assert failed(world) == set()
    assert len(world.bus.events) == len(world.store.noted)
    assert stored(world) == reckoned(world)


def test_facts_that_cannot_be_counted_are_published_and_come_again() -> None:
    world = a_life()
    promise_id = world.promise().id

    def strike(call: str) -> None:
        if call == "ledgers.add":
            raise StoreUnavailable(call)

    world.store.before = strike
    again = failed(world)
    counted = {"PromiseMade", "PromiseAtRisk", "RecoverySent", "ChoiceRecorded", "ConcessionGranted", "PromiseKept"}
    ours = {fact.name for fact in world.store.noted.values() if fact.id in again and fact.promise_id == promise_id}
    assert ours == counted
    assert len(world.bus.events) == len(world.store.noted)


def test_a_fact_that_the_bus_does_not_take_is_counted_and_comes_again() -> None:
    world = a_life()
    refused = next(fact.id for fact in world.store.noted.values() if fact.name == "UpdateSent" or fact.seq == 1)
    world.bus.refuses = {refused}
    assert failed(world) == {refused}
    assert stored(world) == reckoned(world)


def test_what_is_uncounted_when_publishing_fails_whole_is_counted_all_the_same() -> None:
    world = a_life()
    failures = iter([True])

    def strike(call: str) -> None:
        if call == "facts" and next(failures, False):
            raise StoreUnavailable(call)

    world.store.before = strike
    with pytest.raises(StoreUnavailable):
        failed(world)
    assert stored(world) == reckoned(world)
    assert failed(world) == set()
