"""What receipts make of a delivery: the same, in whatever order and however often they come."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.receipts import Delivery, Receipt, ReceiptKind, delivery_of, merge
from tests.world import NINE

RECEIPTS = st.builds(
    Receipt,
    at=st.integers(0, 5).map(lambda second: NINE + timedelta(seconds=second)),
    kind=st.sampled_from(ReceiptKind),
    message_id=st.sampled_from(["a", "b"]),
)
DELIVERIES = st.lists(RECEIPTS, max_size=6).map(delivery_of)


@given(DELIVERIES, DELIVERIES)
def test_it_does_not_matter_which_comes_first(one: Delivery, other: Delivery) -> None:
    assert merge(one, other) == merge(other, one)


@given(DELIVERIES, DELIVERIES, DELIVERIES)
def test_it_does_not_matter_how_they_are_batched(one: Delivery, other: Delivery, third: Delivery) -> None:
    assert merge(merge(one, other), third) == merge(one, merge(other, third))


@given(DELIVERIES, DELIVERIES)
def test_a_repeat_changes_nothing(one: Delivery, other: Delivery) -> None:
    both = merge(one, other)
    assert merge(both, other) == both == merge(both, both)


@given(DELIVERIES, DELIVERIES)
def test_the_status_only_ever_rises(one: Delivery, other: Delivery) -> None:
    order = [None, *ReceiptKind]
    assert order.index(merge(one, other).status) >= order.index(one.status)


@given(DELIVERIES, DELIVERIES)
def test_a_failure_is_never_forgotten_and_no_first_time_moves_later(one: Delivery, other: Delivery) -> None:
    both = merge(one, other)
    assert (both.failure is not None) == (one.failure is not None or other.failure is not None)
    assert {each.kind for each in both.firsts} == {each.kind for each in both.receipts}
    for each in one.receipts:
        first = both.first(each.kind)
        assert first
        assert first.at <= each.at


def test_an_asynchronous_bounce_outranks_the_delivery_before_it() -> None:
    delivered, bounced = Receipt(NINE, ReceiptKind.DELIVERED), Receipt(NINE, ReceiptKind.BOUNCED)
    assert delivery_of([bounced, delivered]).status is ReceiptKind.BOUNCED
    assert delivery_of([bounced, delivered]).failure == bounced


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([("bounced", "a")], True),
        ([("delivered", "a"), ("bounced", "a")], True),
        ([("delivered", "b"), ("blocked", "a")], False),
        ([("opened", "b"), ("bounced", "a")], False),
        ([("delivered", "a"), ("delivered", "b"), ("bounced", "a")], False),
        ([("delivered", "a"), ("delivered", "b"), ("bounced", "a"), ("dropped", "b")], True),
        ([("delivered", "b"), ("bounced", "")], True),
        ([("delivered", ""), ("bounced", "a")], True),
        ([("deferred", "b"), ("bounced", "a")], True),
        ([("delivered", "a")], False),
    ],
)
def test_a_message_reached_nobody_when_no_copy_of_it_arrived_and_stayed(
    reports: list[tuple[str, str]], expected: bool
) -> None:
    told = [Receipt(NINE, ReceiptKind(kind), copy) for kind, copy in reports]
    assert {delivery_of(each).reached_nobody for each in permutations(told)} == {expected}
