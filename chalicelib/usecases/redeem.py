"""Redeem: record a concession's use against an order, exactly once."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.facts import Change
from chalicelib.domain.recovery import Concession
from chalicelib.usecases import arm
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Answer, Commit, Committed, StoreUnavailable
from chalicelib.usecases.take_event import ACCEPTED, ANSWERS_KEPT


class NoSuchConcession(Exception):
    """No concession was ever granted under this code."""


class NotRedeemable(Exception):
    """The concession was used for another order, withdrawn, or has expired. A retry cannot help."""


def redeem(code: str, order: str, source: str, webhook_id: str, services: Services) -> Answer:
    """Record that `order` used the concession; the same order again gets the same answer.

    Raises NoSuchConcession, or NotRedeemable with the reason, and StoreUnavailable.
    """
    now = services.system.now()
    for _ in range(arm.MOST_RACES):
        concession = services.store.concession(code)
        if concession is None:
            raise NoSuchConcession
        if first := _refused_or_repeated(concession, order, now, source, webhook_id, services):
            return first
        used = replace(concession, order=order, redeemed_at=concession.redeemed_at or now)
        body = json.dumps({"concession": without_words(used)})
        answer = Answer(source, webhook_id, ACCEPTED, body, now + ANSWERS_KEPT)
        outcome = _store(concession, used, answer, now, services)
        if outcome is Committed.DONE:
            return answer
        if outcome is Committed.REPEATED and (first := services.store.answer(source, webhook_id)):
            return first
    raise StoreUnavailable("the concession's promise kept changing under its redemption")


def _refused_or_repeated(
    concession: Concession, order: str, now: datetime, source: str, webhook_id: str, services: Services
) -> Answer | None:
    """Raise NotRedeemable when a concession cannot be used, unless this webhook has been answered before."""
    expires_at = concession.offer.valid_until
    why = None
    if concession.order is not None and concession.order != order:
        why = f"the concession was already redeemed against order {concession.order}"
    elif concession.void:
        why = "the concession was withdrawn, as the customer cancelled after all"
    elif concession.order is None and expires_at and expires_at <= now:
        why = f"the concession expired on {expires_at.isoformat()}"
    if why is None:
        return None
    if first := services.store.answer(source, webhook_id):
        return first
    raise NotRedeemable(why)


def _store(before: Concession, used: Concession, answer: Answer, now: datetime, services: Services) -> Committed:
    """Store a first redemption with its fact, so that it is published and counted once; a repeated one without."""
    promise = services.store.load([used.promise_id]).get(used.promise_id)
    if before.order or promise is None:
        return services.store.redeem(used, answer)
    offer = used.offer
    change = Change(promise).told(
        "ConcessionRedeemed",
        now,
        code=used.code,
        kind=offer.kind,
        minor_units=offer.minor_units,
        currency=offer.currency,
    )
    return arm.store(change, Commit(promise, None, answer=answer, redemption=used), now, services)


def is_open(concession: Concession, now: datetime) -> bool:
    """Tell whether a concession can still be used."""
    expires_at = concession.offer.valid_until
    return not concession.void and concession.order is None and (expires_at is None or now < expires_at)


def summary(concession: Concession) -> dict[str, Any]:
    """Return a concession as JSON-ready values: the value in minor units with its currency, or as a percentage."""
    return {**without_words(concession), "text": concession.offer.text}


def without_words(concession: Concession) -> dict[str, Any]:
    """Return the same without what the company wrote: answers are kept for days, where no erasure would find it."""
    offer = concession.offer
    return {
        "code": concession.code,
        "kind": offer.kind.value,
        "percent": str(offer.percent) if offer.percent is not None else None,
        "minor_units": offer.minor_units,
        "currency": offer.currency,
        "valid_until": offer.valid_until.isoformat() if offer.valid_until else None,
        "granted_at": concession.granted_at.isoformat(),
        "promise": {"id": concession.promise_id},
        "void": concession.void,
        "order": concession.order,
        "redeemed_at": concession.redeemed_at.isoformat() if concession.redeemed_at else None,
    }
