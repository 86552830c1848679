"""What each function gets beside its code: a log, and how its events behave when it fails."""

import json
import re
from pathlib import Path
from typing import Any

from infra.stages import Stage

# Logical names as Chalice derives them from app.py, and the names of their logs.
FUNCTIONS = {
    "APIHandler": "Api",
    "Sweep": "Sweep",
    "Watch": "Watch",
    "Nightly": "Nightly",
    "Ring": "Ring",
    "Rescue": "Rescue",
    "Publish": "Publish",
    "RebuildLedgers": "RebuildLedgers",
    "SmsReply": "SmsReply",
    "SmsStatus": "SmsStatus",
}
# Every queue for what could not be done, and what it holds.
DEAD_LETTER_QUEUES = {
    "RingDeadLetters": "rings that failed again and again",
    "RescueDeadLetters": "expired clocks whose rescue failed",
    "PublishDeadLetters": "facts that could not be put on the bus",
    "ScheduleDeadLetters": "runs of sweep, watch and nightly that failed",
    "SmsReplyDeadLetters": "replies by text message that could not be taken",
    "SmsStatusDeadLetters": "reports on text messages that could not be stored",
}
SCHEDULED = ("Sweep", "Watch", "Nightly")
# Which topic feeds which function; a function's dead letters are named after it.
TOPICS = {"SmsReply": "SmsReplies", "SmsStatus": "SmsStatuses"}

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CHALICE_CONFIG = Path(__file__).parents[2] / ".chalice" / "config.json"

# A minute-old run of a schedule is worthless: the next one does the same work, or carries it on.
_SCHEDULE_AGE_SECONDS = 60
# Long enough to sit out a disturbance of AWS, short of the 24 hours after which a stream forgets.
_STREAM_AGE_SECONDS = 6 * 3600
_STREAM_RETRIES = 20
# The most that Lambda tries again by itself: after one minute and after two more.
_REPLY_RETRIES = 2
# A customer who chose an hour ago still wants that choice; what is left by then is read by a person.
_REPLY_AGE_SECONDS = 3600


def handler(name: str) -> str:
    """A function's name as app.py spells it: SmsReply is sms_reply."""
    return _WORD.sub("_", name).lower()


def timeout_seconds(function: str) -> int:
    """How long a function may run, by its name in app.py."""
    config = json.loads(_CHALICE_CONFIG.read_text(encoding="utf-8"))
    return int(config["lambda_functions"][function]["lambda_timeout"])


def resources(stage: Stage) -> dict[str, Any]:
    """Additions to the functions and the API that Chalice declares, and one log group for each function."""
    added: dict[str, Any] = {}
    for function, name in FUNCTIONS.items():
        # The group is made before its function, so a first run can never make it without a retention.
        added[f"{name}Logs"] = {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": f"/kept/{stage.name}/{handler(name)}", "RetentionInDays": stage.log_days},
        }
        added[function] = {
            "Properties": {
                "CodeUri": {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}},
                "LoggingConfig": {"LogGroup": {"Ref": f"{name}Logs"}},
            }
        }
    for function in SCHEDULED:
        added[function]["Properties"].update(_schedule(f"{function}Event"))
    added["Ring"]["Properties"]["Events"] = {"RingSqsEventSource": {"Properties": _ring_queue()}}
    added["Rescue"]["Properties"]["Events"] = {
        "RescueDynamodbEventSource": {"Properties": _stream("Clocks", "RescueDeadLetters", {"eventName": ["REMOVE"]})}
    }
    new_fact = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "FACT#"}]}}}}
    added["Publish"]["Properties"]["Events"] = {
        "PublishDynamodbEventSource": {"Properties": _stream("Promises", "PublishDeadLetters", new_fact)}
    }
    for function, topic in TOPICS.items():
        added[function]["Properties"].update(_topic(function, topic))
    # Lambda gives all of a function's variables 4 kB, so what only one function reads is given to that one.
    added["Nightly"]["Properties"]["Environment"] = {"Variables": {"KEPT_RETENTION_DAYS": {"Ref": "RetentionDays"}}}
    # Without a stated version SAM makes a second, useless stage named "Stage".
    added["RestAPI"] = {"Properties": {"OpenApiVersion": "2.0"}}
    return added


def _schedule(event: str) -> dict[str, Any]:
    dead_letters = {"Fn::GetAtt": ["ScheduleDeadLetters", "Arn"]}
    return {
        "Events": {
            event: {
                "Properties": {
                    "RetryPolicy": {"MaximumEventAgeInSeconds": _SCHEDULE_AGE_SECONDS, "MaximumRetryAttempts": 1},
                    "DeadLetterConfig": {"Arn": dead_letters},
                }
            }
        },
        "EventInvokeConfig": {
            "MaximumEventAgeInSeconds": _SCHEDULE_AGE_SECONDS,
            "MaximumRetryAttempts": 0,
            "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": dead_letters}},
        },
    }


def _topic(function: str, topic: str) -> dict[str, Any]:
    dead_letters = {"Fn::GetAtt": [f"{function}DeadLetters", "Arn"]}
    return {
        "Events": {
            f"{function}SnsSubscription": {
                "Properties": {
                    "Topic": {"Ref": topic},
                    "RedrivePolicy": {"deadLetterTargetArn": dead_letters},
                }
            }
        },
        "EventInvokeConfig": {
            "MaximumEventAgeInSeconds": _REPLY_AGE_SECONDS,
            "MaximumRetryAttempts": _REPLY_RETRIES,
            "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": dead_letters}},
        },
    }


def _ring_queue() -> dict[str, Any]:
    return {
        "Queue": {"Fn::GetAtt": ["RingQueue", "Arn"]},
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }


def _stream(table: str, dead_letters: str, pattern: dict[str, Any]) -> dict[str, Any]:
    return {
        "Stream": {"Fn::GetAtt": [table, "StreamArn"]},
        "StartingPosition": "TRIM_HORIZON",
        "FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]},
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": _STREAM_RETRIES,
        "MaximumRecordAgeInSeconds": _STREAM_AGE_SECONDS,
        "ParallelizationFactor": 4,
        "DestinationConfig": {
            "OnFailure": {"Type": "SQS", "Destination": {"Fn::GetAtt": [dead_letters, "Arn"]}},
        },
    }
