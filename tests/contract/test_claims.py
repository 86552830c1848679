"""What every Store does with claims: who may send, who recorded, and what a rival sees."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.domain.notices import Notice, Outcome
from chalicelib.usecases.store_port import Commit, Committed, History, Store
from tests.contract.builders import MINUTE, NOON, attempt, fact, notice, promise
from tests.contract.conftest import Stored


@pytest.fixture
def store(stored: Stored) -> Store:
    return stored.store


def made(store: Store) -> None:
    assert store.commit(Commit(promise(), None)) is Committed.DONE


def history(store: Store) -> History:
    known = store.history("p1")
    assert known
    return known


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


def claimed_and_recorded(store: Store, outcome: Outcome) -> Notice:
    assert store.claim(notice()) is None
    done = notice(status=outcome.value, attempts=(attempt(outcome),))
    assert store.commit(Commit(promise(version=1), None, notice=done)) is Committed.DONE
    return done


def history_of_claims(store: Store) -> tuple[Notice, ...]:
    made(store)
    return history(store).notices
