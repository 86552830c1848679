"""What DynamoDB's own streams tell `rescue` and `publish`, where other tests write the records themselves.

On DynamoDB Local alone: it is the only one here whose TTL removes items and says that it was the service that did.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from chalicelib.adapters.tables import Place, fact_sk
from chalicelib.domain.clocks import Clock
from chalicelib.domain.promise import promise_id
from chalicelib.entrypoints import jobs
from infra.stages import stage
from infra.template import tables
from tests.contract.conftest import REGION
from tests.contract.dynamo_world import GRACE, DynamoWorld
from tests.contract.stream_records import Record, StreamRecords, event
from tests.world import GEMMA, REF, SOURCE

HOUR = timedelta(hours=1)
PROMISE_ID = promise_id(SOURCE, REF)
SERVICE = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
SHAPE = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")


@pytest.fixture
def dynamodb(credentials: None, dynamodb_local: str) -> Iterator[Any]:
    """The tables of the template with their streams; nothing expires yet."""
    client = boto3.client("dynamodb", region_name=REGION, endpoint_url=dynamodb_local)
    described = {name.lower(): each["Properties"] for name, each in tables.resources(stage("local")).items()}
    for name, properties in described.items():
        stream = {"StreamEnabled": True, **properties["StreamSpecification"]}
        shape = {each: properties[each] for each in SHAPE if each in properties}
        client.create_table(TableName=name, StreamSpecification=stream, **shape)
    yield client
    for name in described:
        client.delete_table(TableName=name)


@pytest.fixture
def world(dynamodb: Any, dynamodb_local: str) -> DynamoWorld:
    """Three hours ago: TTL knows no other time than the real one."""
    world = DynamoWorld(place=Place(REGION, dynamodb_local))
    world.system.time = datetime.now(UTC).replace(microsecond=0) - 3 * HOUR
    return world


@pytest.fixture
def removals(dynamodb: Any, dynamodb_local: str) -> StreamRecords:
    return StreamRecords(dynamodb_local, "clocks")


@pytest.fixture
def facts(dynamodb: Any, dynamodb_local: str) -> StreamRecords:
    return StreamRecords(dynamodb_local, "promises")


def expire(dynamodb: Any) -> None:
    """Turn TTL on, as the template does."""
    for name, described in tables.resources(stage("local")).items():
        expiry = described["Properties"]["TimeToLiveSpecification"]
        dynamodb.update_time_to_live(TableName=name.lower(), TimeToLiveSpecification=expiry)


def by_ttl(record: Record) -> bool:
    return record.get("userIdentity") == SERVICE


def test_a_clock_that_nothing_rang_is_removed_by_ttl_and_its_promise_rescued(
    dynamodb: Any, world: DynamoWorld, removals: StreamRecords
) -> None:
    made_at = world.system.now()
    world.make(at=(HOUR,))
    world.ring_at(made_at)
    assert world.clocks.get(PROMISE_ID) == Clock(PROMISE_ID, made_at + HOUR)
    expire(dynamodb)
    removal = removals.wait_for("REMOVE", by_ttl)
    assert world.clocks.get(PROMISE_ID) is None
    assert removal["dynamodb"]["OldImage"]["expires_at"] == {"N": f"{(made_at + HOUR + GRACE).timestamp():.0f}"}

    world.system.time = datetime.now(UTC)
    assert jobs.rescue(event(removal), world) == {"batchItemFailures": []}
    assert world.heard() == ["confirmation", "update_no_news"]
    assert world.metrics.values("RescuedByTtl") == [1.0]
    rearmed = world.clocks.get(PROMISE_ID)
    assert rearmed
    assert rearmed.ring_at > world.system.now()


def test_a_clock_that_its_promise_removed_names_no_service_and_rings_nothing(
    world: DynamoWorld, removals: StreamRecords
) -> None:
    made_at = world.system.now()
    world.make()
    world.withdraw("sold out")
    world.ring_at(made_at)
    removal = removals.wait_for("REMOVE", lambda record: not by_ttl(record))
    assert removal["dynamodb"]["OldImage"]["promise_id"] == {"S": PROMISE_ID}
    heard = world.heard()
    assert jobs.rescue(event(removal), world) == {"batchItemFailures": []}
    assert world.heard() == heard
    assert world.metrics.values("RescuedByTtl") == []


def test_new_facts_are_published_from_records_that_carry_nothing_but_keys(
    world: DynamoWorld, facts: StreamRecords
) -> None:
    made_at = world.system.now()
    world.make()
    world.ring_at(made_at)
    world.keep("Delivered to Gemma")
    known = world.store.history(PROMISE_ID)
    assert known
    last = fact_sk(known.facts[-1].seq)
    facts.wait_for("INSERT", lambda record: record["dynamodb"]["Keys"]["sk"]["S"] == last)
    records = [*facts.of("INSERT"), *facts.of("MODIFY")]
    assert {each["dynamodb"]["StreamViewType"] for each in records} == {"KEYS_ONLY"}
    told = json.dumps([each["dynamodb"] for each in records])
    assert not [each for each in (GEMMA.name, GEMMA.email, GEMMA.phone, "Delivered") if each in told]

    assert jobs.publish(event(*records), world) == {"batchItemFailures": []}
    assert [each.id for each in world.bus.events] == [f"{PROMISE_ID}:{each.seq}" for each in known.facts]
