"""Claims: a promise that the customer reports and the company did not register. Believed first, investigated after."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.afresh import afresh
from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.claimed import Claim, ClaimStatus, Correction, Heard
from chalicelib.domain.facts import Change
from chalicelib.domain.promise import OF_DUE_TIME, Kind, Promise, Rhythm, Status, Word, promise_id

# Words that speak of one answer to a claim; a later answer owes them anew.
OF_AN_ANSWER = OF_DUE_TIME | {Word.FINDING, Word.CLOSING}


@dataclass(frozen=True, slots=True)
class Claiming:
    """What was reported: what was promised, by whom, to whom, when, about what, with what to show for it.

    `by_whom` and `when` are the customer's words; `promiser_ref` names the one who is known to be meant. `about` may
    hold `amount_minor`, the amount in minor units of its currency; `corrects` says what must be put right.
    """

    source: str
    ref: str
    what: str
    customer_ref: str
    time_zone: str
    promiser_ref: str | None = None
    by_whom: str | None = None
    when: str | None = None
    evidence: str | None = None
    corrects: Correction | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """By when a claim is answered: `correct_by` when it is believed, `review_by` when it is looked into first.

    Each is under the version of a standard, and has its rhythm of updates, where one is published for it; so long
    before it, the team that answers is told that the answer is due.
    """

    correct_by: datetime
    review_by: datetime
    correct_standard: str | None = None
    review_standard: str | None = None
    correct_rhythm: Rhythm = field(default_factory=Rhythm)
    review_rhythm: Rhythm = field(default_factory=Rhythm)
    correct_warn: timedelta | None = None
    review_warn: timedelta | None = None

    def warn_at(self, *, review: bool) -> datetime | None:
        """Return when the team is told, if it is."""
        lead = self.review_warn if review else self.correct_warn
        return (self.review_by if review else self.correct_by) - lead if lead else None


def raise_claim(claiming: Claiming, answering: Answering, now: datetime, *, review: bool) -> Change:
    """Open a claim as a promise: ratified at once, or, after an earlier claim found mistaken, a review with a date."""
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
        claim=Claim(
            ClaimStatus.IN_REVIEW if review else ClaimStatus.RATIFIED,
            raised_at=now,
            began_under=standard,
            # The confirmation of one that is believed at once says so.
            heard=None if review else Heard.BELIEVED,
            by_whom=claiming.by_whom,
            when=claiming.when,
            corrects=claiming.corrects,
            warn_at=answering.warn_at(review=review),
        ),
    )
    change = Change(promise).told("ClaimRaised", now, claiming.evidence, promiser=claiming.promiser_ref)
    if review:
        return change.told("ClaimReviewOpened", now, due_at=answering.review_by.isoformat())
    return ratified(change, answering.correct_by, now)


def add_to_claim(promise: Promise, evidence: str, answering: Answering, now: datetime) -> Change:
    """Take what else the customer has to show: a claim that was not confirmed is looked into again, by a new date.

    It stays one claim. Raises NotPossibleAnyMore when there is no claim to add to.
    """
    claim = promise.claim
    if claim is None or promise.is_erased:
        raise NotPossibleAnyMore("there is no claim that could be added to")
    change = Change(promise).told("ClaimAdded", now, evidence)
    if claim.status is not ClaimStatus.DECLINED:
        return change
    reopened = replace(
        afresh(change.promise, OF_AN_ANSWER | {Word.CONFIRMATION}),
        status=Status.OPEN,
        due_at=answering.review_by,
        rhythm=answering.review_rhythm,
        standard=answering.review_standard,
        due_seq=change.promise.seq + 1,
        heard_until=max(promise.heard_until, now),
        claim=replace(claim, status=ClaimStatus.IN_REVIEW, reopened_at=now, warn_at=answering.warn_at(review=True)),
        recovery=None,
        ended_at=None,
        end_note=None,
    )
    again = replace(change, promise=reopened)
    return again.told("ClaimReviewOpened", now, due_at=answering.review_by.isoformat())


def ratified(change: Change, correct_by: datetime, now: datetime) -> Change:
    """Say what must be corrected, for the services that correct it: names from a closed list, and numbers.

    The amount is in minor units: the corrected one, where it was told what is; else the one that the claim is about.
    """
    promise = change.promise
    corrects = promise.claim.corrects if promise.claim else None
    minor = promise.about.get("amount_minor")
    amount, currency = int(minor) if minor else None, promise.about.get("currency")
    if corrects:
        amount, currency = corrects.amount_minor, corrects.currency
    return change.told(
        "ClaimRatified",
        now,
        due_at=correct_by.isoformat(),
        promiser=promise.promiser_ref,
        order=promise.about.get("order"),
        corrects=corrects.what if corrects else None,
        currency=currency,
        amount_minor=amount,
        percent=corrects.percent if corrects else None,
    )
