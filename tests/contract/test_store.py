"""What every Store does, the fake's as the real one's."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.notices import Notice, Outcome
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Word
from chalicelib.usecases.ports import Commit, Committed, History, Store
from tests.contract.builders import MINUTE, NOON, answer, attempt, clock, fact, notice, promise
from tests.contract.conftest import Stored


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
    gemma = Customer("c-99", "es", "Europe/Madrid", name="Gemma", phone="+34600000000")
    store.commit(Commit(promise(), None, customer=gemma))
    store.commit(Commit(promise(version=1), None, customer=replace(gemma, phone=None, locale="pt-PT")))
    assert store.customers(["c-99"]) == {"c-99": replace(gemma, phone=None, locale="pt-PT")}


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


def test_the_first_claim_wins_and_the_next_is_shown_who_holds_it(store: Store) -> None:
    assert store.claim(notice(token="first")) is None
    assert store.claim(notice(token="second", claimed_at=NOON + MINUTE)) == notice(token="first")
    assert history_of_claims(store) == (notice(token="first"),)


def test_fifty_claims_at_once_have_one_winner_and_all_losers_see_it(store: Store) -> None:
    tokens = [f"token-{n}" for n in range(50)]
    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(lambda token: store.claim(notice(token=token)), tokens))
    assert results.count(None) == 1
    winner = notice(token=tokens[results.index(None)])
    assert {each for each in results if each} == {winner}


def test_the_same_claim_made_again_after_its_answer_was_lost_is_still_won(store: Store) -> None:
    assert store.claim(notice()) is None
    assert store.claim(notice()) is None


def test_a_lapsed_claim_is_not_taken_but_shown_as_it_is(store: Store) -> None:
    store.claim(notice(token="vanished", lease_until=NOON))
    held = store.claim(notice(token="next", claimed_at=NOON + MINUTE))
    assert held == notice(token="vanished", lease_until=NOON)
    assert held.lapsed(NOON + MINUTE)


@pytest.mark.parametrize("over", [Outcome.ACCEPTED, Outcome.REFUSED])
def test_a_notice_that_was_met_or_refused_is_not_claimed_again(store: Store, over: Outcome) -> None:
    made(store)
    done = claimed_and_recorded(store, over)
    assert store.claim(notice(token="second")) == done


@pytest.mark.parametrize("failed", [Outcome.UNAVAILABLE, Outcome.UNKNOWN])
def test_a_notice_whose_send_failed_is_claimed_again_and_keeps_its_attempts(store: Store, failed: Outcome) -> None:
    made(store)
    claimed_and_recorded(store, failed)
    again = notice(token="second", claimed_at=NOON + MINUTE, lease_until=NOON + 2 * MINUTE)
    assert store.claim(again) is None
    assert history(store).notices == (replace(again, attempts=(attempt(failed),)),)


def test_attempts_of_every_claim_are_kept_in_order_and_none_is_doubled(store: Store) -> None:
    made(store)
    claimed_and_recorded(store, Outcome.UNAVAILABLE)
    store.claim(notice(token="second"))
    second = attempt(Outcome.ACCEPTED, NOON + MINUTE, provider_id="abc")
    done = notice(token="second", status="accepted", attempts=(second,))
    assert store.commit(Commit(promise(version=2), None, notice=done)) is Committed.DONE
    both = (attempt(Outcome.UNAVAILABLE), second)
    knowing = replace(done, attempts=both)
    assert store.commit(Commit(promise(version=3), None, notice=knowing)) is Committed.DONE
    assert history(store).notices == (knowing,)


def test_a_notice_claimed_by_another_meanwhile_fences_the_record(store: Store) -> None:
    made(store)
    claimed_and_recorded(store, Outcome.UNKNOWN)
    store.claim(notice(token="second"))
    late = notice(token="first", status="accepted", attempts=(attempt(Outcome.ACCEPTED),))
    commit = Commit(promise(version=2), None, facts=(fact(1),), notice=late)
    assert store.commit(commit) is Committed.FENCED
    assert history(store).facts == ()
    assert history(store).notices[0].status == "claimed"


def test_a_notice_that_nobody_claimed_cannot_be_recorded(store: Store) -> None:
    made(store)
    assert store.commit(Commit(promise(version=1), None, notice=notice())) is Committed.FENCED


def test_a_first_claim_that_is_released_was_never_there(store: Store) -> None:
    made(store)
    store.claim(notice())
    store.release(notice())
    assert history(store).notices == ()
    assert store.claim(notice(token="second")) is None


def test_a_later_claim_that_is_released_returns_to_its_last_outcome(store: Store) -> None:
    made(store)
    claimed_and_recorded(store, Outcome.UNAVAILABLE)
    store.claim(notice(token="second"))
    store.release(notice(token="second"))
    assert history(store).notices[0].status == "unavailable"
    assert store.claim(notice(token="third")) is None


def test_releasing_somebody_elses_claim_or_one_that_is_over_does_nothing(store: Store) -> None:
    made(store)
    store.release(notice())
    store.claim(notice())
    store.release(notice(token="second"))
    assert history(store).notices == (notice(),)
    done = notice(status="accepted", attempts=(attempt(),))
    store.commit(Commit(promise(version=1), None, notice=done))
    store.release(notice())
    assert history(store).notices == (done,)


def test_times_are_kept_to_the_microsecond(store: Store) -> None:
    precise = NOON + timedelta(microseconds=123_457)
    store.commit(Commit(promise(made_at=precise), None, facts=(fact(1, at=precise),)))
    assert history(store).promise.made_at == precise
    assert history(store).facts[0].at == precise


def claimed_and_recorded(store: Store, outcome: Outcome) -> Notice:
    assert store.claim(notice()) is None
    done = notice(status=outcome.value, attempts=(attempt(outcome),))
    assert store.commit(Commit(promise(version=1), None, notice=done)) is Committed.DONE
    return done


def history_of_claims(store: Store) -> tuple[Notice, ...]:
    made(store)
    return history(store).notices
