"""What every Store does with concessions, each redeemed exactly once, and with the way back for text messages."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.recovery import Concession, Offer, OfferKind
from chalicelib.usecases.ports import Commit, Committed, ReplyRoute, Store
from tests.contract.builders import MINUTE, NOON, answer, promise
from tests.contract.conftest import Stored

OFFER = Offer(OfferKind.DISCOUNT, "10 % off", percent=Decimal("10.5"), valid_until=NOON + timedelta(days=30))


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def concession(code: str = "K7QF-M2XA-9TBC", **known: Any) -> Concession:
    told = {"promise_id": "p1", "recovery_n": 1, "customer_ref": "c-99", "offer": OFFER, "granted_at": NOON}
    return Concession(code, **{**told, **known})


def granted(store: Store, given: Concession) -> None:
    version = store.load(["p1"]).get("p1", promise()).version
    assert store.commit(Commit(promise(version=version), None, concession=given)) is Committed.DONE


def redeemed(given: Concession, order: str = "o-1", after: timedelta = MINUTE) -> Concession:
    return replace(given, order=order, redeemed_at=NOON + after)


def test_a_concession_is_found_by_its_code_and_by_its_customer_oldest_first(store: Store) -> None:
    newer, older = concession("NEWER"), concession("OLDER", granted_at=NOON - MINUTE)
    other = concession("OTHER", customer_ref="c-100")
    for each in (newer, older, other):
        granted(store, each)
    assert store.concession("NEWER") == newer
    assert store.concession("UNKNOWN") is None
    assert list(store.concessions_of("c-99")) == [older, newer]
    assert list(store.concessions_of("nobody")) == []


def test_a_concession_is_not_granted_when_its_promise_moved_on(store: Store) -> None:
    assert store.commit(Commit(promise(version=4), None, concession=concession())) is Committed.STALE
    assert store.concession("K7QF-M2XA-9TBC") is None


def test_a_redemption_is_recorded_with_its_order_and_the_webhooks_answer(store: Store) -> None:
    granted(store, concession())
    assert store.redeem(redeemed(concession()), answer()) is Committed.DONE
    assert store.concession("K7QF-M2XA-9TBC") == redeemed(concession())
    assert store.answer("shop", "msg_1") == answer()


def test_the_same_webhook_again_redeems_nothing_twice(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(concession()), answer())
    assert store.redeem(redeemed(concession(), "o-2"), answer()) is Committed.REPEATED
    assert store.concession("K7QF-M2XA-9TBC") == redeemed(concession())


def test_the_same_order_told_again_is_fine_and_the_first_moment_stays(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(concession()), answer("msg_1"))
    assert store.redeem(redeemed(concession(), after=2 * MINUTE), answer("msg_2")) is Committed.DONE
    assert store.concession("K7QF-M2XA-9TBC") == redeemed(concession())


def test_another_order_cannot_redeem_it_again(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(concession()), answer("msg_1"))
    assert store.redeem(redeemed(concession(), "o-2"), answer("msg_2")) is Committed.STALE
    assert store.answer("shop", "msg_2") is None


def test_of_ten_orders_at_once_one_redeems_it(store: Store) -> None:
    granted(store, concession())
    with ThreadPoolExecutor(10) as pool:
        ended = list(pool.map(lambda n: store.redeem(redeemed(concession(), f"o-{n}"), answer(f"msg_{n}")), range(10)))
    assert sorted(each.value for each in ended) == ["done"] + ["stale"] * 9


def test_a_void_concession_or_one_never_granted_cannot_be_redeemed(store: Store) -> None:
    assert store.redeem(redeemed(concession()), answer("msg_1")) is Committed.STALE
    granted(store, concession(void=True))
    assert store.redeem(redeemed(concession()), answer("msg_2")) is Committed.STALE
    granted(store, concession())
    assert store.redeem(redeemed(concession()), answer("msg_3")) is Committed.DONE


def test_a_concession_that_becomes_void_keeps_its_redemption(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(concession()), answer())
    granted(store, concession(void=True))
    assert store.concession("K7QF-M2XA-9TBC") == redeemed(concession(void=True))


def test_a_phone_replies_to_the_promise_it_was_last_asked_about(store: Store) -> None:
    assert store.reply_route("hash-of-a-phone") is None
    for version, promise_id in enumerate(["p1", "p2"]):
        route = ReplyRoute("hash-of-a-phone", promise_id)
        assert store.commit(Commit(promise(version=version), None, reply_route=route)) is Committed.DONE
        assert store.reply_route("hash-of-a-phone") == route
