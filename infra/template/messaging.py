"""Queues, the bus and the operator topic.

Each function that is fed by a queue, a stream or a schedule has a dead-letter queue of its own kind, so that an
operator sees at once what failed. Dead letters stay 14 days, the longest that SQS allows.
"""

from typing import Any

from infra.template.functions import DEAD_LETTER_QUEUES, timeout_seconds

_FOURTEEN_DAYS_SECONDS = 14 * 24 * 3600
_RULES_OF_THIS_STACK = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-*"
# AWS asks for at least six times the function's time-out, or a slow batch is delivered a second time.
_TIMEOUTS_OF_VISIBILITY = 6


def resources() -> dict[str, Any]:
    """Queues with their dead-letter queues, the bus `kept`, the operator topic and its optional subscriber."""
    return {
        "RingQueue": _queue(
            VisibilityTimeout=_TIMEOUTS_OF_VISIBILITY * timeout_seconds("ring"),
            RedrivePolicy={
                "deadLetterTargetArn": {"Fn::GetAtt": ["RingDeadLetters", "Arn"]},
                "maxReceiveCount": 5,
            },
        ),
        **{name: _queue(MessageRetentionPeriod=_FOURTEEN_DAYS_SECONDS) for name in DEAD_LETTER_QUEUES},
        "ScheduleDeadLettersPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "ScheduleDeadLetters"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "SchedulesHandOverWhatTheyCouldNotStart",
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": ["ScheduleDeadLetters", "Arn"]},
                            "Condition": {"ArnLike": {"aws:SourceArn": {"Fn::Sub": _RULES_OF_THIS_STACK}}},
                        }
                    ],
                },
            },
        },
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "kept"}},
        "OperatorTopic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Kept operators"}},
        "OperatorEmailSubscription": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "HasOperatorEmail",
            "Properties": {
                "TopicArn": {"Ref": "OperatorTopic"},
                "Protocol": "email",
                "Endpoint": {"Ref": "OperatorEmail"},
            },
        },
    }


def _queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": True, **properties}}
