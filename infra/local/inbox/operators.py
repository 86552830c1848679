"""The operators' ear: a queue subscribed to the operator topic, read into the inbox."""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from infra.local.aws import ERRORS
from infra.local.inbox.message import moment
from infra.local.inbox.store import Store

QUEUE = "kept-local-operators"
WAIT_SECONDS = 2
PAUSE_SECONDS = 1.0


def subscribe(sqs: Any, sns: Any, topic_arn: str) -> str:
    """Makes the queue and its subscription, or finds them; returns the queue's address."""
    queue_url: str = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn, ReturnSubscriptionArn=True)
    return queue_url


def read_notice(body: str, now: datetime) -> Mapping[str, str]:
    """An SNS notification as SQS delivers it."""
    envelope = json.loads(body)
    return {
        "subject": envelope.get("Subject") or "",
        "text": envelope.get("Message") or "",
        "received_at": moment(now),
    }


class Operators:
    """Moves what the operator topic says into the store, and off the queue only after that."""

    def __init__(self, store: Store, sqs: Any, queue_url: str) -> None:
        self._store = store
        self._sqs = sqs
        self._queue_url = queue_url
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="operators", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def fetch(self) -> None:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=WAIT_SECONDS
        )
        for received in answer.get("Messages", []):
            self._store.add_operator_notice(**read_notice(received["Body"], datetime.now(UTC)))
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=received["ReceiptHandle"])

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self.fetch()
            except ERRORS:
                self._stopping.wait(PAUSE_SECONDS)  # starting or stopping; what is on the queue stays there
