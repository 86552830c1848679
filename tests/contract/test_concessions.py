"""What every Store does with concessions, each redeemed exactly once, and with the way back for text messages."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.domain.recovery import Concession
from chalicelib.usecases.store_port import Commit, Committed, ReplyRoute, Store
from tests.contract.builders import CODE, MINUTE, NOON, answer, concession, promise, redeemed
from tests.contract.conftest import Stored


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def granted(store: Store, given: Concession) -> None:
    version = store.load(["p1"]).get("p1", promise()).version
    assert store.commit(Commit(promise(version=version), None, concession=given)) is Committed.DONE


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
    assert store.concession(CODE) is None


def test_a_redemption_is_recorded_with_its_order_and_the_webhooks_answer(store: Store) -> None:
    granted(store, concession())
    assert store.redeem(redeemed(), answer()) is Committed.DONE
    assert store.concession(CODE) == redeemed()
    assert store.answer("shop", "msg_1") == answer()


def test_the_same_webhook_again_redeems_nothing_twice(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(), answer())
    assert store.redeem(redeemed("o-2"), answer()) is Committed.REPEATED
    assert store.concession(CODE) == redeemed()


def test_the_same_order_told_again_is_fine_and_the_first_moment_stays(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(), answer("msg_1"))
    assert store.redeem(redeemed(after=2 * MINUTE), answer("msg_2")) is Committed.DONE
    assert store.concession(CODE) == redeemed()


def test_another_order_cannot_redeem_it_again(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(), answer("msg_1"))
    assert store.redeem(redeemed("o-2"), answer("msg_2")) is Committed.STALE
    assert store.answer("shop", "msg_2") is None


def test_of_ten_orders_at_once_one_redeems_it(store: Store) -> None:
    granted(store, concession())
    with ThreadPoolExecutor(10) as pool:
        ended = list(pool.map(lambda n: store.redeem(redeemed(f"o-{n}"), answer(f"msg_{n}")), range(10)))
    assert sorted(each.value for each in ended) == ["done"] + ["stale"] * 9


def test_of_two_orders_told_twenty_times_at_once_one_wins_each_time_it_is_told(store: Store) -> None:
    granted(store, concession())
    orders = ["o-1", "o-2"] * 10

    def redeem(n: int) -> Committed:
        return store.redeem(redeemed(orders[n], n * MINUTE), answer(f"msg_{n}"))

    with ThreadPoolExecutor(20) as pool:
        ended = list(pool.map(redeem, range(20)))
    kept = store.concession(CODE)
    assert kept
    assert kept.order in orders
    assert ended == [Committed.DONE if order == kept.order else Committed.STALE for order in orders]
    answered = [n for n in range(20) if store.answer("shop", f"msg_{n}")]
    assert answered == [n for n in range(20) if orders[n] == kept.order]
    assert kept.redeemed_at in {NOON + n * MINUTE for n in answered}


@pytest.mark.parametrize("lacking", [{"order": None}, {"redeemed_at": None}])
def test_a_redemption_without_its_order_or_moment_is_a_mistake_and_writes_nothing(
    store: Store, lacking: dict[str, None]
) -> None:
    granted(store, concession())
    with pytest.raises(ValueError, match="order and a moment"):
        store.redeem(replace(redeemed(), **lacking), answer())
    assert store.concession(CODE) == concession()
    assert store.answer("shop", "msg_1") is None


def test_a_webhook_answered_before_is_repeated_even_when_the_concession_is_gone(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(), answer(body="first"))
    granted(store, concession(void=True))
    assert store.redeem(redeemed("o-2"), answer(body="second")) is Committed.REPEATED
    assert store.answer("shop", "msg_1") == answer(body="first")


def test_a_void_concession_or_one_never_granted_cannot_be_redeemed(store: Store) -> None:
    assert store.redeem(redeemed(), answer("msg_1")) is Committed.STALE
    granted(store, concession(void=True))
    assert store.redeem(redeemed(), answer("msg_2")) is Committed.STALE
    granted(store, concession())
    assert store.redeem(redeemed(), answer("msg_3")) is Committed.DONE


def test_a_concession_that_becomes_void_keeps_its_redemption(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(), answer())
    granted(store, concession(void=True))
    assert store.concession(CODE) == redeemed(void=True)
    assert store.redeem(redeemed(), answer("msg_2")) is Committed.STALE


def test_a_change_of_mind_and_back_still_knows_the_one_order(store: Store) -> None:
    granted(store, concession())
    store.redeem(redeemed(), answer("msg_1"))
    granted(store, concession(void=True))
    granted(store, concession())
    assert list(store.concessions_of("c-99")) == [redeemed()]
    assert store.redeem(redeemed("o-2"), answer("msg_2")) is Committed.STALE
    assert store.redeem(redeemed(), answer("msg_3")) is Committed.DONE


def test_a_concession_never_brings_a_redemption_of_its_own(store: Store) -> None:
    granted(store, redeemed())
    assert store.concession(CODE) == concession()


def test_a_phone_replies_to_the_promise_it_was_last_asked_about(store: Store) -> None:
    assert store.reply_route("hash-of-a-phone") is None
    for version, promise_id in enumerate(["p1", "p2"]):
        route = ReplyRoute("hash-of-a-phone", promise_id, NOON + version * MINUTE)
        store.set_reply_route(route)
        assert store.reply_route("hash-of-a-phone") == route
