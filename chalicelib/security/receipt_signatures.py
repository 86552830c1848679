"""Signatures of SendGrid's Event Webhook: ECDSA over P-256 and SHA-256, of the timestamp and the raw body.

Source: SendGrid, "Event Webhook Security Features". Verified here rather than by SendGrid's own helper, which raises
various errors on malformed input and does not ask how old the timestamp is.
"""

import base64
import binascii
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from chalicelib.security.webhook_signatures import BadSignature

_log = logging.getLogger(__name__)

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
# A report is signed when it is sent, each time anew, so its age is that of its journey.
TOLERANCE = timedelta(seconds=300)
_PEM = "-----BEGIN PUBLIC KEY-----"
_TIMESTAMP = re.compile(r"[1-9][0-9]{0,11}")
# Two numbers of up to 33 bytes in DER.
_MOST_SIGNATURE_CHARACTERS = 100


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> None:
    """Accept exactly these bytes if one of the public keys signed them within the tolerance of `now`.

    A key that cannot be read is logged and passed over. `headers` is looked up by lower-case names. Raises BadSignature
    for everything else, malformed input included.
    """
    timestamp = headers.get(TIMESTAMP, "")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadSignature
    signature = _signature(headers.get(SIGNATURE, ""))
    signed = timestamp.encode() + body
    if not any(_signed(key, signature, signed) for key in _readable(keys)):
        raise BadSignature


def public_key(text: str) -> EllipticCurvePublicKey:
    """Read a key as SendGrid shows it, base64 of DER, or the same as PEM. Raises ValueError if it is none on P-256."""
    try:
        if text.lstrip().startswith(_PEM):
            key = load_pem_public_key(text.strip().encode())
        else:
            key = load_der_public_key(base64.b64decode(text.strip(), validate=True))
    except UnsupportedAlgorithm as error:
        raise ValueError("the key is of a kind that SendGrid does not use") from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("the key is not one on curve P-256")
    return key


def _readable(keys: Sequence[str]) -> Iterator[EllipticCurvePublicKey]:
    """Read keys one by one: what one that cannot be read would have signed is not verified, and that is all."""
    for number, key in enumerate(keys, 1):
        try:
            yield public_key(key)
        except ValueError as error:
            _log.error("key %d of sendgrid_event_keys cannot be read: %s", number, error)


def _signature(given: str) -> bytes:
    """Read the signature; it must be the one spelling of its bytes."""
    if len(given) > _MOST_SIGNATURE_CHARACTERS or not given.isascii():
        raise BadSignature
    try:
        signature = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature from None
    if not signature or base64.b64encode(signature).decode() != given:
        raise BadSignature
    return signature


def _signed(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
