"""The packaged template, as CloudFormation gets it, and the rules that every build of it must satisfy."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib.settings import BadSettings, read_settings
from infra import application, rules
from infra.rules.reading import FUNCTION, events, of_type
from infra.stages import STAGES

ROOT = Path(__file__).parents[2]
Template = dict[str, Any]


@pytest.fixture(scope="module", params=sorted(STAGES))
def packaged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Template:
    template, _ = application.package(request.param, ROOT, tmp_path_factory.mktemp(request.param))
    return template


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Template:
    template, _ = application.package("prod", ROOT, tmp_path_factory.mktemp("rules"))
    return template


def test_the_packaged_template_breaks_no_rule(packaged: Template) -> None:
    assert rules.broken(packaged) == []


def test_every_handler_of_the_application_is_packaged_and_no_other(packaged: Template) -> None:
    declared = {source.handler_string for source in app.app.event_sources} | {"app.app"}
    declared |= {function.handler_string for function in app.app.pure_lambda_functions}

    assert {properties["Handler"] for _, properties in of_type(packaged, FUNCTION)} == declared


def test_every_handler_has_its_own_lines_in_the_configuration_and_no_other_has_any() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())

    assert set(config["lambda_functions"]) == {source.name for source in app.app.event_sources} | {"api_handler"}
    assert set(config["stages"]) == set(STAGES)
    assert config["autogen_policy"] is False
    for lines in config["lambda_functions"].values():
        assert (ROOT / ".chalice" / lines["iam_policy_file"]).is_file()


class Remembering(Mapping[str, str]):
    """An empty environment that remembers which variables were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_every_variable_that_the_settings_read_is_set_and_no_other(packaged: Template) -> None:
    environment = Remembering()
    with pytest.raises(BadSettings):
        read_settings(environment)
    variables = packaged["Globals"]["Function"]["Environment"]["Variables"]

    assert {name for name in variables if name.startswith("KEPT_")} == environment.asked


def test_the_emulators_address_reaches_the_functions_only_when_it_is_given(packaged: Template) -> None:
    variables = packaged["Globals"]["Function"]["Environment"]["Variables"]

    assert variables["AWS_ENDPOINT_URL"]["Fn::If"][2] == {"Ref": "AWS::NoValue"}
    assert packaged["Parameters"]["AwsEndpointUrl"]["Default"] == ""


def test_only_new_facts_are_published(packaged: Template) -> None:
    (pattern,) = _patterns(packaged, "Publish")

    assert pattern == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "FACT#"}]}}}}


def test_only_removed_clocks_are_rescued(packaged: Template) -> None:
    assert _patterns(packaged, "Rescue") == [{"eventName": ["REMOVE"]}]


def test_the_clocks_are_found_by_shard_and_moment(packaged: Template) -> None:
    (index,) = packaged["Resources"]["Clocks"]["Properties"]["GlobalSecondaryIndexes"]

    assert index["IndexName"] == "due"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["bucket", "ring_at"]


def test_data_outlives_the_stack_on_a_stage_that_keeps_it(prod: Template) -> None:
    for table in ("Promises", "Clocks"):
        assert prod["Resources"][table]["DeletionPolicy"] == "Retain"
        assert prod["Resources"][table]["UpdateReplacePolicy"] == "Retain"


def test_no_lambda_runs_with_tracing_that_nobody_asked_for(packaged: Template) -> None:
    assert {properties["Tracing"] for _, properties in of_type(packaged, FUNCTION)} == {"PassThrough"}


def test_whoever_deploys_is_told_what_a_parameter_must_look_like(packaged: Template) -> None:
    for name, parameter in packaged["Parameters"].items():
        assert parameter["Description"], name
        assert {"AllowedValues", "MinValue"} & parameter.keys() or parameter["ConstraintDescription"], name


def test_the_template_leaves_room_below_the_limit_for_templates_sent_in_a_request(packaged: Template) -> None:
    assert len(json.dumps(packaged, separators=(",", ":"))) < 51_200


def _patterns(template: Template, function: str) -> list[Any]:
    return [
        json.loads(each["Pattern"])
        for name, _, _, mapping in events(template, "DynamoDB")
        if name == function
        for each in mapping["FilterCriteria"]["Filters"]
    ]


