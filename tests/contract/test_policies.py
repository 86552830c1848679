"""The whole application on moto, each function called as AWS calls it: all that it does there, its own policy allows.

Nothing else would notice a missing right before the first deployment: neither moto nor the emulator asks the policies.
"""

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from chalice.test import Client
from standardwebhooks import Webhook

import app
from chalicelib import bootstrap
from chalicelib.adapters.ring_queue_sqs import write_ring
from chalicelib.domain.clocks import Clock
from chalicelib.settings import read_settings
from infra import application
from infra.rules.reading import as_list, of_type, statements, target
from tests.contract.conftest import REGION
from tests.contract.endpoint import Endpoint, Reply

ROOT = Path(__file__).parents[2]
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
READ_KEY = "r" * 32
SECRET = {
    "link_keys": ["ab" * 32],
    "read_keys": [READ_KEY],
    "sendgrid_api_key": "SG.of-nobody",
    "sources": {"shop": [WEBHOOK_SECRET]},
}
ACTIONS = {
    "SendMessageBatch": "sqs:SendMessage",
    "Publish": "sns:Publish",
    "PutEvents": "events:PutEvents",
    "PutMetricData": "cloudwatch:PutMetricData",
    "GetSecretValue": "secretsmanager:GetSecretValue",
    "GetQueueAttributes": "sqs:GetQueueAttributes",
}
# Each part of a transaction is allowed or not by the action that it would be alone.
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
Right = tuple[str, str]


@dataclass
class Account:
    """An account whose resources are called by their names in the template; keeps which rights were used."""

    rights: set[Right] = field(default_factory=set)
    promise_id: str = ""

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep each call that any client makes from now on."""
        call = BaseClient._make_api_call

        def watched(client: Any, operation: str, params: dict[str, Any]) -> Any:
            self.rights |= set(rights_of(operation, params))
            return call(client, operation, params)

        monkeypatch.setattr(BaseClient, "_make_api_call", watched)

    def used(self) -> set[Right]:
        """The rights used since this was last asked."""
        used, self.rights = self.rights, set()
        return used


def rights_of(operation: str, params: dict[str, Any]) -> Iterator[Right]:
    """Action and resource, as IAM would check them, for one call."""
    if operation == "TransactWriteItems":
        for item in params["TransactItems"]:
            for part, arguments in item.items():
                yield f"dynamodb:{PARTS[part]}", arguments["TableName"]
    elif operation == "BatchGetItem":
        for table in params["RequestItems"]:
            yield "dynamodb:BatchGetItem", table
    elif "TableName" in params:
        table, index = params["TableName"], params.get("IndexName")
        yield f"dynamodb:{operation}", f"{table}/index/{index}" if index else table
    elif operation == "PutEvents":
        for entry in params["Entries"]:
            yield ACTIONS[operation], entry["EventBusName"]
    elif "PhoneNumber" in params:
        yield ACTIONS[operation], "a phone number"
    else:
        named = params.get("QueueUrl") or params.get("TopicArn") or params.get("SecretId") or params["Namespace"]
        yield ACTIONS[operation], named.replace(":", "/").rsplit("/", 1)[-1]


def allowed(template: dict[str, Any], function: str) -> set[Right]:
    """The rights that the policy of a function gives."""
    role = target(template["Resources"][function]["Properties"]["Role"])
    return {
        (action, resource)
        for owner, statement in statements(template)
        if owner == role
        for action in as_list(statement["Action"])
        for resource in resources_of(statement)
    }


def resources_of(statement: dict[str, Any]) -> Iterator[str]:
    if "NotResource" in statement:
        yield "a phone number"
        return
    for resource in as_list(statement["Resource"]):
        match resource:
            case "*":
                yield statement["Condition"]["StringEquals"]["cloudwatch:namespace"]
            case {"Fn::Sub": str(text)} if "${SecretsName}" in text:
                yield "secret"
            case {"Fn::Sub": str(text)}:
                yield text.replace("${", "").replace(".Arn}", "")
            case _:
                yield target(resource) or ""


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
        "KEPT_BUS_NAME": "Bus",
        "KEPT_OPERATOR_TOPIC_ARN": boto3.client("sns").create_topic(Name="OperatorTopic")["TopicArn"],
        "KEPT_SECRETS_NAME": "secret",
        "KEPT_BRAND_NAME": "Shop",
        "KEPT_FROM_EMAIL": "hello@shop.example",
        "KEPT_SENDGRID_HOST": endpoint.url,
    }
    before = list(bootstrap._installed)
    account = Account()
    account.watch(monkeypatch)
    try:
        new_process(environment)
        yield account
    finally:
        bootstrap._installed[:] = before


def new_process(environment: dict[str, str]) -> None:
    """Begin as a cold function does: nothing is known, no secret was read."""
    bootstrap.install(bootstrap.AwsServices(read_settings(environment)))


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
    with Client(app.app) as client:
        read = client.http.get(f"/v1/promises/{account.promise_id}", headers={"Authorization": f"Bearer {READ_KEY}"})
    post("promise.kept", {"ref": "order-1"})

    used = account.used()
    assert read.status_code == 200
    assert ("dynamodb:PutItem", "Promises") in used
    assert used - allowed(template, "APIHandler") == set()


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
    assert ("events:PutEvents", "Bus") in used
    assert used - allowed(template, "Publish") == set()
