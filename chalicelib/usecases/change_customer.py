"""Change a customer: take what is known of them now, or forget them."""

import json
from dataclasses import dataclass

from chalicelib.domain.erasure import erase
from chalicelib.domain.people import Customer
from chalicelib.security.reply_keys import reply_key
from chalicelib.usecases import arm
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Answer, Commit, Committed, StoreUnavailable
from chalicelib.usecases.take_event import ACCEPTED, ANSWERS_KEPT


@dataclass(frozen=True, slots=True)
class CustomerChanged:
    """`customer.changed`: the profile as it is now; what it does not say stays as it was known."""

    customer: Customer


@dataclass(frozen=True, slots=True)
class CustomerErased:
    """`customer.erased`: the customer is to be forgotten."""

    ref: str


def change_customer(event: CustomerChanged, source: str, webhook_id: str, services: Services) -> Answer:
    """Store a customer's profile and return the answer; a webhook seen before gets its first one.

    A new address takes the place of one that did not work. What was known before is kept only as long as it is still
    there: a customer who is erased meanwhile does not come back by it. Raises StoreUnavailable.
    """
    ref = event.customer.ref
    answer = _answer(ref, source, webhook_id, services)
    for _ in range(arm.MOST_RACES):
        known = services.store.customers([ref]).get(ref)
        customer = known.updated_by(event.customer) if known else event.customer
        outcome = services.store.save_customer(customer, answer, known=known is not None)
        if outcome is Committed.DONE:
            return answer
        if outcome is Committed.REPEATED:
            return services.store.answer(source, webhook_id) or answer
    raise StoreUnavailable("the customer kept being erased under this event")


def erase_customer(event: CustomerErased, source: str, webhook_id: str, services: Services) -> Answer:
    """Forget a customer and return the answer; a webhook seen before gets its first one and changes nothing.

    1. Each promise is ended and blanked, then the texts of its facts.
    2. The profile goes last, with the words of concessions and the routes of replies: until then, a repeat finds all
       that is left to do.
    3. A promise that was made meanwhile is found by another look, and forgotten too.
    4. Only then the answer is kept: the same webhook, come again after the customer has come back, must not erase what
       was told since.
    Nothing is known of the customer: so much the better. Raises StoreUnavailable: a repeat goes on from there.
    """
    if first := services.store.answer(source, webhook_id):
        return first
    for _ in range(arm.MOST_RACES):
        forgotten = services.store.promises_of(event.ref)
        for promise_id in forgotten:
            _erase(promise_id, services)
            services.store.forget(promise_id)
        _forget_profile(event.ref, services)
        if set(services.store.promises_of(event.ref)) <= set(forgotten):
            break
    else:
        raise StoreUnavailable("promises were made to the customer as fast as they were erased")
    answer = _answer(event.ref, source, webhook_id, services)
    if services.store.keep_answer(answer) is Committed.REPEATED:
        return services.store.answer(source, webhook_id) or answer
    return answer


def _forget_profile(ref: str, services: Services) -> None:
    known = services.store.customers([ref]).get(ref)
    phone = known.phone if known else None
    keys = [reply_key(secret, phone) for secret in services.secrets.link_keys()] if phone else []
    services.store.forget_customer(ref, keys)


def _erase(promise_id: str, services: Services) -> None:
    for _ in range(arm.MOST_RACES):
        promise = services.store.load([promise_id]).get(promise_id)
        if promise is None:
            return
        now = services.system.now()
        change = erase(promise, now)
        if not change.facts or arm.store(change, Commit(promise, None), now, services) is Committed.DONE:
            return
    raise StoreUnavailable("a promise kept changing while it was erased")


def _answer(ref: str, source: str, webhook_id: str, services: Services) -> Answer:
    body = json.dumps({"customer": {"ref": ref}})
    return Answer(source, webhook_id, ACCEPTED, body, services.system.now() + ANSWERS_KEPT)
