"""SendGrid's rate, as its answers tell it: nothing is asked once it is used up, and nothing is held for ever."""

from datetime import timedelta

import pytest

from chalicelib.adapters.email_sendgrid import SendGridEmail
from chalicelib.adapters.provider_rate import LONGEST_HOLD_SECONDS, USUAL_HOLD_SECONDS, ProviderRate
from chalicelib.domain.notices import Outcome
from tests.contract.endpoint import Endpoint, Reply
from tests.contract.test_email import MESSAGE

NOW = 1_800_000_000.0


class Seconds:
    """A clock that stands until it is moved."""

    now = NOW

    def __call__(self) -> float:
        return self.now


def sender(endpoint: Endpoint, seconds: Seconds) -> SendGridEmail:
    rate = ProviderRate(seconds)
    return SendGridEmail(
        lambda: "SG.key", host=endpoint.url, from_email="a@b.example", from_name="B", timeout_seconds=1, rate=rate
    )


def used_up(reset: str, status: int = 202, remaining: str = "0") -> Reply:
    return Reply(status, headers={"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset, "X-Message-Id": "m"})


@pytest.mark.parametrize("last", [used_up(f"{NOW + 40:.0f}"), used_up(f"{NOW + 40:.0f}", 429, "")])
def test_once_the_rate_is_used_up_nothing_is_asked_until_it_is_renewed(endpoint: Endpoint, last: Reply) -> None:
    seconds = Seconds()
    email = sender(endpoint, seconds)
    endpoint.answer(last, Reply(202))
    email.send(MESSAGE)
    held = email.send(MESSAGE)
    assert (held.outcome, held.hold) == (Outcome.UNAVAILABLE, timedelta(seconds=40))
    assert len(endpoint.received) == 1
    seconds.now += 40
    assert email.send(MESSAGE).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    "harmless", [used_up(f"{NOW + 40:.0f}", remaining="1"), used_up("soon"), used_up("9" * 400), used_up("-5"), Reply()]
)
def test_anything_else_holds_nothing(endpoint: Endpoint, harmless: Reply) -> None:
    email = sender(endpoint, Seconds())
    endpoint.answer(harmless)
    email.send(MESSAGE)
    assert email.send(MESSAGE).hold is None


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        (f"{NOW + 40:.0f}", 40),
        (f"{NOW + 10**6:.0f}", LONGEST_HOLD_SECONDS),
        (f"{NOW - 5:.0f}", USUAL_HOLD_SECONDS),
        ("soon", USUAL_HOLD_SECONDS),
        ("", USUAL_HOLD_SECONDS),
    ],
)
def test_a_message_that_is_turned_away_says_how_long_to_hold(endpoint: Endpoint, reset: str, seconds: float) -> None:
    email = sender(endpoint, Seconds())
    endpoint.answer(used_up(reset, 429, ""))
    turned_away = email.send(MESSAGE)
    assert (turned_away.outcome, turned_away.hold) == (Outcome.UNAVAILABLE, timedelta(seconds=seconds))
    assert email.send(MESSAGE).hold == timedelta(seconds=seconds)
    assert len(endpoint.received) == 1


def test_no_header_can_stop_a_channel_for_long(endpoint: Endpoint) -> None:
    email = sender(endpoint, Seconds())
    endpoint.answer(used_up(f"{NOW + 10**6:.0f}"))
    email.send(MESSAGE)
    assert email.send(MESSAGE).hold == timedelta(seconds=LONGEST_HOLD_SECONDS)


# 24 November 2026, 12:00:00 UTC.
NOON = 1_795_521_600.0


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("120", 120),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("Tuesday, 24-Nov-26 12:02:00 GMT", 120),
        ("3600", LONGEST_HOLD_SECONDS),
        ("Tue, 24 Nov 2027 12:02:00 GMT", LONGEST_HOLD_SECONDS),
    ],
)
def test_a_provider_that_says_after_how_long_to_come_again_is_left_alone_so_long(
    endpoint: Endpoint, status: int, after: str, seconds: float
) -> None:
    clock = Seconds()
    clock.now = NOON
    email = sender(endpoint, clock)
    endpoint.answer(Reply(status, headers={"Retry-After": after}), Reply(202))
    turned_away = email.send(MESSAGE)
    assert (turned_away.outcome, turned_away.hold) == (Outcome.UNAVAILABLE, timedelta(seconds=seconds))
    assert email.send(MESSAGE).hold == timedelta(seconds=seconds)
    assert len(endpoint.received) == 1
    clock.now += seconds
    assert email.send(MESSAGE).outcome is Outcome.ACCEPTED


ABSURD = [
    "",
    "soon",
    "0",
    "-5",
    "1.5",
    "9" * 400,
    "Tue, 24 Nov 2026 11:59:59 GMT",
    "Tue, 24 Nov 2026 12:02:00 +99999999",
    f"Tue, 24 Nov {'9' * 30} 12:02:00 GMT",
    "Tue, 99 Nov 2026 12:02:00 GMT",
]


@pytest.mark.parametrize("after", ABSURD)
def test_an_absurd_time_to_come_again_is_passed_over(endpoint: Endpoint, after: str) -> None:
    clock = Seconds()
    clock.now = NOON
    for status, hold in ((429, timedelta(seconds=USUAL_HOLD_SECONDS)), (503, None)):
        email = sender(endpoint, clock)
        endpoint.answer(Reply(status, headers={"Retry-After": after}))
        turned_away = email.send(MESSAGE)
        assert (turned_away.outcome, turned_away.hold) == (Outcome.UNAVAILABLE, hold)


def test_what_was_said_of_this_very_request_goes_before_what_is_said_of_the_rate(endpoint: Endpoint) -> None:
    email = sender(endpoint, Seconds())
    endpoint.answer(Reply(429, headers={"Retry-After": "20", "X-RateLimit-Reset": f"{NOW + 40:.0f}"}))
    assert email.send(MESSAGE).hold == timedelta(seconds=20)
