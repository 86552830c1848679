"""Marks on addresses: what they keep from being sent is the same in whatever order and however often reports come."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.codec_receipts import dump_marks, load_marks
from chalicelib.domain.marks import MOST_MARKS, mark_of, marked
from chalicelib.domain.people import Channel, Customer, Mark
from chalicelib.domain.receipts import Reason, Receipt, ReceiptKind
from tests.http import Http
from tests.receipts import event, post, report
from tests.unit.test_take_receipts import made
from tests.world import GEMMA, NINE, World

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADDRESS = GEMMA.email or ""
# As SendGrid writes them.
KINDS: dict[str, dict[str, str]] = {
    "unsubscribe": {},
    "group_resubscribe": {},
    "spamreport": {},
    "bounce": {},
    "blocked": {"type": "blocked"},
}
MARKS = st.builds(
    mark_of,
    st.builds(
        Receipt,
        at=st.integers(0, 4).map(lambda minute: NINE + minute * MINUTE),
        kind=st.sampled_from([ReceiptKind.RESUBSCRIBED, ReceiptKind.BOUNCED]),
        message_id=st.just("m-1"),
        reason=st.sampled_from(Reason),
    ),
    st.sampled_from(Channel),
    st.sampled_from([ADDRESS, "G@Example.com", "b@example.com"]),
)


def arrived(happened: tuple[str, ...], arriving: tuple[str, ...]) -> World:
    """Let events that happened ten minutes apart arrive in an order of their own, each twice."""
    world = World()
    confirmation = made(world, due=9 * DAY, at=(3 * DAY,))
    http, start = Http(world), world.system.now()
    world.pass_time(2 * HOUR)
    for kind in (*arriving, *arriving):
        at = (start + happened.index(kind) * 10 * MINUTE).timestamp()
        told = event(confirmation, kind.replace("blocked", "bounce"), at, email=ADDRESS, **KINDS[kind])
        assert post(http, [told]).status_code == 204
    return world


def reason(world: World) -> str | None:
    """What the reads say of Gemma's email address."""
    shown = Http(world).read(f"/v1/customers/{GEMMA.ref}")["channels"][0]["suppressed"]
    return shown and str(shown["reason"])


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        (("unsubscribe", "spamreport", "group_resubscribe"), "spam_report"),
        (("spamreport", "unsubscribe", "group_resubscribe"), "spam_report"),
        (("unsubscribe", "bounce", "group_resubscribe"), "hard_bounce"),
        (("bounce", "unsubscribe", "group_resubscribe"), "hard_bounce"),
        (("spamreport", "unsubscribe"), "spam_report"),
        (("unsubscribe", "spamreport"), "spam_report"),
        (("blocked", "unsubscribe", "group_resubscribe"), "blocked"),
        (("unsubscribe", "group_resubscribe"), None),
        (("group_resubscribe", "unsubscribe"), "unsubscribed"),
        (("group_resubscribe", "unsubscribe", "blocked", "spamreport"), "spam_report"),
    ],
)
def test_what_is_suppressed_depends_on_what_happened_and_not_on_what_came_first(
    happened: tuple[str, ...], expected: str | None
) -> None:
    worlds = [arrived(happened, arriving) for arriving in permutations(happened)]
    assert {reason(world) for world in worlds} == {expected}
    assert len({frozenset(world.store.profiles[GEMMA.ref].marks) for world in worlds}) == 1


@given(st.lists(MARKS.filter(lambda each: each is not None), max_size=8), st.randoms(use_true_random=False))
def test_marks_are_the_same_in_whatever_order_they_come_and_however_they_are_batched(
    marks: list[Mark], chance: object
) -> None:
    together = marked(GEMMA, marks, NINE + HOUR)
    shuffled = [*marks, *marks]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one_by_one = GEMMA
    for each in shuffled:
        one_by_one = replace(one_by_one, marks=load_marks(dump_marks(marked(one_by_one, [each], NINE + HOUR))))
    assert set(one_by_one.marks) == set(together)
    again = replace(GEMMA, marks=together)
    assert marked(again, marks, NINE + HOUR) == together


def test_an_address_that_comes_back_is_as_marked_as_it_was() -> None:
    world = World()
    confirmation = made(world, due=9 * DAY, at=(DAY, 2 * DAY))
    report(world, confirmation, "spamreport", email=ADDRESS)
    world.make(ref="order-2", customer=replace(GEMMA, email="b@example.com"))
    world.drain()
    report(world, f"{world.promise('order-2').id}:confirmation:1", "bounce", type="blocked", email="b@example.com")
    world.make(ref="order-3", customer=GEMMA)
    before = len(world.email.tried)
    world.pass_time(2 * DAY)
    assert reason(world) == "spam_report"
    assert len(world.email.tried) == before


