"""What the inbox makes of text messages, operators' notifications, links and addresses."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.local.inbox import operators
from infra.local.inbox.addresses import SPECIAL, behaviour_of
from infra.local.inbox.message import Message, from_json
from infra.local.inbox.operators import Operators
from infra.local.inbox.phone import read_sms
from infra.local.inbox.store import Store

NOW = datetime(2026, 11, 22, 3, 0, 0, 5000, tzinfo=UTC)
LISTED = {
    "PhoneNumber": "+34600000000",
    "MessageId": "sms-1",
    "Message": "Hola, Gemma: https://kept.example/p?t=abc.",
    "MessageAttributes": {"AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": "Tienda"}},
}


def test_a_text_message_is_shown_with_its_sender_and_link() -> None:
    shown = read_sms(LISTED, NOW).as_json()

    assert (shown["channel"], shown["to"], shown["from"]) == ("sms", "+34600000000", "Tienda")
    assert shown["links"] == ["https://kept.example/p?t=abc"]
    assert shown["received_at"] == "2026-11-22T03:00:00.005Z"


def test_a_text_message_is_taken_once_even_after_the_inbox_was_emptied_and_restarted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.add_sms(read_sms(LISTED, NOW))
    assert not store.add_sms(read_sms(LISTED, NOW))
    store.clear()

    again = Store(tmp_path)
    assert not again.add_sms(read_sms(LISTED, NOW))
    assert again.messages() == []


def test_a_line_cut_off_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    Store(tmp_path).add([read_sms(LISTED, NOW)])
    with (tmp_path / "messages.jsonl").open("a") as file:
        file.write('{"id": "half')

    store = Store(tmp_path)
    store.add([read_sms({**LISTED, "MessageId": "sms-2"}, NOW)])
    assert [message.id for message in Store(tmp_path).messages()] == ["sms-1", "sms-2"]


def test_what_is_stored_comes_back_as_it_was() -> None:
    message = Message(
        "1", "email", "g@example.com", "A <a@b.example>", "S", "t", "<p>h</p>", "2026-11-22T03:00:00.000Z"
    )
    assert from_json(json.loads(json.dumps(message.as_json()))) == message


@pytest.mark.parametrize("behaviour", SPECIAL, ids=lambda behaviour: behaviour.name)
@pytest.mark.parametrize("address", ["{}@example.com", "{}@shop.example", "{}+tag@example.com", "{}@SHOP.EXAMPLE"])
def test_special_addresses_are_known_at_every_test_domain_and_with_a_tag(behaviour: Any, address: str) -> None:
    assert behaviour_of(address.format(behaviour.name)) == behaviour


@pytest.mark.parametrize("address", ["bounce@example.net", "bouncer@example.com", "g@example.com", "example.com"])
def test_every_other_address_is_ordinary(address: str) -> None:
    assert behaviour_of(address).events == ("processed", "delivered")


class TestOperators:
    @pytest.fixture
    def aws(self) -> Iterator[Any]:
        with mock_aws():
            keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            yield lambda service: boto3.client(service, "us-east-1", **keys)

    def test_what_the_topic_says_is_read_once(self, aws: Any, tmp_path: Path) -> None:
        topic = aws("sns").create_topic(Name="operators")["TopicArn"]
        queue_url = operators.subscribe(aws("sqs"), aws("sns"), topic)
        assert operators.subscribe(aws("sqs"), aws("sns"), topic) == queue_url
        aws("sns").publish(TopicArn=topic, Subject="ALARM: overdue", Message="Promises are late")

        store = Store(tmp_path)
        ear = Operators(store, aws("sqs"), queue_url)
        ear.fetch()
        ear.fetch()

        (notice,) = store.operator_notices()
        assert (notice["subject"], notice["message"]) == ("ALARM: overdue", "Promises are late")
