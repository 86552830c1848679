"""Kept from outside: a service that tells by signed webhook and reads back, and the customer's mailbox and phone."""

import http.client
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from standardwebhooks import Webhook

from infra.local.stack import Stack
from tests.e2e.people import People
from tests.e2e.waiting import PATIENCE_SECONDS, until

TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(url: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Make one request, and follow nothing."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, f"{target.path}?{target.query}".rstrip("?"), body, dict(headers or {}))
        answer = connection.getresponse()
        given = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, given, answer.read().decode())
    finally:
        connection.close()


def moment(text: str) -> datetime:
    """Read a time as the API and the inbox write it."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class Outside:
    """Everybody who talks with one running stack; `people` are those of whom it was told."""

    stack: Stack
    people: People = field(default_factory=People)

    def post(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        secret: str | None = None,
        webhook_id: str | None = None,
        told_at: datetime | None = None,
        padding: int = 0,
    ) -> Answer:
        """Send an event, signed by the reference library; `padding` makes the body longer by as many bytes.

        Whoever repeats an event gives its id, and the moment at which it was told first.
        """
        self.people.meet(data)
        now = datetime.now(UTC)
        timestamp = (told_at or now).isoformat()
        body = json.dumps({"type": kind, "timestamp": timestamp, "data": data}) + " " * padding
        webhook_id = webhook_id or f"msg_{uuid.uuid4().hex}"
        headers = {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret or self.stack.webhook_secret).sign(webhook_id, now, body),
        }
        return call(f"{self.stack.api}/v1/events/{self.stack.source}", "POST", body.encode(), headers)

    def tell(self, kind: str, data: Mapping[str, Any]) -> Any:
        """Send an event that is taken; return what the answer says of the promise."""
        answer = self.post(kind, data)
        assert answer.status == http.client.ACCEPTED, answer.body
        return answer.json["promise"]

    def reply(self, phone: str, text: str) -> None:
        """Answer by text message from a phone."""
        body = json.dumps({"from": phone, "text": text}).encode()
        answer = call(f"{self.stack.inbox}/api/replies", "POST", body, {"content-type": "application/json"})
        assert answer.status == http.client.ACCEPTED, answer.body

    def read(self, ref: str) -> Any:
        """Read a promise back: its state, timeline and notices."""
        asked = urlencode({"source": self.stack.source, "ref": ref})
        answer = call(f"{self.stack.api}/v1/promises?{asked}", headers=self.read_key())
        assert answer.status == http.client.OK, answer.body
        return answer.json

    def read_key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.stack.read_key}"}

    def facts(self, ref: str) -> list[str]:
        """The names of the facts in a promise's timeline."""
        return [line["fact"] for line in self.read(ref)["timeline"]]

    def has_fact(self, ref: str, fact: str, seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait for a fact; return its line."""

        def line() -> Any:
            return next((each for each in self.read(ref)["timeline"] if each["fact"] == fact), None)

        return until(line, f"{fact} in the timeline of {ref}", seconds)

    def settled(self, ref: str) -> Any:
        """Read a promise once every message that was accepted is known to have been delivered, and nothing is due."""

        def still() -> Any:
            read = self.read(ref)
            facts = [line["fact"] for line in read["timeline"]]
            accepted = [each for each in read["notices"] if each["sent_at"] and each["channel"] == "email"]
            return read if facts.count("NoticeDelivered") >= len(accepted) > 0 else None

        return until(still, f"the deliveries of {ref}")

    def inbox(self, to: str) -> list[Any]:
        """What has arrived at an address or a phone number, newest last."""
        return call(f"{self.stack.inbox}/api/messages?{urlencode({'to': to})}").json

    def hears(self, to: str, count: int = 1, seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait until so many messages have arrived; return the latest of them."""
        return until(lambda: self.inbox(to)[count - 1 : count], f"message {count} to {to}", seconds)[0]

    def operators_hear(self) -> list[Any]:
        """What the operator topic has told, newest last."""
        return call(f"{self.stack.inbox}/api/operators").json
