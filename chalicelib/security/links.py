"""Signed links and form nonces: a purpose, a subject, an expiry, a signature, short enough for an SMS.

A token reads `{promise id}{expiry, 7 characters of base 36}{notice, such as u3}.{signature}`, all of it URL-safe.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

# 120 bits: beyond guessing, and 15 bytes are 20 base64 characters without a spare bit that could be changed unseen.
_SIGNATURE_BYTES = 15
_EXPIRY_DIGITS = 7
_FORM = re.compile(r"(?P<promise>[a-z2-7]{24})(?P<expiry>[0-9a-z]{7})(?P<notice>[a-z]{1,2}[0-9]{0,9})")
_MOST_CHARACTERS = 80


class BadLink(Exception):
    """The token opens nothing: forged, changed, out of date, or of another purpose. The reader is not told which."""


class Purpose(StrEnum):
    """What a token is good for; it is the salt of the signature, so a token serves one purpose only."""

    PAGE = "promise-page"
    FORM = "promise-form"
    CHECK_IN = "check-in"
    CHECK_IN_FORM = "check-in-form"
    CLAIM_FORM = "claim-form"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a token speaks of: a promise, and the notice that carried the link (such as `u3`, the third update)."""

    promise_id: str
    notice: str


class _ShortHmac(HMACAlgorithm):
    """HMAC-SHA256 cut to 120 bits (RFC 2104, section 5, allows half of the digest or more; 80 bits at least)."""

    def __init__(self) -> None:
        super().__init__(hashlib.sha256)

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:_SIGNATURE_BYTES]


def sign(keys: Sequence[str], purpose: Purpose, subject: Subject, expires_at: datetime) -> str:
    """Return a token for `subject`, signed with the newest of `keys` (oldest to newest).

    Raises ValueError for what `read` would not read.
    """
    payload = f"{subject.promise_id}{_base36(int(expires_at.timestamp()))}{subject.notice}"
    if not _FORM.fullmatch(payload):
        raise ValueError(f"{subject} names no notice of a promise")
    return _signer(keys, purpose).sign(payload.encode()).decode()


def read(keys: Sequence[str], purpose: Purpose, token: str, now: datetime) -> Subject:
    """Return what a token speaks of, whichever of `keys` signed it.

    Raises BadLink for everything that was not signed for this purpose, and from the very second of expiry on.
    """
    if len(token) > _MOST_CHARACTERS or not token.isascii():
        raise BadLink
    try:
        payload = _signer(keys, purpose).unsign(token).decode()
    except BadSignature:
        raise BadLink from None
    form = _FORM.fullmatch(payload)
    if form is None or not _is_canonical(token, payload):
        raise BadLink
    if now >= datetime.fromtimestamp(int(form["expiry"], 36), UTC):
        raise BadLink
    return Subject(form["promise"], form["notice"])


def same(one: Subject, other: Subject) -> bool:
    """Tell whether two tokens speak of the same thing, as a form and the page that it was shown on must."""
    return hmac.compare_digest(f"{one.promise_id}.{one.notice}", f"{other.promise_id}.{other.notice}")


def _is_canonical(token: str, payload: str) -> bool:
    # The decoder skips what is not base64 and adds padding, so only the exact length and alphabet may pass.
    return re.fullmatch(r"[A-Za-z0-9_\-]{20}", token.removeprefix(payload + ".")) is not None


def _signer(keys: Sequence[str], purpose: Purpose) -> Signer:
    return Signer(list(keys), salt=purpose.value, sep=".", key_derivation="hmac", algorithm=_ShortHmac())


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits.rjust(_EXPIRY_DIGITS, "0")
