"""Each rule that a packaged template must satisfy, proved by a template that breaks it."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra import application, rules

ROOT = Path(__file__).parents[2]
Template = dict[str, Any]


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Template:
    template, _ = application.package("prod", ROOT, tmp_path_factory.mktemp("rules"))
    return template


Change = Callable[[Template], None]


def _resource(template: Template, name: str) -> Template:
    return template["Resources"][name]["Properties"]


def _stream(template: Template, function: str = "Publish") -> Template:
    return _resource(template, function)["Events"][f"{function}DynamodbEventSource"]["Properties"]


def _ring_event(template: Template) -> Template:
    return _resource(template, "Ring")["Events"]["RingSqsEventSource"]["Properties"]


def _sweep_event(template: Template) -> Template:
    return _resource(template, "Sweep")["Events"]["SweepEvent"]["Properties"]


def _reply_event(template: Template) -> Template:
    return _resource(template, "SmsReply")["Events"]["SmsReplySnsSubscription"]["Properties"]


def _statements(template: Template, role: str) -> list[Template]:
    return _resource(template, role)["Policies"][0]["PolicyDocument"]["Statement"]


def _statement(template: Template, role: str, sid: str) -> Template:
    return next(each for each in _statements(template, role) if each["Sid"] == sid)


def _without_statement(template: Template, role: str, sid: str) -> None:
    _statements(template, role).remove(_statement(template, role, sid))


DAMAGE: list[tuple[str, Change]] = [
    (
        "Queue Later has no dead-letter queue and is none",
        lambda t: t["Resources"].update(Later={"Type": "AWS::SQS::Queue", "Properties": {}}),
    ),
    (
        "Queue RingQueue redrives to RingQueue, which is no other queue of the template",
        lambda t: _resource(t, "RingQueue")["RedrivePolicy"].update(
            deadLetterTargetArn={"Fn::GetAtt": ["RingQueue", "Arn"]}
        ),
    ),
    (
        "Queue RingQueue gives up after fewer than 5 deliveries",
        lambda t: _resource(t, "RingQueue")["RedrivePolicy"].update(maxReceiveCount=2),
    ),
    (
        "Queue RingDeadLetters forgets its dead letters before 14 days are over",
        lambda t: _resource(t, "RingDeadLetters").pop("MessageRetentionPeriod"),
    ),
    (
        "Queue RingQueue shows a message again before Ring is surely done with it",
        lambda t: _resource(t, "Ring").update(Timeout=60),
    ),
    (
        "Event RingSqsEventSource of Ring reads no queue of the template",
        lambda t: _ring_event(t).update(Queue="arn:aws:sqs:us-east-1:000000000000:placeholder"),
    ),
    (
        "Event RingSqsEventSource of Ring does not report which messages failed",
        lambda t: _ring_event(t).pop("FunctionResponseTypes"),
    ),
    (
        "Event RingSqsEventSorce of Ring has no Type: no such event is packaged, its name is mistyped",
        lambda t: _resource(t, "Ring")["Events"].update(RingSqsEventSorce={"Properties": {}}),
    ),
    (
        "Rnig has no Type: no such resource is packaged, its name is mistyped",
        lambda t: t["Resources"].update(Rnig={"Properties": {"Timeout": 1}}),
    ),
    (
        "Nowhere is named, but there is no such resource or parameter",
        lambda t: _resource(t, "OperatorEmailSubscription").update(TopicArn={"Ref": "Nowhere"}),
    ),
    (
        "Nowhere is named, but there is no such resource or parameter",
        lambda t: t["Outputs"].update(New={"Value": {"Fn::Sub": "${Nowhere.Arn}/x"}}),
    ),
    ("Condition HasNothing is named, but not declared", lambda t: t["Resources"]["Bus"].update(Condition="HasNothing")),
    (
        "Something like a secret stands in the template (beginning with whsec_...)",
        lambda t: t["Globals"]["Function"]["Environment"]["Variables"].update(X="whsec_c2VjcmV0"),
    ),
    (
        "Event PublishDynamodbEventSource of Publish does not split a failed batch",
        lambda t: _stream(t).pop("BisectBatchOnFunctionError"),
    ),
    (
        "Event PublishDynamodbEventSource of Publish retries without a bound",
        lambda t: _stream(t).update(MaximumRetryAttempts=-1),
    ),
    (
        "Event PublishDynamodbEventSource of Publish retries without a bound",
        lambda t: _stream(t).pop("MaximumRetryAttempts"),
    ),
    (
        "Event PublishDynamodbEventSource of Publish does not give a record up before the stream forgets it",
        lambda t: _stream(t).pop("MaximumRecordAgeInSeconds"),
    ),
    (
        "Event PublishDynamodbEventSource of Publish drops what it gives up",
        lambda t: _stream(t).pop("DestinationConfig"),
    ),
    (
        "Event RescueDynamodbEventSource of Rescue does not report which records failed",
        lambda t: _stream(t, "Rescue").update(FunctionResponseTypes=[]),
    ),
    (
        "Event RescueDynamodbEventSource of Rescue has no filter, so it pays for records that it never looks at",
        lambda t: _stream(t, "Rescue").pop("FilterCriteria"),
    ),
    (
        "Event PublishDynamodbEventSource of Publish has no filter, so it pays for records that it never looks at",
        lambda t: _stream(t).update(FilterCriteria={"Filters": [{"Pattern": "{"}]}),
    ),
    (
        "Event PublishDynamodbEventSource of Publish misses records written before the mapping was ready",
        lambda t: _stream(t).update(StartingPosition="LATEST"),
    ),
    (
        "Event PublishDynamodbEventSource of Publish reads no stream of the template",
        lambda t: _stream(t).update(Stream="arn:aws:dynamodb:::table/x/stream/y"),
    ),
    (
        "Event SweepEvent of Sweep leaves no message when it cannot start the function",
        lambda t: _sweep_event(t).pop("DeadLetterConfig"),
    ),
    ("Event SweepEvent of Sweep is retried without bounds of our own", lambda t: _sweep_event(t).pop("RetryPolicy")),
    (
        "Function Watch leaves no message when a scheduled run fails",
        lambda t: _resource(t, "Watch")["EventInvokeConfig"].pop("DestinationConfig"),
    ),
    (
        "Function Watch is retried without bounds of our own",
        lambda t: _resource(t, "Watch")["EventInvokeConfig"].pop("MaximumRetryAttempts"),
    ),
    (
        "Event SmsReplySnsSubscription of SmsReply listens to no topic of the template",
        lambda t: _reply_event(t).update(Topic="arn:aws:sns:us-east-1:000000000000:placeholder"),
    ),
    (
        "Event SmsReplySnsSubscription of SmsReply drops what does not reach the function",
        lambda t: _reply_event(t).pop("RedrivePolicy"),
    ),
    (
        "Function SmsReply drops a message that it fails on",
        lambda t: _resource(t, "SmsReply")["EventInvokeConfig"].pop("DestinationConfig"),
    ),
    (
        "Function SmsReply is retried without bounds of our own",
        lambda t: _resource(t, "SmsReply")["EventInvokeConfig"].pop("MaximumRetryAttempts"),
    ),
    (
        "Queue SmsReplyDeadLetters does not let sns.amazonaws.com hand over what SmsReplySnsSubscription of SmsReply "
        "missed",
        lambda t: t["Resources"].pop("SmsReplyDeadLettersPolicy"),
    ),
    (
        "Queue ScheduleDeadLetters does not let events.amazonaws.com hand over what WatchEvent of Watch missed",
        lambda t: _resource(t, "ScheduleDeadLettersPolicy")["PolicyDocument"]["Statement"][0].pop("Condition"),
    ),
    ("Function Sweep writes to no log group of the template", lambda t: _resource(t, "Sweep").pop("LoggingConfig")),
    ("Log group RingLogs keeps for ever", lambda t: _resource(t, "RingLogs").pop("RetentionInDays")),
    ("Function Sweep shares its role", lambda t: _resource(t, "Sweep").update(Role=_resource(t, "Ring")["Role"])),
    (
        "Function Sweep has no role of the template",
        lambda t: _resource(t, "Sweep").update(Role="arn:aws:iam::aws:role/admin"),
    ),
    (
        "Function APIHandler may run 29 s; 28 s is the most that makes sense",
        lambda t: _resource(t, "APIHandler").update(Timeout=29),
    ),
    (
        "Function Sweep may run 60 s; 59 s is the most that makes sense",
        lambda t: _resource(t, "Sweep").update(Timeout=60),
    ),
    (
        "SweepRole, statement QueueRings allows more than resources of ours",
        lambda t: _statement(t, "SweepRole", "QueueRings").update(Resource="*"),
    ),
    (
        "SweepRole, statement QueueRings allows more than resources of ours",
        lambda t: _statement(t, "SweepRole", "QueueRings").update(
            Resource={"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:*"}
        ),
    ),
    (
        "SweepRole, statement QueueRings allows actions by wildcard",
        lambda t: _statement(t, "SweepRole", "QueueRings").update(Action="sqs:*"),
    ),
    (
        "SweepRole, statement ReportMetrics allows more than resources of ours",
        lambda t: _statement(t, "SweepRole", "ReportMetrics").pop("Condition"),
    ),
    (
        "RingRole, statement KeepPromises allows every resource but some",
        lambda t: _statement(t, "RingRole", "KeepPromises").update(NotResource={"Ref": "Bus"}),
    ),
    ("Function Watch may not write its log", lambda t: _without_statement(t, "WatchRole", "WriteOwnLog")),
    (
        "Function Publish may not read its event PublishDynamodbEventSource",
        lambda t: _without_statement(t, "PublishRole", "ReadOwnStream"),
    ),
    (
        "Function Ring may not read its event RingSqsEventSource",
        lambda t: _without_statement(t, "RingRole", "ReceiveRings"),
    ),
    (
        "Function Rescue may not hand over failures of RescueDynamodbEventSource to RescueDeadLetters",
        lambda t: _without_statement(t, "RescueRole", "HandOverFailures"),
    ),
    (
        "Function Sweep may not hand over failures to ScheduleDeadLetters",
        lambda t: _without_statement(t, "SweepRole", "HandOverFailures"),
    ),
    (
        "Alarm OverdueAlarm does not say what it means and what to do first, within its limit",
        lambda t: _resource(t, "OverdueAlarm").update(AlarmDescription="Late."),
    ),
    ("Alarm OverdueAlarm has no AlarmActions", lambda t: _resource(t, "OverdueAlarm").update(AlarmActions=[])),
    ("Alarm OverdueAlarm has no OKActions", lambda t: _resource(t, "OverdueAlarm").pop("OKActions")),
    (
        "Alarm OverdueAlarm must treat missing data as notBreaching",
        lambda t: _resource(t, "OverdueAlarm").pop("TreatMissingData"),
    ),
    (
        "Alarm SweepHeartbeatAlarm must treat missing data as breaching",
        lambda t: _resource(t, "SweepHeartbeatAlarm").update(TreatMissingData="notBreaching"),
    ),
    ("Nobody watches the errors of function Ring", lambda t: t["Resources"].pop("RingErrorsAlarm")),
    ("Nobody watches how old the stream of Publish grows", lambda t: t["Resources"].pop("PublishStreamAgeAlarm")),
    ("Nobody watches queue RescueDeadLetters", lambda t: t["Resources"].pop("RescueDeadLettersAlarm")),
    ("Nobody watches queue RingQueue", lambda t: t["Resources"].pop("RingQueueAgeAlarm")),
    (
        "Table Promises cannot be restored to a point in time",
        lambda t: _resource(t, "Promises").pop("PointInTimeRecoverySpecification"),
    ),
    (
        "Table Clocks has a fixed capacity, which a burst of due promises would exceed",
        lambda t: _resource(t, "Clocks").pop("BillingMode"),
    ),
    (
        "Table Promises would be deleted with its data (DeletionPolicy)",
        lambda t: t["Resources"]["Promises"].pop("DeletionPolicy"),
    ),
    (
        "The stream of table Promises would carry personal data",
        lambda t: _resource(t, "Promises")["StreamSpecification"].update(StreamViewType="NEW_IMAGE"),
    ),
]


@pytest.mark.parametrize(("sentence", "change"), DAMAGE, ids=[sentence for sentence, _ in DAMAGE])
def test_a_template_is_refused_with_the_sentence(sentence: str, change: Change, prod: Template) -> None:
    damaged = copy.deepcopy(prod)
    change(damaged)

    assert sentence in rules.broken(damaged)


def test_every_rule_can_be_broken(prod: Template) -> None:
    unbroken = set(rules.RULES)
    for _, change in DAMAGE:
        damaged = copy.deepcopy(prod)
        change(damaged)
        unbroken -= {rule for rule in unbroken if rule(damaged)}

    assert unbroken == set()
