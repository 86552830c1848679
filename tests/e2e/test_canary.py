"""A canary: a name, an address and a phone that occur nowhere else are looked for in everything that keeps something.

Before erasure they stand in the profile alone; after it, nowhere. Read on the running stack: tables, logs, events,
queues and what operators were told.
"""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from infra.local.aws import Aws
from tests.e2e.bus import Bus
from tests.e2e.outside import Outside
from tests.e2e.promises import promise
from tests.e2e.troubles import trouble
from tests.e2e.waiting import until


def kept(outside: Outside, bus: Bus) -> Iterator[tuple[str, str]]:
    """Everything that is kept anywhere, with where it lies."""
    aws = Aws(outside.stack.aws)
    dynamodb, sqs, logs = aws.client("dynamodb"), aws.client("sqs"), aws.client("logs")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                pk, sk = item.get("pk", {}).get("S", ""), item.get("sk", {}).get("S", "")
                yield f"{table} {'PROFILE' if sk == 'PROFILE' else pk + sk}", json.dumps(item)
    for queue in sqs.list_queues().get("QueueUrls", ()):
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0).get(
            "Messages", ()
        ):
            yield queue, message["Body"]
    for group in logs.describe_log_groups()["logGroups"]:
        for line in _lines(logs, group["logGroupName"]):
            yield group["logGroupName"], line
    yield "events", json.dumps(list(bus.heard.values()))
    yield "operators", json.dumps(outside.operators_hear())


def _lines(logs: Any, group: str) -> Iterator[str]:
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
        for event in page["events"]:
            yield event["message"]


def found(outside: Outside, bus: Bus, canaries: tuple[str, ...]) -> set[str]:
    return {where for where, text in kept(outside, bus) if any(canary in text for canary in canaries)}


def test_personal_data_stands_in_one_place_and_then_in_none(outside: Outside, bus: Bus) -> None:
    name = f"Canary{uuid.uuid4().hex[:8]}"
    told = promise("Your order arrives", locale="en-GB", name=name, mailbox="refuse", by_sms=True)
    outside.tell("promise.made", told.data)
    first = outside.hears(told.phone)
    offer = {"kind": "gift", "text": "a cookie"}
    said = trouble(told, case="delay", reason="R", done_so_far="D", solution="S", offer=offer)
    outside.tell("promise.at_risk", said)
    outside.hears(told.phone, 2)
    bus.hears_all(outside.read(told.ref))
    token = first["links"][0].rpartition("?t=")[2]
    canaries = (name, told.email, told.phone, told.phone.removeprefix("+"), token)

    where = found(outside, bus, canaries)
    assert where
    assert all(each.endswith(" PROFILE") for each in where), where

    assert outside.post("customer.erased", {"customer": {"ref": told.data["customer"]["ref"]}}).status == 202
    outside.has_fact(told.ref, "CustomerErased")
    until(lambda: not found(outside, bus, canaries), "nothing personal anywhere")
    time.sleep(1.0)
    assert not found(outside, bus, canaries)
