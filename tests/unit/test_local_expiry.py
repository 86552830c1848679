"""Expiry beside the emulator: what goes, and what must not."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.local.expiry import delete_expired, key_names

NOW = 1_800_000_000
TABLE = "clocks"


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("dynamodb", "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def put(dynamodb: Any, name: str, expires_at: int | None) -> None:
    item = {"pk": {"S": name}, "sk": {"S": "x"}}
    dynamodb.put_item(
        TableName=TABLE, Item=item if expires_at is None else {**item, "expires_at": {"N": str(expires_at)}}
    )


def left(dynamodb: Any) -> set[str]:
    return {item["pk"]["S"] for item in dynamodb.scan(TableName=TABLE)["Items"]}


def test_what_has_expired_goes_and_the_rest_stays(dynamodb: Any) -> None:
    put(dynamodb, "past", NOW - 1)
    put(dynamodb, "now", NOW)
    put(dynamodb, "future", NOW + 1)
    put(dynamodb, "never", None)

    assert delete_expired(dynamodb, TABLE, key_names(dynamodb, TABLE), NOW) == 2
    assert left(dynamodb) == {"future", "never"}


class RearmedMeanwhile:
    """A table in which a clock is set anew between the look and the delete."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def get_paginator(self, name: str) -> Any:
        return self._dynamodb.get_paginator(name)

    def delete_item(self, **given: Any) -> Any:
        put(self._dynamodb, "past", NOW + 60)
        return self._dynamodb.delete_item(**given)


def test_a_clock_that_was_set_anew_in_between_stays(dynamodb: Any) -> None:
    put(dynamodb, "past", NOW - 1)

    assert delete_expired(RearmedMeanwhile(dynamodb), TABLE, key_names(dynamodb, TABLE), NOW) == 0
    assert left(dynamodb) == {"past"}
