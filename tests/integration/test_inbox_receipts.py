"""What the Event Webhook sends back, received as the API will receive it."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sendgrid.helpers.eventwebhook import EventWebhook

from infra.local.inbox import receipts
from infra.local.inbox.receipts import SIGNATURE, TIMESTAMP
from infra.local.inbox.server import InboxServer
from tests.integration.test_inbox_mail import mail, send, serve


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[InboxServer]:
    server = serve(tmp_path)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def heard(inbox: InboxServer) -> Iterator[list[tuple[dict[str, str], bytes]]]:
    received: list[tuple[dict[str, str], bytes]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((dict(self.headers), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    listener = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    inbox.receipts.url = f"http://127.0.0.1:{listener.server_address[1]}/v1/receipts/sendgrid"
    yield received
    listener.shutdown()
    listener.server_close()


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("gemma@example.com", ["processed", "delivered"]),
        ("bounce@example.com", ["processed", "bounce"]),
        ("drop@example.com", ["dropped"]),
        ("defer@example.com", ["processed", "deferred", "processed", "delivered"]),
    ],
)
def test_each_address_is_reported_in_its_way(
    inbox: InboxServer, heard: list[tuple[dict[str, str], bytes]], address: str, kinds: list[str]
) -> None:
    message_id = send(inbox, mail(address)).headers["X-Message-Id"]

    deadline = time.monotonic() + 5
    while len(heard) < len(kinds) and time.monotonic() < deadline:
        time.sleep(0.05)
    events = [json.loads(body)[0] for _, body in heard]
    assert [event["event"] for event in events] == kinds
    assert all(event["sg_message_id"].startswith(message_id) for event in events)
    assert all(event["notice"] == "p1:update:1" and event["email"] == address for event in events)
    assert len({event["sg_event_id"] for event in events}) == len(kinds)


def test_the_official_library_verifies_the_signature(
    inbox: InboxServer, heard: list[tuple[dict[str, str], bytes]], tmp_path: Path
) -> None:
    send(inbox, mail("drop@example.com"))
    deadline = time.monotonic() + 5
    while not heard and time.monotonic() < deadline:
        time.sleep(0.05)

    headers, body = heard[0]
    verifier = EventWebhook(receipts.public_key(receipts.signing_key(tmp_path / "key.pem")))
    assert verifier.verify_signature(body.decode(), headers[SIGNATURE], headers[TIMESTAMP])
    assert not verifier.verify_signature(body.decode() + " ", headers[SIGNATURE], headers[TIMESTAMP])
