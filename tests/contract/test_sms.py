"""What every SmsSender tells of a send; and how SNS's answers, and its silences, are read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from chalicelib.adapters.aws import Aws
from chalicelib.adapters.provider_rate import USUAL_HOLD_SECONDS
from chalicelib.adapters.sms_sns import SnsSms
from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import SmsMessage, SmsSender
from tests.contract.conftest import REGION
from tests.contract.endpoint import PATIENCE_SECONDS, Break, Endpoint, Reply, closed_port
from tests.fakes import FakeSmsSender

MESSAGE = SmsMessage(to="+34600000000", text="Sin novedades", notice_id="p1:update:1", promise_id="p1")
TAKEN = Reply(
    200,
    "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>",
    {"Content-Type": "text/xml"},
)


def error(code: str, status: int) -> Reply:
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>+34600000000</Message></Error></ErrorResponse>"
    return Reply(status, body, {"Content-Type": "text/xml"})


ANSWERS = {
    Outcome.ACCEPTED: TAKEN,
    Outcome.REFUSED: error("InvalidParameter", 400),
    Outcome.UNAVAILABLE: error("Throttling", 400),
    Outcome.UNKNOWN: error("InternalError", 500),
}


def sns(endpoint: str | None) -> SnsSms:
    return SnsSms(Aws(REGION, endpoint), timeout_seconds=PATIENCE_SECONDS)


@pytest.fixture(params=["fake", "sns"])
def sender(request: pytest.FixtureRequest, credentials: None, endpoint: Endpoint) -> Callable[[Outcome], SmsSender]:
    """Return a sender whose provider answers so that the next send has the outcome."""

    def answering(outcome: Outcome) -> SmsSender:
        if request.param == "fake":
            fake = FakeSmsSender()
            fake.answer_next(outcome)
            return fake
        endpoint.answer(ANSWERS[outcome])
        return sns(endpoint.url)

    return answering


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_told_and_none_is_raised(sender: Callable[[Outcome], SmsSender], outcome: Outcome) -> None:
    sent = sender(outcome).send(MESSAGE)
    assert sent.outcome is outcome
    assert (sent.provider_id is not None) is (outcome is Outcome.ACCEPTED)
    assert (sent.reason is None) is (outcome is Outcome.ACCEPTED)
    assert "600000000" not in f"{sent.reason}"


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("InvalidParameter", 400, Outcome.REFUSED),
        ("OptedOut", 400, Outcome.REFUSED),
        ("AuthorizationError", 403, Outcome.REFUSED),
        ("Throttled", 429, Outcome.UNAVAILABLE),
        ("ThrottlingException", 400, Outcome.UNAVAILABLE),
        ("ServiceUnavailable", 503, Outcome.UNAVAILABLE),
        ("InternalError", 500, Outcome.UNKNOWN),
    ],
)
def test_an_error_is_read_by_whether_the_message_was_taken(
    credentials: None, endpoint: Endpoint, code: str, status: int, outcome: Outcome
) -> None:
    endpoint.answer(error(code, status))
    assert sns(endpoint.url).send(MESSAGE).outcome is outcome
    assert len(endpoint.received) == 1, "no send is repeated"


@pytest.mark.parametrize(
    ("code", "status", "hold"),
    [
        ("Throttling", 400, timedelta(seconds=USUAL_HOLD_SECONDS)),
        ("ThrottlingException", 400, timedelta(seconds=USUAL_HOLD_SECONDS)),
        ("Throttled", 429, timedelta(seconds=USUAL_HOLD_SECONDS)),
        ("TooManyRequests", 429, timedelta(seconds=USUAL_HOLD_SECONDS)),
        ("ServiceUnavailable", 503, None),
        ("InvalidParameter", 400, None),
        ("InternalError", 500, None),
    ],
)
def test_a_message_that_is_throttled_is_held_and_the_next_one_is_sent(
    credentials: None, endpoint: Endpoint, code: str, status: int, hold: timedelta | None
) -> None:
    endpoint.answer(error(code, status), TAKEN)
    sms = sns(endpoint.url)
    assert sms.send(MESSAGE).hold == hold
    assert sms.send(MESSAGE).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("how", list(Break))
def test_a_connection_that_breaks_after_the_request_leaves_it_unknown(
    credentials: None, endpoint: Endpoint, how: Break
) -> None:
    endpoint.answer(how)
    assert sns(endpoint.url).send(MESSAGE).outcome is Outcome.UNKNOWN
    assert len(endpoint.received) == 1, "no send is repeated"


def test_a_connection_that_never_came_about_took_nothing(credentials: None) -> None:
    assert sns(closed_port()).send(MESSAGE).outcome is Outcome.UNAVAILABLE


def test_the_message_goes_to_the_number_as_transactional(aws: None, endpoint: Endpoint) -> None:
    assert sns(None).send(MESSAGE).outcome is Outcome.ACCEPTED
    messages = sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages
    assert list(messages.values()) == [("+34600000000", "Sin novedades")]
