"""The customers' phones: fetches the SMS that the emulator's SNS was told to send."""

import http.client
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from infra.local.inbox.message import Message, moment
from infra.local.inbox.store import Store

LISTED_AT = "/_ministack/sns/sms-messages"
EVERY_SECONDS = 0.3
SENDER_ID = "AWS.SNS.SMS.SenderID"


def read_sms(record: Mapping[str, Any], now: datetime) -> Message:
    """An SMS as the emulator lists it; it keeps no time, so the moment it was first seen stands for its arrival."""
    attributes = record.get("MessageAttributes") or {}
    arguments = {name: str(_value(given)) for name, given in attributes.items()}
    return Message(
        id=record["MessageId"],
        channel="sms",
        to=record["PhoneNumber"],
        sender=arguments.get(SENDER_ID, "SMS"),
        subject="",
        text=record["Message"],
        html="",
        received_at=moment(now),
        custom_args=arguments,
    )


def _value(given: Any) -> Any:
    return given.get("StringValue", given.get("Value", "")) if isinstance(given, dict) else given


class Phone:
    """Adds each SMS to the store once, within a third of a second."""

    def __init__(self, store: Store, host: str, port: int) -> None:
        self._store = store
        self._address = (host, port)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="phone", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def fetch(self) -> None:
        connection = http.client.HTTPConnection(*self._address, timeout=5)
        try:
            connection.request("GET", LISTED_AT)
            listed = json.loads(connection.getresponse().read()).get("sms_messages", {})
        finally:
            connection.close()
        now = datetime.now(UTC)
        for records in listed.values():
            for record in records:
                self._store.add_sms(read_sms(record, now))

    def _loop(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                self.fetch()
            except (OSError, http.client.HTTPException, ValueError):
                continue  # the emulator is starting or stopping; the list is still there at the next look
