"""The whole application on moto, each function called as AWS calls it: all that it does there, its own policy allows.

Nothing else would notice a missing right before the first deployment: neither moto nor the emulator asks the policies.
"""

import base64
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from chalice.test import Client
from standardwebhooks import Webhook

import app
from chalicelib import bootstrap
from chalicelib.adapters.ring_queue_sqs import write_ring
from chalicelib.domain.clocks import Clock
from chalicelib.entrypoints import jobs
from chalicelib.security.links import Purpose, Subject, sign
from chalicelib.settings import read_settings
from infra import application
from infra.rules.reading import of_type
from tests.contract.conftest import REGION
from tests.contract.endpoint import Endpoint, Reply
from tests.contract.rights import Account, allowed
from tests.receipts import event, post_signed
from tests.world import EVENT_KEYS, PlainTexts

ROOT = Path(__file__).parents[2]
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
READ_KEY = "r" * 32
SECRET = {
    "link_keys": ["ab" * 32],
    "read_keys": [READ_KEY],
    "sendgrid_api_key": "SG.of-nobody",
    "sendgrid_event_keys": EVENT_KEYS,
    "sources": {"shop": [WEBHOOK_SECRET]},
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    packaged, _ = application.package("prod", ROOT, tmp_path_factory.mktemp("policies"))
    return packaged


@pytest.fixture
def account(
    aws: None, endpoint: Endpoint, template: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Account]:
    dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
    for name, properties in of_type(template, "AWS::DynamoDB::Table"):
        shape = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")
        dynamodb.create_table(TableName=name, **{each: properties[each] for each in shape if each in properties})
    queues = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name, _ in of_type(template, "AWS::SQS::Queue")}
    boto3.client("events").create_event_bus(Name="Bus")
    boto3.client("secretsmanager").create_secret(Name="secret", SecretString=json.dumps(SECRET))
    environment = {
        "KEPT_STAGE": "prod",
        "KEPT_PUBLIC_URL": "https://kept.shop.example",
        "KEPT_PROMISES_TABLE": "Promises",
        "KEPT_CLOCKS_TABLE": "Clocks",
        "KEPT_RING_QUEUE_URL": queues["RingQueue"],
        "KEPT_DEAD_LETTER_QUEUE_URLS": " ".join(url for name, url in queues.items() if "DeadLetters" in name),
        "KEPT_GIVEN_UP_QUEUE_URL": queues["PublishDeadLetters"],
        "KEPT_BUS_NAME": "Bus",
        "KEPT_OPERATOR_TOPIC_ARN": boto3.client("sns").create_topic(Name="OperatorTopic")["TopicArn"],
        "KEPT_SECRETS_NAME": "secret",
        "KEPT_BRAND_NAME": "Shop",
        "KEPT_FROM_EMAIL": "hello@shop.example",
        "KEPT_AFTER_NO": "recovery",
        "KEPT_SENDGRID_HOST": endpoint.url,
    }
    before = list(bootstrap._installed)
    account = Account(given_up=queues["PublishDeadLetters"])
    account.watch(monkeypatch)
    try:
        new_process(environment)
        yield account
    finally:
        bootstrap._installed[:] = before


class Application(bootstrap.AwsServices):
    """The services on AWS, saying plain words: what is said needs no right."""

    texts = PlainTexts()  # type: ignore[assignment]


def new_process(environment: dict[str, str]) -> None:
    """Begin as a cold function does: nothing is known, no secret was read."""
    bootstrap.install(Application(read_settings(environment)))


def make_promise(account: Account, channels: list[str]) -> None:
    """Post a promise whose first update is a moment away."""
    now = datetime.now(UTC)
    data = {
        "ref": "order-1",
        "kind": "commitment",
        "what": "Your order 1 arrives",
        "due_at": (now + timedelta(days=3)).isoformat(),
        "updates": {"at": [(now + timedelta(seconds=1)).isoformat()]},
        "promised_by": {"ref": "seller-7", "name": "Ana", "email": "ana@shop.example", "team": "sales"},
        "customer": {
            "ref": "c-99",
            "name": "Gemma",
            "email": "g@example.com",
            "phone": "+34600000000",
            "locale": "en",
            "time_zone": "Europe/Madrid",
            "channels": channels,
        },
    }
    answer = post("promise.made", data)
    account.promise_id = answer["promise"]["id"]


def post(kind: str, data: dict[str, Any]) -> Any:
    now = datetime.now(UTC).replace(microsecond=0)
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data})
    webhook_id = f"msg_{uuid.uuid4().hex}"
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(WEBHOOK_SECRET).sign(webhook_id, now, body),
        "Content-Type": "application/json",
    }
    with Client(app.app) as client:
        response = client.http.post("/v1/events/shop", headers=headers, body=body.encode())
    assert response.status_code == 202, response.body
    return response.json_body


