"""The question at the end: did we keep our word, and was there something expected that nobody promised?"""

import hashlib
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Promise, Status


class Perceived(StrEnum):
    """Whether the customer found the word kept."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


def answer(promise: Promise, perceived: Perceived, expected: str | None, language: str, now: datetime) -> Change:
    """Record the customer's answer, and in their own words what they expected besides.

    "No" wakes a person, once: somebody who was promised something and did not get it is called. The same answer again
    changes nothing; another one takes its place. Raises NotPossibleAnyMore before the promise has ended,
    and for a claim that was not confirmed, of which no word was given.
    """
    declined = promise.claim is not None and promise.claim.status is ClaimStatus.DECLINED
    if promise.status is not Status.KEPT or declined:
        raise NotPossibleAnyMore("the question is asked once we say that the promise is kept")
    change = Change(promise)
    if promise.perceived != perceived:
        change = Change(replace(promise, perceived=perceived.value))
        change = change.told("FeedbackGiven", now, answer=perceived, before=promise.perceived)
        if perceived is Perceived.NO:
            change = change.told("CallRequired", now, word="closing", reason="not_kept")
    digest = hashlib.sha256(expected.encode()).hexdigest()[:16] if expected else promise.expected_digest
    if expected and digest != promise.expected_digest:
        change = replace(change, promise=replace(change.promise, expected_digest=digest, expected_at=now))
        before = promise.expected_at.isoformat() if promise.expected_at else None
        change = change.told("ExpectationHeard", now, expected, language=language, before=before)
    return change
