"""A share of the forgeries: one bit flipped, cut short, borrowed or old. None is accepted, and none is a 5xx."""

from collections.abc import Callable

import pytest

from tests.simulation import flips, flips_http
from tests.simulation.flips import Tried


@pytest.mark.parametrize(
    ("flip", "times"),
    [(flips.webhooks, 20_000), (flips.receipts, 5_000), (flips_http.webhooks, 500), (flips_http.receipts, 500)],
)
def test_nothing_with_a_bit_flipped_is_accepted(flip: Callable[[tuple[int, int]], Tried], times: int) -> None:
    tried = flip((0, times))
    assert tried.accepted == []
    assert tried.unhandled == []
    assert tried.tried == times


def test_no_forged_link_is_accepted() -> None:
    tried = flips.links((0, 30))
    assert tried.accepted == []
    assert tried.unhandled == []
    assert tried.tried > 10_000
