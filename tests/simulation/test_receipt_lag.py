"""A send that left a doubt: a receipt inside the quiet window spares the resend; without one there is one resend."""

from datetime import timedelta

import pytest

from tests.simulation.receipt_lag import NOTICES, QUIET_WINDOW, measure


@pytest.mark.parametrize("lag", [timedelta(seconds=1), timedelta(minutes=5), QUIET_WINDOW - timedelta(seconds=10)])
def test_with_a_receipt_inside_the_quiet_window_nothing_comes_twice(lag: timedelta) -> None:
    found = measure(lag)
    assert (found.words, found.twice) == (NOTICES, 0)


@pytest.mark.parametrize("lag", [QUIET_WINDOW + timedelta(minutes=1), None])
def test_with_a_later_receipt_or_none_it_comes_twice_and_never_thrice(lag: timedelta | None) -> None:
    assert measure(lag).most == 2
