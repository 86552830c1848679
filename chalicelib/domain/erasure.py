"""Forgetting a customer: what is pending ends unsaid, what carries personal data is blanked, what happened stays."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Promise, Status


def erase(promise: Promise, now: datetime) -> Change:
    """Return the promise without anybody's words; one that stood ends, and nothing is owed any more.

    Numbers, dates and choices stay, as ledgers rest on them. Erasing again changes nothing.
    """
    if promise.is_erased:
        return Change(promise)
    blank = replace(
        promise,
        what="",
        about={},
        news=(),
        tell_now=None,
        end_note=None,
        trying={},
        recovery=replace(promise.recovery, parts=None) if promise.recovery else None,
        claim=promise.claim.blank() if promise.claim else None,
        expected_digest=None,
        expected_at=None,
        is_erased=True,
    )
    if not promise.is_over:
        blank = replace(blank, status=Status.WITHDRAWN, ended_at=now)
    return Change(blank).told("CustomerErased", now)
