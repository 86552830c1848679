"""What the Event Webhook sends back, received as the API will receive it."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sendgrid.helpers.eventwebhook import EventWebhook

from infra.local.inbox import receipts
from infra.local.inbox.receipts import SIGNATURE, TIMESTAMP
from infra.local.inbox.server import InboxServer
from tests.e2e.waiting import until
from tests.integration.inbox import mail, send

PATIENCE_SECONDS = 30.0


@dataclass
class Answering:
    """How the listener answers: with these statuses first, and only once it may go on."""

    statuses: list[int] = field(default_factory=list)
    is_asked: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def answering() -> Answering:
    answering = Answering()
    answering.may_go_on.set()
    return answering


@pytest.fixture
def heard(inbox: InboxServer, answering: Answering) -> Iterator[list[tuple[dict[str, str], bytes]]]:
    received: list[tuple[dict[str, str], bytes]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((dict(self.headers), body))
            answering.is_asked.set()
            answering.may_go_on.wait(PATIENCE_SECONDS)
            self.send_response(answering.statuses.pop(0) if answering.statuses else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    listener = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    inbox.receipts.url = f"http://127.0.0.1:{listener.server_address[1]}/v1/receipts/sendgrid"
    yield received
    listener.shutdown()
    listener.server_close()


def all_events(heard: list[tuple[dict[str, str], bytes]]) -> list[dict[str, Any]]:
    return [each for _, body in heard for each in json.loads(body)]


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

    until(lambda: len(all_events(heard)) >= len(kinds), f"events {kinds}", PATIENCE_SECONDS)
    events = all_events(heard)
    assert [event["event"] for event in events] == kinds
    assert all(event["sg_message_id"].startswith(message_id) for event in events)
    assert all(event["notice"] == "p1:update:1" and event["email"] == address for event in events)
    assert len({event["sg_event_id"] for event in events}) == len(kinds)


def test_what_is_due_while_a_batch_is_on_its_way_comes_in_one_batch(
    inbox: InboxServer, heard: list[tuple[dict[str, str], bytes]], answering: Answering
) -> None:
    answering.may_go_on.clear()
    send(inbox, mail("drop@example.com"))
    assert answering.is_asked.wait(PATIENCE_SECONDS)
    for _ in range(5):
        send(inbox, mail("drop@example.com"))
    time.sleep(2 * receipts.GAP_SECONDS)
    answering.may_go_on.set()

    until(lambda: len(all_events(heard)) >= 6, "all six events", PATIENCE_SECONDS)
    assert [len(json.loads(body)) for _, body in heard] == [1, 5]


def test_a_batch_that_is_not_taken_comes_again(
    inbox: InboxServer, heard: list[tuple[dict[str, str], bytes]], answering: Answering
) -> None:
    answering.statuses = [503]
    send(inbox, mail("drop@example.com"))
    until(lambda: len(heard) >= 2, "the batch again", PATIENCE_SECONDS)
    first, again = all_events(heard)
    assert (first["sg_message_id"], first["event"]) == (again["sg_message_id"], again["event"])
    assert first["sg_event_id"] != again["sg_event_id"]


def test_the_official_library_verifies_the_signature(
    inbox: InboxServer, heard: list[tuple[dict[str, str], bytes]], tmp_path: Path
) -> None:
    send(inbox, mail("drop@example.com"))
    headers, body = until(lambda: heard, "an event", PATIENCE_SECONDS)[0]
    verifier = EventWebhook(receipts.public_key(receipts.signing_key(tmp_path / "key.pem")))
    assert verifier.verify_signature(body.decode(), headers[SIGNATURE], headers[TIMESTAMP])
    assert not verifier.verify_signature(body.decode() + " ", headers[SIGNATURE], headers[TIMESTAMP])
