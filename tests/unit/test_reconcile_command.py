"""Reconcile on demand: one round, carried through to its end, and what it found."""

import io
import json
from typing import Any

import pytest

from infra.reconcile import main, reconcile


class FakeFunctions:
    """A CloudFormation that knows the function, and a Lambda that answers with each of `answers` in turn."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def describe_stack_resource(self, **asked: str) -> dict[str, Any]:
        return {"StackResourceDetail": {"PhysicalResourceId": f"{asked['StackName']}-{asked['LogicalResourceId']}"}}

    def invoke(self, **asked: Any) -> dict[str, Any]:
        assert asked["FunctionName"] == "kept-prod-Nightly"
        self.asked.append(json.loads(asked["Payload"])["detail"])
        answer = self.answers.pop(0)
        return {"Payload": io.BytesIO(json.dumps(answer).encode())} | (
            {"FunctionError": "Unhandled"} if "errorMessage" in answer else {}
        )


def run(came_round: str, *, complete: bool = False, **found: int) -> dict[str, Any]:
    return {"round": came_round, "complete": complete, "found": found}


def test_a_round_is_begun_afresh_and_carried_on_until_it_is_complete() -> None:
    stage = FakeFunctions(
        run("ours", ClocksMissing=2), run("ours", ClocksMissing=1, ClocksStray=0), run("ours", complete=True)
    )
    span = ("2026-11-24T10:00:00+00:00", "2026-11-24T11:00:00+00:00")
    assert reconcile(stage, stage, "kept-prod", [span]) == {"ClocksMissing": 3, "ClocksStray": 0}
    assert stage.asked == [{"afresh": True, "republish": [list(span)]}, {}, {}]


@pytest.mark.parametrize("complete", [True, False])
def test_a_round_in_place_of_which_another_was_begun_is_not_told_as_done(complete: bool) -> None:
    stage = FakeFunctions(run("ours"), run("another", complete=complete))
    with pytest.raises(RuntimeError, match="another round"):
        reconcile(stage, stage, "kept-prod")


def test_a_run_that_fails_is_told() -> None:
    stage = FakeFunctions({"errorMessage": "the store did not answer"})
    with pytest.raises(RuntimeError, match="the store did not answer"):
        reconcile(stage, stage, "kept-prod")


@pytest.mark.parametrize("first", ["yesterday", "2026-11-24T10:00:00"])
def test_a_moment_without_its_offset_is_refused(first: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--stage", "prod", "--republish", first, "2026-11-24T11:00:00+00:00"])
    assert "--republish" in capsys.readouterr().err