def report_trouble(account: Account) -> None:
    """Have a recovery, and tell the customer of it."""
    data = {
        "ref": "order-1",
        "case": "delay",
        "reason": "the lorry broke down",
        "done_so_far": "we found another one",
        "solution": "it arrives a day later",
        "new_due_at": (datetime.now(UTC) + timedelta(days=4)).isoformat(),
        "offer": {"kind": "free_shipping", "text": "Shipping is on us"},
    }
    post("promise.at_risk", data)
    call("ring", ring_event(account, datetime.now(UTC)))


def read(path: str) -> Any:
    with Client(app.app) as client:
        response = client.http.get(path, headers={"Authorization": f"Bearer {READ_KEY}"})
    assert response.status_code == 200, response.body
    return response.json_body


def press(account: Account, path: str, purpose: Purpose, notice: str = "c1", **fields: str) -> None:
    """Open a page by the signed link of a notice, and press one of its buttons."""
    subject = Subject(account.promise_id, notice)
    link = sign(SECRET["link_keys"], purpose, subject, datetime.now(UTC) + timedelta(hours=1))
    with Client(app.app) as client:
        opened = client.http.get(f"{path}?t={link}")
        nonce = opened.body.decode().removesuffix("</p>").split()[-1]
        form = urlencode({"nonce": nonce, **fields}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        pressed = client.http.post(f"{path}?t={link}", headers=headers, body=form)
    assert pressed.status_code == 200, pressed.body


def call(function: str, event: dict[str, Any]) -> Any:
    with Client(app.app) as client:
        return client.lambda_.invoke(function, event).payload


def schedule() -> dict[str, Any]:
    return {
        "version": "0",
        "id": "1",
        "account": "1",
        "region": REGION,
        "detail": {},
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2026-11-22T00:00:00Z",
        "resources": [],
    }


def ring_event(account: Account, at: datetime) -> dict[str, Any]:
    return {"Records": [{"messageId": "1", "body": write_ring(Clock(account.promise_id, at)), "receiptHandle": "1"}]}


def reply(phone: str, text: str) -> dict[str, Any]:
    """What two-way SMS puts on its topic, as the topic hands it on."""
    told = {
        "originationNumber": phone,
        "destinationNumber": "+34700000000",
        "messageBody": text,
        "inboundMessageId": f"reply-{text}",
    }
    return topic_event(json.dumps(told))


def topic_event(text: str) -> dict[str, Any]:
    """A message as a topic hands it on to a function."""
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": text, "Subject": None, "MessageAttributes": {}}}]}


def record(name: str, **change: Any) -> dict[str, Any]:
    streamed = {"SequenceNumber": "1", "ApproximateCreationDateTime": 1, "SizeBytes": 1, "StreamViewType": "KEYS_ONLY"}
    return {
        "eventID": "1",
        "eventName": name,
        "eventSourceARN": f"arn:aws:dynamodb:{REGION}:123456789012:table/any/stream/any",
        "awsRegion": REGION,
        "dynamodb": streamed | change,
    }


@pytest.mark.parametrize("channels", [["email"], ["sms"]])
def test_the_api_may_do_what_it_does(account: Account, template: dict[str, Any], channels: list[str]) -> None:
    make_promise(account, channels)
    post("promise.progressed", {"ref": "order-1", "note": "On its way", "tell": "now"})
    read(f"/v1/promises/{account.promise_id}")
    read("/v1/promises?source=shop&ref=order-1")
    post("promise.kept", {"ref": "order-1"})

    used = account.used()
    assert ("dynamodb:PutItem", "Promises") in used
    assert used - allowed(template, "APIHandler") == set()


def test_the_api_may_take_what_was_expected_tell_it_and_forget_it(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    call("ring", ring_event(account, datetime.now(UTC)))
    post("promise.kept", {"ref": "order-1"})
    account.used()

    for expected in ("a call", "a call before noon"):
        press(account, "/p", Purpose.PAGE, action="answer", kept="yes", expected=expected)
    assert [each["text"] for each in read("/v1/expectations")["expectations"]] == ["a call before noon"]
    post("customer.erased", {"customer": {"ref": "c-99"}})
    assert read("/v1/expectations")["expectations"] == []

    used = account.used()
    assert {("dynamodb:PutItem", "Promises"), ("dynamodb:DeleteItem", "Promises")} <= used
    assert used - allowed(template, "APIHandler") == set()


def test_the_api_may_record_choices_calls_and_redemptions(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    report_trouble(account)
    account.used()

    press(account, "/p", Purpose.PAGE, action="stay")
    (concession,) = read("/v1/customers/c-99")["open_concessions"]
    post("concession.redeemed", {"code": concession["code"], "order": "order-2"})
    post("call.made", {"ref": "order-1", "outcome": "reached"})
    post("choice.final", {"ref": "order-1"})
    press(account, "/c", Purpose.CHECK_IN, answer="done")

    used = account.used()
    assert {("dynamodb:Query", "Promises"), ("dynamodb:UpdateItem", "Promises")} <= used
    assert used - allowed(template, "APIHandler") == set()


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_the_api_may_take_up_what_a_no_contests_and_ring_may_say_so(
    account: Account, template: dict[str, Any], channel: str
) -> None:
    make_promise(account, [channel])
    post("promise.kept", {"ref": "order-1"})
    call("ring", ring_event(account, datetime.now(UTC)))
    boto3.client("dynamodb").update_item(
        TableName="Promises",
        Key={"pk": {"S": f"P#{account.promise_id}"}, "sk": {"S": "STATE"}},
        UpdateExpression="SET expires_at = :at",
        ExpressionAttributeValues={":at": {"N": "2000000000"}},
    )
    account.used()

    press(account, "/p", Purpose.PAGE, "k1", action="answer", kept="no")

    used = account.used()
    assert {("dynamodb:Query", "Promises"), ("dynamodb:UpdateItem", "Promises")} <= used
    assert used - allowed(template, "APIHandler") == set()
    call("ring", ring_event(account, datetime.now(UTC)))
    assert account.used() - allowed(template, "Ring") == set()
    timeline = [each["fact"] for each in read(f"/v1/promises/{account.promise_id}")["timeline"]]
    assert timeline[-3:] == ["PromiseReopened", "ApologySent", "CheckInSent"]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_ring_may_send_a_recovery(account: Account, template: dict[str, Any], channel: str) -> None:
    make_promise(account, [channel])
    account.used()

    report_trouble(account)

    used = account.used()
    assert (("sns:Publish", "a phone number") in used) == (channel == "sms")
    assert used - allowed(template, "Ring") - allowed(template, "APIHandler") == set()


def test_the_api_may_take_receipts(account: Account, endpoint: Endpoint, template: dict[str, Any]) -> None:
    make_promise(account, ["email", "sms"])
    endpoint.answer(Reply(500))
    call("ring", ring_event(account, datetime.now(UTC)))
    account.used()

    now = datetime.now(UTC).timestamp()
    ours = event(f"{account.promise_id}:confirmation:1", "bounce", now, email="g@example.com")
    body = json.dumps([ours, event(None, "delivered", now)]).encode()
    with Client(app.app) as client:
        answer = post_signed(client, body, now)

    used = account.used()
    assert answer.status_code == 204
    assert {("dynamodb:UpdateItem", "Promises"), ("cloudwatch:PutMetricData", "Kept")} <= used
    assert used - allowed(template, "APIHandler") == set()


def test_sms_reply_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["sms"])
    report_trouble(account)
    account.used()

    # Whoever stays after having cancelled reopens what was over.
    answers = [call("sms_reply", reply("+34600000000", digit)) for digit in ("2", "1")]

    used = account.used()
    assert answers == [{"taken": True}] * 2
    assert ("dynamodb:Query", "Promises") in used
    assert read("/v1/customers/c-99")["open_concessions"]
    assert {("dynamodb:PutItem", "Promises"), ("sqs:SendMessage", "RingQueue")} <= used
    assert used - allowed(template, "SmsReply") == set()


def test_sms_status_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["sms"])
    call("ring", ring_event(account, datetime.now(UTC)))
    sent = read(f"/v1/promises/{account.promise_id}")["notices"][0]
    account.used()

    known = {"messageId": sent["attempts"][0]["provider_id"], "messageStatus": "INVALID"}
    answers = [call("sms_status", topic_event(json.dumps(told))) for told in (known, known | {"messageId": "unknown"})]

    used = account.used()
    assert answers == [{"taken": True}] * 2
    assert {("dynamodb:PutItem", "Promises"), ("sqs:SendMessage", "RingQueue")} <= used
    assert used - allowed(template, "SmsStatus") == set()


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_ring_may_do_what_it_does(account: Account, template: dict[str, Any], channel: str) -> None:
    make_promise(account, [channel])
    account.used()

    answer = call("ring", ring_event(account, datetime.now(UTC)))

    used = account.used()
    assert answer == {"batchItemFailures": []}
    assert ("dynamodb:BatchGetItem", "Promises") in used
    assert (("sns:Publish", "a phone number") in used) == (channel == "sms")
    assert used - allowed(template, "Ring") == set()


def test_ring_may_report_a_provider_that_is_down(
    account: Account, endpoint: Endpoint, template: dict[str, Any]
) -> None:
    make_promise(account, ["email"])
    account.used()
    endpoint.answer(Reply(503))

    call("ring", ring_event(account, datetime.now(UTC)))

    used = account.used()
    assert ("cloudwatch:PutMetricData", "Kept") in used
    assert used - allowed(template, "Ring") == set()


def test_sweep_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    account.used()

    call("sweep", schedule())

    used = account.used()
    assert {("dynamodb:Query", "Clocks/index/due"), ("sqs:SendMessage", "RingQueue")} <= used
    assert used - allowed(template, "Sweep") == set()


def test_nightly_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    now = datetime.now(UTC)
    clocks, sqs = boto3.resource("dynamodb").Table("Clocks"), boto3.client("sqs")
    clocks.delete_item(Key={"promise_id": account.promise_id})
    clocks.put_item(Item={"promise_id": "gone", "ring_at": 1, "bucket": "00", "expires_at": 1})
    arrived = {f"approximateArrivalOf{which}Record": now.isoformat() for which in ("First", "Last")}
    given_up = {"Id": "1", "MessageBody": json.dumps({"DDBStreamBatchInfo": arrived})}
    sqs.send_message_batch(QueueUrl=account.given_up, Entries=[given_up])
    account.used()

    found = call("nightly", schedule())["found"]

    used = account.used()
    assert {"ClocksMissing": 1, "ClocksStray": 1, "ClaimsLapsed": 0, "FactsRepublished": 1}.items() <= found.items()
    assert {("dynamodb:Scan", "Promises"), ("dynamodb:Scan", "Clocks")} <= used
    assert ("sqs:DeleteMessage", "PublishDeadLetters") in used
    assert used - allowed(template, "Nightly") == set()


def test_watch_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    account.used()

    call("watch", schedule())

    used = account.used()
    assert {queue for action, queue in used if action == "sqs:GetQueueAttributes"} == {
        name for name, _ in of_type(template, "AWS::SQS::Queue") if "DeadLetters" in name
    }
    assert used - allowed(template, "Watch") == set()


def test_rescue_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["sms"])
    past = str(int(datetime.now(UTC).timestamp()) - 1)
    boto3.client("dynamodb").delete_item(TableName="Clocks", Key={"promise_id": {"S": account.promise_id}})
    account.used()
    image = {"promise_id": {"S": account.promise_id}, "expires_at": {"N": past}, "ring_at": {"N": past + "000"}}

    call("rescue", {"Records": [record("REMOVE", Keys={"promise_id": {"S": account.promise_id}}, OldImage=image)]})

    used = account.used()
    assert ("dynamodb:BatchGetItem", "Promises") in used
    assert used - allowed(template, "Rescue") == set()


