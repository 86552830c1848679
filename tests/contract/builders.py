"""What the contract suites store: a promise and what belongs to it, ordinary in all that a test does not name."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.clocks import Clock
from chalicelib.domain.facts import Fact
from chalicelib.domain.notices import Attempt, Notice, Outcome
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Kind, Promise, Word
from chalicelib.domain.recovery import Concession, Offer, OfferKind
from chalicelib.usecases.store_port import Answer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CODE = "K7QF-M2XA-9TBC"
OFFER = Offer(OfferKind.DISCOUNT, "10 % off", percent=Decimal("10.5"), valid_until=NOON + timedelta(days=30))


def promise(promise_id: str = "p1", **known: Any) -> Promise:
    """A promise, due in three days."""
    told = {
        "source": "shop",
        "ref": f"order-{promise_id}",
        "kind": Kind.COMMITMENT,
        "what": "Your order arrives",
        "made_at": NOON,
        "due_at": NOON + timedelta(days=3),
        "customer_ref": "c-99",
        "time_zone": "Europe/Madrid",
        "heard_until": NOON,
    }
    return Promise(id=promise_id, **{**told, **known})


def clock(promise_id: str = "p1", ring_at: datetime = NOON) -> Clock:
    """A clock that rings at noon."""
    return Clock(promise_id, ring_at)


def fact(seq: int, promise_id: str = "p1", **known: Any) -> Fact:
    """An update that was sent."""
    return Fact(promise_id, seq, **{"name": "UpdateSent", "at": NOON, **known})


def notice(n: int = 1, token: str = "first", **known: Any) -> Notice:
    """The claim of an update by email."""
    told = {
        "promise_id": "p1",
        "word": Word.UPDATE,
        "channel": Channel.EMAIL,
        "due_at": NOON,
        "claimed_at": NOON,
        "lease_until": NOON + MINUTE,
    }
    return Notice(n=n, token=token, **{**told, **known})


def attempt(outcome: Outcome = Outcome.ACCEPTED, at: datetime = NOON, **known: Any) -> Attempt:
    """One send by email."""
    return Attempt(at, Channel.EMAIL, outcome, **known)


def concession(code: str = CODE, **known: Any) -> Concession:
    """Ten and a half per cent off, granted at noon."""
    told = {"promise_id": "p1", "recovery_n": 1, "customer_ref": "c-99", "offer": OFFER, "granted_at": NOON}
    return Concession(code, **{**told, **known})


def redeemed(order: str = "o-1", after: timedelta = MINUTE, **known: Any) -> Concession:
    """The same concession, redeemed against an order."""
    return concession(order=order, redeemed_at=NOON + after, **known)


def answer(webhook_id: str = "msg_1", body: str = '{"promise":{}}') -> Answer:
    """The answer to a webhook."""
    return Answer("shop", webhook_id, 202, body, NOON + timedelta(days=8))
