"""Taking personal data out of the tables again: what erasing a customer removes and blanks."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters import codec, codec_recovery, confirmed, expectations, items, listings, tables
from chalicelib.adapters.dynamodb_calls import ask, held
from chalicelib.adapters.tables import PromisesItem
from chalicelib.domain.facts import Fact


def blank_facts(item: type[PromisesItem], promise_id: str) -> None:
    """Take every text out of a promise's facts, and what finds them; a fact that vanished meanwhile is left alone."""
    pk = tables.promise_pk(promise_id)
    found = ask(lambda: list(item.query(pk, item.sk.startswith(tables.FACT), consistent_read=True)))
    for key in expectations.keys(map(items.fact_of, found)):
        ask(item(*key).delete)
    for each in found:
        blank = codec.without_text(each.body)
        if blank != each.body:
            _change(each, item.body.set(blank))


def remove_customer(item: type[PromisesItem], customer_ref: str, reply_keys: Sequence[str]) -> None:
    """Blank a customer's concessions, then remove the routes and the profile. What is not there is harmless.

    The profile goes last: whoever goes on after a crash finds the phone there, and with it the routes.
    """
    pk = tables.customer_pk(customer_ref)
    for each in ask(lambda: list(item.query(pk, item.sk.startswith(tables.CONCESSION), consistent_read=True))):
        blank = codec_recovery.concession_without_text(each.body)
        if blank != each.body:
            _change(each, item.body.set(blank))
    for key in reply_keys:
        ask(item(tables.route_pk(key), tables.ROUTE).delete)
    ask(item(pk, tables.PROFILE).delete)


def expire(item: type[PromisesItem], promise_id: str, at: datetime) -> None:
    """Give every item of a promise an expiry, and what lists it with its parties; one that has one keeps it.

    What a later promise was entered under meanwhile is left to that one.
    """
    found = ask(lambda: list(item.query(tables.promise_pk(promise_id), consistent_read=True)))
    facts = _facts(found)
    for each in (*found, *_listed(item, found, facts)):
        _expire(each, ceil(at.timestamp()))
    for each in (item(*key) for key in expectations.keys(facts)):
        _expire(each, ceil(at.timestamp()))
    for each in confirmed.items_of(item, facts):
        _expire(each, ceil(at.timestamp()), item.body == promise_id)


def keep(item: type[PromisesItem], promise_id: str) -> None:
    """Take back the expiry of every item of a promise, and of what lists it; what has none is left alone."""
    found = ask(lambda: list(item.query(tables.promise_pk(promise_id), consistent_read=True)))
    if not any(each.expires_at for each in found):
        return
    # What was given its expiry first loses it last, so that what is left by a crash is found again.
    facts = _facts(found)
    for each in confirmed.items_of(item, facts):
        _change(each, item.expires_at.remove(), item.body == promise_id)
    beside = (item(*key) for key in expectations.keys(facts))
    for each in (*beside, *_listed(item, found, facts), *reversed(found)):
        _change(each, item.expires_at.remove())


def _facts(found: Sequence[PromisesItem]) -> list[Fact]:
    return [items.fact_of(each) for each in found if each.sk.startswith(tables.FACT)]


def _listed(item: type[PromisesItem], found: Sequence[PromisesItem], facts: Sequence[Fact]) -> list[PromisesItem]:
    """Return what lists the promise whose items these are."""
    listed: list[PromisesItem] = []
    for promise in (items.promise_of(each) for each in found if each.sk == tables.STATE):
        listed += [item(pk, sk) for pk, sk in listings.keys(promise, facts)]
        if promise.claim:
            listed.append(items.claim_item(item, promise, promise.claim))
    return listed


def _expire(each: PromisesItem, at: int, still: Condition | None = None) -> None:
    expires_at = type(each).expires_at
    _change(each, expires_at.set(expires_at | at), still)


def _change(each: PromisesItem, action: Action, still: Condition | None = None) -> None:
    """Change an item that is still there, and `still` as it should be where that is given."""
    there = type(each).pk.exists()
    held(lambda: each.update(actions=[action], condition=there & still if still is not None else there))
