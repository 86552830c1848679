"""Everything that `make test` looks at, one step after the other, with the time each took.

A step that fails does not hide the next one: all run, and the summary says which did not pass.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from infra.local import dynamodb_local, ports, stack
from infra.local.place import ROOT
from infra.local.problem import StackProblemError

WORKERS = "2"


@dataclass(frozen=True)
class Step:
    name: str
    module: str
    arguments: tuple[str, ...]

    def run(self, environ: Mapping[str, str]) -> bool:
        print(f"\n== {self.name}", flush=True)
        command = [sys.executable, "-m", self.module, *self.arguments]
        return subprocess.run(command, cwd=ROOT, env=dict(environ), check=False).returncode == 0


CATALOGUES = Step("message catalogues", "infra.catalogues", ())
LINT = (
    Step("ruff", "ruff", ("check", ".")),
    Step("format", "ruff", ("format", "--check", ".")),
    Step("types", "mypy", ()),
)
QUICK = Step(
    "unit, contract and simulation tests",
    "pytest",
    ("-q", "-n", WORKERS, "tests/unit", "tests/contract", "tests/simulation"),
)
# These mostly wait for promised moments, so two at a time take half as long; a file stays on one worker, as its tests
# stop schedules and lose messages on a stack that they share.
WHOLE = Step(
    "integration and end-to-end tests",
    "pytest",
    ("-q", "-n", WORKERS, "--dist", "loadfile", "--durations=5", "tests/integration", "tests/e2e"),
)


class Run:
    """Runs steps and remembers how they ended."""

    def __init__(self) -> None:
        self._results: list[tuple[str, bool, float]] = []
        self._left_out: list[str] = []

    def step(self, step: Step, environ: Mapping[str, str]) -> None:
        started = time.monotonic()
        passed = step.run(environ)
        self._results.append((step.name, passed, time.monotonic() - started))

    def failed(self, name: str, why: str) -> None:
        print(f"\n{why}", file=sys.stderr, flush=True)
        self._results.append((name, False, 0.0))

    def left_out(self, name: str, why: str) -> None:
        """Keeps in sight what this machine could not run."""
        self._left_out.append(f"{name}: {why}")

    def summary(self) -> int:
        print("\n== summary")
        for name, passed, seconds in self._results:
            print(f"  {'passed' if passed else 'FAILED':<7} {seconds:6.1f} s  {name}")
        for what in self._left_out:
            print(f"  left out          {what}")
        return 0 if all(passed for _, passed, _ in self._results) else 1


def on_a_stack(run: Run, step: Step) -> None:
    """Runs a step against a stack of its own, whose state is kept for a look only when the step fails."""
    state = ROOT / ".local" / "test"
    shutil.rmtree(state, ignore_errors=True)
    print(f"\n== starting a stack for the {step.name}", flush=True)
    aws_port, inbox_port = ports.free_ports(2)
    try:
        started = stack.start(state, aws_port, inbox_port, heard=print)
    except StackProblemError as problem:
        run.failed(step.name, str(problem))
        return
    try:
        run.step(step, {**os.environ, stack.STACK_FILE: str(state / "stack.json")})
    finally:
        started.stop()


def main(arguments: list[str]) -> int:
    run = Run()
    run.step(CATALOGUES, os.environ)
    for step in LINT:
        run.step(step, os.environ)
    if "--lint-only" not in arguments:
        run.step(QUICK, os.environ)
        if lacking := dynamodb_local.lacking():
            run.left_out("contract tests on DynamoDB Local", lacking)
        on_a_stack(run, WHOLE)
    return run.summary()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
