"""What every Store does, the fake's as the real one's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Word
from chalicelib.domain.receipts import Receipt, ReceiptKind, delivery_of
from chalicelib.usecases.store_port import (
    Commit,
    Committed,
    History,
    ReplyRoute,
    SentAs,
    Store,
    StoreUnavailable,
)
from tests.contract.builders import CODE, MINUTE, NOON, answer, clock, fact, notice, promise, redeemed
from tests.contract.conftest import Stored

GEMMA = Customer("c-99", "es", "Europe/Madrid", name="Gemma", phone="+34600000000")
PROCESSED = Receipt(NOON, ReceiptKind.PROCESSED, "m-1")


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def made(store: Store, promise_id: str = "p1") -> None:
    assert store.commit(Commit(promise(promise_id), None)) is Committed.DONE


def history(store: Store) -> History:
    known = store.history("p1")
    assert known
    return known


def test_a_new_promise_is_read_back_as_it_was_stored_under_version_one(store: Store) -> None:
    made(store)
    assert store.load(["p1", "nobody"]) == {"p1": promise(version=1)}


def test_a_hundred_promises_and_more_are_read_at_once_even_when_named_twice(store: Store) -> None:
    names = [f"p{n}" for n in range(120)]
    for each in names:
        made(store, each)
    assert sorted(store.load([*names, "p0"])) == sorted(names)


def test_reading_nothing_gives_nothing(store: Store) -> None:
    assert store.load([]) == {}
    assert store.history("nobody") is None
    assert store.answer("shop", "msg_1") is None


def test_a_promise_cannot_be_made_twice(store: Store) -> None:
    made(store)
    assert store.commit(Commit(promise(what="Another"), None)) is Committed.STALE
    assert store.load(["p1"])["p1"].what == "Your order arrives"


def test_a_promise_that_was_never_stored_cannot_be_changed(store: Store) -> None:
    assert store.commit(Commit(promise(version=3), None)) is Committed.STALE
    assert store.load(["p1"]) == {}


def test_of_two_changes_to_the_same_version_the_second_writes_nothing(store: Store) -> None:
    made(store)
    first = Commit(promise(version=1, seq=1), None, facts=(fact(1),))
    second = Commit(promise(version=1, seq=2), clock(), facts=(fact(2),), answer=answer())
    assert store.commit(first) is Committed.DONE
    assert store.commit(second) is Committed.STALE
    assert history(store).facts == (fact(1),)
    assert history(store).promise.version == 2
    assert store.answer("shop", "msg_1") is None


def test_many_changes_to_one_version_at_once_have_one_winner(store: Store) -> None:
    made(store)
    with ThreadPoolExecutor(10) as pool:
        change = [Commit(promise(version=1, seq=n), None, facts=(fact(n),)) for n in range(1, 11)]
        ended = list(pool.map(store.commit, change))
    assert sorted(each.value for each in ended) == ["done"] + ["stale"] * 9
    assert len(history(store).facts) == 1


def test_a_webhook_answered_before_is_repeated_and_changes_nothing(store: Store) -> None:
    store.commit(Commit(promise(), None, answer=answer(body="first")))
    again = Commit(promise(version=1), None, facts=(fact(1),), answer=answer(body="second"))
    assert store.commit(again) is Committed.REPEATED
    assert store.answer("shop", "msg_1") == answer(body="first")
    assert store.answer("another shop", "msg_1") is None
    assert history(store).facts == ()


def test_repeated_goes_before_fenced_and_fenced_before_stale(store: Store) -> None:
    store.commit(Commit(promise(), None, answer=answer()))
    store.claim(notice(token="mine"))
    fenced = Commit(promise(version=7), None, notice=notice(token="other"))
    assert store.commit(fenced) is Committed.FENCED
    assert store.commit(replace(fenced, answer=answer())) is Committed.REPEATED


def test_profiles_are_stored_with_the_promise_and_read_by_reference(store: Store) -> None:
    ana = Promiser("seller-7", name="Ana", team="sales")
    gemma = Customer("c-99", "es", "Europe/Madrid", name="Gemma", email="g@example.com", channels=())
    store.commit(Commit(promise(), None, customer=gemma, promiser=ana))
    assert store.customers(["c-99", "c-100"]) == {"c-99": gemma}
    assert store.promisers(["seller-7", "c-99"]) == {"seller-7": ana}


def test_a_profile_told_again_replaces_the_one_before(store: Store) -> None:
    store.commit(Commit(promise(), None, customer=GEMMA))
    store.commit(Commit(promise(version=1), None, customer=replace(GEMMA, phone=None, locale="pt-PT")))
    assert store.customers(["c-99"]) == {"c-99": replace(GEMMA, phone=None, locale="pt-PT")}


def test_facts_are_read_by_promise_and_number(store: Store) -> None:
    told = (fact(1, data={"channel": "email", "late": 1}), fact(2, text="Found the fault"))
    store.commit(Commit(promise(seq=2), None, facts=told))
    found = store.facts([("p1", 2), ("p1", 1), ("p1", 1), ("p1", 3), ("p2", 1)])
    assert sorted(found, key=lambda each: each.seq) == list(told)


def test_history_has_facts_by_number_and_notices_by_when_they_were_due(store: Store) -> None:
    store.commit(Commit(promise(seq=11), None, facts=tuple(fact(n) for n in range(11, 0, -1))))
    later, sooner = notice(1, due_at=NOON + MINUTE), notice(2, due_at=NOON)
    confirmation = notice(1, word=Word.CONFIRMATION, due_at=NOON - MINUTE)
    for each in (later, sooner, confirmation):
        store.claim(each)
    assert [each.seq for each in history(store).facts] == list(range(1, 12))
    assert history(store).notices == (confirmation, sooner, later)


def test_times_are_kept_to_the_microsecond(store: Store) -> None:
    precise = NOON + timedelta(microseconds=123_457)
    store.commit(Commit(promise(made_at=precise), None, facts=(fact(1, at=precise),)))
    assert history(store).promise.made_at == precise
    assert history(store).facts[0].at == precise


def test_an_unreachable_store_says_so_whatever_it_is_asked(unreachable: Stored) -> None:
    store, clocks = unreachable.store, unreachable.clocks
    calls: list[Callable[[], object]] = [
        lambda: store.load(["p1"]),
        lambda: store.customers(["c-99"]),
        lambda: store.promisers(["seller-7"]),
        lambda: store.facts([("p1", 1)]),
        lambda: store.history("p1"),
        lambda: store.answer("shop", "msg_1"),
        lambda: store.commit(Commit(promise(), None)),
        lambda: store.concession(CODE),
        lambda: store.concessions_of("c-99"),
        lambda: store.redeem(redeemed(), answer()),
        lambda: store.reply_route("hash-of-a-phone"),
        lambda: store.set_reply_route(ReplyRoute("hash-of-a-phone", "p1", NOON)),
        lambda: store.remove_reply_route("hash-of-a-phone"),
        lambda: store.remember(SentAs("m-1", "p1:update:1", NOON)),
        lambda: store.claims_of("c-99"),
        lambda: store.promises_of("c-99"),
        lambda: store.save_customer(GEMMA, answer(), known=False),
        lambda: store.forget("p1"),
        lambda: store.forget_customer("c-99", []),
        lambda: store.expire("p1", NOON),
        lambda: store.keep("p1"),
        lambda: store.find_notices([("p1", "update", 1)]),
        lambda: store.note(notice(delivery=delivery_of([PROCESSED]))),
        lambda: store.sent_as(["m-1"]),
        lambda: store.keep_early("m-1", delivery_of([PROCESSED]), NOON),
        lambda: store.claim(notice()),
        lambda: store.release(notice()),
        lambda: list(clocks.due(NOON)),
        lambda: clocks.get("p1"),
        lambda: clocks.armed(["p1"]),
    ]
    for call in calls:
        with pytest.raises(StoreUnavailable):
            call()
