"""Which rights a call needs, as IAM would check them, and which rights a function's policy gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient

from infra.rules.reading import as_list, statements, target

ACTIONS = {
    "SendMessageBatch": "sqs:SendMessage",
    "Publish": "sns:Publish",
    "PutEvents": "events:PutEvents",
    "PutMetricData": "cloudwatch:PutMetricData",
    "GetSecretValue": "secretsmanager:GetSecretValue",
    "GetQueueAttributes": "sqs:GetQueueAttributes",
    "ReceiveMessage": "sqs:ReceiveMessage",
    "DeleteMessage": "sqs:DeleteMessage",
}
# Each part of a transaction is allowed or not by the action that it would be alone.
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
Right = tuple[str, str]


@dataclass
class Account:
    """An account whose resources are called by their names in the template; keeps which rights were used."""

    rights: set[Right] = field(default_factory=set)
    promise_id: str = ""
    given_up: str = ""

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
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in params["RequestItems"]:
            yield f"dynamodb:{operation}", table
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
