"""Receipts with their notices, messages by the provider's id, and marks on addresses: the fake and DynamoDB alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.notices import Notice, Outcome
from chalicelib.domain.people import Channel, Customer, Mark, Promiser
from chalicelib.domain.receipts import Delivery, Reason, Receipt, ReceiptKind, delivery_of
from chalicelib.usecases.store_port import Commit, Committed, Marking, SentAs, Store
from tests.contract.builders import MINUTE, NOON, attempt, notice, promise
from tests.contract.conftest import Stored

LATER = NOON + timedelta(days=8)
PROCESSED = Receipt(NOON, ReceiptKind.PROCESSED, "m-1")
BOUNCED = Receipt(NOON + MINUTE, ReceiptKind.BOUNCED, "m-1", Reason.HARD_BOUNCE)
GEMMA = Customer("c-99", "es", "Europe/Madrid", "Gemma", "g@example.com", "+34600000000")
ANA = Promiser("seller-7", "Ana", "ana@shop.example", "sales")
BAD = Mark(Channel.EMAIL, "g@example.com", Reason.HARD_BOUNCE, NOON)
RESTS = Mark(Channel.SMS, "+34600000000", Reason.BLOCKED, NOON, NOON + timedelta(days=1))


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def sent(store: Store, **known: object) -> Notice:
    """A notice that was claimed and accepted."""
    store.commit(Commit(promise(), None, customer=GEMMA, promiser=ANA))
    store.claim(notice())
    done = notice(status="accepted", attempts=(attempt(Outcome.ACCEPTED),), **known)
    assert store.commit(Commit(promise(version=1), None, notice=done)) is Committed.DONE
    return done


def test_a_record_can_say_itself_whose_the_providers_id_is(store: Store) -> None:
    store.keep_early("m-1", delivery_of([BOUNCED]), LATER)
    store.claim(notice())
    done = notice(status="accepted", attempts=(attempt(Outcome.ACCEPTED),))
    named = Commit(promise(), None, notice=done, sent_as=SentAs("m-1", done.id, LATER))
    assert store.commit(named) is Committed.DONE
    assert store.sent_as(["m-1"]) == {"m-1": (done.id, delivery_of([BOUNCED]))}
    assert store.remember(SentAs("m-1", done.id, LATER)) == delivery_of([BOUNCED])


def only(store: Store) -> Notice:
    (found,) = store.find_notices([("p1", "update", 1)])
    return found


def test_notices_are_found_by_promise_word_and_number(store: Store) -> None:
    done = sent(store, as_of=NOON, news_seq=7, news=(3, 5))
    found = store.find_notices([("p1", "update", 1), ("p1", "update", 2), ("p1", "closing", 1), ("p2", "update", 1)])
    assert list(found) == [done]
    assert list(store.find_notices([])) == []


def test_receipts_join_those_that_are_stored_in_whatever_order_they_come(store: Store) -> None:
    done = sent(store)
    store.note(replace(done, delivery=delivery_of([BOUNCED])))
    store.note(replace(done, delivery=delivery_of([PROCESSED])))
    store.note(replace(done, delivery=delivery_of([BOUNCED])))
    assert only(store) == replace(done, delivery=delivery_of([PROCESSED, BOUNCED]))


def test_no_receipts_change_nothing(store: Store) -> None:
    done = sent(store)
    store.note(done)
    assert only(store) == done


def test_receipts_of_a_notice_that_is_not_there_make_none(store: Store) -> None:
    store.commit(Commit(promise(), None))
    store.note(notice(delivery=delivery_of([BOUNCED])))
    assert list(store.find_notices([("p1", "update", 1)])) == []


def test_a_commit_joins_its_receipts_to_those_stored_since_it_was_read(store: Store) -> None:
    done = sent(store)
    store.note(replace(done, delivery=delivery_of([PROCESSED])))
    told = replace(done, delivery=delivery_of([BOUNCED]))
    assert store.commit(Commit(promise(version=2), None, notice=told, notice_was="accepted")) is Committed.DONE
    assert only(store).delivery == delivery_of([PROCESSED, BOUNCED])


def test_a_later_claim_keeps_the_receipts(store: Store) -> None:
    store.commit(Commit(promise(), None))
    store.claim(notice())
    unknown = notice(status="unknown", attempts=(attempt(Outcome.UNKNOWN),))
    store.commit(Commit(promise(version=1), None, notice=unknown))
    store.note(replace(unknown, delivery=delivery_of([PROCESSED])))
    assert store.claim(notice(token="second")) is None
    assert only(store).delivery == delivery_of([PROCESSED])


def test_a_notice_whose_status_has_changed_since_fences_the_commit(store: Store) -> None:
    done = sent(store)
    late = Commit(promise(version=2), None, notice=done, notice_was="claimed")
    assert store.commit(late) is Committed.FENCED


def test_a_message_is_found_by_the_providers_id(store: Store) -> None:
    assert store.remember(SentAs("m-1", "p1:update:1", LATER)) == Delivery()
    assert store.remember(SentAs("m-1", "p1:update:1", LATER)) == Delivery()
    assert store.sent_as(["m-1", "m-2"]) == {"m-1": ("p1:update:1", Delivery())}
    assert store.sent_as([]) == {}


def test_receipts_that_come_first_wait_for_their_message(store: Store) -> None:
    assert store.keep_early("m-1", delivery_of([BOUNCED]), LATER) is None
    assert store.keep_early("m-1", delivery_of([PROCESSED, BOUNCED]), LATER) is None
    assert store.sent_as(["m-1"]) == {}
    assert store.remember(SentAs("m-1", "p1:update:1", LATER)) == delivery_of([PROCESSED, BOUNCED])


def test_receipts_that_come_just_after_learn_whose_they_are(store: Store) -> None:
    store.remember(SentAs("m-1", "p1:update:1", LATER))
    assert store.keep_early("m-1", delivery_of([BOUNCED]), LATER) == "p1:update:1"


@pytest.mark.parametrize("person", [GEMMA, ANA])
def test_marks_are_kept_with_their_person_and_outlive_what_is_told_of_them(
    store: Store, person: Customer | Promiser
) -> None:
    sent(store)
    marks = (BAD, RESTS)
    assert store.commit(Commit(promise(version=2), None, marking=Marking(person, marks))) is Committed.DONE
    store.commit(Commit(promise(version=3), None, customer=replace(GEMMA, name="G."), promiser=replace(ANA, name="A.")))
    known = (
        store.customers(["c-99"])["c-99"] if isinstance(person, Customer) else store.promisers(["seller-7"])["seller-7"]
    )
    assert known == replace(person, name="G." if isinstance(person, Customer) else "A.", marks=marks)


def test_marks_that_were_changed_meanwhile_are_not_overwritten(store: Store) -> None:
    sent(store)
    store.commit(Commit(promise(version=2), None, marking=Marking(GEMMA, (BAD,))))
    late = Commit(promise(version=3), None, marking=Marking(GEMMA, (RESTS,)))
    assert store.commit(late) is Committed.STALE
    known = store.customers(["c-99"])["c-99"]
    assert (
        store.commit(Commit(promise(version=3), None, marking=Marking(known, (*known.marks, RESTS)))) is Committed.DONE
    )
    assert store.customers(["c-99"])["c-99"].marks == (BAD, RESTS)


def test_nobody_comes_about_by_a_mark(store: Store) -> None:
    store.commit(Commit(promise(), None))
    assert store.commit(Commit(promise(version=1), None, marking=Marking(GEMMA, (BAD,)))) is Committed.STALE
    assert store.customers(["c-99"]) == {}
