"""Findings: what the investigation of a claim found, on whose ledger it counts, and what the customer hears of it."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.afresh import afresh
from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.claimed import Claim, ClaimStatus, Finding
from chalicelib.domain.claims import OF_AN_ANSWER, Answering, ratified
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Promise, Status, Word
from chalicelib.domain.subjects import subject

_GIVEN_UP = {Status.WITHDRAWN, Status.CANCELLED}


def settle_claim(
    promise: Promise,
    finding: Finding,
    note: str | None,
    answering: Answering,
    now: datetime,
    promiser_ref: str | None = None,
) -> Change:
    """Record what was found; another finding, or of another promiser, reverses it.

    The same finding again changes nothing, unless it brings another note: that is kept, and no message made of it.

    Promised, or unclear, which favours the customer: a claim that was not believed yet is ratified and the customer
    told; one that was needs no word, unless they had heard otherwise. Not promised: the customer is told kindly; what
    was ratified is honoured all the same, and a review has its answer. What has been withdrawn, cancelled or erased
    stays over, whatever is found. It counts on `promiser_ref`, or else on whom the claim named. Raises
    NotPossibleAnyMore when there is no claim.
    """
    claim = promise.claim
    if claim is None:
        raise NotPossibleAnyMore("this reference names a promise, not a claim: there is nothing to settle")
    awaited = claim.status is ClaimStatus.IN_REVIEW and not promise.is_over
    counted_on = promise.counted_on
    found_of = promiser_ref or counted_on
    note = None if promise.is_erased else note or (claim.note if claim.finding is finding else None)
    again = claim.finding is finding and found_of == counted_on and not awaited
    if again and note == claim.note:
        return Change(promise)
    settled = replace(
        claim,
        finding=finding,
        settled_at=now,
        note=note,
        found_of=found_of if found_of != promise.promiser_ref else None,
    )
    change = Change(replace(promise, claim=settled)).told(
        "ClaimSettled",
        now,
        note,
        finding=finding,
        before=claim.finding,
        promiser=found_of,
        subject=None if promise.is_erased else subject(promise.what),
    )
    return _noted(change, note) if again else _answered(change, settled, answering, now)


def _noted(change: Change, note: str | None) -> Change:
    """Let what is still to be said of the finding say it in these words."""
    declined = change.promise.claim is not None and change.promise.claim.status is ClaimStatus.DECLINED
    return replace(change, promise=replace(change.promise, end_note=note)) if declined else change


def _answered(change: Change, claim: Claim, answering: Answering, now: datetime) -> Change:
    """Give the claim the answer that the finding brings, unless it is over or has this answer already."""
    promise = change.promise
    if promise.is_erased or promise.status in _GIVEN_UP:
        return change
    if claim.status is ClaimStatus.RATIFIED:
        # Whether a word is owed depends on what the customer has heard: one that was never told needs no reversal.
        anew = replace(claim, answer_seq=promise.seq)
        return replace(change, promise=afresh(replace(promise, claim=anew), {Word.FINDING}))
    if claim.finding is not Finding.NOT_PROMISED:
        return _believed(change, claim, answering, now)
    return _declined(change, claim, now) if claim.status is ClaimStatus.IN_REVIEW else change


def _believed(change: Change, claim: Claim, answering: Answering, now: datetime) -> Change:
    """Ratify after all: the review has its answer, and the correction is promised."""
    promise = change.promise
    untold = afresh(promise, OF_AN_ANSWER)
    reopened = replace(
        untold,
        status=Status.OPEN,
        due_at=answering.correct_by,
        rhythm=answering.correct_rhythm,
        standard=answering.correct_standard,
        due_seq=promise.seq + 1,
        heard_until=max(promise.heard_until, now),
        # The answer says more than a confirmation that is still on its way.
        told=untold.told | {Word.CONFIRMATION},
        claim=replace(
            claim,
            status=ClaimStatus.RATIFIED,
            answer_seq=promise.seq + 1,
            answered_late=_is_answered_late(promise, claim, now),
            warn_at=answering.warn_at(review=False),
        ),
        recovery=None,
        ended_at=None,
        end_note=None,
    )
    return ratified(replace(change, promise=reopened), answering.correct_by, now)


def _declined(change: Change, claim: Claim, now: datetime) -> Change:
    promise = change.promise
    answered = replace(
        afresh(promise, {Word.CLOSING}),
        status=Status.KEPT,
        ended_at=now,
        end_note=claim.note,
        news=(),
        tell_now=None,
        claim=replace(
            claim,
            status=ClaimStatus.DECLINED,
            answer_seq=promise.seq,
            answered_late=_is_answered_late(promise, claim, now),
            warn_at=None,
        ),
    )
    return replace(change, promise=answered)


def _is_answered_late(promise: Promise, claim: Claim, now: datetime) -> bool:
    """Tell whether a review's answer comes after its date; one that is reversed is as late as it was."""
    return now > promise.due_at if claim.status is ClaimStatus.IN_REVIEW else claim.answered_late
