"""Deletes what has expired, since the emulator does not do it in a way that reaches the streams.

DynamoDB removes an item some time after the moment in its TTL attribute and tells the table's stream; MiniStack ignores
the template's TTL setting and its own removal leaves the stream out. A delete through the API does reach the stream.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

from infra.local.aws import ERRORS, code_of

ATTRIBUTE = "expires_at"
EVERY_SECONDS = 2.0
# Reading a large table keeps the emulator busy, so a table rests fifty times as long as reading it took.
REST = 50


def key_names(dynamodb: Any, table: str) -> list[str]:
    return [part["AttributeName"] for part in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]


def delete_expired(dynamodb: Any, table: str, keys: Sequence[str], now_s: float) -> int:
    """Deletes what expired before now, in seconds since 1970; returns how many items that were.

    An item whose expiry was moved in between stays: the delete holds only for the expiry that was seen.
    """
    deleted = 0
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="#expires <= :now",
        ProjectionExpression=", ".join(["#expires", *(f"#k{place}" for place in range(len(keys)))]),
        ExpressionAttributeNames={"#expires": ATTRIBUTE, **{f"#k{place}": key for place, key in enumerate(keys)}},
        ExpressionAttributeValues={":now": {"N": str(int(now_s))}},
    )
    for page in pages:
        for item in page["Items"]:
            try:
                dynamodb.delete_item(
                    TableName=table,
                    Key={key: item[key] for key in keys},
                    ConditionExpression="#expires = :seen",
                    ExpressionAttributeNames={"#expires": ATTRIBUTE},
                    ExpressionAttributeValues={":seen": item[ATTRIBUTE]},
                )
                deleted += 1
            except ERRORS as error:
                if code_of(error) != "ConditionalCheckFailedException":
                    raise
    return deleted


class Expiry:
    """Runs beside the emulator and expires the items of some tables."""

    def __init__(self, dynamodb: Any, tables: Sequence[str]) -> None:
        self._dynamodb = dynamodb
        self._keys = {table: key_names(dynamodb, table) for table in tables}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="expiry", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _loop(self) -> None:
        rests_until = dict.fromkeys(self._keys, 0.0)
        while not self._stopping.wait(EVERY_SECONDS):
            for table, keys in self._keys.items():
                started = time.monotonic()
                if started < rests_until[table]:
                    continue
                try:
                    delete_expired(self._dynamodb, table, keys, time.time())
                except ERRORS:
                    continue  # the emulator is stopping; what has expired is deleted at the next start
                ended = time.monotonic()
                rests_until[table] = ended + REST * (ended - started)
