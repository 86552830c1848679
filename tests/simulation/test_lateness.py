"""Lateness under schedules that jitter and fail: on time where nothing fails, and never early."""

import pytest

from tests.simulation.lateness import CASES, Lateness, measure

SECOND = 1.0
GRACE = 600.0


@pytest.fixture(scope="module")
def found() -> dict[str, Lateness]:
    return {name: measure((name, {**given, "updates": 400})) for name, given in CASES}


def test_nothing_is_ever_early(found: dict[str, Lateness]) -> None:
    assert [each.early for each in found.values()] == [0] * len(CASES)
    assert {each.updates for each in found.values()} == {400}


def test_schedules_that_are_late_make_nobody_late(found: dict[str, Lateness]) -> None:
    assert found["every schedule on the minute"].longest < SECOND
    assert found["schedules 0 to 59 s late"].longest < SECOND


def test_with_ring_down_expired_clocks_are_rescued_within_their_grace(found: dict[str, Lateness]) -> None:
    assert found["ring down for 15 minutes"].longest < GRACE + SECOND


def test_with_the_email_provider_down_the_other_channel_is_taken(found: dict[str, Lateness]) -> None:
    assert found["email provider down for 15 minutes"].longest < GRACE


def test_after_an_outage_of_the_only_channel_what_was_held_back_does_not_come_as_one_herd(
    found: dict[str, Lateness],
) -> None:
    alone = found["email provider down for 15 minutes, and there is no other channel"]
    assert 0 < alone.drained < GRACE
    assert alone.peak <= 5
