"""Makes one promise on a fresh stack and watches it being kept, so that a newcomer sees the whole way at once."""

import http.client
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from standardwebhooks import Webhook

from infra.local.problem import StackProblemError
from infra.local.stack import Stack

CUSTOMER = "demo@example.com"
UPDATE_IN = timedelta(seconds=8)
DUE_IN = timedelta(minutes=5)
CONFIRMATION_SECONDS = 30.0
UPDATE_SECONDS = 90.0  # the next sweep at the latest, should the fast path fail
POLL_SECONDS = 0.1
MILLISECONDS = 1000


def promise_made(now: datetime) -> dict[str, Any]:
    """A delivery due in minutes, with one promised update seconds from now."""
    return {
        "type": "promise.made",
        "timestamp": now.isoformat(),
        "data": {
            "ref": f"first-{now:%Y%m%d-%H%M%S}",
            "kind": "commitment",
            "what": "Your order 1234 arrives",
            "due_at": (now + DUE_IN).isoformat(timespec="seconds"),
            "updates": {"at": [(now + UPDATE_IN).isoformat(timespec="milliseconds")]},
            "promised_by": {"ref": "seller-7", "name": "Ana", "email": "ana@shop.example", "team": "sales"},
            "customer": {
                "ref": "customer-demo",
                "name": "Gemma",
                "email": CUSTOMER,
                "locale": "en",
                "time_zone": "UTC",
                "channels": ["email"],
            },
            "about": {"order": "1234"},
        },
    }


def _call(url: str, method: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=30)
    try:
        connection.request(method, f"{target.path}?{target.query}", body, headers or {})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")
    finally:
        connection.close()


def make(stack: Stack, now: datetime) -> tuple[str, datetime]:
    """Sends the signed webhook; returns the promise's id and the moment at which its update is due."""
    event = promise_made(now)
    body = json.dumps(event)
    webhook_id = f"msg_{event['data']['ref']}"
    signature = Webhook(stack.webhook_secret).sign(webhook_id, now, body)
    headers = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    status, answer = _call(f"{stack.api}/v1/events/{stack.source}", "POST", body.encode(), headers)
    if status != http.client.ACCEPTED:
        raise StackProblemError(f"The first promise was not taken ({status}): {json.dumps(answer)}")
    return answer["promise"]["id"], datetime.fromisoformat(event["data"]["updates"]["at"][0])


def show(stack: Stack, say: Callable[[str], None]) -> None:
    """Makes the promise and says what happens, until its update has arrived.

    Raises StackProblemError when a message does not arrive in time.
    """
    made_at = datetime.now(UTC)
    promise, due = make(stack, made_at)
    say(f"Made a first promise ({promise}): {CUSTOMER} hears from us at {due:%H:%M:%S} UTC.")
    confirmation = _wait(stack, promise, 1, CONFIRMATION_SECONDS)[0]
    say(f"The confirmation arrived: “{confirmation['subject']}”")
    left = (due - datetime.now(UTC)).total_seconds()
    if left > 0:
        say(f"Waiting {left:.0f} s for the promised moment ...")
    update = _wait(stack, promise, 2, UPDATE_SECONDS)[1]
    late = (datetime.fromisoformat(update["received_at"]) - due).total_seconds() * MILLISECONDS
    say(f"The update arrived {late:.0f} ms after its moment: “{update['subject']}”")
    for link in update["links"][:1]:
        say(f"The customer's page: {link}")


def _wait(stack: Stack, promise: str, count: int, seconds: float) -> list[dict[str, Any]]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        _, listed = _call(f"{stack.inbox}/api/messages?{urlencode({'to': CUSTOMER})}", "GET")
        found = list(_of(promise, listed))
        if len(found) >= count:
            return found
        time.sleep(POLL_SECONDS)
    raise StackProblemError(
        f"Message {count} of the first promise did not arrive within {seconds:.0f} s. What the functions said is in "
        f"{stack.state / 'emulator.log'}."
    )


def _of(promise: str, listed: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The notice id in a message's arguments begins with its promise."""
    return (found for found in listed if any(str(given).startswith(promise) for given in found["custom_args"].values()))
