"""Each webhook counts once, whatever the sender repeats, and whoever else is changing the promise."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.changes import Making, NotPossibleAnyMore, keep, progress
from chalicelib.domain.promise import Kind
from chalicelib.usecases.change_customer import CustomerChanged, change_customer
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.take_event import NoSuchPromise, PromiseMade, PromiseNews, ReferenceTaken
from tests.world import ANA, GEMMA, NINE, REF, SOURCE, World


def made(**changes: Any) -> PromiseMade:
    making = Making(SOURCE, REF, Kind.COMMITMENT, "Llega", NINE + timedelta(days=2), GEMMA.ref, "UTC", digest="one")
    return PromiseMade(replace(making, **changes), GEMMA, ANA)


def news() -> PromiseNews:
    return PromiseNews(REF, lambda promise, now: progress(promise, "salió", now, tell_now=False))


def test_the_same_webhook_again_gets_the_first_answer_and_changes_nothing() -> None:
    world = World()
    first = world.tell(made(), "msg-1")
    world.system.time += timedelta(hours=1)
    before = world.promise()
    assert world.tell(made(due_at=NINE + timedelta(days=5), digest="two"), "msg-1") == first
    assert world.promise() == before


def test_a_repeat_after_the_promise_is_over_still_gets_its_first_answer() -> None:
    world = World()
    world.tell(made())
    first = world.tell(news(), "msg-2")
    world.keep()
    assert world.tell(news(), "msg-2") == first
    with pytest.raises(NotPossibleAnyMore):
        world.tell(news(), "msg-3")


def test_one_reference_names_one_promise_only() -> None:
    world = World()
    world.tell(made())
    with pytest.raises(ReferenceTaken):
        world.tell(made(digest="other"))


def test_the_same_promise_told_under_another_webhook_id_is_not_made_twice() -> None:
    world = World()
    world.tell(made())
    world.tell(made())
    assert world.facts() == ["PromiseMade"]


def test_news_of_an_unknown_promise_is_refused_and_can_be_repeated_once_it_is_known() -> None:
    world = World()
    with pytest.raises(NoSuchPromise):
        world.tell(news(), "msg-1")
    world.tell(made())
    world.tell(news(), "msg-1")
    assert world.facts() == ["PromiseMade", "ProgressNoted"]


def test_two_events_at_once_are_both_recorded() -> None:
    world = World()
    world.tell(made())

    def another_comes_first(call: str) -> None:
        if call == "commit":
            world.store.before = lambda _: None
            world.tell(news(), "msg-a")

    world.store.before = another_comes_first
    world.tell(news(), "msg-b")
    assert [each.seq for each in world.promise().news] == [2, 3]


def test_the_same_webhook_delivered_twice_at_once_counts_once() -> None:
    world = World()
    world.tell(made())

    def its_twin_comes_first(call: str) -> None:
        if call == "commit":
            world.store.before = lambda _: None
            world.tell(news(), "msg-a")

    world.store.before = its_twin_comes_first
    world.tell(news(), "msg-a")
    assert len(world.promise().news) == 1


def test_a_lost_answer_is_found_by_the_repeat() -> None:
    world = World()

    def lose(call: str) -> None:
        if call == "commit":
            world.store.after = lambda _: None
            raise StoreUnavailable

    world.store.after = lose
    with pytest.raises(StoreUnavailable):
        world.tell(made(), "msg-1")
    world.tell(made(), "msg-1")
    assert world.facts() == ["PromiseMade"]
    world.pass_time(timedelta(minutes=1))
    assert world.heard() == ["confirmation"]


def test_an_answer_is_kept_longer_than_seven_days() -> None:
    world = World()
    answer = world.tell(made())
    assert answer.expires_at - NINE > timedelta(days=7)


def test_a_newer_telling_keeps_the_addresses_it_does_not_speak_of() -> None:
    world = World()
    world.tell(made())
    silent = replace(GEMMA, email=None, phone=None, locale="en")
    making = replace(made().making, ref="order-5", digest="five")
    world.tell(PromiseMade(making, silent, None))
    assert world.store.profiles[GEMMA.ref] == replace(GEMMA, locale="en")


def test_a_promise_that_is_told_again_takes_nobody_back_to_an_older_address() -> None:
    world = World()
    world.make()
    moved = replace(GEMMA, email="new@example.com")
    change_customer(CustomerChanged(moved), SOURCE, "msg_moved", world)
    world.make()
    assert world.store.profiles[GEMMA.ref] == moved


def test_kept_after_its_due_time_is_recorded_as_late() -> None:
    world = World()
    world.tell(made())
    world.pass_time(timedelta(days=2, minutes=1))
    world.tell(PromiseNews(REF, lambda promise, now: keep(promise, None, now)))
    world.pass_time(timedelta(minutes=1))
    assert world.heard() == ["confirmation", "overdue", "closing_late"]
    assert world.store.noted[world.promise().id, 5].data["late"] == 1
