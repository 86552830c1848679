"""The bus on EventBridge."""

import json
import logging
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from chalicelib.adapters.aws import Aws, CallFailed
from chalicelib.usecases.ports import BusEvent

_log = logging.getLogger(__name__)

SOURCE = "kept"
MOST_AT_ONCE = 10


class EventBridgeBus:
    """The Bus."""

    def __init__(self, bus_name: str, aws: Aws) -> None:
        """Take the bus's name; the client is made with the first event."""
        self._bus_name = bus_name
        self._aws = aws

    def put(self, events: Sequence[BusEvent]) -> frozenset[str]:
        """Put them ten at a time; a call that fails whole is not taken whole, and the ids after it are still tried."""
        refused: set[str] = set()
        for start in range(0, len(events), MOST_AT_ONCE):
            refused |= self._put(events[start : start + MOST_AT_ONCE])
        return frozenset(refused)

    def _put(self, events: Sequence[BusEvent]) -> set[str]:
        try:
            answer = self._events.put_events(Entries=[self._entry(event) for event in events])
        except CallFailed as error:
            _log.warning("the bus did not take %d events: %s", len(events), type(error).__name__)
            return {event.id for event in events}
        results = zip(events, answer["Entries"], strict=True)
        refused = {event.id: result["ErrorCode"] for event, result in results if "ErrorCode" in result}
        for event_id, code in refused.items():
            _log.warning("the bus did not take event %s: %s", event_id, code)
        return set(refused)

    def _entry(self, event: BusEvent) -> dict[str, Any]:
        detail = {**event.detail, "id": event.id, "at": event.at.isoformat()}
        return {
            "EventBusName": self._bus_name,
            "Source": SOURCE,
            "DetailType": event.type,
            "Time": event.at,
            "Detail": json.dumps(detail, ensure_ascii=False),
        }

    @cached_property
    def _events(self) -> Any:
        return self._aws.client("events", read_seconds=3.0, tries=3)
