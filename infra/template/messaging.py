"""Queues, the bus, and the topics for replies and for operators.

Each function that is fed by a queue, a stream, a topic or a schedule has a dead-letter queue of its own kind, so that
an operator sees at once what failed. Dead letters stay 14 days, the longest that SQS allows.
"""

from typing import Any

from infra.template.functions import DEAD_LETTER_QUEUES, TOPICS, timeout_seconds

_FOURTEEN_DAYS_SECONDS = 14 * 24 * 3600
_RULES_OF_THIS_STACK = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-*"
# AWS asks for at least six times the function's time-out, or a slow batch is delivered a second time.
_TIMEOUTS_OF_VISIBILITY = 6
# Source: AWS End User Messaging SMS, topic policies for two-way SMS and for event destinations.
_SMS_SERVICE = "sms-voice.amazonaws.com"


def resources() -> dict[str, Any]:
    """Queues with their dead-letter queues, the bus `kept`, and both topics with the operators' optional subscriber."""
    return {
        "RingQueue": _queue(
            VisibilityTimeout=_TIMEOUTS_OF_VISIBILITY * timeout_seconds("ring"),
            RedrivePolicy={
                "deadLetterTargetArn": {"Fn::GetAtt": ["RingDeadLetters", "Arn"]},
                "maxReceiveCount": 5,
            },
        ),
        **{name: _queue(MessageRetentionPeriod=_FOURTEEN_DAYS_SECONDS) for name in DEAD_LETTER_QUEUES},
        "ScheduleDeadLettersPolicy": _letting_in(
            "ScheduleDeadLetters",
            "events.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": {"Fn::Sub": _RULES_OF_THIS_STACK}}},
        ),
        **{
            f"{function}DeadLettersPolicy": _letting_in(
                f"{function}DeadLetters", "sns.amazonaws.com", {"ArnEquals": {"aws:SourceArn": {"Ref": topic}}}
            )
            for function, topic in TOPICS.items()
        },
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "kept"}},
        "SmsReplies": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Kept replies by text message"}},
        "SmsRepliesPolicy": _letting_publish("SmsReplies", _SMS_SERVICE),
        "SmsStatuses": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Kept reports on text messages"}},
        "SmsStatusesPolicy": _letting_publish("SmsStatuses", _SMS_SERVICE),
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


def _letting_publish(topic: str, service: str) -> dict[str, Any]:
    """The policy of a topic that a service of AWS fills on behalf of this account."""
    statement = {
        "Sid": "TakeWhatComesFromThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": {"Ref": topic},
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    return {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": topic}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }


def _letting_in(queue: str, service: str, condition: dict[str, Any]) -> dict[str, Any]:
    """The policy of a dead-letter queue that a service of AWS fills by itself, not through a role of ours."""
    statement = {
        "Sid": "TakeWhatCouldNotBeDelivered",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": [queue, "Arn"]},
        "Condition": condition,
    }
    return {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": queue}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }


def _queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": True, **properties}}
