"""The run of all checks: nothing hides behind a failure."""

import os

import pytest

from infra.local.checks import Run, Step

GOOD = Step("good", "timeit", ("-n1", "-r1", "pass"))
BAD = Step("bad", "no_such_module_here", ())


def test_a_failing_step_does_not_stop_the_next_and_fails_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    run = Run()
    for step in (GOOD, BAD, GOOD):
        run.step(step, os.environ)

    assert run.summary() == 1
    listed = [line.split() for line in capfd.readouterr().out.splitlines() if line.startswith("  ")]
    assert [(line[0], line[-1]) for line in listed] == [("passed", "good"), ("FAILED", "bad"), ("passed", "good")]


def test_a_run_in_which_everything_passes_succeeds() -> None:
    run = Run()
    run.step(GOOD, os.environ)
    assert run.summary() == 0


def test_what_could_not_even_start_fails_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    run = Run()
    run.failed("integration", "The stack did not start.")
    assert run.summary() == 1
    assert "The stack did not start." in capfd.readouterr().err


def test_what_this_machine_cannot_run_is_told_at_the_end_and_fails_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    run = Run()
    run.left_out("contract tests", "Java is missing here")
    assert run.summary() == 0
    assert "left out          contract tests: Java is missing here" in capfd.readouterr().out
