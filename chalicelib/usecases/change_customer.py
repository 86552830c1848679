"""Change a customer: take what is known of them now, or forget them."""

import json
from dataclasses import dataclass

from chalicelib.domain.erasure import erase
from chalicelib.domain.people import Customer
from chalicelib.security.reply_keys import reply_key
from chalicelib.usecases import arm
from chalicelib.usecases.ports import Answer, Commit, Committed, StoreUnavailable
from chalicelib.usecases.services import Services
from chalicelib.usecases.take_event import ACCEPTED, ANSWERS_KEPT, MOST_RACES


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

    A new address takes the place of one that did not work. Raises StoreUnavailable.
    """
    known = services.store.customers([event.customer.ref]).get(event.customer.ref)
    customer = known.updated_by(event.customer) if known else event.customer
    answer = _answer(customer.ref, source, webhook_id, services)
    if services.store.save_customer(customer, answer) is Committed.REPEATED:
        return services.store.answer(source, webhook_id) or answer
    return answer


def erase_customer(event: CustomerErased, source: str, webhook_id: str, services: Services) -> Answer:
    """Forget a customer: what is pending ends unsaid, texts are blanked, the profile goes; numbers stay.

    1. Each promise is ended and blanked, then the texts of its facts.
    2. The profile goes last, with the routes of replies: until then, a repeat finds all that is left to do.
    Repeating it is harmless, so the answer need not be kept. Raises StoreUnavailable: a repeat goes on from there.
    """
    for promise_id in services.store.promises_of(event.ref):
        _erase(promise_id, services)
        services.store.forget(promise_id)
    known = services.store.customers([event.ref]).get(event.ref)
    phone = known.phone if known else None
    keys = [reply_key(secret, phone) for secret in services.secrets.link_keys()] if phone else []
    services.store.forget_customer(event.ref, keys)
    return _answer(event.ref, source, webhook_id, services)


def _erase(promise_id: str, services: Services) -> None:
    for _ in range(MOST_RACES):
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
