"""The question at the end: did we keep our word, and was there something expected that nobody promised?"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.afresh import afresh
from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.claimed import ClaimStatus
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Kind, Promise, Status, Word
from chalicelib.domain.recovery import AfterNo, Recovery
from chalicelib.domain.risks import Policy

# Said of an end that the customer does not find one: they are owed anew. What the end has overtaken stays unsaid.
_OF_AN_END = {Word.CLOSING, Word.CHECK_IN}
_OVERTAKEN = {Word.CONFIRMATION}


class Perceived(StrEnum):
    """Whether the customer found the word kept."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer answered, and in their own words, in which language, what they expected besides."""

    perceived: Perceived
    expected: str | None = None
    language: str = ""


def answer(promise: Promise, given: Answer, policy: Policy, now: datetime) -> Change:
    """Record the customer's answer. The same one again changes nothing; another one takes its place.

    "No" opens a recovery or has the customer called, as the policy says. "Yes" after a "no" ends what it had opened.
    Raises NotPossibleAnyMore before the promise has ended, once more has come of a "no" than a question, and for a
    claim that was not confirmed, of which no word was given.
    """
    declined = promise.claim is not None and promise.claim.status is ClaimStatus.DECLINED
    if (promise.status is not Status.KEPT and not promise.contested) or declined:
        raise NotPossibleAnyMore("the question is asked once we say that the promise is kept")
    change = Change(promise)
    if promise.perceived != given.perceived:
        change = Change(replace(promise, perceived=given.perceived.value))
        change = change.told("FeedbackGiven", now, answer=given.perceived, before=promise.perceived)
        change = _followed(change, given.perceived, policy, now)
    expected = given.expected
    digest = hashlib.sha256(expected.encode()).hexdigest()[:16] if expected else promise.expected_digest
    if expected and digest != promise.expected_digest:
        change = replace(change, promise=replace(change.promise, expected_digest=digest, expected_at=now))
        before = promise.expected_at.isoformat() if promise.expected_at else None
        change = change.told("ExpectationHeard", now, expected, language=given.language, before=before)
    return change


def _followed(change: Change, perceived: Perceived, policy: Policy, now: datetime) -> Change:
    promise = change.promise
    if promise.contested:
        return _found_kept(change, now) if perceived is Perceived.YES else change
    if perceived is not Perceived.NO:
        return change
    if policy.after_no is AfterNo.RECOVERY and _may_reopen(promise):
        return _reopen(change, policy, now)
    return change.told("CallRequired", now, word=Word.CLOSING, reason="not_kept")


def _may_reopen(promise: Promise) -> bool:
    """Tell whether a "no" can open a recovery: there is a promiser to ask, who has not been asked so before.

    An attempt cannot be broken, and nobody's record is to be asked about a claim; both, and whoever says no again to
    what was kept anew, are for a person.
    """
    of_a_word = promise.kind is not Kind.ATTEMPT and promise.claim is None
    return of_a_word and promise.leads is not None and not promise.reopened_seq


def _reopen(change: Change, policy: Policy, now: datetime) -> Change:
    """Take up a promise again that had been kept: the customer is told at once, and its promiser asked what happened.

    When nothing has come of that by the time at which an open choice would lead to a call, a person calls.
    """
    promise, seq = change.promise, change.promise.seq + 1
    call_at = now + policy.ladder.call
    recovery = Recovery(
        n=promise.recoveries + 1,
        seq=seq,
        opened_at=now,
        was_broken=True,
        ladder=policy.ladder,
        quiet=policy.quiet,
        call_at=policy.quiet.after(call_at, promise.zone) if policy.quiet else call_at,
    )
    untold = afresh(promise, {*_OF_AN_END, *promise.trying})
    reopened = replace(
        untold,
        status=Status.BROKEN,
        recovery=recovery,
        recoveries=recovery.n,
        reopened_seq=seq,
        told=untold.told | _OVERTAKEN,
        checked_in=False,
        ended_at=None,
        end_note=None,
        heard_until=max(promise.heard_until, now),
    )
    return replace(change, promise=reopened).told("PromiseReopened", now, recovery=recovery.n)


def _found_kept(change: Change, now: datetime) -> Change:
    """End it again, as the customer finds it kept after all: they said so themselves, so no closing is owed."""
    promise = change.promise
    told = promise.told | {Word.CLOSING}
    kept = replace(promise, status=Status.KEPT, ended_at=now, told=told, news=(), tell_now=None)
    return replace(change, promise=kept).told("PromiseKept", now, late=0, by="customer")
