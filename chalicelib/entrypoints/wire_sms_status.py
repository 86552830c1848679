"""What AWS reports of text messages: events of End User Messaging, and SNS's delivery status logs.

Sources: AWS End User Messaging SMS, "Event types"; Amazon SNS, "CloudWatch metrics and logs for SMS deliveries".
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.receipts import Reason, Receipt, ReceiptKind
from chalicelib.entrypoints.wire_json import read_json, text_of
from chalicelib.usecases.take_receipts import Report

_TAKEN = (ReceiptKind.PROCESSED, None)
_DELIVERED = (ReceiptKind.DELIVERED, None)
_RESTS = (ReceiptKind.BLOCKED, Reason.BLOCKED)
_NOT_TRIED = (ReceiptKind.DROPPED, Reason.BLOCKED)
_INVALID = (ReceiptKind.BOUNCED, Reason.INVALID)
_OPTED_OUT = (ReceiptKind.DROPPED, Reason.UNSUBSCRIBED)
# `messageStatus` of End User Messaging, and `status` of SNS's logs. SUCCESSFUL: the carrier has it, not yet the phone.
_STATUSES = {
    "PENDING": _TAKEN,
    "QUEUED": _TAKEN,
    "SENT": _TAKEN,
    "SUCCESSFUL": _TAKEN,
    "DELIVERED": _DELIVERED,
    "SUCCESS": _DELIVERED,
    "FAILURE": _RESTS,
    "CARRIER_UNREACHABLE": _RESTS,
    "UNREACHABLE": _RESTS,
    "TTL_EXPIRED": _RESTS,
    "BLOCKED": _NOT_TRIED,
    "CARRIER_BLOCKED": _NOT_TRIED,
    "PROTECT_BLOCKED": _NOT_TRIED,
    "SPAM": _NOT_TRIED,
    "INVALID_MESSAGE": _NOT_TRIED,
    "INVALID": _INVALID,
    "OPTED_OUT": _OPTED_OUT,
}
# SNS says in words why a message failed; what is not listed may go well tomorrow.
_RESPONSES = {"invalid phone number": _INVALID, "phone number is opted out": _OPTED_OUT}
# 2001 to 2286: whatever lies outside was not written by a clock.
_MILLISECONDS = range(10**12, 10**13)
_YEARS = range(2001, 2287)
_LONGEST_TEXT = 200


def read_sms_status(text: str, now: datetime) -> Report | None:
    """Return the report in a message, or None when it tells of no text message, or of a status that says nothing."""
    told = read_json(text)
    if not isinstance(told, dict):
        return None
    notification, delivery = _object(told, "notification"), _object(told, "delivery")
    message_id = _text(told, "messageId") or _text(notification, "messageId")
    status = _text(told, "messageStatus") or _text(told, "status")
    known = _STATUSES.get(status.upper())
    if known is _RESTS:
        known = _RESPONSES.get(_text(delivery, "providerResponse").rstrip(".").lower(), known)
    if known is None or not message_id:
        return None
    kind, reason = known
    address = _text(told, "destinationPhoneNumber") or _text(delivery, "destination")
    return Report(Receipt(_at(told, notification, now), kind, message_id, reason), address=address or None)


def _at(told: Mapping[str, Any], notification: Mapping[str, Any], now: datetime) -> datetime:
    """Return when it happened, or `now` when that is not said in a way that a clock would."""
    given = told.get("eventTimestamp")
    if isinstance(given, int) and given in _MILLISECONDS:
        return datetime.fromtimestamp(given / 1000, UTC)
    try:
        at = datetime.fromisoformat(_text(notification, "timestamp"))
    except ValueError:
        return now
    # SNS writes its moments in UTC, without saying so.
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if at.year in _YEARS else now


def _object(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    given = told.get(name)
    return given if isinstance(given, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    return text_of(told, name, _LONGEST_TEXT)
