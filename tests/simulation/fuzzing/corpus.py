"""Requests on which the senders' own helper libraries crash, or by which they are fooled, and what is to answer them.

Each is worked out from the source of the helper, and a test shows that it does what it says. `standardwebhooks` 1.1.0
promises WebhookVerificationError for whatever is not right; SendGrid's EventWebhook (6.12.5) promises True or False.
"""

import base64
from binascii import Error as BadBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import JSONDecodeError

from chalicelib.security import receipt_signatures
from tests.simulation.fuzzing.signing import event_headers, receipt_headers, seconds

BODY = b'{"type":"promise.kept","data":{"ref":"open"}}'
_SIGNATURE = "webhook-signature"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Case:
    """One request: what the official helper raises over it (None: it takes it), and the status that we answer."""

    name: str
    headers: dict[str, str]
    body: bytes
    helper_raises: type[BaseException] | None
    ours: int = 401


def webhook_cases(secret: str, now: datetime) -> list[Case]:
    """Return the requests that `standardwebhooks` should have refused."""
    timestamp = seconds(now)
    right = event_headers("msg_1", timestamp, BODY, secret)
    signature = right[_SIGNATURE]

    def signed_as(given: str) -> dict[str, str]:
        return right | {_SIGNATURE: given}

    def case(name: str, given: str, raises: type[BaseException] | None = ValueError) -> Case:
        return Case(f"webhook: {name}", signed_as(given), BODY, raises)

    def signed(name: str, body: bytes, raises: type[BaseException]) -> Case:
        return Case(f"webhook: {name}", event_headers("msg_1", timestamp, body, secret), body, raises, ours=400)

    old = seconds(now - timedelta(days=30))
    shifted = event_headers(f"msg_1.{old}", timestamp, BODY, secret)
    arabic = timestamp.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
    return [
        case("a signature without a version", "AAAA"),
        case("a blank in place of signatures", " "),
        case("an empty one among the signatures", " v1,AAAA"),
        case("a blank behind a signature that is not right", "v1,AAAA "),
        case("two commas", "v1,AA,AA"),
        case("base64 that is cut short", signature[:-2], BadBase64),
        case("one character of base64", "v1,A", BadBase64),
        case("a signature beyond ASCII", "v1,é"),
        case("a signature in full-width letters", "v1,ＡＡＡＡ"),
        case("characters that base64 passes over", f"{signature[:10]}!\x00{signature[10:]}", None),
        case("spare bits in the last character", _with_spare_bits(signature), None),
        case("more padding than there should be", f"{signature}==", None),
        Case("webhook: fractions of a second", right | {"webhook-timestamp": f"{timestamp}.9"}, BODY, None),
        Case("webhook: a number with an exponent", right | {"webhook-timestamp": f"{timestamp}e0"}, BODY, None),
        Case("webhook: a number with underscores", right | {"webhook-timestamp": f"1_{timestamp[1:]}"}, BODY, None),
        Case("webhook: a timestamp with blanks", right | {"webhook-timestamp": f" {timestamp}\n"}, BODY, None),
        Case("webhook: other digits", right | {"webhook-timestamp": arabic}, BODY, None),
        Case("webhook: half a character in the id", right | {"webhook-id": "\ud800"}, BODY, UnicodeEncodeError),
        Case(
            "webhook: an old one, its id shifted against its timestamp",
            shifted,
            BODY,
            None,
        ),
        Case("webhook: unsigned bytes that are no text", right, b"\xff\xfe", UnicodeDecodeError),
        signed("signed bytes that are no text", b"\xff\xfe", UnicodeDecodeError),
        signed("signed, and no JSON", b"{", JSONDecodeError),
        signed("signed, and nothing", b"", JSONDecodeError),
        signed("signed, and nested beyond any stack", b"[" * 100_000, RecursionError),
    ]


def receipt_cases(now: datetime) -> list[Case]:
    """Return the requests that SendGrid's helper should have answered by False."""
    timestamp, body = seconds(now), b"[]"
    right = receipt_headers(timestamp, body)
    signature = right[receipt_signatures.SIGNATURE]

    def case(name: str, given: str, raises: type[BaseException] | None) -> Case:
        return Case(f"receipts: {name}", right | {receipt_signatures.SIGNATURE: given}, body, raises)

    old = seconds(now - timedelta(days=365))
    shifted = receipt_headers(timestamp, b"[]")
    shifted[receipt_signatures.TIMESTAMP] = timestamp[:-1]
    unnamed = {name: value for name, value in right.items() if name != receipt_signatures.SIGNATURE}
    timeless = {name: value for name, value in right.items() if name != receipt_signatures.TIMESTAMP}
    not_text = b"\xff\xfe"
    return [
        case("one character of base64", "A", BadBase64),
        case("base64 that is cut short", signature[:-1] if signature.endswith("=") else signature[:-3], BadBase64),
        case("a signature beyond ASCII", "MEUCIQDé", ValueError),
        case("characters that base64 passes over", signature[:10] + "!\x00 " + signature[10:], None),
        case("more padding than there should be", signature.rstrip("=") + "====", None),
        Case("receipts: a year old", receipt_headers(old, body), body, None),
        Case("receipts: a day ahead", receipt_headers(seconds(now + timedelta(days=1)), body), body, None),
        Case("receipts: digits moved from the timestamp to the body", shifted, timestamp[-1:].encode() + body, None),
        Case("receipts: no signature", unnamed, body, TypeError),
        Case("receipts: no timestamp", timeless, body, TypeError),
        Case("receipts: half a character", right | {receipt_signatures.TIMESTAMP: "\ud800"}, body, UnicodeEncodeError),
        Case("receipts: bytes that are no text", receipt_headers(timestamp, not_text), not_text, TypeError, ours=400),
    ]


def _with_spare_bits(signature: str) -> str:
    """Return another spelling of the same bytes: the last character before the padding has two bits to spare."""
    return next(
        other for each in _ALPHABET if (other := f"{signature[:-2]}{each}=") != signature and _same(other, signature)
    )


def _same(one: str, other: str) -> bool:
    return base64.b64decode(one.partition(",")[2]) == base64.b64decode(other.partition(",")[2])
