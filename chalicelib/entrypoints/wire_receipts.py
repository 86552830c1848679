"""Receipts as SendGrid's Event Webhook writes them.

An event that says nothing we need, or that cannot be read, is passed over: the batch around it still counts, as
SendGrid repeats what is refused for a day, and drops it then.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from chalicelib.domain.receipts import Reason, Receipt, ReceiptKind
from chalicelib.entrypoints.problems import Problem
from chalicelib.entrypoints.wire_json import read_json, text_of
from chalicelib.usecases.take_receipts import Report

# Source: SendGrid, "Event Webhook Reference".
_EVENTS = {
    "processed": (ReceiptKind.PROCESSED, None),
    "deferred": (ReceiptKind.DEFERRED, None),
    "delivered": (ReceiptKind.DELIVERED, None),
    "open": (ReceiptKind.OPENED, None),
    "click": (ReceiptKind.OPENED, None),
    "bounce": (ReceiptKind.BOUNCED, Reason.HARD_BOUNCE),
    "blocked": (ReceiptKind.BLOCKED, Reason.BLOCKED),
    "dropped": (ReceiptKind.DROPPED, Reason.BLOCKED),
    "spamreport": (ReceiptKind.SPAM_REPORTED, Reason.SPAM_REPORT),
    "unsubscribe": (ReceiptKind.UNSUBSCRIBED, Reason.UNSUBSCRIBED),
    "group_unsubscribe": (ReceiptKind.UNSUBSCRIBED, Reason.UNSUBSCRIBED),
    "group_resubscribe": (ReceiptKind.RESUBSCRIBED, None),
}
# Why SendGrid did not even try. What is not listed (content, quota, reputation) may go well tomorrow.
_DROPPED = {
    "bounced address": Reason.HARD_BOUNCE,
    "invalid": Reason.INVALID,
    "spam reporting address": Reason.SPAM_REPORT,
    "unsubscribed address": Reason.UNSUBSCRIBED,
}
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_\-]{1,128}")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_LONGEST_TEXT = 400
# 2001 to 2286: whatever lies outside was not written by a clock.
_SECONDS = range(10**9, 10**10)


def read_sendgrid(body: bytes) -> list[Report]:
    """Return the reports in a verified body. Raises Problem 400 when it is not a list in JSON."""
    events = read_json(body.decode(errors="replace"))
    if not isinstance(events, list):
        raise Problem(400, "not-json", "The body is not a list of events", "Send one list of JSON objects in UTF-8.")
    return [report for event in events if isinstance(event, dict) and (report := _report(event))]


def _report(event: Mapping[str, Any]) -> Report | None:
    known = _EVENTS.get(_text(event, "event"))
    at = _seconds(event.get("timestamp"))
    if known is None or at not in _SECONDS:
        return None
    kind, reason = known
    if kind is ReceiptKind.BOUNCED and _text(event, "type") == "blocked":
        kind, reason = _EVENTS["blocked"]
    if kind is ReceiptKind.DROPPED:
        reason = _DROPPED.get(_text(event, "reason").lower(), reason)
    # The id that our send was answered with, and behind a dot where the message went through SendGrid.
    message_id = _text(event, "sg_message_id").partition(".")[0]
    receipt = Receipt(
        datetime.fromtimestamp(at, UTC), kind, message_id if _MESSAGE_ID.fullmatch(message_id) else "", reason
    )
    return Report(receipt, _text(event, "notice_id") or None, _text(event, "email") or None)


def _seconds(given: object) -> int:
    """Read a moment in whole seconds, however its number is written; 0 when it is none."""
    if isinstance(given, str) and _NUMBER.fullmatch(given):
        return int(given.partition(".")[0])
    if isinstance(given, float):
        # A number too large for a float is read as infinite.
        return int(given) if isfinite(given) else 0
    return given if isinstance(given, int) and not isinstance(given, bool) else 0


def _text(event: Mapping[str, Any], name: str) -> str:
    return text_of(event, name, _LONGEST_TEXT)
