"""The dead-letter queues on SQS."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from chalicelib.adapters.aws import Aws, CallFailed
from chalicelib.usecases.store_port import StoreUnavailable

# What somebody is looking at right now still lies there.
LYING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class SqsDeadLetters:
    """The DeadLetters, over all queues together."""

    def __init__(self, queue_urls: Sequence[str], aws: Aws) -> None:
        """Take the queues' URLs; the client is made with the first count."""
        self._queue_urls = tuple(queue_urls)
        self._aws = aws

    def count(self) -> int:
        """Return how many messages lie in them, as far as SQS knows at this moment."""
        return sum(map(self._count, self._queue_urls))

    def _count(self, queue_url: str) -> int:
        try:
            answer = self._sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=LYING)
        except CallFailed as error:
            raise StoreUnavailable(f"a dead-letter queue did not answer: {type(error).__name__}") from error
        return sum(int(answer["Attributes"][name]) for name in LYING)

    @cached_property
    def _sqs(self) -> Any:
        return self._aws.client("sqs", read_seconds=3.0, tries=3)
