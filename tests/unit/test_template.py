"""The packaged template, as CloudFormation gets it."""

import json
from collections.abc import Iterator, Mapping
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

    handlers = [*app.app.event_sources, *app.app.pure_lambda_functions]
    assert set(config["lambda_functions"]) == {each.name for each in handlers} | {"api_handler"}
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
    variables = set(packaged["Globals"]["Function"]["Environment"]["Variables"])
    for function in packaged["Resources"].values():
        variables |= set(function.get("Properties", {}).get("Environment", {}).get("Variables", {}))

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


def test_the_template_is_well_below_what_cloudformation_reads_from_a_bucket(packaged: Template) -> None:
    assert len(json.dumps(packaged, separators=(",", ":"))) < 500_000


def test_the_variables_of_a_function_fit_into_what_lambda_takes(packaged: Template) -> None:
    variables = packaged["Globals"]["Function"]["Environment"]["Variables"]

    for function in packaged["Resources"].values():
        own = function.get("Properties", {}).get("Environment", {}).get("Variables", {})
        assert sum(len(name) + _longest(given, packaged) for name, given in {**variables, **own}.items()) < 4096


def _longest(value: Any, template: Template) -> int:
    """How long a variable may get: a resource's address, or what its parameter allows; 200 where that has no end."""
    match value:
        case str():
            return len(value)
        case {"Fn::Join": [_, parts]}:
            return sum(_longest(part, template) + 1 for part in parts)
        case {"Fn::If": [_, wanted, _]}:
            return _longest(wanted, template)
        case {"Ref": name} if name in template["Resources"]:
            return 130
    parameter = template["Parameters"][value["Ref"]]
    if parameter["Type"] == "Number":
        return 12
    return max(map(len, parameter.get("AllowedValues", ["x" * parameter.get("MaxLength", 200)])))


def _patterns(template: Template, function: str) -> list[Any]:
    return [
        json.loads(each["Pattern"])
        for name, _, _, mapping in events(template, "DynamoDB")
        if name == function
        for each in mapping["FilterCriteria"]["Filters"]
    ]
