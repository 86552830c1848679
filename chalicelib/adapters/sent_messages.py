"""Receipts in DynamoDB: with their notice or, when they come before it is known whose they are, by the provider's id.

One item for each message that a provider took, `M#{provider's id}`: the notice's id, early receipts, and a TTL. Both
sides write it by updates that add to what the other wrote, so whichever comes second sees what the first left.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil

from pynamodb.expressions.update import Action

from chalicelib.adapters import items, tables
from chalicelib.adapters.codec_receipts import dump_marks, dump_receipt, load_delivery
from chalicelib.adapters.dynamodb_calls import ask, held
from chalicelib.adapters.tables import PromisesItem
from chalicelib.adapters.transaction import Transaction
from chalicelib.domain.notices import Notice
from chalicelib.domain.receipts import Delivery
from chalicelib.usecases.store_port import Committed, Marking, SentAs


def note(item: type[PromisesItem], notice: Notice) -> None:
    """Add a notice's receipts to those that are stored; nothing for a notice that is not there."""
    if not notice.delivery.receipts:
        return
    key = item(tables.promise_pk(notice.promise_id), tables.notice_sk(notice.word, notice.n))
    held(lambda: key.update(actions=receipt_actions(item, notice.delivery), condition=item.token.exists()))


def remember(item: type[PromisesItem], sent_as: SentAs) -> Delivery:
    """Say whose a message is, and return the receipts that came before this was known."""
    key, actions = naming(item, sent_as)
    ask(lambda: key.update(actions=actions))
    return load_delivery(key.receipts or ())


def naming(item: type[PromisesItem], sent_as: SentAs) -> tuple[PromisesItem, list[Action]]:
    """Return a message's item, and how it comes to say whose it is."""
    expires = item.expires_at.set(ceil(sent_as.expires_at.timestamp()))
    return item(tables.sent_pk(sent_as.provider_id), tables.SENT), [item.body.set(sent_as.notice_id), expires]


def keep_early(item: type[PromisesItem], provider_id: str, early: Delivery, expires_at: datetime) -> str | None:
    """Keep receipts of a message of which nothing is known yet, and return its notice's id if it is known by now."""
    key = item(tables.sent_pk(provider_id), tables.SENT)
    expiry = item.expires_at.set(item.expires_at | ceil(expires_at.timestamp()))
    ask(lambda: key.update(actions=[*receipt_actions(item, early), expiry]))
    return key.body


def sent_as(found: Sequence[PromisesItem]) -> Mapping[str, tuple[str, Delivery]]:
    """Return the notices' ids and their early receipts by the provider's ids, from the items that were found."""
    return {each.pk.removeprefix(tables.sent_pk("")): early_of(each) for each in found if each.body}


def early_of(found: PromisesItem) -> tuple[str, Delivery]:
    """Return whose a message is, from an item that says it, and the receipts that were kept for it."""
    return found.body, load_delivery(found.receipts or ())


def receipt_actions(item: type[PromisesItem], delivery: Delivery) -> list[Action]:
    """Return how receipts join those of an item: a set keeps each once, whoever adds it and how often."""
    return [item.receipts.add({dump_receipt(each) for each in delivery.receipts})] if delivery.receipts else []


def mark(writing: Transaction, item: type[PromisesItem], marking: Marking) -> None:
    """Write the marks of a profile, if they are still those that were read."""
    known = marking.person.marks
    unmoved = item.marks == dump_marks(known) if known else item.body.exists() & item.marks.does_not_exist()
    key = items.profile_key(item, marking.person)
    writing.update(key, [item.marks.set(dump_marks(marking.marks))], unmoved, Committed.STALE)
