"""Taking personal data out of the tables again: what erasing a customer removes and blanks."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from pynamodb.exceptions import UpdateError

from chalicelib.adapters import codec, codec_recovery, items, tables
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
            _rewrite(each, blank)


def remove_customer(item: type[PromisesItem], customer_ref: str, reply_keys: Sequence[str]) -> None:
    """Blank a customer's concessions, then remove the routes and the profile. What is not there is harmless.

    The profile goes last: whoever goes on after a crash finds the phone there, and with it the routes.
    """
    pk = tables.customer_pk(customer_ref)
    for each in ask(lambda: list(item.query(pk, item.sk.startswith(tables.CONCESSION), consistent_read=True))):
        blank = codec_recovery.concession_without_text(each.body)
        if blank != each.body:
            _rewrite(each, blank)
    for key in reply_keys:
        ask(item(tables.route_pk(key), tables.ROUTE).delete)
    ask(item(pk, tables.PROFILE).delete)


def expire(item: type[PromisesItem], promise_id: str, at: datetime) -> None:
    """Give every item of a promise an expiry, and what lists it with its customer; one that has one keeps it."""
    found = ask(lambda: list(item.query(tables.promise_pk(promise_id), consistent_read=True)))
    listed = [
        item(tables.customer_pk(promise.customer_ref), sk(promise_id))
        for promise in (items.promise_of(each) for each in found if each.sk == tables.STATE)
        for sk in ((tables.promise_sk, tables.claim_sk) if promise.claim else (tables.promise_sk,))
    ]
    for each in (*found, *listed):
        _expire(each, ceil(at.timestamp()))


def _expire(each: PromisesItem, at: int) -> None:
    kind = type(each)
    try:
        ask(lambda: each.update(actions=[kind.expires_at.set(kind.expires_at | at)], condition=kind.pk.exists()))
    except UpdateError as error:
        if error.cause_response_code != _CONDITION_FAILED:
            raise


def _rewrite(written: PromisesItem, body: str) -> None:
    kind = type(written)
    try:
        ask(lambda: written.update(actions=[kind.body.set(body)], condition=kind.pk.exists()))
    except UpdateError as error:
        if error.cause_response_code != _CONDITION_FAILED:
            raise
