"""The alarms, all told on the one operator topic.

An alarm on trouble counts missing data as fine; an alarm on a heartbeat counts it as trouble. Each description says
what the alarm means and what to do first. A new alarm is one more `Alarm` in the list of its subject.
"""

from dataclasses import dataclass, field
from typing import Any

from infra.stages import Stage
from infra.template.functions import DEAD_LETTER_QUEUES, FUNCTIONS, handler

NAMESPACE = "Kept"


@dataclass(frozen=True)
class Alarm:
    """One alarm on one metric.

    `meaning` and `first` become its description. It goes off when `statistic` over `period_seconds` compares with
    `threshold` as `comparison` says, in each of the last `periods` periods.
    """

    name: str
    meaning: str
    first: str
    metric: str
    threshold: float
    namespace: str = NAMESPACE
    dimensions: dict[str, Any] = field(default_factory=dict)
    statistic: str = "Sum"
    comparison: str = "GreaterThanOrEqualToThreshold"
    period_seconds: int = 60
    periods: int = 1
    missing: str = "notBreaching"


def resources(stage: Stage) -> dict[str, Any]:
    """Every alarm by logical name."""
    running = [*_time(), *_reconcile(), *_heartbeats(), *_dead_letters(), *_functions(), *_streams()]
    alarms = [*running, *_sending(), *_people(), *_api()]
    return {f"{alarm.name}Alarm": _resource(alarm, stage) for alarm in alarms}


def _resource(alarm: Alarm, stage: Stage) -> dict[str, Any]:
    dimensions = alarm.dimensions or {"Stage": stage.name}
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": f"{alarm.meaning} First: {alarm.first}",
            "Namespace": alarm.namespace,
            "MetricName": alarm.metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": alarm.statistic,
            "Period": alarm.period_seconds,
            "EvaluationPeriods": alarm.periods,
            "DatapointsToAlarm": alarm.periods,
            "Threshold": alarm.threshold,
            "ComparisonOperator": alarm.comparison,
            "TreatMissingData": alarm.missing,
            "AlarmActions": [{"Ref": "OperatorTopic"}],
            "OKActions": [{"Ref": "OperatorTopic"}],
        },
    }


def _time() -> list[Alarm]:
    return [
        Alarm(
            name="Overdue",
            meaning="A promise should have rung more than a minute ago: a customer is waiting for a word we owe.",
            first="see whether the sweep heartbeat is missing or the ring queue is old, then read the log of ring.",
            metric="OldestOverdueSeconds",
            statistic="Maximum",
            comparison="GreaterThanThreshold",
            threshold=60,
        ),
        Alarm(
            name="RescuedByTtl",
            meaning="A clock expired before anything rang it, and the last safety net caught it: a word went out late.",
            first="find out why the sweep or the ring queue missed it; look at the log of sweep around that time.",
            metric="RescuedByTtl",
            threshold=1,
        ),
        Alarm(
            name="RingQueueAge",
            meaning="Rings wait for minutes in the queue: messages go out late.",
            first="look at the throttles and errors of ring; raise the account's concurrency if it is used up.",
            namespace="AWS/SQS",
            metric="ApproximateAgeOfOldestMessage",
            dimensions={"QueueName": {"Fn::GetAtt": ["RingQueue", "QueueName"]}},
            statistic="Maximum",
            # The sweep queues two minutes ahead, so a healthy message can be that old.
            threshold=300,
        ),
    ]


def _reconcile() -> list[Alarm]:
    found = [
        Alarm(
            name=name,
            meaning=f"The nightly reconcile found and mended {what}: every other safety net had missed it.",
            first="read the log of nightly for which promise it was, then the logs of ring around its last change.",
            metric=name,
            threshold=1,
        )
        for name, what in (
            ("ClocksMissing", "a promise that owed a word and had no clock"),
            ("ClocksStray", "a clock that rang for nothing"),
            ("ClaimsLapsed", "a message of which nobody had recorded what became of it"),
        )
    ]
    heartbeat = Alarm(
        name="ReconcileHeartbeat",
        meaning="No reconcile was completed for two nights: what slips through the other nets stays unfound.",
        first="read the log of nightly, then see whether its schedule rule is enabled.",
        metric="ReconcileHeartbeat",
        comparison="LessThanThreshold",
        threshold=1,
        period_seconds=24 * 3600,
        periods=2,
        missing="breaching",
    )
    refused = Alarm(
        name="FactsRefused",
        meaning="The bus refuses facts each time that reconcile publishes them: other services never hear of them.",
        first="read the log of nightly for which facts, mend what makes the bus refuse them, then reconcile on demand.",
        metric="FactsRefused",
        threshold=1,
    )
    failed = Alarm(
        name="ReconcileFailed",
        meaning="The nightly reconcile cannot look into or mend something, whatever is tried: it may lack its clock.",
        first="read the log of nightly for which promise or item it is and why; all others were seen to.",
        metric="ReconcileFailed",
        threshold=1,
    )
    return [*found, heartbeat, refused, failed]


