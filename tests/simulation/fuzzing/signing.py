"""Signed webhooks and receipts, and the hands that sign them: the right ones, a stranger's, and clumsy ones."""

import base64
import hmac
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from chalicelib.security import receipt_signatures
from tests.simulation.fuzzing.gateway import Request
from tests.world import EVENT_SIGNERS, SOURCE, PlainSecrets

EVENTS = "/v1/events/{source}"
RECEIPTS = "/v1/receipts/sendgrid"
SECRET = PlainSecrets().webhook_secrets(SOURCE)[0]
STRANGE_SECRET = "whsec_" + base64.b64encode(b"a stranger's secret, 24b").decode()
STRANGER = ec.derive_private_key(42, ec.SECP256R1())
JSON = "application/json"


def digest(secret: str, webhook_id: str, timestamp: str, body: bytes) -> bytes:
    """Return the signature of a webhook as bytes, whatever its parts look like."""
    signed = f"{webhook_id}.{timestamp}.".encode(errors="surrogatepass") + body
    return hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), signed, "sha256")


def event_headers(webhook_id: str, timestamp: str, body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Return the headers of a webhook, signed with a secret."""
    signature = base64.b64encode(digest(secret, webhook_id, timestamp, body)).decode()
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
        "content-type": JSON,
    }


def signed_event(webhook_id: str, body: bytes, at: datetime, secret: str = SECRET) -> Request:
    """Return a webhook that its source signed."""
    headers = event_headers(webhook_id, seconds(at), body, secret)
    return Request("POST", EVENTS, headers, body, path={"source": SOURCE})


def receipt_headers(
    timestamp: str, body: bytes, signer: ec.EllipticCurvePrivateKey = EVENT_SIGNERS[1]
) -> dict[str, str]:
    """Return the headers of a report of the email provider, signed with a key."""
    signature = signer.sign(timestamp.encode(errors="surrogatepass") + body, ec.ECDSA(SHA256()))
    return {
        receipt_signatures.TIMESTAMP: timestamp,
        receipt_signatures.SIGNATURE: base64.b64encode(signature).decode(),
        "content-type": JSON,
    }


def signed_receipts(body: bytes, at: datetime, signer: ec.EllipticCurvePrivateKey = EVENT_SIGNERS[1]) -> Request:
    """Return a report that the email provider signed."""
    return Request("POST", RECEIPTS, receipt_headers(seconds(at), body, signer), body)


def seconds(at: datetime) -> str:
    """Return a moment as both kinds of sender write it."""
    return str(int(at.timestamp()))
