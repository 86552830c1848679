"""What the stream to the bus gave up, from the queue where Lambda leaves word of it.

Such a message holds no records, only which stretch of the stream was given up; past 24 hours the stream itself has
forgotten it. Source: AWS Lambda, "Retain discarded batches" for DynamoDB streams.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from chalicelib.adapters.aws import Aws, CallFailed
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.survey_port import Span

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 10
# More than a night's work can bring; what is left comes with the next round.
MOST_RECEIVES = 50
# As long as a round may take; then the messages show again, and the next round takes them up.
HIDDEN_SECONDS = 6 * 3600


class SqsGivenUp:
    """The GivenUp. Without a queue nothing was ever given up."""

    def __init__(self, queue_url: str, aws: Aws) -> None:
        """Take the queue's URL; the client is made with the first question."""
        self._queue_url = queue_url
        self._aws = aws

    def spans(self) -> Mapping[str, Span]:
        """Return what was given up; a message that names no stretch of a stream stays for a person to read."""
        found: dict[str, Span] = {}
        for _ in range(MOST_RECEIVES if self._queue_url else 0):
            messages = self._receive()
            if not messages:
                break
            for message in messages:
                if span := _span(message["Body"]):
                    found[message["ReceiptHandle"]] = span
                else:
                    _log.error("a message about what was given up cannot be read: %s", message["MessageId"])
        return found

    def remove(self, receipts: Iterable[str]) -> None:
        for receipt in receipts:
            try:
                self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=receipt)
            except CallFailed as error:
                raise StoreUnavailable(f"a message could not be removed: {type(error).__name__}") from error

    def _receive(self) -> list[dict[str, Any]]:
        try:
            answer = self._sqs.receive_message(
                QueueUrl=self._queue_url, MaxNumberOfMessages=MOST_AT_ONCE, VisibilityTimeout=HIDDEN_SECONDS
            )
        except CallFailed as error:
            raise StoreUnavailable(f"what was given up cannot be read: {type(error).__name__}") from error
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    @cached_property
    def _sqs(self) -> Any:
        return self._aws.client("sqs", read_seconds=3.0, tries=3)


def _span(body: str) -> Span | None:
    try:
        told = json.loads(body)["DDBStreamBatchInfo"]
        first, last = told["approximateArrivalOfFirstRecord"], told["approximateArrivalOfLastRecord"]
        span = Span(datetime.fromisoformat(first), datetime.fromisoformat(last))
    except (ValueError, KeyError, TypeError):
        return None
    return span if span.first.tzinfo and span.last.tzinfo else None
