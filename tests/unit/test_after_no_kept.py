"""After a "no": what was on its way before it, the numbers, erasure and retention."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.changes import keep
from chalicelib.domain.delivery import Sending, Spoken, after_sending
from chalicelib.domain.notices import Outcome
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import Kind, Promise, Status, Word
from chalicelib.domain.risks import Policy, late
from chalicelib.usecases.change_customer import CustomerErased, erase_customer
from chalicelib.usecases.list_promises import NEWEST
from chalicelib.usecases.read_promiser import read_promiser
from chalicelib.usecases.reconcile import reconcile
from tests.unit.after_no import DAY, HOUR, LEADS, a_world, answered, calls, closed, contested
from tests.unit.ledger_facts import count
from tests.unit.test_recovery import trouble
from tests.world import ANA, GEMMA, NINE


def reopened_promise() -> Promise:
    return contested().promise()


def recorded(promise: Promise, word: Word, n: int, seq: int) -> Promise:
    """Record a message that was written as of fact `seq` and is known to have gone out only now."""
    obligation = Obligation(promise.id, word, n, NINE)
    spoken = Spoken(obligation, Channel.EMAIL, NINE, seq, "")
    return after_sending(promise, spoken, Sending(Outcome.ACCEPTED, NINE + 3 * HOUR, HOUR)).promise


def test_a_closing_written_before_the_no_does_not_close_what_is_kept_after_it() -> None:
    promise = reopened_promise()
    kept = keep(promise, None, NINE + 3 * HOUR).promise
    assert Word.CLOSING not in recorded(kept, Word.CLOSING, 1, promise.reopened_seq - 1).told
    assert Word.CLOSING in recorded(kept, Word.CLOSING, 2, kept.seq).told


def test_a_confirmation_that_the_closing_had_overtaken_is_not_sent_after_it() -> None:
    world = a_world()
    world.make(leads=LEADS)
    world.keep()
    world.drain()
    assert world.heard() == ["closing"]
    answered(world)
    assert world.heard() == ["closing", "apology", "check_in_contested"]


def test_a_check_in_written_before_the_no_does_not_ask_what_happened() -> None:
    promise = reopened_promise()
    unasked = replace(promise, told=promise.told - {Word.CHECK_IN})
    assert Word.CHECK_IN not in recorded(unasked, Word.CHECK_IN, 2, promise.reopened_seq - 1).told
    assert Word.CHECK_IN in recorded(unasked, Word.CHECK_IN, 2, promise.seq).told


def test_an_apology_that_comes_after_its_promiser_has_answered_is_overtaken() -> None:
    promise = reopened_promise()
    untold = replace(promise, told=promise.told - {Word.APOLOGY})
    explained = late(untold, trouble(), Policy(), NINE + 3 * HOUR).promise
    assert Word.APOLOGY not in recorded(explained, Word.APOLOGY, 1, untold.seq).told


# Numbers, erasure, retention


def test_what_was_recorded_as_kept_stays_and_the_answer_stands_beside_it() -> None:
    world = contested()
    world.pass_time(3 * DAY)
    world.keep()
    count(world)
    ledger = read_promiser(ANA.ref, NEWEST, world)["ledger"]  # type: ignore[index]
    recorded_as = ("given", "kept_on_time", "kept_late", "broken_untold", "told_before_it_broke")
    assert [ledger[each] for each in recorded_as] == [1, 1, 0, 0, 0]
    assert (ledger["kept_rate"], ledger["perceived"]["no"], ledger["perceived"]["kept_rate"]) == (1.0, 1, 0.0)


def test_an_erased_customer_hears_no_more_of_it() -> None:
    world = contested()
    heard = len(world.heard())
    erase_customer(CustomerErased(GEMMA.ref), "shop", "msg_e", world)
    world.pass_time(30 * DAY)
    assert len(world.heard()) == heard
    assert (world.promise().status, world.store.clocks, calls(world)) == (Status.WITHDRAWN, {}, [])


def test_an_expiry_given_before_goes_when_it_is_taken_up_again() -> None:
    world = closed(a_world())
    world.rules = replace(world.rules, retention={Kind.COMMITMENT: DAY})
    world.pass_time(2 * DAY)
    nightly = reconcile(world, lambda: timedelta(minutes=10), afresh=True).found
    assert (nightly["PromisesRetired"], list(world.store.expiring)) == (1, [world.promise().id])
    answered(world)
    assert world.store.expiring == {}
    assert reconcile(world, lambda: timedelta(minutes=10), afresh=True).found["PromisesRetired"] == 0


@pytest.mark.parametrize("call", ["load", "expire"])
def test_what_is_reopened_between_a_nightly_s_page_and_its_expiry_is_kept(call: str) -> None:
    world = closed(a_world())
    world.rules = replace(world.rules, retention={Kind.COMMITMENT: DAY})
    world.pass_time(2 * DAY)

    def answering(made: str) -> None:
        if made == call:
            world.store.before = lambda _: None
            answered(world)

    world.store.before = answering
    assert reconcile(world, lambda: timedelta(minutes=10), afresh=True).found["PromisesRetired"] == 0
    assert world.store.expiring == {}


def test_what_is_given_its_expiry_while_it_is_reopened_is_kept() -> None:
    world = closed(a_world())
    world.rules = replace(world.rules, retention={Kind.COMMITMENT: DAY})
    world.pass_time(2 * DAY)

    def retiring(call: str) -> None:
        if call == "keep":
            world.store.after = lambda _: None
            assert reconcile(world, lambda: timedelta(minutes=10), afresh=True).found["PromisesRetired"] == 1

    world.store.after = retiring
    answered(world)
    assert world.promise().status is Status.BROKEN
    assert world.store.expiring == {}


def test_a_check_in_that_may_have_arrived_before_the_end_is_not_the_one_that_asks_what_happened() -> None:
    world = a_world()
    world.make(leads=LEADS, due=2 * DAY)
    world.email.always_answer(ANA.email or "", Outcome.UNKNOWN)
    world.pass_time(DAY + timedelta(minutes=1))
    world.email.always_answer(ANA.email or "", Outcome.ACCEPTED)
    world.keep("Entregado")
    world.drain()
    answered(world)
    sent = {
        each.n: each.status
        for each in world.store.find_notices([(world.promise().id, Word.CHECK_IN, n) for n in (1, 2)])
    }
    assert sent == {1: Outcome.UNKNOWN, 2: Outcome.ACCEPTED}
