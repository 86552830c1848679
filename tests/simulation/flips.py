"""Signatures with one bit flipped, cut short, borrowed, or old: however many are tried, none may be accepted."""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from standardwebhooks import Webhook

from chalicelib.security import receipt_signatures
from chalicelib.security.links import BadLink, Purpose, Subject, read, sign
from chalicelib.security.webhook_signatures import BadSignature, verify

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEYS = ["oldest-key-" * 4, "newest-key-" * 4]
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(slots=True)
class Tried:
    """How many were tried, which of them were accepted, and which brought down who was to refuse them."""

    tried: int = 0
    accepted: list[str] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)

    def join(self, other: "Tried") -> None:
        """Add what another has tried."""
        self.tried += other.tried
        self.accepted += other.accepted
        self.unhandled += other.unhandled


def webhooks(share: tuple[int, int]) -> Tried:
    """Flip one bit of so many signed webhooks: in the id, the timestamp, the signature or the body; by a seed."""
    seed, times = share
    chance = Random(f"webhooks {seed}")
    tried = Tried()
    secret = "whsec_" + base64.b64encode(chance.randbytes(24)).decode()
    signer = Webhook(secret)
    for _ in range(times):
        body = chance.randbytes(chance.randrange(1, 60)).hex()
        name = f"msg_{chance.randrange(10**12)}"
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(int(NOW.timestamp())),
            "webhook-signature": str(signer.sign(name, NOW, body)),
        }
        part = chance.choice([*headers, "body"])
        raw = body.encode()
        if part == "body":
            raw = flipped(raw, chance.randrange(len(raw) * 8))
        else:
            value = headers[part].encode()
            headers[part] = flipped(value, chance.randrange(len(value) * 8)).decode("latin-1")
        _try(tried, f"{part} of {name}", lambda: verify(headers, raw, [secret], NOW), BadSignature)  # noqa: B023
    return tried


def receipts(share: tuple[int, int]) -> Tried:
    """Flip one bit of so many signed reports of the email provider: in timestamp, signature or body; by a seed."""
    seed, times = share
    chance = Random(f"receipts {seed}")
    tried = Tried()
    key = ec.derive_private_key(chance.getrandbits(250) + 1, ec.SECP256R1())
    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    for _ in range(times):
        body = chance.randbytes(chance.randrange(1, 60))
        timestamp = str(int(NOW.timestamp()))
        signature = base64.b64encode(key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))).decode()
        headers = {receipt_signatures.TIMESTAMP: timestamp, receipt_signatures.SIGNATURE: signature}
        part = chance.choice([*headers, "body"])
        if part == "body":
            body = flipped(body, chance.randrange(len(body) * 8))
        else:
            value = headers[part].encode()
            headers[part] = flipped(value, chance.randrange(len(value) * 8)).decode("latin-1")
        _try(tried, part, lambda: receipt_signatures.verify(headers, body, [public], NOW), BadSignature)  # noqa: B023
    return tried


def links(share: tuple[int, int]) -> Tried:
    """Try every bit, every truncation and every borrowing of so many tokens; by a seed."""
    seed, tokens = share
    chance = Random(f"links {seed}")
    tried = Tried()
    for _ in range(tokens):
        subject = Subject("".join(chance.choices(_ALPHABET, k=24)), f"u{chance.randrange(1, 999)}")
        purpose = chance.choice(list(Purpose))
        for what, token in forged(subject, purpose):
            _try(tried, f"{what} of {token}", lambda: read(KEYS, purpose, token, NOW), BadLink)  # noqa: B023
    return tried


def forged(
    subject: Subject, purpose: Purpose, keys: Sequence[str] = KEYS, now: datetime = NOW
) -> Iterator[tuple[str, str]]:
    """Yield every token that comes near to one that is right, and is not: each with what is wrong with it."""
    later = now + timedelta(days=1)
    token = sign(keys, purpose, subject, later)
    if read(keys, purpose, token, now) != subject:
        raise AssertionError("a token that is right is not read")
    yield from changed(token)
    for other in Purpose:
        if other is not purpose:
            yield f"purpose {other}", sign(keys, other, subject, later)
    yield "expired this second", sign(keys, purpose, subject, now)
    yield "expired a second ago", sign(keys, purpose, subject, now - timedelta(seconds=1))
    yield "a key that is ours no more", sign(["retired-key-" * 4], purpose, subject, later)


def changed(token: str) -> Iterator[tuple[str, str]]:
    """Yield a token with each bit flipped, cut at every length, and with a little more before and behind."""
    for bit in range(len(token) * 8):
        yield f"bit {bit}", flipped(token.encode(), bit).decode("latin-1")
    for length in range(len(token)):
        yield f"cut at {length}", token[:length]
    for more in ("A", "=", " ", "\n", "\x00", ".", "é"):
        yield f"with {more!r} behind", token + more
        yield f"with {more!r} before", more + token


def flipped(raw: bytes, bit: int) -> bytes:
    """Return the bytes with one bit the other way round."""
    changed = bytearray(raw)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _try(tried: Tried, what: str, attempt: Callable[[], object], refused: type[Exception]) -> None:
    tried.tried += 1
    try:
        attempt()
    except refused:
        return
    except Exception as error:  # noqa: BLE001 - any other error would be a 5xx
        tried.unhandled.append(f"{what}: {error!r}")
    else:
        tried.accepted.append(what)
