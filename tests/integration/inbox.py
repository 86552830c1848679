"""An inbox that serves on loopback, as senders and their libraries meet it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sendgrid import SendGridAPIClient

from infra.local.inbox import receipts
from infra.local.inbox.receipts import Receipts
from infra.local.inbox.server import InboxServer
from infra.local.inbox.store import Store

KEY = "SG.test"


@contextmanager
def serving(folder: Path) -> Iterator[InboxServer]:
    """An inbox whose key and messages are kept in a folder, until the end of the block."""
    signing = receipts.signing_key(folder / "key.pem")
    server = InboxServer(0, Store(folder / "inbox"), Receipts(signing), KEY)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def url(inbox: InboxServer, path: str = "") -> str:
    return f"http://127.0.0.1:{inbox.port}{path}"


def mail(to: str = "gemma@example.com", **changed: Any) -> dict[str, Any]:
    """A mail as it is put to SendGrid, with some parts changed."""
    return {
        "personalizations": [{"to": [{"email": to}], "custom_args": {"notice": "p1:update:1"}}],
        "from": {"email": "kept@shop.example", "name": "The shop"},
        "subject": "Your order is on its way",
        "content": [
            {"type": "text/plain", "value": "It left today: http://127.0.0.1/kept/p?t=abc."},
            {"type": "text/html", "value": '<p>It left <a href="http://127.0.0.1/kept/p?t=abc&amp;x=1">today</a></p>'},
        ],
        "headers": {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        **changed,
    }


def send(inbox: InboxServer, body: dict[str, Any], key: str = KEY, timeout: float = 30.0) -> Any:
    """Send by the official client; `timeout` is in seconds."""
    client = SendGridAPIClient(key, host=url(inbox))
    client.client.timeout = timeout
    return client.client.mail.send.post(request_body=body)
