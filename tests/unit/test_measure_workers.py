"""Only the workers of one stack are found and killed, and only while they are at work."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from infra.local.stack import Stack
from tests.e2e.waiting import until
from tests.measure.strikes import Strikes
from tests.measure.workers import Worker, is_at_work, kill, workers

# Stands for the emulator: starts the programs that it is told of, one a line, as the function that is named before it.
EMULATOR = """
import os, subprocess, sys
for line in sys.stdin:
    name, source = line.strip().split(" ", 1)
    named = {} if name == "-" else {"AWS_LAMBDA_FUNCTION_NAME": f"kept-local-{name}-4F817D75015CE"}
    subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, env={**os.environ, **named})
"""
WORKS = "import socket, time; talks = socket.socket(); time.sleep(60)"
WAITS = "import socket, sys; talks = socket.socket(); sys.stdin.read()"
LOADS = "import time; time.sleep(60)"
Start = Callable[[str, str], None]


@pytest.fixture
def emulator() -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-c", EMULATOR], stdin=subprocess.PIPE, text=True, start_new_session=True
    )
    yield started
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()


@pytest.fixture
def start(emulator: subprocess.Popen[str]) -> Start:
    def start(function: str, source: str) -> None:
        assert emulator.stdin
        emulator.stdin.write(f"{function} {source}\n")
        emulator.stdin.flush()

    return start


@pytest.fixture
def stack(emulator: subprocess.Popen[str]) -> Stack:
    said = {field.name: "" for field in fields(Stack)}
    return Stack(**{**said, "pid": 0, "emulator_pid": emulator.pid, "state": Path()})


def functions(found: list[Worker]) -> list[str]:
    return sorted(each.function for each in found)


def at_work(stack: Stack) -> list[Worker]:
    return [each for each in workers(stack) if is_at_work(each)]


def test_workers_are_what_the_emulator_started_as_a_function_and_nothing_else(stack: Stack, start: Start) -> None:
    elsewhere = {**os.environ, "AWS_LAMBDA_FUNCTION_NAME": "kept-local-Ring-4F817D75015CE"}
    with subprocess.Popen([sys.executable, "-c", WORKS], env=elsewhere) as of_another_stack:
        for function in ("-", "APIHandler", "Ring"):
            start(function, WORKS)
        until(lambda: functions(workers(stack)) == ["APIHandler", "Ring"], "both functions")
        of_another_stack.kill()


def test_a_worker_that_loads_or_waits_for_its_next_event_is_not_at_work(stack: Stack, start: Start) -> None:
    start("Sweep", LOADS)
    start("Publish", WAITS)
    start("Ring", WORKS)
    until(lambda: functions(workers(stack)) == ["Publish", "Ring", "Sweep"], "all of them")
    until(lambda: functions(at_work(stack)) == ["Ring"], "only Ring at work")


def test_only_the_worker_that_is_named_is_killed(stack: Stack, start: Start) -> None:
    start("Ring", WORKS)
    start("Publish", WORKS)
    until(lambda: len(workers(stack)) == 2, "both functions")
    ring = next(each for each in workers(stack) if each.function == "Ring")
    assert not kill(stack, Worker(ring.pid, "Sweep")), "its number belongs to another now"
    assert kill(stack, ring)
    until(lambda: functions(workers(stack)) == ["Publish"], "the other one alone")
    assert not kill(stack, ring)


def test_strikes_hit_those_at_work_and_are_bounded(stack: Stack, start: Start) -> None:
    start("Publish", WAITS)
    for _ in range(3):
        start("Ring", WORKS)
    until(lambda: functions(at_work(stack)) == ["Ring"] * 3, "three at work")
    with Strikes(stack, random.Random(1), longest_gap_seconds=0.05, most=2) as strikes:
        until(lambda: strikes.are_over, "the last strike")
    assert strikes.killed == Counter(Ring=2)
    until(lambda: functions(workers(stack)) == ["Publish", "Ring"], "the others alive")