def _heartbeats() -> list[Alarm]:
    # A run each minute may fall into the minute before or after, hence three in a row.
    return [
        Alarm(
            name=f"{function}Heartbeat",
            meaning=meaning,
            first=f"read the log of {function.lower()}, then see whether its schedule rule is enabled.",
            metric=f"{function}Heartbeat",
            comparison="LessThanThreshold",
            threshold=1,
            periods=3,
            missing="breaching",
        )
        for function, meaning in (
            ("Sweep", "The sweep has not run for three minutes: only the expiry of clocks still rings them, late."),
            ("Watch", "The watch has not run for three minutes: nobody would notice overdue promises."),
        )
    ]


def _dead_letters() -> list[Alarm]:
    each = [
        Alarm(
            name=queue,
            meaning=f"{queue} holds {what}.",
            first=(
                "read the log of publish and mend the cause; the next reconcile publishes the facts again."
                if queue == "PublishDeadLetters"
                else "read one message and the log of its function, mend the cause, then send the messages back."
            ),
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": {"Fn::GetAtt": [queue, "QueueName"]}},
            statistic="Maximum",
            threshold=1,
        )
        for queue, what in DEAD_LETTER_QUEUES.items()
    ]
    # AWS may report a queue that was idle for hours up to 15 minutes late; our own count does not wait.
    own_count = Alarm(
        name="AnyDeadLetters",
        meaning="At least one dead-letter queue holds messages: some work was given up.",
        first="see which queue holds them, read one message, mend the cause, then send the messages back.",
        metric="DeadLetters",
        statistic="Maximum",
        threshold=1,
    )
    return [*each, own_count]


def _functions() -> list[Alarm]:
    return [
        Alarm(
            name=f"{name}Errors",
            meaning=f"The function {handler(name)} failed with an error that it did not expect.",
            first="read its log for the error; if a deployment came just before, roll it back.",
            namespace="AWS/Lambda",
            metric="Errors",
            dimensions={"FunctionName": {"Ref": function}},
            threshold=1,
        )
        for function, name in FUNCTIONS.items()
    ]


def _streams() -> list[Alarm]:
    return [
        Alarm(
            name=f"{function}StreamAge",
            meaning=f"The function {function.lower()} is more than five minutes behind its stream: {effect}.",
            first="read its log for a record that fails again and again; look for throttles.",
            namespace="AWS/Lambda",
            metric="IteratorAge",
            dimensions={"FunctionName": {"Ref": function}},
            statistic="Maximum",
            comparison="GreaterThanThreshold",
            threshold=300_000,
        )
        for function, effect in (
            ("Rescue", "expired clocks are not rung"),
            ("Publish", "other services hear late what happened"),
        )
    ]


def _sending() -> list[Alarm]:
    # Single refusals and time-outs are daily life (a wrong address); several in five minutes are a disturbance.
    return [
        Alarm(
            name="ProviderRefusing",
            meaning="Email or SMS providers refuse message after message; those customers are not reached.",
            first="check the SendGrid key, the verified sender and the SMS spending limit.",
            metric="ProviderRefused",
            period_seconds=300,
            threshold=5,
        ),
        Alarm(
            name="ProviderUnavailable",
            meaning="An email or SMS provider does not answer or answers with errors; messages are late.",
            first="look at the providers' status pages; sending resumes by itself when they are back.",
            metric="ProviderUnavailable",
            period_seconds=300,
            threshold=3,
        ),
        # A rate that is used up now and then renews itself; one that stays used up is too small for what is promised.
        Alarm(
            name="SendsHeld",
            meaning="A provider has asked to be left alone for a quarter of an hour: messages pile up.",
            first="look at the account's rate limit and quota at SendGrid, and at what else sends by the same account.",
            metric="SendsHeld",
            period_seconds=300,
            threshold=1,
            periods=3,
        ),
        # One is a report of somebody else's message; many mean that what bounces is not told to those who must know.
        Alarm(
            name="ReceiptsUnmatched",
            meaning="Providers report on many messages that Kept does not know: bounces may go unnoticed.",
            first="see whether another system or stage sends by the same account; else read a batch in SendGrid's log.",
            metric="ReceiptsUnmatched",
            period_seconds=3600,
            threshold=50,
        ),
    ]


def _people() -> list[Alarm]:
    # Each call is a message of its own on the operator topic; only a pile of them is news beyond that.
    return [
        Alarm(
            name="CallsPileUp",
            meaning="More than 20 customers must be called within an hour: more than people can usually do.",
            first="see in the calls' messages whether one word or one channel fails for all, then get callers.",
            metric="CallRequired",
            comparison="GreaterThanThreshold",
            period_seconds=3600,
            threshold=20,
        )
    ]


def _api() -> list[Alarm]:
    return [
        Alarm(
            name="ApiServerErrors",
            meaning="The API answers with 5xx: webhooks are not accepted, or customers cannot open their page.",
            first="read the log of api for the error; if a deployment came just before, roll it back.",
            namespace="AWS/ApiGateway",
            metric="5XXError",
            dimensions={"ApiName": "kept", "Stage": "api"},
            threshold=1,
        )
    ]
