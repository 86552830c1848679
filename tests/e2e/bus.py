"""An ear on the event bus: a queue of its own behind a rule, as another service of the company would have it."""

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from infra.local.aws import Aws
from infra.local.stack import Stack
from tests.e2e.waiting import PATIENCE_SECONDS, until

BUS = "kept"


@dataclass
class Bus:
    """Collects what is published, by the id of each event; a repeat is dropped by that id, as consumers are told to."""

    sqs: Any
    queue_url: str
    heard: dict[str, Any] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def listening(cls, stack: Stack) -> Iterator["Bus"]:
        aws = Aws(stack.aws)
        sqs, events = aws.client("sqs"), aws.client("events")
        name = f"ear-{uuid.uuid4().hex[:8]}"
        queue_url = sqs.create_queue(QueueName=name)["QueueUrl"]
        queue_arn = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=name, EventBusName=BUS, EventPattern=json.dumps({"source": ["kept"]}))
        events.put_targets(Rule=name, EventBusName=BUS, Targets=[{"Id": "ear", "Arn": queue_arn}])
        yield cls(sqs, queue_url)
        events.remove_targets(Rule=name, EventBusName=BUS, Ids=["ear"])
        events.delete_rule(Name=name, EventBusName=BUS)
        sqs.delete_queue(QueueUrl=queue_url)

    def hears_all(self, history: Any, seconds: float = PATIENCE_SECONDS) -> list[Any]:
        """Wait until every fact of a promise that was read has been published; return its events in order."""
        ids = fact_ids(history)
        until(lambda: not self._missing(ids), f"all of {ids} on the bus", seconds)
        return [self.heard[each] for each in ids]

    def never_heard(self, histories: Iterable[Any], seconds: float = PATIENCE_SECONDS) -> list[str]:
        """The facts of all these promises that are not published in so many seconds."""
        ids = [each for history in histories for each in fact_ids(history)]
        deadline = time.monotonic() + seconds
        while (missing := self._missing(ids)) and time.monotonic() < deadline:
            pass  # listening waits by itself while there is nothing to hear
        return missing

    def hears(self, promise_id: str, kind: str, seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait for an event of one type about a promise; return it."""

        def event() -> Any:
            self._listen()
            about = (each for each in self.heard.values() if each["detail-type"] == kind)
            return next((each for each in about if each["detail"]["promise_id"] == promise_id), None)

        return until(event, f"{kind} of {promise_id} on the bus", seconds)

    def heard_all(self) -> dict[str, Any]:
        """Return all that was heard, by the id of each event, once nothing more is waiting to be heard."""
        while self._listen(0):
            pass
        return self.heard

    def _missing(self, ids: Sequence[str]) -> list[str]:
        left = [each for each in ids if each not in self.heard]
        if left:
            self._listen()
        return left

    def _listen(self, wait_seconds: int = 1) -> bool:
        """Hear what waits; tell whether there was anything."""
        answer = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=wait_seconds)
        for message in answer.get("Messages", ()):
            event = json.loads(message["Body"])
            self.heard[event["detail"]["id"]] = event
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return bool(answer.get("Messages"))


def fact_ids(history: Any) -> list[str]:
    """The ids under which the facts of a promise that was read are published."""
    return [f"{history['promise']['id']}:{line['seq']}" for line in history["timeline"]]
