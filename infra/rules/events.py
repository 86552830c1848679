"""Rules about what starts a function: queues, streams, topics, schedules."""

import json
from typing import Any

from infra.rules.reading import (
    FUNCTION,
    Properties,
    Template,
    events,
    failure_target,
    is_queue,
    of_type,
    redrive_target,
    target,
)

_PARTIAL = "ReportBatchItemFailures"
_ONE_MINUTE_SECONDS = 60
# A stream forgets after 24 hours: giving up must come before, or a record is lost without a trace.
_STREAM_FORGETS_SECONDS = 24 * 3600
_MANY_RETRIES = 100


def every_event_has_a_type(template: Template) -> list[str]:
    """An event without a type is a mistyped key in what is merged."""
    return [
        f"Event {event} of {function} has no Type: no such event is packaged, its name is mistyped"
        for function, properties in of_type(template, FUNCTION)
        for event, declared in properties.get("Events", {}).items()
        if "Type" not in declared
    ]


def queues_report_which_messages_failed(template: Template) -> list[str]:
    """One failed message must not bring its whole batch back."""
    return [
        f"Event {event} of {function} does not report which messages failed"
        for function, _, event, mapping in events(template, "SQS")
        if _PARTIAL not in mapping.get("FunctionResponseTypes", [])
    ]


def streams_get_past_a_poison_record(template: Template) -> list[str]:
    """By default a mapping retries for ever, and one record that fails blocks its shard for a day."""
    wrong = []
    for function, _, event, mapping in events(template, "DynamoDB", "Kinesis"):
        wrong += [f"Event {event} of {function} {problem}" for problem in _stream_problems(template, mapping)]
    return wrong


def schedules_leave_their_failures_somewhere(template: Template) -> list[str]:
    """A run that could not start, and one that failed, both leave a message; neither is retried without bound."""
    wrong = []
    for function, properties, event, schedule in events(template, "Schedule"):
        if not is_queue(template, target(schedule.get("DeadLetterConfig", {}).get("Arn"))):
            wrong.append(f"Event {event} of {function} leaves no message when it cannot start the function")
        if not {"MaximumRetryAttempts", "MaximumEventAgeInSeconds"} <= schedule.get("RetryPolicy", {}).keys():
            wrong.append(f"Event {event} of {function} is retried without bounds of our own")
        invoked = properties.get("EventInvokeConfig", {})
        if not is_queue(template, failure_target(invoked)):
            wrong.append(f"Function {function} leaves no message when a scheduled run fails")
        if not {"MaximumRetryAttempts", "MaximumEventAgeInSeconds"} <= invoked.keys():
            wrong.append(f"Function {function} is retried without bounds of our own")
    return wrong


def topics_leave_what_they_cannot_deliver(template: Template) -> list[str]:
    """A message that did not reach its function, and one that the function failed on, both leave a message."""
    wrong = []
    for function, properties, event, subscription in events(template, "SNS"):
        if target(subscription.get("Topic")) not in template["Resources"]:
            wrong.append(f"Event {event} of {function} listens to no topic of the template")
        if not is_queue(template, redrive_target(subscription)):
            wrong.append(f"Event {event} of {function} drops what does not reach the function")
        invoked = properties.get("EventInvokeConfig", {})
        if not is_queue(template, failure_target(invoked)):
            wrong.append(f"Function {function} drops a message that it fails on")
        if not {"MaximumRetryAttempts", "MaximumEventAgeInSeconds"} <= invoked.keys():
            wrong.append(f"Function {function} is retried without bounds of our own")
    return wrong


def _stream_problems(template: Template, mapping: Properties) -> list[str]:
    problems = []
    if target(mapping.get("Stream")) not in template["Resources"]:
        problems.append("reads no stream of the template")
    if mapping.get("BisectBatchOnFunctionError") is not True:
        problems.append("does not split a failed batch")
    if not 0 <= mapping.get("MaximumRetryAttempts", -1) <= _MANY_RETRIES:
        problems.append("retries without a bound")
    if not _ONE_MINUTE_SECONDS <= mapping.get("MaximumRecordAgeInSeconds", -1) < _STREAM_FORGETS_SECONDS:
        problems.append("does not give a record up before the stream forgets it")
    if not is_queue(template, failure_target(mapping)):
        problems.append("drops what it gives up")
    if _PARTIAL not in mapping.get("FunctionResponseTypes", []):
        problems.append("does not report which records failed")
    if mapping.get("StartingPosition") != "TRIM_HORIZON":
        problems.append("misses records written before the mapping was ready")
    if not _has_filter(mapping.get("FilterCriteria", {}).get("Filters")):
        problems.append("has no filter, so it pays for records that it never looks at")
    return problems


def _has_filter(filters: Any) -> bool:
    if not isinstance(filters, list) or not filters:
        return False
    try:
        return all(json.loads(each["Pattern"]) for each in filters)
    except (KeyError, TypeError, ValueError):
        return False
