"""The inbox as a customer's phone: what is replied there reaches the topic of replies, as AWS two-way SMS puts it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import EndpointConnectionError

from infra.local.inbox.message import Message
from infra.local.inbox.server import InboxServer
from tests.integration.inbox import serving

PHONE = "+34600000000"
TOPIC = "arn:aws:sns:us-east-1:000000000000:replies"
FORM = "application/x-www-form-urlencoded"


class Topics:
    """SNS, as far as a reply needs it; `broken` makes it answer nobody."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.broken = False

    def publish(self, **message: Any) -> None:
        if self.broken:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1")
        self.published.append(message)


@pytest.fixture
def topics() -> Topics:
    return Topics()


@pytest.fixture
def inbox(tmp_path: Path, topics: Topics) -> Iterator[InboxServer]:
    with serving(tmp_path) as server:
        server.replies.connect(topics, TOPIC)
        yield server


def sms(message_id: str = "sms-1", text: str = "Reply 1 to stay, 2 to cancel.") -> Message:
    return Message(message_id, "sms", PHONE, "SMS", "", text, "", "2026-11-24T09:00:00.000Z")


def post(inbox: InboxServer, path: str, body: bytes, content_type: str = "application/json") -> tuple[int, str]:
    request = Request(f"http://127.0.0.1:{inbox.port}{path}", body, {"Content-Type": content_type})
    try:
        with urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def reply(inbox: InboxServer, **fields: Any) -> tuple[int, Any]:
    status, body = post(inbox, "/api/replies", json.dumps(fields).encode())
    return status, json.loads(body)


def test_a_reply_is_told_as_two_way_sms_tells_it(inbox: InboxServer, topics: Topics) -> None:
    inbox.store.add_sms(sms("sms-1"))
    inbox.store.add_sms(sms("sms-2"))

    status, answer = reply(inbox, **{"from": PHONE, "text": "1"})

    assert status == 202
    (published,) = topics.published
    assert published["TopicArn"] == TOPIC
    told = json.loads(published["Message"])
    assert told.pop("destinationNumber").startswith("+")
    assert told.pop("messageKeyword")
    assert told == {
        "originationNumber": PHONE,
        "messageBody": "1",
        "inboundMessageId": answer["id"],
        "previousPublishedMessageId": "sms-2",
    }


def test_a_reply_carries_a_subject_and_an_attribute_without_which_the_function_could_not_read_it(
    inbox: InboxServer, topics: Topics
) -> None:
    reply(inbox, **{"from": PHONE, "text": "STOP"})

    assert topics.published[0]["Subject"]
    assert topics.published[0]["MessageAttributes"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, ["from must be", "text must be"]),
        ({"from": "600 000 000", "text": "1"}, ["from must be a phone number such as +34600000000."]),
        ({"from": 34600000000, "text": "1"}, ["from must be"]),
        ({"from": PHONE, "text": "  "}, ["text must be 1 to 1600 characters."]),
        ({"from": PHONE, "text": "1" * 1601}, ["text must be"]),
        ({"from": PHONE, "text": 1}, ["text must be"]),
        ({"from": PHONE, "text": "1", "to": "x"}, ["There is no field 'to'"]),
    ],
)
def test_a_reply_with_faults_is_refused_with_each_of_them(
    inbox: InboxServer, topics: Topics, fields: dict[str, Any], says: list[str]
) -> None:
    status, answer = reply(inbox, **fields)

    assert status == 400
    assert len(answer["errors"]) == len(says)
    assert all(error.startswith(said) for error, said in zip(answer["errors"], says, strict=True))
    assert topics.published == []
    assert inbox.store.replies() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'"1"'])
def test_what_is_no_reply_at_all_is_refused_with_an_example(inbox: InboxServer, body: bytes) -> None:
    status, answer = post(inbox, "/api/replies", body)

    assert status == 400
    assert PHONE in answer


def test_a_reply_that_does_not_reach_the_topic_says_so_and_is_not_shown_as_sent(
    inbox: InboxServer, topics: Topics
) -> None:
    topics.broken = True

    status, answer = reply(inbox, **{"from": PHONE, "text": "1"})

    assert status == 503
    assert "did not take the reply" in answer["errors"][0]
    assert inbox.store.replies() == []


def test_before_the_application_is_deployed_a_reply_is_asked_to_come_again(tmp_path: Path) -> None:
    with serving(tmp_path) as starting:
        status, answer = reply(starting, **{"from": PHONE, "text": "1"})

    assert status == 503
    assert "not deployed yet" in answer["errors"][0]


def test_each_sms_on_the_page_can_be_answered_there_and_the_answer_is_shown(inbox: InboxServer, topics: Topics) -> None:
    inbox.store.add_sms(sms())
    with urlopen(f"http://127.0.0.1:{inbox.port}/") as listed:
        assert 'action="/replies"' in listed.read().decode()

    status, shown = post(inbox, "/replies", urlencode({"from": PHONE, "text": "<2>"}).encode(), FORM)

    assert status == 200
    assert "&lt;2&gt;" in shown
    assert json.loads(topics.published[0]["Message"])["messageBody"] == "<2>"


def test_a_form_that_is_refused_shows_a_page_that_says_why(inbox: InboxServer, topics: Topics) -> None:
    status, shown = post(inbox, "/replies", urlencode({"from": PHONE, "text": " "}).encode(), FORM)

    assert status == 400
    assert "text must be 1 to 1600 characters." in shown
    assert topics.published == []


def test_replies_are_no_messages_for_scripts_and_go_with_them(inbox: InboxServer) -> None:
    inbox.store.add_sms(sms())
    reply(inbox, **{"from": PHONE, "text": "1"})

    assert [message.id for message in inbox.store.messages()] == ["sms-1"]
    inbox.store.clear()
    assert inbox.store.replies() == []
