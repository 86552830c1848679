"""Signed Event Webhook events, sent back as SendGrid sends them: late, in batches, and sometimes more than once.

Signature: ECDSA over P-256 and SHA-256, of the timestamp followed by the raw body, in two headers.
Source: SendGrid, "Event Webhook Reference" and "Event Webhook Security Features".
"""

import base64
import heapq
import http.client
import itertools
import json
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.inbox.message import Message

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
GAP_SECONDS = 0.2
# Few enough to be taken within the time that the function has.
MOST_IN_A_BATCH = 50
RETRY_SECONDS = (1.0, 5.0, 15.0)
GONE_WELL = range(200, 300)
DETAILS: dict[str, dict[str, Any]] = {
    "bounce": {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 The address does not exist"},
    "dropped": {"reason": "Bounced Address", "status": "5.0.0"},
    "deferred": {"response": "451 4.3.0 Try again later", "attempt": "1"},
    "delivered": {"response": "250 2.0.0 Ok"},
}


def signing_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The inbox's own key, made at the first start and kept readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} does not hold an elliptic curve key")
    return key


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The verification key as SendGrid shows it: base64 of the DER, without the PEM lines."""
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def event(message: Message, kind: str, now_s: float) -> dict[str, Any]:
    """One event of a message. The id is new with every sending, so it is of no use for telling repeats."""
    return {
        **message.custom_args,
        "email": message.to,
        "timestamp": int(now_s),
        "event": kind,
        "sg_event_id": base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="),
        "sg_message_id": f"{message.id}.recvd-local-0",
        **DETAILS.get(kind, {}),
    }


@dataclass(order=True, frozen=True)
class _Due:
    """One event that is to be posted, and how often that was tried in vain. Moments are the monotonic clock's."""

    at: float
    order: int
    message: Message = field(compare=False)
    kind: str = field(compare=False)
    tries: int = field(compare=False, default=0)


class Receipts:
    """Posts the events of accepted mails to one address, a batch at a time; does nothing while no address is set.

    Whatever is due goes into one batch, as SendGrid does it: a function that is asked once for each event is started
    once for each event that comes meanwhile, and a slow machine then does nothing but start functions.
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, url: str | None = None) -> None:
        self._key = key
        self.url = url
        self._due: list[_Due] = []
        self._reported = itertools.count()
        self._changed = threading.Condition()
        self._poster: threading.Thread | None = None

    def report(self, message: Message, kinds: Sequence[str], after_seconds: float = 0.0) -> None:
        if not self.url:
            return
        first = time.monotonic() + after_seconds
        for place, kind in enumerate(kinds, 1):
            self._put(_Due(first + GAP_SECONDS * place, next(self._reported), message, kind))

    def _put(self, due: _Due) -> None:
        with self._changed:
            heapq.heappush(self._due, due)
            self._changed.notify()
            if self._poster is None:
                self._poster = threading.Thread(target=self._post_all, name="receipts", daemon=True)
                self._poster.start()

    def _post_all(self) -> None:
        while True:
            batch = self._next_batch()
            body = json.dumps([event(each.message, each.kind, time.time()) for each in batch]).encode()
            if self.url and not self._delivered(self.url, body):
                for each in batch:
                    self._again(each)

    def _next_batch(self) -> list[_Due]:
        """Waits until an event is due; returns all that are by then."""
        with self._changed:
            while not self._due or self._due[0].at > time.monotonic():
                self._changed.wait(self._due[0].at - time.monotonic() if self._due else None)
            now = time.monotonic()
            batch: list[_Due] = []
            while self._due and self._due[0].at <= now and len(batch) < MOST_IN_A_BATCH:
                batch.append(heapq.heappop(self._due))
            return batch

    def _again(self, due: _Due) -> None:
        """Tries again a few times, as SendGrid does for a day; then the event is lost, as there."""
        if due.tries < len(RETRY_SECONDS):
            self._put(replace(due, at=time.monotonic() + RETRY_SECONDS[due.tries], tries=due.tries + 1))

    def signed_headers(self, body: bytes, now_s: float) -> dict[str, str]:
        timestamp = str(int(now_s))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {
            "Content-Type": "application/json",
            SIGNATURE: base64.b64encode(signature).decode(),
            TIMESTAMP: timestamp,
        }

    def _delivered(self, url: str, body: bytes) -> bool:
        target = urlsplit(url)
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=10)
        try:
            connection.request("POST", target.path, body, self.signed_headers(body, time.time()))
            return connection.getresponse().status in GONE_WELL
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