def test_publish_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    account.used()
    fact = {"pk": {"S": f"P#{account.promise_id}"}, "sk": {"S": "FACT#000001"}}

    call("publish", {"Records": [record("INSERT", Keys=fact)]})

    used = account.used()
    assert {("events:PutEvents", "Bus"), ("dynamodb:UpdateItem", "Promises")} <= used
    assert used - allowed(template, "Publish") == set()
    assert read("/v1/report?by=kind")["total"]["given"] == 1
    assert read("/v1/teams/sales")["ledger"]["given"] == 1
    history = read("/v1/promisers/seller-7?limit=1")
    assert [history["ledger"]["given"], len(history["promises"])] == [1, 1]
    assert account.used() - allowed(template, "APIHandler") == set()


def test_rebuild_ledgers_may_do_what_it_does(account: Account, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    account.used()

    # The second rebuild finds rows that the first one left behind.
    for _ in range(2):
        assert jobs.rebuild_ledgers({"cursor": None}, lambda: 0, bootstrap.services())["cursor"] is None
    call("rebuild_ledgers", {"cursor": None})

    used = account.used()
    assert {("dynamodb:Scan", "Promises"), ("dynamodb:BatchWriteItem", "Promises")} <= used
    assert used - allowed(template, "RebuildLedgers") == set()


def test_publish_may_wake_the_operators(account: Account, endpoint: Endpoint, template: dict[str, Any]) -> None:
    make_promise(account, ["email"])
    endpoint.answer(Reply(400))
    call("ring", ring_event(account, datetime.now(UTC)))
    stored = boto3.client("dynamodb").scan(TableName="Promises")["Items"]
    facts = [{"pk": each["pk"], "sk": each["sk"]} for each in stored if each["sk"]["S"].startswith("FACT#")]
    account.used()

    answer = call("publish", {"Records": [record("INSERT", Keys=fact) for fact in facts]})

    used = account.used()
    assert answer == {"batchItemFailures": []}
    assert {("sns:Publish", "OperatorTopic"), ("events:PutEvents", "Bus")} <= used
    assert used - allowed(template, "Publish") == set()
