"""SendGrid's signed events, as a test sends them to a world."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from chalice.test import Client, HTTPResponse
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.entrypoints.wire_receipts import read_sendgrid
from chalicelib.usecases.take_receipts import take_receipts
from tests.http import Http
from tests.world import EVENT_SIGNERS, World

PATH = "/v1/receipts/sendgrid"
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


def event(notice_id: str | None, kind: str, at: float, **known: Any) -> dict[str, Any]:
    """One event as SendGrid writes it; without a notice's id, as it does for some bounces."""
    told = {"event": kind, "timestamp": int(at), "sg_event_id": "x", "sg_message_id": "provider-1.recvd-0", **known}
    return told | ({"notice_id": notice_id, "promise_id": notice_id.partition(":")[0]} if notice_id else {})


def sign(body: bytes, at: float, signer: ec.EllipticCurvePrivateKey = EVENT_SIGNERS[1]) -> dict[str, str]:
    """The headers of a signed batch."""
    signature = signer.sign(str(int(at)).encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "Content-Type": "application/json",
        SIGNATURE: base64.b64encode(signature).decode(),
        TIMESTAMP: str(int(at)),
    }


def post(http: Http, events: Sequence[Any], **headers: str) -> HTTPResponse:
    """Post a batch, signed now; `headers` replace its own."""
    body = json.dumps(events).encode()
    return http.request("POST", PATH, sign(body, http.world.system.now().timestamp()) | headers, body)


def report(world: World, notice_id: str | None, *kinds: str, **known: Any) -> bool:
    """Have events of one notice taken, all of this moment, in one batch."""
    at = world.system.now().timestamp()
    return take_receipts(
        read_sendgrid(json.dumps([event(notice_id, kind, at, **known) for kind in kinds]).encode()), world
    )


def post_signed(client: Client, body: bytes, at: float) -> HTTPResponse:
    """Post a body to whatever application a client has, signed at a moment."""
    return client.http.post(PATH, headers=sign(body, at), body=body)
