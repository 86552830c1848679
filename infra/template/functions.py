"""What each function gets beside its code: the environment, a log, and how its events behave when it fails."""

import json
from pathlib import Path
from typing import Any

from infra.stages import Stage

# Logical names as Chalice derives them from app.py, and the names of their logs.
FUNCTIONS = {
    "APIHandler": "Api",
    "Sweep": "Sweep",
    "Watch": "Watch",
    "Ring": "Ring",
    "Rescue": "Rescue",
    "Publish": "Publish",
}
# Every queue for what could not be done, and what it holds.
DEAD_LETTER_QUEUES = {
    "RingDeadLetters": "rings that failed again and again",
    "RescueDeadLetters": "expired clocks whose rescue failed",
    "PublishDeadLetters": "facts that could not be put on the bus",
    "ScheduleDeadLetters": "runs of sweep and watch that failed",
}
SCHEDULED = ("Sweep", "Watch")

_CHALICE_CONFIG = Path(__file__).parents[2] / ".chalice" / "config.json"

# A minute-old run of a schedule is worthless: the next one is due and does the same work.
_SCHEDULE_AGE_SECONDS = 60
# Long enough to sit out a disturbance of AWS, short of the 24 hours after which a stream forgets.
_STREAM_AGE_SECONDS = 6 * 3600
_STREAM_RETRIES = 20


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
            "Properties": {"LogGroupName": f"/kept/{stage.name}/{name.lower()}", "RetentionInDays": stage.log_days},
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
    # Without a stated version SAM makes a second, useless stage named "Stage".
    added["RestAPI"] = {"Properties": {"OpenApiVersion": "2.0"}}
    return added


def every_function(stage: Stage) -> dict[str, Any]:
    """What SAM gives to all functions alike."""
    return {"Environment": {"Variables": _environment(stage)}}


def _environment(stage: Stage) -> dict[str, Any]:
    # Secrets are named here, never held.
    return {
        "KEPT_STAGE": stage.name,
        "KEPT_PUBLIC_URL": {"Ref": "PublicUrl"},
        "KEPT_PROMISES_TABLE": {"Ref": "Promises"},
        "KEPT_CLOCKS_TABLE": {"Ref": "Clocks"},
        "KEPT_RING_QUEUE_URL": {"Ref": "RingQueue"},
        "KEPT_DEAD_LETTER_QUEUE_URLS": {"Fn::Join": [" ", [{"Ref": queue} for queue in DEAD_LETTER_QUEUES]]},
        "KEPT_BUS_NAME": {"Ref": "Bus"},
        "KEPT_OPERATOR_TOPIC_ARN": {"Ref": "OperatorTopic"},
        "KEPT_SECRETS_NAME": {"Ref": "SecretsName"},
        "KEPT_BRAND_NAME": {"Ref": "BrandName"},
        "KEPT_BRAND_LOCALE": {"Ref": "BrandLocale"},
        "KEPT_BRAND_TIME_ZONE": {"Ref": "BrandTimeZone"},
        "KEPT_REGISTER_ES": {"Ref": "RegisterEs"},
        "KEPT_REGISTER_PT_PT": {"Ref": "RegisterPtPt"},
        "KEPT_FROM_EMAIL": {"Ref": "FromEmail"},
        "KEPT_SENDGRID_HOST": {"Ref": "SendgridHost"},
        "KEPT_CLOCK_SHARDS": {"Ref": "ClockShards"},
        "KEPT_TTL_GRACE_SECONDS": {"Ref": "TtlGraceSeconds"},
        "KEPT_SHORTEST_RHYTHM_SECONDS": {"Ref": "ShortestRhythmSeconds"},
        "KEPT_SEND_TIMEOUT_SECONDS": {"Ref": "SendTimeoutSeconds"},
        "KEPT_LEASE_SECONDS": {"Ref": "LeaseSeconds"},
        "KEPT_QUIET_WINDOW_SECONDS": {"Ref": "QuietWindowSeconds"},
        "KEPT_METRICS_NAMESPACE": "Kept",
        "AWS_ENDPOINT_URL": {"Fn::If": ["HasAwsEndpoint", {"Ref": "AwsEndpointUrl"}, {"Ref": "AWS::NoValue"}]},
    }


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