Change = Callable[[Template], None]


def _resource(template: Template, name: str) -> Template:
    return template["Resources"][name]["Properties"]


def _stream(template: Template, function: str = "Publish") -> Template:
    return _resource(template, function)["Events"][f"{function}DynamodbEventSource"]["Properties"]


def _sweep_event(template: Template) -> Template:
    return _resource(template, "Sweep")["Events"]["SweepEvent"]["Properties"]


def _statements(template: Template, role: str) -> list[Template]:
    return _resource(template, role)["Policies"][0]["PolicyDocument"]["Statement"]


def _statement(template: Template, role: str, sid: str) -> Template:
    return next(each for each in _statements(template, role) if each["Sid"] == sid)


def _without_statement(template: Template, role: str, sid: str) -> None:
    _statements(template, role).remove(_statement(template, role, sid))


DAMAGE: dict[str, Change] = {
    "a queue without a dead-letter queue": lambda t: t["Resources"].update(
        Later={"Type": "AWS::SQS::Queue", "Properties": {}}
    ),
    "a queue that is its own dead-letter queue": lambda t: _resource(t, "RingQueue")["RedrivePolicy"].update(
        deadLetterTargetArn={"Fn::GetAtt": ["RingQueue", "Arn"]}
    ),
    "a queue that gives up after two deliveries": lambda t: _resource(t, "RingQueue")["RedrivePolicy"].update(
        maxReceiveCount=2
    ),
    "a dead-letter queue of four days": lambda t: _resource(t, "RingDeadLetters").pop("MessageRetentionPeriod"),
    "a visibility shorter than six time-outs": lambda t: _resource(t, "Ring").update(Timeout=60),
    "a queue event with the placeholder": lambda t: _resource(t, "Ring")["Events"]["RingSqsEventSource"][
        "Properties"
    ].update(Queue="arn:aws:sqs:us-east-1:000000000000:placeholder"),
    "a queue event without partial responses": lambda t: _resource(t, "Ring")["Events"]["RingSqsEventSource"][
        "Properties"
    ].pop("FunctionResponseTypes"),
    "a mistyped event": lambda t: _resource(t, "Ring")["Events"].update(RingSqsEventSorce={"Properties": {}}),
    "a mistyped function": lambda t: t["Resources"].update(Rnig={"Properties": {"Timeout": 1}}),
    "a reference to nothing": lambda t: _resource(t, "OperatorEmailSubscription").update(TopicArn={"Ref": "Nowhere"}),
    "a substitution of nothing": lambda t: t["Outputs"].update(New={"Value": {"Fn::Sub": "${Nowhere.Arn}/x"}}),
    "a condition that is not declared": lambda t: t["Resources"]["Bus"].update(Condition="HasNothing"),
    "a webhook secret": lambda t: t["Globals"]["Function"]["Environment"]["Variables"].update(X="whsec_c2VjcmV0"),
    "a stream that is not bisected": lambda t: _stream(t).pop("BisectBatchOnFunctionError"),
    "a stream that retries for ever": lambda t: _stream(t).update(MaximumRetryAttempts=-1),
    "a stream without a retry limit": lambda t: _stream(t).pop("MaximumRetryAttempts"),
    "a stream without an age limit": lambda t: _stream(t).pop("MaximumRecordAgeInSeconds"),
    "a stream that drops what failed": lambda t: _stream(t).pop("DestinationConfig"),
    "a stream without partial responses": lambda t: _stream(t, "Rescue").update(FunctionResponseTypes=[]),
    "a stream without a filter": lambda t: _stream(t, "Rescue").pop("FilterCriteria"),
    "a stream with a broken filter": lambda t: _stream(t).update(FilterCriteria={"Filters": [{"Pattern": "{"}]}),
    "a stream that begins late": lambda t: _stream(t).update(StartingPosition="LATEST"),
    "a stream that is a placeholder": lambda t: _stream(t).update(Stream="arn:aws:dynamodb:::table/x/stream/y"),
    "a schedule that cannot start unnoticed": lambda t: _sweep_event(t).pop("DeadLetterConfig"),
    "a schedule that retries for a day": lambda t: _sweep_event(t).pop("RetryPolicy"),
    "a scheduled run that fails unnoticed": lambda t: _resource(t, "Watch")["EventInvokeConfig"].pop(
        "DestinationConfig"
    ),
    "a scheduled run that is retried by default": lambda t: _resource(t, "Watch")["EventInvokeConfig"].pop(
        "MaximumRetryAttempts"
    ),
    "a function without a log of ours": lambda t: _resource(t, "Sweep").pop("LoggingConfig"),
    "a log that keeps for ever": lambda t: _resource(t, "RingLogs").pop("RetentionInDays"),
    "a shared role": lambda t: _resource(t, "Sweep").update(Role=_resource(t, "Ring")["Role"]),
    "a role from elsewhere": lambda t: _resource(t, "Sweep").update(Role="arn:aws:iam::aws:role/admin"),
    "an API slower than its gateway": lambda t: _resource(t, "APIHandler").update(Timeout=29),
    "a sweep that overlaps the next": lambda t: _resource(t, "Sweep").update(Timeout=60),
    "a policy for every resource": lambda t: _statement(t, "SweepRole", "QueueRings").update(Resource="*"),
    "a policy for every queue": lambda t: _statement(t, "SweepRole", "QueueRings").update(
        Resource={"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:*"}
    ),
    "a policy for every action": lambda t: _statement(t, "SweepRole", "QueueRings").update(Action="sqs:*"),
    "metrics in any namespace": lambda t: _statement(t, "SweepRole", "ReportMetrics").pop("Condition"),
    "everything but one resource": lambda t: _statement(t, "RingRole", "KeepPromises").update(
        NotResource={"Ref": "Bus"}
    ),
    "a log it may not write": lambda t: _without_statement(t, "WatchRole", "WriteOwnLog"),
    "a stream it may not read": lambda t: _without_statement(t, "PublishRole", "ReadOwnStream"),
    "a queue it may not read": lambda t: _without_statement(t, "RingRole", "ReceiveRings"),
    "failures of a stream it may not hand over": lambda t: _without_statement(t, "RescueRole", "HandOverFailures"),
    "failures of a schedule it may not hand over": lambda t: _without_statement(t, "SweepRole", "HandOverFailures"),
    "an alarm without a first step": lambda t: _resource(t, "OverdueAlarm").update(AlarmDescription="Late."),
    "an alarm that tells nobody": lambda t: _resource(t, "OverdueAlarm").update(AlarmActions=[]),
    "an alarm that never says it is over": lambda t: _resource(t, "OverdueAlarm").pop("OKActions"),
    "an alarm that leaves silence to chance": lambda t: _resource(t, "OverdueAlarm").pop("TreatMissingData"),
    "a heartbeat that may fall silent": lambda t: _resource(t, "SweepHeartbeatAlarm").update(
        TreatMissingData="notBreaching"
    ),
    "a function whose errors nobody sees": lambda t: t["Resources"].pop("RingErrorsAlarm"),
    "a stream whose age nobody sees": lambda t: t["Resources"].pop("PublishStreamAgeAlarm"),
    "a dead-letter queue nobody watches": lambda t: t["Resources"].pop("RescueDeadLettersAlarm"),
    "a working queue nobody watches": lambda t: t["Resources"].pop("RingQueueAgeAlarm"),
    "a table without recovery": lambda t: _resource(t, "Promises").pop("PointInTimeRecoverySpecification"),
    "a table with a fixed capacity": lambda t: _resource(t, "Clocks").pop("BillingMode"),
    "a table deleted with its stack": lambda t: t["Resources"]["Promises"].pop("DeletionPolicy"),
    "a stream with texts in it": lambda t: _resource(t, "Promises")["StreamSpecification"].update(
        StreamViewType="NEW_IMAGE"
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_template_is_refused_for(damage: str, prod: Template) -> None:
    damaged = copy.deepcopy(prod)
    DAMAGE[damage](damaged)

    assert rules.broken(damaged) != []


def test_every_rule_can_be_broken(prod: Template) -> None:
    unbroken = set(rules.RULES)
    for change in DAMAGE.values():
        damaged = copy.deepcopy(prod)
        change(damaged)
        unbroken -= {rule for rule in unbroken if rule(damaged)}

    assert unbroken == set()