def test_a_complaint_that_comes_when_the_address_has_changed_is_remembered_for_when_it_comes_back() -> None:
    world = World()
    confirmation = made(world)
    world.make(ref="order-2", customer=replace(GEMMA, email="b@example.com"))
    report(world, confirmation, "spamreport", email=ADDRESS)
    assert reason(world) is None
    world.make(ref="order-3", customer=GEMMA)
    assert reason(world) == "spam_report"


@pytest.mark.parametrize("arriving", [("unsubscribe", "group_resubscribe"), ("group_resubscribe", "unsubscribe")])
def test_who_takes_back_on_one_notice_what_they_said_on_another_is_written_to(arriving: tuple[str, str]) -> None:
    world = World()
    confirmation = made(world, at=(HOUR,))
    world.pass_time(3 * HOUR)
    notices = {"unsubscribe": f"{world.promise().id}:update:1", "group_resubscribe": confirmation}
    at = {"unsubscribe": NINE + 2 * HOUR, "group_resubscribe": NINE + 2 * HOUR + MINUTE}
    for kind in arriving:
        told = event(notices[kind], kind, at[kind].timestamp(), email=ADDRESS)
        assert post(Http(world), [told]).status_code == 204
    assert reason(world) is None


def test_who_unsubscribes_from_the_same_notice_once_more_is_not_written_to() -> None:
    world = World()
    confirmation = made(world)
    for kind in ("unsubscribe", "group_resubscribe", "unsubscribe"):
        world.system.time += MINUTE
        report(world, confirmation, kind, email=ADDRESS)
    assert reason(world) == "unsubscribed"


@pytest.mark.parametrize("arriving", [(5, 59), (59, 5)])
def test_of_two_blocks_the_later_says_how_long_the_address_rests(arriving: tuple[int, int]) -> None:
    world = World()
    confirmation = made(world, at=(MINUTE,))
    world.pass_time(HOUR)
    notices = {5: confirmation, 59: f"{world.promise().id}:update:1"}
    for minutes in arriving:
        at = (NINE + minutes * MINUTE).timestamp()
        told = event(notices[minutes], "bounce", at, type="blocked", email=ADDRESS)
        assert post(Http(world), [told]).status_code == 204
    shown = Http(world).read(f"/v1/customers/{GEMMA.ref}")["channels"][0]["suppressed"]
    assert shown["until"] == (NINE + 59 * MINUTE + DAY).isoformat()


def test_a_repeated_report_that_names_no_address_does_not_mark_the_one_that_came_after() -> None:
    world = World()
    confirmation = made(world)
    report(world, confirmation, "bounce")
    world.make(ref="order-2", customer=replace(GEMMA, email="b@example.com"))
    report(world, confirmation, "bounce")
    assert reason(world) is None


def test_a_profile_keeps_the_marks_of_the_address_in_use_and_the_latest_of_the_others() -> None:
    old = [Mark(Channel.EMAIL, f"{n}@example.com", Reason.SPAM_REPORT, NINE + n * MINUTE) for n in range(40)]
    theirs = Mark(Channel.EMAIL, ADDRESS, Reason.HARD_BOUNCE, NINE - DAY)
    kept = marked(GEMMA, [theirs, *old], NINE + DAY)
    assert set(kept) == {theirs, *old[-(MOST_MARKS - 1) :]}
    one_by_one: Customer = GEMMA
    for each in (*old, theirs, *old):
        one_by_one = replace(one_by_one, marks=marked(one_by_one, [each], NINE + DAY))
    assert set(one_by_one.marks) == set(kept)


def test_a_block_that_is_over_is_not_kept() -> None:
    over = Mark(Channel.EMAIL, ADDRESS, Reason.BLOCKED, NINE - 2 * DAY, NINE - DAY)
    assert marked(replace(GEMMA, marks=(over,)), [], NINE) == ()


def test_marks_that_were_stored_one_a_channel_are_still_read() -> None:
    stored = (
        '[["email","g@example.com","spam_report","2026-11-24T09:00:00Z",null],'
        '["sms","+34600000000","blocked","2026-11-24T09:00:00Z","2026-11-25T09:00:00Z"]]'
    )
    person = replace(GEMMA, marks=load_marks(stored))
    assert dump_marks(person.marks) == stored
    found = [person.suppressed(each, NINE + MINUTE) for each in Channel]
    assert [each and each.reason for each in found] == [Reason.SPAM_REPORT, Reason.BLOCKED]
