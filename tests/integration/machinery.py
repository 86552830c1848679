"""The machinery of a running stack, as operators reach it: schedules to stop, queues to empty, metrics and alarms."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from infra.local.aws import Aws
from infra.local.place import STACK_NAME
from infra.local.stack import Stack
from tests.e2e.outside import call
from tests.e2e.waiting import until

NAMESPACE = "Kept"
CALM_SECONDS = 3.0
WAITING = "ApproximateNumberOfMessages"
STAGE = [{"Name": "Stage", "Value": "local"}]


class Machinery:
    """One stack's parts by the names that the template gives them."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._aws = Aws(stack.aws)
        self.started_at = datetime.now(UTC)

    @cached_property
    def names(self) -> dict[str, str]:
        pages = self._aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
        listed = [each for page in pages for each in page["StackResourceSummaries"]]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}

    @cached_property
    def sqs(self) -> Any:
        return self._aws.client("sqs")

    @cached_property
    def _cloudwatch(self) -> Any:
        return self._aws.client("cloudwatch")

    @contextmanager
    def stopped(self, function: str) -> Iterator[None]:
        """The schedule of a function is off until the end of the block; a run that has begun goes on."""
        events = self._aws.client("events")
        named = self._aws.client("lambda").get_function_configuration(FunctionName=self.names[function])
        (rule,) = events.list_rule_names_by_target(TargetArn=named["FunctionArn"])["RuleNames"]
        events.disable_rule(Name=rule)
        try:
            yield
        finally:
            events.enable_rule(Name=rule)

    def drop_rings(self) -> None:
        """Lose every ring that waits in the queue, once there is one to lose."""
        until(self._rings_waiting, "a ring in the queue")
        # Whatever still happens to the promise, a receipt for one, queues its clock again: until nothing more comes.
        empty_since = time.monotonic()
        while time.monotonic() < empty_since + CALM_SECONDS:
            if self._rings_waiting():
                self.sqs.purge_queue(QueueUrl=self.names["RingQueue"])
                empty_since = time.monotonic()

    def count(self, queue: str) -> int:
        """The messages of a queue that are there to be received."""
        return self._attributes(queue)[WAITING]

    def bodies(self, queue: str) -> list[str]:
        """The bodies of a queue's messages, whether they wait or are in somebody's hands; looking takes none."""
        accounts = call(f"{self._stack.aws}/_ministack/sqs/messages").json["messages"].values()
        queues = [each for regions in accounts for each in regions.values()]
        return [message["Body"] for each in queues for message in each.get(self.names[queue], ())]

    def _rings_waiting(self) -> int:
        return sum(self._attributes("RingQueue").values())

    def _attributes(self, queue: str) -> dict[str, int]:
        wanted = ["", "NotVisible", "Delayed"]
        names = [f"{WAITING}{each}" for each in wanted]
        found = self.sqs.get_queue_attributes(QueueUrl=self.names[queue], AttributeNames=names)["Attributes"]
        return {name: int(found[name]) for name in names}

    def run(self, function: str) -> Any:
        """Run a scheduled function now; return its answer."""
        answer = self._aws.client("lambda").invoke(
            FunctionName=self.names[function], Payload=json.dumps(SCHEDULED).encode()
        )
        body = answer["Payload"].read().decode()
        assert "FunctionError" not in answer, body
        return json.loads(body)

    def metric(self, name: str, statistic: str = "Sum") -> float:
        """One statistic of a metric of ours since this machinery was looked at first; 0 without any value."""
        points = self._cloudwatch.get_metric_statistics(
            Namespace=NAMESPACE,
            MetricName=name,
            Dimensions=STAGE,
            StartTime=self.started_at - timedelta(minutes=1),
            EndTime=datetime.now(UTC) + timedelta(minutes=1),
            Period=3600,
            Statistics=[statistic],
        )["Datapoints"]
        return sum(point[statistic] for point in points)

    def alarm(self, name: str) -> str:
        """The state of an alarm: OK, ALARM or INSUFFICIENT_DATA."""
        wanted = self.names[f"{name}Alarm"]
        (found,) = self._cloudwatch.describe_alarms(AlarmNames=[wanted])["MetricAlarms"]
        return str(found["StateValue"])

    def clock(self, promise_id: str) -> datetime | None:
        """When a promise rings next, or None without a clock."""
        key = {"promise_id": {"S": promise_id}}
        item = (
            self._aws.client("dynamodb")
            .get_item(TableName=self.names["Clocks"], Key=key, ConsistentRead=True)
            .get("Item")
        )
        return datetime.fromtimestamp(int(item["ring_at"]["N"]) / 1000, UTC) if item else None


SCHEDULED = {
    "version": "0",
    "id": "00000000-0000-0000-0000-000000000000",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-11-24T09:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {},
}
