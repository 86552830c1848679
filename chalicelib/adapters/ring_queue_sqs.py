"""The ring queue on SQS: a message is a promise's id and its moment, released about a second ahead of it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from chalicelib.adapters.aws import Aws, CallFailed
from chalicelib.adapters.moments import moment, ring_milliseconds
from chalicelib.domain.clocks import Clock
from chalicelib.usecases.store_port import StoreUnavailable

MOST_AT_ONCE = 10
LONGEST_DELAY_SECONDS = 900
# SQS counts whole seconds: released a second ahead and held in the function, a ring is neither early nor a second late.
AHEAD_SECONDS = 1


class SqsRingQueue:
    """The RingQueue."""

    def __init__(self, queue_url: str, aws: Aws) -> None:
        """Take the queue's URL; the client is made with the first message."""
        self._queue_url = queue_url
        self._aws = aws

    def put(self, clocks: Sequence[Clock], now: datetime) -> None:
        """Queue them ten at a time; what the queue did not take is offered once more."""
        for start in range(0, len(clocks), MOST_AT_ONCE):
            entries = [
                {"Id": str(place), "MessageBody": write_ring(clock), "DelaySeconds": delay_seconds(clock.ring_at - now)}
                for place, clock in enumerate(clocks[start : start + MOST_AT_ONCE])
            ]
            if left := self._send(self._send(entries)):
                raise StoreUnavailable(f"the ring queue did not take {len(left)} of {len(entries)} rings")

    def _send(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send, and return what was not taken."""
        if not entries:
            return []
        try:
            answer = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        except CallFailed as error:
            raise StoreUnavailable(f"the ring queue did not answer: {type(error).__name__}") from error
        failed = {each["Id"] for each in answer.get("Failed", ())}
        return [entry for entry in entries if entry["Id"] in failed]

    @cached_property
    def _sqs(self) -> Any:
        return self._aws.client("sqs", read_seconds=3.0, tries=3)


def delay_seconds(ahead: timedelta) -> int:
    """Return the whole seconds for which a ring is held back that lies so far ahead; SQS allows 900 at most."""
    return min(max(ahead // timedelta(seconds=1) - AHEAD_SECONDS, 0), LONGEST_DELAY_SECONDS)


def write_ring(clock: Clock) -> str:
    """Write a ring as a message body."""
    return json.dumps({"promise_id": clock.promise_id, "ring_at": ring_milliseconds(clock.ring_at)})


def read_ring(body: str) -> Clock:
    """Read a message body. Raises ValueError when it is no ring."""
    try:
        read = json.loads(body)
        promise_id, ring_at = read["promise_id"], read["ring_at"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("a ring has a promise_id and a ring_at") from error
    if not isinstance(promise_id, str) or not isinstance(ring_at, int):
        raise ValueError("a ring's promise_id is a string and its ring_at a number of milliseconds")
    return Clock(promise_id, moment(ring_at))
