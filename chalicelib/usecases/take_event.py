"""Take an event: what another service tells us about a promise, each webhook once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.changes import Making, NotPossibleAnyMore, make
from chalicelib.domain.claimed import Finding
from chalicelib.domain.claims import Answering, Claiming, raise_claim
from chalicelib.domain.facts import Change
from chalicelib.domain.moments import next_contact
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Promise, Rhythm, promise_id
from chalicelib.usecases import arm
from chalicelib.usecases.services import Rules, Services
from chalicelib.usecases.store_port import Answer, Commit, Committed, StoreUnavailable

# Longer than the seven days during which a sender may repeat itself.
ANSWERS_KEPT = timedelta(days=8)
ACCEPTED = 202


class NoSuchPromise(Exception):
    """The source has told of no promise, or no claim, by this reference (yet). `begun_by` is the event that does."""

    def __init__(self, begun_by: str = "promise.made") -> None:
        """Name the event that must come first."""
        super().__init__(begun_by)
        self.begun_by = begun_by


class NoSuchCustomer(Exception):
    """Nothing is known of the customer, not even an address."""


class ReferenceTaken(Exception):
    """The source has already used this reference for another promise."""


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """`promise.made`: the promise, its customer and, if given, its promiser."""

    making: Making
    customer: Customer
    promiser: Promiser | None


@dataclass(frozen=True, slots=True)
class PromiseNews:
    """Anything told about a promise that was made before; `change` is how it changes the promise at a moment.

    `promiser` is whom it names as having promised, if anybody; `begun_by` the event that must have come before it.
    """

    ref: str
    change: Callable[[Promise, datetime], Change]
    promiser: Promiser | None = None
    begun_by: str = "promise.made"


@dataclass(frozen=True, slots=True)
class ClaimRaised:
    """`claim.raised`: what the customer says was promised, with the customer and, if known, the promiser.

    `customer` is None when they claim themselves: their profile is the one that is known.
    """

    claiming: Claiming
    customer: Customer | None
    promiser: Promiser | None


@dataclass(frozen=True, slots=True)
class ConcessionRedeemed:
    """`concession.redeemed`: `order` has used the concession."""

    code: str
    order: str


Event = PromiseMade | PromiseNews | ClaimRaised


def take_event(event: Event, source: str, webhook_id: str, services: Services) -> Answer:
    """Apply an event and return its answer; a webhook seen before gets its first answer and changes nothing.

    A promise that is told again is left as it is, and so are its people: what is known of them is newer, or was erased.
    Raises NoSuchPromise, ReferenceTaken or NotPossibleAnyMore when it cannot be applied (nothing is stored then, so
    that the sender may repeat it later), NoSuchCustomer when the claim is by a customer who was erased meanwhile, and
    StoreUnavailable when it may be worth a retry at once.
    """
    now = services.system.now()
    promise_ref = promise_id(source, _ref(event))
    for _ in range(arm.MOST_RACES):
        found = services.store.load([promise_ref]).get(promise_ref)
        try:
            change = _change(event, found, now, services)
        except (NoSuchPromise, ReferenceTaken, NotPossibleAnyMore):
            if first := services.store.answer(source, webhook_id):
                return first
            raise
        answer = Answer(source, webhook_id, ACCEPTED, _body(change.promise, now), now + ANSWERS_KEPT)
        commit = Commit(found or change.promise, None, answer=answer)
        if isinstance(event, PromiseNews):
            commit = replace(commit, promiser=event.promiser, joins=_joins(event.promiser, services))
        elif found is None:
            commit = _with_people(commit, event, services)
        outcome = arm.store(change, commit, now, services)
        if outcome is Committed.DONE:
            return answer
        if outcome is Committed.REPEATED and (first := services.store.answer(source, webhook_id)):
            return first
    raise StoreUnavailable("the promise kept changing under this event")


def _ref(event: Event) -> str:
    match event:
        case PromiseMade(making=making):
            return making.ref
        case ClaimRaised(claiming=claiming):
            return claiming.ref
        case PromiseNews(ref=ref):
            return ref


def _change(event: Event, found: Promise | None, now: datetime, services: Services) -> Change:
    match event:
        case PromiseMade(making=making):
            return _known(found, making.digest) or make(making, now)
        case ClaimRaised(claiming=claiming):
            return _known(found, claiming.digest) or _claimed(claiming, now, services)
        case PromiseNews(change=change, begun_by=begun_by):
            if found is None:
                raise NoSuchPromise(begun_by)
            if found.is_erased:
                raise NotPossibleAnyMore("the customer was erased: nothing more is kept of this promise")
            return change(found, now)


def _known(found: Promise | None, digest: str) -> Change | None:
    """Return no change for what was told before, and None for what is new. Raises ReferenceTaken."""
    if found is not None and found.made_digest != digest:
        raise ReferenceTaken
    return Change(found) if found else None


def _claimed(claiming: Claiming, now: datetime, services: Services) -> Change:
    """Believe a claim, unless one of this customer's was found mistaken: then it is looked into first.

    Whoever was forgotten since begins anew.
    """
    found = services.store.claims_of(claiming.customer_ref)
    mistaken = [claim for claim, finding in found.items() if finding is Finding.NOT_PROMISED]
    review = bool(mistaken) and any(not each.is_erased for each in services.store.load(mistaken).values())
    return raise_claim(claiming, answering(claiming.time_zone, now, services.rules), now, review=review)


def answering(time_zone: str, now: datetime, rules: Rules) -> Answering:
    """Return by when a claim told at `now` is corrected, or answered after a review."""
    zone, standards = ZoneInfo(time_zone), rules.standards()
    correct, review = standards.find("claim_correction"), standards.find("claim_review")
    return Answering(
        correct_by=(correct.due if correct else rules.correct_within).after(now, zone),
        review_by=(review.due if review else rules.review_within).after(now, zone),
        correct_standard=correct.id if correct else None,
        review_standard=review.id if review else None,
        correct_rhythm=Rhythm(correct.every if correct else None),
        review_rhythm=Rhythm(review.every if review else None),
        correct_warn=correct.leads.warn if correct and correct.leads else rules.warn_before,
        review_warn=review.leads.warn if review and review.leads else rules.warn_before,
    )


def _with_people(commit: Commit, event: PromiseMade | ClaimRaised, services: Services) -> Commit:
    """Add the profiles of a new promise: what an older profile knows is kept, as long as that is still there."""
    ref = commit.promise.customer_ref
    known = services.store.customers([ref]).get(ref)
    customer = known.updated_by(event.customer) if known and event.customer else event.customer or known
    if customer is None:
        raise NoSuchCustomer
    return replace(
        commit,
        customer=customer,
        customer_known=known is not None,
        promiser=event.promiser,
        joins=_joins(event.promiser, services),
    )


def _joins(promiser: Promiser | None, services: Services) -> str | None:
    """Return the team that a promiser is said to be in, unless they are known to be: so few makings pay for it."""
    if promiser is None or promiser.team is None:
        return None
    known = services.store.promisers([promiser.ref]).get(promiser.ref)
    return None if known and known.team == promiser.team else promiser.team


def _body(promise: Promise, now: datetime) -> str:
    body: dict[str, Any] = {"promise": summary(promise, now)}
    if promise.claim:
        body["claim"] = claim_summary(promise)
    return json.dumps(body)


def claim_summary(promise: Promise) -> dict[str, Any]:
    """Return what an answer says of the claim that a promise began as."""
    claim = promise.claim
    if claim is None:
        raise ValueError(f"promise {promise.id} is no claim")
    return {
        "id": promise.id,
        "status": claim.status.value,
        "finding": claim.finding.value if claim.finding else None,
        "found_of": {"ref": promise.counted_on} if promise.counted_on and claim.finding else None,
        "raised_at": claim.raised_at.isoformat(),
        "settled_at": claim.settled_at.isoformat() if claim.settled_at else None,
    }


def summary(promise: Promise, now: datetime) -> dict[str, str | None]:
    """Return what an answer says of a promise: times as ISO 8601 in UTC."""
    contact = next_contact(promise, now)
    return {
        "id": promise.id,
        "status": promise.status.value,
        "due_at": promise.due_at.isoformat(),
        "next_contact_at": contact.isoformat() if contact else None,
    }
