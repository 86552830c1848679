"""Taking personal data out of the tables again: what erasing a customer removes and blanks."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.adapters import codec, items, listings, tables
from chalicelib.adapters.dynamodb_calls import ask
from chalicelib.adapters.tables import PromisesItem

_CONDITION_FAILED = "ConditionalCheckFailedException"


def blank_facts(item: type[PromisesItem], promise_id: str) -> None:
    """Take every text out of a promise's facts; a fact that vanished meanwhile is left alone."""
    pk = tables.promise_pk(promise_id)
    found = ask(lambda: list(item.query(pk, item.sk.startswith(tables.FACT), consistent_read=True)))
    for each in found:
        blank = codec.without_text(each.body)
        if blank != each.body:
            _change(each, item.body.set(blank))


def remove_customer(item: type[PromisesItem], customer_ref: str, reply_keys: Sequence[str]) -> None:
    """Remove a profile and the routes of replies. What is not there is harmless."""
    ask(item(tables.customer_pk(customer_ref), tables.PROFILE).delete)
    for key in reply_keys:
        ask(item(tables.route_pk(key), tables.ROUTE).delete)


def expire(item: type[PromisesItem], promise_id: str, at: datetime) -> None:
    """Give every item of a promise an expiry, and what lists it with its parties; one that has one keeps it."""
    found = ask(lambda: list(item.query(tables.promise_pk(promise_id), consistent_read=True)))
    for each in (*found, *_listed(item, found)):
        _expire(each, ceil(at.timestamp()))


def keep(item: type[PromisesItem], promise_id: str) -> None:
    """Take back the expiry of every item of a promise, and of what lists it; what has none is left alone."""
    found = ask(lambda: list(item.query(tables.promise_pk(promise_id), consistent_read=True)))
    if not any(each.expires_at for each in found):
        return
    # What was given its expiry first loses it last, so that what is left by a crash is found again.
    for each in (*_listed(item, found), *reversed(found)):
        _change(each, item.expires_at.remove())


def _listed(item: type[PromisesItem], found: Sequence[PromisesItem]) -> list[PromisesItem]:
    """Return what lists the promise whose items these are."""
    listed: list[PromisesItem] = []
    for promise in (items.promise_of(each) for each in found if each.sk == tables.STATE):
        listed += [item(pk, sk) for pk, sk in listings.keys(promise)]
        if promise.claim:
            listed.append(items.claim_item(item, promise, promise.claim))
    return listed


def _expire(each: PromisesItem, at: int) -> None:
    expires_at = type(each).expires_at
    _change(each, expires_at.set(expires_at | at))


def _change(each: PromisesItem, action: Action) -> None:
    """Change an item that is still there."""
    try:
        ask(lambda: each.update(actions=[action], condition=type(each).pk.exists()))
    except UpdateError as error:
        if error.cause_response_code != _CONDITION_FAILED:
            raise
