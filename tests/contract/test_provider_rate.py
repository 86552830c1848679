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
