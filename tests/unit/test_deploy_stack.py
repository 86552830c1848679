"""How a deployment changes the stack."""

import pytest

from infra.deploy.stack import DeployError, Stack
from tests.fakes.cloudformation import FakeCloudFormation


def change(action: str, name: str, kind: str, replacement: str = "False") -> dict[str, str]:
    return {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Replacement": replacement}


def stack_of(cloudformation: FakeCloudFormation, said: list[str] | None = None) -> Stack:
    lines: list[str] = [] if said is None else said
    return Stack(cloudformation, "kept-prod", sleep=lambda _: None, say=lines.append)


def test_a_stack_that_is_not_there_is_created_and_gives_its_outputs() -> None:
    cloudformation = FakeCloudFormation(changes=[change("Add", "Ring", "AWS::Lambda::Function")])
    said: list[str] = []

    outputs = stack_of(cloudformation, said).change("https://template", {"BrandName": "Shop"})

    assert outputs == {"ApiUrl": "https://api.example/api"}
    (asked,) = cloudformation.asked
    assert asked["ChangeSetType"] == "CREATE"
    assert asked["Parameters"] == [{"ParameterKey": "BrandName", "ParameterValue": "Shop"}]
    assert "deploy: will add Ring (AWS::Lambda::Function)" in said
    assert "CREATE_COMPLETE" in said[-1]


def test_a_stack_that_is_there_is_updated_and_old_events_are_not_told_again() -> None:
    old = {"EventId": "old", "LogicalResourceId": "Sweep", "ResourceStatus": "UPDATE_FAILED"}
    cloudformation = FakeCloudFormation(status="UPDATE_COMPLETE", events=[old])
    said: list[str] = []

    stack_of(cloudformation, said).change("https://template", {})

    assert cloudformation.asked[0]["ChangeSetType"] == "UPDATE"
    assert not [line for line in said if "Sweep" in line]


def test_a_stack_without_changes_is_left_as_it_is() -> None:
    refusal = "The submitted information didn't contain changes. Submit different information."
    cloudformation = FakeCloudFormation(status="CREATE_COMPLETE", refusal=refusal)

    outputs = stack_of(cloudformation).change("https://template", {})

    assert outputs == {"ApiUrl": "https://api.example/api"}
    assert cloudformation.executed == []
    assert len(cloudformation.deleted) == 1


def test_a_change_that_cloudformation_refuses_ends_with_its_reason() -> None:
    cloudformation = FakeCloudFormation(status="CREATE_COMPLETE", refusal="Template format error")

    with pytest.raises(DeployError, match="Template format error"):
        stack_of(cloudformation).change("https://template", {})


@pytest.mark.parametrize("lost", [("Remove", "False"), ("Modify", "True")])
def test_a_change_that_would_cost_a_table_is_refused_even_on_a_later_page(lost: tuple[str, str]) -> None:
    changes = [
        change("Modify", "Ring", "AWS::Lambda::Function", "True"),
        change(lost[0], "Promises", "AWS::DynamoDB::Table", lost[1]),
    ]
    cloudformation = FakeCloudFormation(status="CREATE_COMPLETE", changes=changes)

    with pytest.raises(DeployError, match=r"Promises.*nothing was changed"):
        stack_of(cloudformation).change("https://template", {})

    assert cloudformation.executed == []


def test_a_failure_names_what_failed_and_not_what_was_only_cancelled() -> None:
    cloudformation = FakeCloudFormation(ends_as="ROLLBACK_COMPLETE", failure="The role cannot be assumed")

    with pytest.raises(DeployError) as caught:
        stack_of(cloudformation).change("https://template", {})

    assert "ROLLBACK_COMPLETE" in str(caught.value)
    assert "Ring: The role cannot be assumed" in str(caught.value)
    assert "Promises" not in str(caught.value)
