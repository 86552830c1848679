"""What SendGrid's v3 Mail Send checks before it takes a mail.

Source: the v3 API reference, POST /v3/mail/send, and its limits section.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_PERSONALIZATIONS = 1000
MOST_CUSTOM_ARG_BYTES = 10_000
MOST_SUBSTITUTION_BYTES = 10_000
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
RESERVED_HEADERS = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}


@dataclass(frozen=True)
class Fault:
    """One entry of SendGrid's error list."""

    message: str
    field: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"message": self.message, "field": self.field, "help": None}


def faults_of(mail: Mapping[str, Any]) -> list[Fault]:
    """Every fault of one request; an empty list when SendGrid would take it."""
    return _Checks(mail).faults


class _Checks:
    """Collects every fault of one request, in SendGrid's own order of fields."""

    def __init__(self, mail: Mapping[str, Any]) -> None:
        self.faults: list[Fault] = []
        self._personalizations(mail)
        self._address(mail.get("from"), "from.email", required=True)
        self._content(mail.get("content"))
        self._headers(mail.get("headers"), "headers")
        self._custom_args(mail.get("custom_args"), "custom_args")

    def _fault(self, message: str, field: str) -> None:
        self.faults.append(Fault(message, field))

    def _personalizations(self, mail: Mapping[str, Any]) -> None:
        given = mail.get("personalizations")
        if not isinstance(given, list) or not given:
            self._fault("The personalizations field is required and must have at least one.", "personalizations")
            return
        if len(given) > MOST_PERSONALIZATIONS:
            self._fault(f"No more than {MOST_PERSONALIZATIONS} personalizations are allowed.", "personalizations")
        for index, envelope in enumerate(given):
            where = f"personalizations.{index}"
            if not isinstance(envelope, dict):
                self._fault("Each personalization must be an object.", where)
                continue
            if not isinstance(envelope.get("to"), list) or not envelope["to"]:
                self._fault("The to array is required for all personalization objects.", f"{where}.to")
            for kind in ("to", "cc", "bcc"):
                for place, recipient in enumerate(envelope.get(kind) or []):
                    self._address(recipient, f"{where}.{kind}.{place}.email", required=True)
            if not envelope.get("subject") and not mail.get("subject"):
                self._fault("The subject is required. You can get around this requirement with a template.", "subject")
            self._headers(envelope.get("headers"), f"{where}.headers")
            self._custom_args(envelope.get("custom_args"), f"{where}.custom_args")
            if len(json.dumps(envelope.get("substitutions") or {}).encode()) > MOST_SUBSTITUTION_BYTES:
                self._fault("Substitutions may not exceed 10,000 bytes.", f"{where}.substitutions")

    def _address(self, person: Any, field: str, *, required: bool) -> None:
        email = person.get("email") if isinstance(person, dict) else None
        if (required or email) and not (isinstance(email, str) and ADDRESS.fullmatch(email)):
            self._fault("Does not contain a valid address.", field)

    def _content(self, content: Any) -> None:
        if not isinstance(content, list) or not content:
            self._fault("The content parameter is required, with at least one part.", "content")
            return
        for index, part in enumerate(content):
            whole = isinstance(part, dict) and part.get("type") and isinstance(part.get("value"), str) and part["value"]
            if not whole:
                self._fault("The content value must be a string at least one character in length.", f"content.{index}")
        types = [part.get("type") for part in content if isinstance(part, dict)]
        if "text/plain" in types[1:]:
            self._fault("If present, text/plain must come first, before text/html.", "content")

    def _headers(self, headers: Any, field: str) -> None:
        for name, value in (headers or {}).items():
            if name.lower() in RESERVED_HEADERS:
                self._fault(f"The header {name} is reserved and cannot be set.", field)
            if not isinstance(value, str):
                self._fault(f"The header {name} must be a string.", field)

    def _custom_args(self, arguments: Any, field: str) -> None:
        for name, value in (arguments or {}).items():
            if not isinstance(value, str):
                self._fault(f"The custom argument {name} must be a string.", field)
        if len(json.dumps(arguments or {}).encode()) > MOST_CUSTOM_ARG_BYTES:
            self._fault("Custom arguments may not exceed 10,000 bytes.", field)
