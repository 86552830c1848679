"""Counts the capacity units that DynamoDB says it charged, over every client that is made while it is on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore import register_initializer, unregister_initializer
from botocore.session import Session

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})


@dataclass
class Meter:
    """Write and read units so far. An item of the tests is under 1 kB: one write unit, one consistent read unit."""

    writes: float = 0.0
    reads: float = 0.0

    def on_request(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        # The emulator leaves capacity out of its BatchGetItem. DynamoDB charges a consistent read one unit for each
        # item of up to 4 kB, and for each that is not there.
        if model.name == "BatchGetItem":
            self.reads += sum(len(table["Keys"]) for table in params["RequestItems"].values())

    def on_answer(self, parsed: Mapping[str, Any], model: Any, **_: object) -> None:
        # PynamoDB asks for ReturnConsumedCapacity by itself. An error carries none; DynamoDB charges a failed condition
        # for the item that it looked at.
        charged = parsed.get("ConsumedCapacity", [])
        units = sum(each["CapacityUnits"] for each in (charged if isinstance(charged, list) else [charged]))
        if parsed.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
            units = 1.0
        if model.name in WRITES:
            self.writes += units
        else:
            self.reads += units

    @contextmanager
    def on(self) -> Iterator["Meter"]:
        """Count the calls of all clients that are made from now on, and stop with the block."""

        def attach(session: Session) -> None:
            session.register("before-parameter-build.dynamodb.*", self.on_request)
            session.register("after-call.dynamodb.*", self.on_answer)

        register_initializer(attach)
        try:
            yield self
        finally:
            unregister_initializer(attach)
