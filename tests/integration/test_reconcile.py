"""Reconcile on demand, on the running stack: what is out of step is found, mended and counted."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.aws import Aws
from infra.local.place import STACK_NAME
from infra.reconcile import reconcile
from tests.e2e.bus import Bus
from tests.e2e.outside import Outside
from tests.e2e.promises import promise
from tests.e2e.waiting import until
from tests.integration.machinery import Machinery

STRAY = "b" * 24


class Round:
    """Begins rounds on a stack, and carries them through."""

    def __init__(self, outside: Outside) -> None:
        self._aws = Aws(outside.stack.aws)

    def run(self) -> Counter[str]:
        return reconcile(self._aws.client("cloudformation"), self._aws.client("lambda"), STACK_NAME)

    def put_clock(self, table: str, promise_id: str) -> None:
        tomorrow = int(time.time()) + 86_400
        item = {"promise_id": {"S": promise_id}, "bucket": {"S": "00"}}
        numbers = {"ring_at": {"N": f"{tomorrow * 1000}"}, "expires_at": {"N": f"{tomorrow + 600}"}}
        self._aws.client("dynamodb").put_item(TableName=table, Item=item | numbers)


@pytest.fixture(autouse=True)
def no_night(machinery: Machinery) -> Iterator[None]:
    """Whatever the hour, only the test's own rounds run."""
    with machinery.stopped("Nightly"):
        yield


@pytest.fixture
def round_(outside: Outside) -> Round:
    return Round(outside)


def test_a_clock_that_rings_for_nothing_is_removed(outside: Outside, machinery: Machinery, round_: Round) -> None:
    told = promise(updates=(timedelta(hours=1),))
    outside.tell("promise.made", told.data)
    outside.has_fact(told.ref, "ConfirmationSent")
    round_.put_clock(machinery.names["Clocks"], STRAY)

    assert round_.run()["ClocksStray"] == 1

    assert machinery.clock(STRAY) is None
    assert machinery.clock(outside.read(told.ref)["promise"]["id"]) is not None
    assert round_.run() == Counter(
        dict.fromkeys(("ClocksMissing", "ClocksStray", "ClaimsLapsed", "FactsRepublished"), 0)
    )
    until(lambda: machinery.metric("ReconcileHeartbeat") >= 1, "the heartbeat of reconcile")


def test_facts_that_the_stream_gave_up_come_to_the_bus_again(
    outside: Outside, machinery: Machinery, round_: Round
) -> None:
    told = promise()
    with Bus.listening(outside.stack) as bus:
        outside.tell("promise.made", told.data)
        promise_id = outside.read(told.ref)["promise"]["id"]
        bus.hears(promise_id, "Promise Made")
    now = datetime.now(UTC).isoformat()
    arrived = {"approximateArrivalOfFirstRecord": now, "approximateArrivalOfLastRecord": now}
    queue = machinery.names["PublishDeadLetters"]
    machinery.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"DDBStreamBatchInfo": arrived}))

    with Bus.listening(outside.stack) as later:
        assert round_.run()["FactsRepublished"] >= 1
        later.hears(promise_id, "Promise Made")
    assert machinery.count("PublishDeadLetters") == 0
