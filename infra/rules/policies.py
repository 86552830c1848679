"""Rules about what functions may do."""

import json
from typing import Any

from infra.rules.reading import (
    FUNCTION,
    QUEUE_POLICY,
    Template,
    as_list,
    events,
    failure_target,
    of_type,
    redrive_target,
    statements,
    target,
)

_STREAM_ACTIONS = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}
_QUEUE_ACTIONS = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}


def no_policy_is_wider_than_needed(template: Template) -> list[str]:
    """Every right names its actions and a resource of this stack or account.

    Two kinds have no resource to name on AWS: metrics, which are held to our namespace, and SMS to a phone number,
    which is everything in SNS that is not a topic.
    """
    wrong = []
    for role, statement in statements(template):
        where = f"{role}, statement {statement.get('Sid')}"
        actions = as_list(statement.get("Action", "*"))
        if any("*" in action for action in actions):
            wrong.append(f"{where} allows actions by wildcard")
        if "NotResource" in statement and not _is_sms(statement, actions):
            wrong.append(f"{where} allows every resource but some")
        wrong += [
            f"{where} allows more than resources of ours"
            for resource in as_list(statement.get("Resource", []))
            if _is_wide(resource) and not _is_metrics(actions, resource, statement)
        ]
    return wrong


def functions_may_do_what_their_events_need(template: Template) -> list[str]:
    """With policies of our own nobody else grants reading the queue or stream, and handing over failures."""
    wrong = []
    for name, properties in of_type(template, FUNCTION):
        role = target(properties.get("Role"))
        granted = [statement for owner, statement in statements(template) if owner == role]
        if not _allows(granted, {"logs:CreateLogStream", "logs:PutLogEvents"}, _log_group(properties)):
            wrong.append(f"Function {name} may not write its log")
        if (queue := failure_target(properties.get("EventInvokeConfig", {}))) and not _sends(granted, queue):
            wrong.append(f"Function {name} may not hand over failures to {queue}")
    for name, properties, event, mapping in events(template, "SQS", "DynamoDB"):
        role = target(properties.get("Role"))
        granted = [statement for owner, statement in statements(template) if owner == role]
        needed = _STREAM_ACTIONS if "Stream" in mapping else _QUEUE_ACTIONS
        if not _allows(granted, needed, target(mapping.get("Stream", mapping.get("Queue")))):
            wrong.append(f"Function {name} may not read its event {event}")
        if (queue := failure_target(mapping)) and not _sends(granted, queue):
            wrong.append(f"Function {name} may not hand over failures of {event} to {queue}")
    return wrong


def services_may_fill_the_queues_that_they_are_given(template: Template) -> list[str]:
    """What a schedule or a topic could not deliver it hands over in its own name, which only the queue can allow."""
    wrong = []
    for kind, service in (("Schedule", "events.amazonaws.com"), ("SNS", "sns.amazonaws.com")):
        for function, _, event, mapping in events(template, kind):
            queue = redrive_target(mapping) or target(mapping.get("DeadLetterConfig", {}).get("Arn"))
            if queue and (queue, service) not in _let_in(template):
                wrong.append(f"Queue {queue} does not let {service} hand over what {event} of {function} missed")
    return wrong


def _let_in(template: Template) -> set[tuple[str | None, str]]:
    """Queue and service, of each service that a queue lets in for resources of ours alone."""
    return {
        (target(resource), statement.get("Principal", {}).get("Service"))
        for _, properties in of_type(template, QUEUE_POLICY)
        for statement in properties["PolicyDocument"]["Statement"]
        if "aws:SourceArn" in json.dumps(statement.get("Condition", {}))
        for resource in as_list(statement.get("Resource"))
    }


def _is_wide(resource: Any) -> bool:
    # A literal names no resource of this stack; a substitution may still leave a whole service open.
    match resource:
        case {"Fn::Sub": str(text)}:
            return text == "*" or ":*" in text
        case _:
            return isinstance(resource, str)


def _is_metrics(actions: list[str], resource: Any, statement: dict[str, Any]) -> bool:
    held = "cloudwatch:namespace" in json.dumps(statement.get("Condition", {}))
    return actions == ["cloudwatch:PutMetricData"] and resource == "*" and held


def _is_sms(statement: dict[str, Any], actions: list[str]) -> bool:
    return actions == ["sns:Publish"] and ":sns:*:*:*" in json.dumps(statement["NotResource"])


def _log_group(properties: dict[str, Any]) -> str | None:
    return target(properties.get("LoggingConfig", {}).get("LogGroup"))


def _sends(granted: list[dict[str, Any]], queue: str) -> bool:
    return _allows(granted, {"sqs:SendMessage"}, queue)


def _allows(granted: list[dict[str, Any]], actions: set[str], name: str | None) -> bool:
    allowed = {
        action
        for statement in granted
        if statement.get("Effect") == "Allow" and name in [target(each) for each in as_list(statement.get("Resource"))]
        for action in as_list(statement["Action"])
    }
    return actions <= allowed
