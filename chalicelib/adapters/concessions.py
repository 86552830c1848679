"""Concessions as items: one with its customer, and one that tells whose a code is."""

from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters import tables
from chalicelib.adapters.codec_recovery import dump_concession, load_concession
from chalicelib.adapters.compact import moment
from chalicelib.adapters.tables import PromisesItem
from chalicelib.domain.recovery import Concession

GRANTED = "granted"
VOID = "void"


def grant(item: type[PromisesItem], concession: Concession) -> tuple[PromisesItem, list[Action]]:
    """Return a concession's item and how it changes when it is granted, or becomes void: never its redemption."""
    status = VOID if concession.void else GRANTED
    return _key(item, concession), [item.status.set(status), item.body.set(dump_concession(concession))]


def holder_item(item: type[PromisesItem], concession: Concession) -> PromisesItem:
    """Return the item that tells whose concession a code is."""
    return item(tables.code_pk(concession.code), tables.HOLDER, body=concession.customer_ref)


def redemption(item: type[PromisesItem], concession: Concession) -> tuple[PromisesItem, list[Action], Condition]:
    """Return a concession's item, how it changes when it is redeemed, and under which condition it may be.

    It must be granted, and either open or redeemed against the same order before: then the first moment stays. Raises
    ValueError when the order or the moment is missing.
    """
    order, redeemed_at = concession.order, moment(concession.redeemed_at)
    if order is None or redeemed_at is None:
        raise ValueError("a redemption has an order and a moment")
    allowed: Condition = (item.status == GRANTED) & (item.order.does_not_exist() | (item.order == order))
    actions: list[Action] = [item.order.set(order), item.redeemed_at.set(item.redeemed_at | redeemed_at)]
    return _key(item, concession), actions, allowed


def concession_of(item: PromisesItem) -> Concession:
    """Return the concession that an item holds."""
    redeemed_at = datetime.fromisoformat(item.redeemed_at) if item.redeemed_at else None
    code = item.sk.removeprefix(tables.CONCESSION)
    return load_concession(code, item.body, void=item.status == VOID, order=item.order, redeemed_at=redeemed_at)


def _key(item: type[PromisesItem], concession: Concession) -> PromisesItem:
    return item(tables.customer_pk(concession.customer_ref), tables.concession_sk(concession.code))
