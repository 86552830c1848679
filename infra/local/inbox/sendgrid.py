"""SendGrid's v3 Mail Send, as far as a sender can tell: who may call it, and what becomes of a request."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.inbox.mail_checks import Fault, faults_of
from infra.local.inbox.message import Message, moment


class RejectedError(Exception):
    """The request is answered with a status and SendGrid's list of errors."""

    def __init__(self, status: int, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.status = status
        self.faults = faults


def authorize(header: str | None, api_key: str) -> None:
    """Raises RejectedError 401 unless the header carries the key."""
    if header != f"Bearer {api_key}":
        raise RejectedError(401, [Fault("The provided authorization grant is invalid, expired, or revoked")])


def read_mail(content_type: str, body: bytes, now: datetime) -> list[Message]:
    """Turns one Mail Send request into one message for each recipient; the first id is the X-Message-Id.

    Raises RejectedError with everything that is wrong.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RejectedError(415, [Fault("Content-Type should be application/json.")])
    try:
        mail = json.loads(body)
    except ValueError:
        raise RejectedError(400, [Fault("Bad Request")]) from None
    if not isinstance(mail, dict):
        raise RejectedError(400, [Fault("Bad Request")])
    faults = faults_of(mail)
    if faults:
        raise RejectedError(400, faults)
    return _messages(mail, now)


def _messages(mail: Mapping[str, Any], now: datetime) -> list[Message]:
    message_id = uuid.uuid4().hex[:22]
    content = {part["type"]: part["value"] for part in mail["content"]}
    found: list[Message] = []
    for envelope in mail["personalizations"]:
        swaps: Mapping[str, str] = envelope.get("substitutions") or {}
        for recipient in [*envelope["to"], *envelope.get("cc", []), *envelope.get("bcc", [])]:
            suffix = f"-{len(found)}" if found else ""
            found.append(
                Message(
                    id=message_id + suffix,
                    channel="email",
                    to=recipient["email"],
                    sender=_written(mail["from"]),
                    subject=_swapped(envelope.get("subject") or mail.get("subject", ""), swaps),
                    text=_swapped(content.get("text/plain", ""), swaps),
                    html=_swapped(content.get("text/html", ""), swaps),
                    received_at=moment(now),
                    headers={**(mail.get("headers") or {}), **(envelope.get("headers") or {})},
                    custom_args={**(mail.get("custom_args") or {}), **(envelope.get("custom_args") or {})},
                )
            )
    return found


def _written(person: Mapping[str, str]) -> str:
    return f"{person['name']} <{person['email']}>" if person.get("name") else person["email"]


def _swapped(text: str, swaps: Mapping[str, str]) -> str:
    for old, new in swaps.items():
        text = text.replace(old, new)
    return text
