"""The records of a table's stream, as Lambda hands them to a function."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from chalice.app import DynamoDBEvent

from tests.contract.conftest import REGION

POLL_SECONDS = 0.5
# DynamoDB Local looks for what has expired every ten seconds; DynamoDB itself takes its time.
PATIENCE_SECONDS = 60.0

Record = dict[str, Any]


class StreamRecords:
    """Reads the stream of a table from its beginning."""

    def __init__(self, host: str, table: str) -> None:
        keys = {"region_name": REGION, "endpoint_url": host}
        self._streams = boto3.client("dynamodbstreams", **keys)
        described = boto3.client("dynamodb", **keys).describe_table(TableName=table)["Table"]
        self._arn: str = described["LatestStreamArn"]

    def of(self, event_name: str) -> list[Record]:
        """Return all records of one kind so far, in order."""
        return [each for each in self._read() if each["eventName"] == event_name]

    def wait_for(self, event_name: str, wanted: Callable[[Record], bool]) -> Record:
        """Return the first wanted record, as soon as there is one."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if found := next(filter(wanted, self.of(event_name)), None):
                return found
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"no {event_name} came within {PATIENCE_SECONDS:.0f} s")

    def _read(self) -> Iterator[Record]:
        shards = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]["Shards"]
        for shard in shards:
            start = {"StreamArn": self._arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            iterator = self._streams.get_shard_iterator(**start)["ShardIterator"]
            while iterator:
                page = self._streams.get_records(ShardIterator=iterator)
                yield from map(self._as_lambda_has_it, page["Records"])
                iterator = page.get("NextShardIterator") if page["Records"] else None

    def _as_lambda_has_it(self, record: Record) -> Record:
        """The same content in Lambda's writing: a moment is a number, and an identity's names begin small."""
        written = {**record["dynamodb"], "ApproximateCreationDateTime": _epoch(record)}
        event = {**record, "dynamodb": written, "eventSourceARN": self._arn}
        if who := record.get("userIdentity"):
            event["userIdentity"] = {"type": who["Type"], "principalId": who["PrincipalId"]}
        return event


def event(*records: Record) -> DynamoDBEvent:
    """A batch of records, as Chalice gives it to a handler."""
    return DynamoDBEvent({"Records": list(records)}, None)


def _epoch(record: Record) -> float:
    moment: float = record["dynamodb"]["ApproximateCreationDateTime"].timestamp()
    return moment
