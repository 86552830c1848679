"""Webhook signatures after the Standard Webhooks specification (HMAC-SHA256, symmetric secrets `whsec_...`).

Verified here over the raw bytes, not by the reference library, which raises various errors on malformed input and
accepts ids with a dot in them, so that id and timestamp can be shifted against each other.
"""

import base64
import binascii
import hmac
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

_log = logging.getLogger(__name__)

PREFIX = "whsec_"
TOLERANCE = timedelta(seconds=300)
# Any visible ASCII but the dot, which separates the signed parts.
_ID = re.compile(r"[!-\-/-~]{1,256}")
_TIMESTAMP = re.compile(r"[1-9][0-9]{0,11}")
_SIGNATURE_BYTES = 32
# A sender in rotation signs with two secrets; far more signatures than that only cost time.
_MOST_SIGNATURES = 8


class BadSignature(Exception):
    """The request was not signed by its source, in whatever way; the caller need not know in which."""


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> str:
    """Return the webhook's id when one of the secrets signed exactly these bytes within the tolerance of `now`.

    `headers` is looked up by lower-case names. Raises BadSignature for everything else, malformed input included.
    """
    webhook_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not _ID.fullmatch(webhook_id) or not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadSignature
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    expected = [hmac.digest(key, signed, "sha256") for key in _readable(secrets)]
    for signature in _signatures(given):
        for each in expected:
            if hmac.compare_digest(each, signature):
                return webhook_id
    raise BadSignature


def key_of(secret: str) -> bytes:
    """Return the key in a secret: `whsec_` and base64 in either alphabet, padded or not. Raises ValueError."""
    text = secret.removeprefix(PREFIX).translate({ord("-"): "+", ord("_"): "/"})
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _readable(secrets: Sequence[str]) -> Iterator[bytes]:
    """Read secrets one by one: what one that cannot be read would have signed is not verified, and that is all."""
    for number, secret in enumerate(secrets, 1):
        try:
            key = key_of(secret)
        except ValueError:
            key = b""
        if key:
            yield key
        else:
            _log.error("webhook secret %d of a source cannot be read", number)


def _signatures(given: str) -> list[bytes]:
    """Return the well-formed `v1` signatures; each must be the one spelling of its bytes."""
    found = []
    for entry in given.split(" ")[:_MOST_SIGNATURES]:
        version, _, text = entry.partition(",")
        if version != "v1" or not text.isascii():
            continue
        try:
            signature = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if len(signature) == _SIGNATURE_BYTES and base64.b64encode(signature).decode() == text:
            found.append(signature)
    return found
