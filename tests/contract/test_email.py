"""What every EmailSender tells of a send; and how SendGrid's answers, and its silences, are read."""

from collections.abc import Callable

import pytest

from chalicelib.adapters.email_sendgrid import SendGridEmail
from chalicelib.domain.notices import Outcome
from chalicelib.usecases.ports import EmailMessage, EmailSender
from tests.contract.endpoint import PATIENCE_SECONDS, Break, Endpoint, Reply, closed_port
from tests.fakes import FakeEmailSender

MESSAGE = EmailMessage(
    to="gemma@example.com",
    to_name="Gemma Núñez",
    subject="Sin novedades todavía",
    text="Hola, Gemma",
    html="<p>Hola, Gemma</p>",
    notice_id="p1:update:1",
    promise_id="p1",
)
ANSWERS = {
    Outcome.ACCEPTED: Reply(202, headers={"X-Message-Id": "m-1"}),
    Outcome.REFUSED: Reply(400, '{"errors":[{"message":"gemma@example.com is not valid"}]}'),
    Outcome.UNAVAILABLE: Reply(503),
    Outcome.UNKNOWN: Break.HANG,
}


def sendgrid(host: str, timeout_seconds: float = PATIENCE_SECONDS) -> SendGridEmail:
    return SendGridEmail(
        lambda: "SG.key",
        host=host,
        from_email="hello@shop.example",
        from_name="Shop",
        timeout_seconds=timeout_seconds,
    )


@pytest.fixture(params=["fake", "sendgrid"])
def sender(request: pytest.FixtureRequest, endpoint: Endpoint) -> Callable[[Outcome], EmailSender]:
    """Return a sender whose provider answers so that the next send has the outcome."""

    def answering(outcome: Outcome) -> EmailSender:
        if request.param == "fake":
            fake = FakeEmailSender()
            fake.answer_next(outcome)
            return fake
        endpoint.answer(ANSWERS[outcome])
        return sendgrid(endpoint.url)

    return answering


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_told_and_none_is_raised(sender: Callable[[Outcome], EmailSender], outcome: Outcome) -> None:
    sent = sender(outcome).send(MESSAGE)
    assert sent.outcome is outcome
    assert (sent.provider_id is not None) is (outcome is Outcome.ACCEPTED)
    assert (sent.reason is None) is (outcome is Outcome.ACCEPTED)
    assert "gemma" not in f"{sent.reason}"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ACCEPTED),
        (202, Outcome.ACCEPTED),
        (400, Outcome.REFUSED),
        (401, Outcome.UNAVAILABLE),
        (403, Outcome.REFUSED),
        (413, Outcome.REFUSED),
        (429, Outcome.UNAVAILABLE),
        (500, Outcome.UNKNOWN),
        (502, Outcome.UNKNOWN),
        (503, Outcome.UNAVAILABLE),
        (504, Outcome.UNKNOWN),
    ],
)
def test_a_status_is_read_by_whether_the_message_was_taken(endpoint: Endpoint, status: int, outcome: Outcome) -> None:
    endpoint.answer(Reply(status))
    assert sendgrid(endpoint.url).send(MESSAGE).outcome is outcome
    assert len(endpoint.received) == 1, "no send is repeated"


@pytest.mark.parametrize("how", list(Break))
def test_a_connection_that_breaks_after_the_request_leaves_it_unknown(endpoint: Endpoint, how: Break) -> None:
    endpoint.answer(how)
    assert sendgrid(endpoint.url).send(MESSAGE).outcome is Outcome.UNKNOWN
    assert len(endpoint.received) == 1, "no send is repeated"


@pytest.mark.parametrize("host", [closed_port, lambda: "http://nowhere.invalid"], ids=["refused", "unknown host"])
def test_a_connection_that_never_came_about_took_nothing(host: Callable[[], str]) -> None:
    assert sendgrid(host()).send(MESSAGE).outcome is Outcome.UNAVAILABLE


def test_the_message_carries_opaque_ids_and_no_tracking(endpoint: Endpoint) -> None:
    endpoint.answer(ANSWERS[Outcome.ACCEPTED])
    assert sendgrid(endpoint.url).send(MESSAGE).provider_id == "m-1"
    request = endpoint.received[0]
    assert request.path == "/v3/mail/send"
    assert request.headers["Authorization"] == "Bearer SG.key"
    body = request.json()
    assert body["personalizations"] == [
        {
            "to": [{"email": "gemma@example.com", "name": "Gemma Núñez"}],
            "custom_args": {"notice_id": "p1:update:1", "promise_id": "p1"},
        }
    ]
    assert body["from"] == {"email": "hello@shop.example", "name": "Shop"}
    assert body["subject"] == "Sin novedades todavía"
    assert [each["type"] for each in body["content"]] == ["text/plain", "text/html"]
    assert body["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}
    assert body["tracking_settings"]["open_tracking"] == {"enable": False}
    assert "categories" not in body


def test_the_key_is_read_for_every_send_so_that_a_rotated_one_is_used(endpoint: Endpoint) -> None:
    keys = iter(["old", "new"])
    sender = SendGridEmail(
        lambda: next(keys), host=endpoint.url, from_email="a@b.example", from_name="B", timeout_seconds=1
    )
    sender.send(MESSAGE)
    sender.send(MESSAGE)
    assert [each.headers["Authorization"] for each in endpoint.received] == ["Bearer old", "Bearer new"]
