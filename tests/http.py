"""The HTTP side of Kept in one process: Chalice's own routing in front, a world of fakes behind."""

import base64
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client, HTTPResponse
from standardwebhooks import Webhook

from app import app
from chalicelib import bootstrap
from tests.world import SOURCE, World


@dataclass(frozen=True)
class Http:
    """A client of a world."""

    world: World

    def post_event(
        self,
        kind: str | None = None,
        data: Any = None,
        *,
        body: bytes | None = None,
        webhook_id: str | None = None,
        headers: dict[str, str] | None = None,
        source: str = SOURCE,
    ) -> HTTPResponse:
        """Post an event as a sender would, signed by the reference library; `headers` replace its own."""
        now = self.world.system.now()
        if body is None:
            body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}).encode()
        webhook_id = webhook_id or f"msg_{uuid.uuid4().hex}"
        secret = self.world.secrets.webhook_secrets(SOURCE)[0]
        signed = {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": _signature(secret, webhook_id, int(now.timestamp()), body),
            "Content-Type": "application/json",
        }
        given = {name: value for name, value in (signed | (headers or {})).items() if value is not None}
        return self.request("POST", f"/v1/events/{source}", given, body)

    def get(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> HTTPResponse:
        return self.request(method, path, headers or {})

    def read(self, path: str) -> Any:
        """Read as a service that has the key."""
        response = self.get(path, {"Authorization": "Bearer read-key"})
        assert response.status_code == 200, response.body
        return response.json_body

    def press(self, path: str, **fields: str) -> HTTPResponse:
        return self.request(
            "POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields).encode()
        )

    def request(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> HTTPResponse:
        bootstrap.install(self.world)
        with Client(app) as client:
            return client.http.request(method, path, headers=headers, body=body)


def problem(response: HTTPResponse, status: int) -> Any:
    """Return a problem, once it is seen to be one (RFC 9457)."""
    assert response.status_code == status, response.body
    assert response.headers["Content-Type"] == "application/problem+json"
    body = json.loads(response.body)
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def fields(response: HTTPResponse) -> set[str]:
    """Return the fields that a 422 names."""
    return {error["field"] for error in problem(response, 422)["errors"]}


def _signature(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """Sign by the reference library, and by hand what it cannot sign: bytes that are not text."""
    try:
        return str(Webhook(secret).sign(webhook_id, datetime.fromtimestamp(timestamp, UTC), body.decode()))
    except UnicodeDecodeError:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.digest(key, f"{webhook_id}.{timestamp}.".encode() + body, "sha256")
        return "v1," + base64.b64encode(digest).decode()
