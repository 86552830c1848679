"""Claims: a promise that the customer reports and the company did not register. Believed first, investigated after."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import Claim, ClaimStatus, Finding, Kind, Promise, Rhythm, Status, Word, promise_id
from chalicelib.domain.subjects import subject

# Words that speak of one answer to a claim; a later answer owes them anew.
_OF_AN_ANSWER = {Word.FINDING, Word.CLOSING, Word.OVERDUE, Word.CHECK_IN, Word.DOUBT}


@dataclass(frozen=True, slots=True)
class Claiming:
    """What was reported: what was promised, by whom, to whom, about what, with what to show for it.

    `about` may hold `amount_minor`, the amount in minor units of its currency.
    """

    source: str
    ref: str
    what: str
    customer_ref: str
    time_zone: str
    promiser_ref: str | None = None
    evidence: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """By when a claim is answered: `correct_by` when it is believed, `review_by` when it is looked into first.

    Each is under the version of a standard, and has its rhythm of updates, where one is published for it.
    """

    correct_by: datetime
    review_by: datetime
    correct_standard: str | None = None
    review_standard: str | None = None
    correct_rhythm: Rhythm = field(default_factory=Rhythm)
    review_rhythm: Rhythm = field(default_factory=Rhythm)


def raise_claim(claiming: Claiming, answering: Answering, now: datetime, *, review: bool) -> Change:
    """Open a claim as a promise: ratified at once, or, after an earlier claim found mistaken, a review with a date."""
    status = ClaimStatus.IN_REVIEW if review else ClaimStatus.RATIFIED
    standard = answering.review_standard if review else answering.correct_standard
    promise = Promise(
        id=promise_id(claiming.source, claiming.ref),
        source=claiming.source,
        ref=claiming.ref,
        kind=Kind.COMMITMENT,
        what=claiming.what,
        made_at=now,
        due_at=answering.review_by if review else answering.correct_by,
        customer_ref=claiming.customer_ref,
        time_zone=claiming.time_zone,
        heard_until=now,
        rhythm=answering.review_rhythm if review else answering.correct_rhythm,
        promiser_ref=claiming.promiser_ref,
        standard=standard,
        about=claiming.about,
        made_digest=claiming.digest,
        claim=Claim(status, raised_at=now, began_under=standard),
    )
    change = Change(promise).told("ClaimRaised", now, claiming.evidence, promiser=claiming.promiser_ref)
    if review:
        return change.told("ClaimReviewOpened", now, due_at=answering.review_by.isoformat())
    return _ratified(change, answering.correct_by, now)


def settle_claim(promise: Promise, finding: Finding, note: str | None, answering: Answering, now: datetime) -> Change:
    """Record what the investigation found; the same finding again changes nothing, another one reverses it.

    Promised, or unclear, which favours the customer: a claim that was not believed yet is ratified and the customer
    told; one that was needs no word. Not promised: the customer is told kindly; what was ratified is honoured all the
    same, and a review has its answer. Raises NotPossibleAnyMore when there is no claim.
    """
    claim = promise.claim
    if claim is None:
        raise NotPossibleAnyMore("this reference names a promise, not a claim: there is nothing to settle")
    if claim.finding is finding:
        return Change(promise)
    settled = replace(claim, finding=finding, settled_at=now, note=note)
    change = Change(replace(promise, claim=settled)).told(
        "ClaimSettled",
        now,
        note,
        finding=finding,
        before=claim.finding,
        promiser=promise.promiser_ref,
        subject=subject(promise.promiser_ref, promise.what),
    )
    if finding is Finding.NOT_PROMISED:
        return _mistaken(change, note, now)
    return change if claim.status is ClaimStatus.RATIFIED else _believed(change, answering, now)


def _ratified(change: Change, correct_by: datetime, now: datetime) -> Change:
    """Say what must be corrected, for the services that correct it: the amount in minor units is theirs to read."""
    promise = change.promise
    minor = promise.about.get("amount_minor")
    return change.told(
        "ClaimRatified",
        now,
        due_at=correct_by.isoformat(),
        promiser=promise.promiser_ref,
        order=promise.about.get("order"),
        currency=promise.about.get("currency"),
        amount_minor=int(minor) if minor else None,
    )


def _believed(change: Change, answering: Answering, now: datetime) -> Change:
    """Ratify after all: the review has its answer, and the correction is promised."""
    promise = change.promise
    reopened = replace(
        promise,
        status=Status.OPEN,
        due_at=answering.correct_by,
        rhythm=answering.correct_rhythm,
        standard=answering.correct_standard,
        due_seq=promise.seq + 1,
        heard_until=max(promise.heard_until, now),
        told=promise.told - _OF_AN_ANSWER,
        claim=_answered(promise, ClaimStatus.RATIFIED, promise.seq + 1),
        recovery=None,
        ended_at=None,
        end_note=None,
    )
    return _ratified(replace(change, promise=reopened), answering.correct_by, now)


def _mistaken(change: Change, note: str | None, now: datetime) -> Change:
    promise = change.promise
    if promise.claim is None or promise.claim.status is ClaimStatus.RATIFIED:
        told = promise.told - {Word.FINDING}
        claim = _answered(promise, ClaimStatus.RATIFIED, promise.seq)
        return replace(change, promise=replace(promise, told=told, claim=claim))
    answered = replace(
        promise,
        status=Status.KEPT,
        ended_at=now,
        end_note=note,
        news=(),
        tell_now=None,
        trying={},
        told=promise.told - {Word.CLOSING},
        claim=_answered(promise, ClaimStatus.DECLINED, promise.seq),
    )
    return replace(change, promise=answered)


def _answered(promise: Promise, status: ClaimStatus, seq: int) -> Claim | None:
    return replace(promise.claim, status=status, answer_seq=seq) if promise.claim else None
