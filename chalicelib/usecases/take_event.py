"""Take an event: what another service tells us about a promise, each webhook once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.changes import Making, NotPossibleAnyMore, make
from chalicelib.domain.facts import Change
from chalicelib.domain.moments import next_contact
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Promise, promise_id
from chalicelib.usecases import arm
from chalicelib.usecases.ports import Answer, Commit, Committed, StoreUnavailable
from chalicelib.usecases.services import Services

# Longer than the seven days during which a sender may repeat itself.
ANSWERS_KEPT = timedelta(days=8)
# Each lost race means that somebody else changed the promise; so many in a row mean that something is wrong.
MOST_RACES = 8
ACCEPTED = 202


class NoSuchPromise(Exception):
    """The source has told of no promise by this reference (yet)."""


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
    """Anything told about a promise that was made before; `change` is how it changes the promise at a moment."""

    ref: str
    change: Callable[[Promise, datetime], Change]


@dataclass(frozen=True, slots=True)
class ConcessionRedeemed:
    """`concession.redeemed`: `order` has used the concession."""

    code: str
    order: str


def take_event(event: PromiseMade | PromiseNews, source: str, webhook_id: str, services: Services) -> Answer:
    """Apply an event and return its answer; a webhook seen before gets its first answer and changes nothing.

    Raises NoSuchPromise, ReferenceTaken or NotPossibleAnyMore when it cannot be applied (nothing is stored then, so
    that the sender may repeat it later), and StoreUnavailable when it may be worth a retry at once.
    """
    now = services.system.now()
    ref = event.making.ref if isinstance(event, PromiseMade) else event.ref
    for _ in range(MOST_RACES):
        found = services.store.load([promise_id(source, ref)]).get(promise_id(source, ref))
        try:
            change = _made(event, found, now) if isinstance(event, PromiseMade) else _told(event, found, now)
        except (NoSuchPromise, ReferenceTaken, NotPossibleAnyMore):
            if first := services.store.answer(source, webhook_id):
                return first
            raise
        answer = Answer(source, webhook_id, ACCEPTED, _body(change.promise, now), now + ANSWERS_KEPT)
        commit = Commit(change.promise, None, answer=answer)
        if isinstance(event, PromiseMade):
            commit = replace(commit, customer=_profile(event.customer, services), promiser=event.promiser)
        outcome = arm.store(change, commit, now, services)
        if outcome is Committed.DONE:
            return answer
        if outcome is Committed.REPEATED and (first := services.store.answer(source, webhook_id)):
            return first
    raise StoreUnavailable("the promise kept changing under this event")


def _made(event: PromiseMade, found: Promise | None, now: datetime) -> Change:
    if found is None:
        return make(event.making, now)
    if found.made_digest != event.making.digest:
        raise ReferenceTaken
    return Change(found)


def _told(event: PromiseNews, found: Promise | None, now: datetime) -> Change:
    if found is None:
        raise NoSuchPromise
    return event.change(found, now)


def _profile(customer: Customer, services: Services) -> Customer:
    known = services.store.customers([customer.ref]).get(customer.ref)
    return known.updated_by(customer) if known else customer


def _body(promise: Promise, now: datetime) -> str:
    return json.dumps({"promise": summary(promise, now)})


def summary(promise: Promise, now: datetime) -> dict[str, str | None]:
    """Return what an answer says of a promise: times as ISO 8601 in UTC."""
    contact = next_contact(promise, now)
    return {
        "id": promise.id,
        "status": promise.status.value,
        "due_at": promise.due_at.isoformat(),
        "next_contact_at": contact.isoformat() if contact else None,
    }
