"""A stack that is stopped, or killed, between a promise and its update: the customer hears all the same."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import lock, ports, stack
from infra.local.stack import Stack
from infra.local.stop import stop
from tests.e2e.outside import Outside, call
from tests.e2e.promises import SOON, Told, promise
from tests.e2e.waiting import until

# Each starts a stack twice.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Stack]]:
    """Starts the same stack again each time it is called; one that runs at the end is stopped."""
    aws_port, inbox_port = ports.free_ports(2)
    yield lambda: stack.start(tmp_path, aws_port, inbox_port)
    stop(tmp_path / "run.lock")


def confirmed(running: Stack) -> Told:
    """Make a promise with an update to come; return it once its customer is told, and that is on record."""
    outside, told = Outside(running), promise(updates=(SOON,))
    outside.tell("promise.made", told.data)
    outside.hears(told.email)
    outside.has_fact(told.ref, "ConfirmationSent")
    return told


def holds(file: Path, word: str) -> bool:
    """Whether a file that is replaced now and then has a word in it."""
    try:
        return word in file.read_text()
    except FileNotFoundError:
        return False


def test_a_promise_made_before_a_stop_is_kept_after_the_next_start(start: Callable[[], Stack]) -> None:
    before = start()
    told = confirmed(before)
    before.stop()

    after = start()
    update = Outside(after).hears(told.email, 2)
    assert call(update["links"][0]).status == 200
    assert Outside(after).read(told.ref)["promise"]["status"] == "open"
    assert (after.webhook_secret, after.read_key) == (before.webhook_secret, before.read_key)


def test_a_killed_emulator_comes_back_with_its_last_snapshot_and_says_what_was_lost(
    start: Callable[[], Stack], tmp_path: Path
) -> None:
    before = start()
    told = confirmed(before)
    snapshot = tmp_path / "emulator-snapshot" / "dynamodb.json"
    until(lambda: holds(snapshot, told.ref), "a snapshot that holds the promise")
    os.kill(before.emulator_pid, signal.SIGKILL)
    until(lambda: lock.holder(tmp_path / "run.lock") is None, "the end of the stack")

    after = start()
    assert "was killed last time" in (tmp_path / "stack.log").read_text()
    assert Outside(after).read(told.ref)["promise"]["status"] == "open"
    assert Outside(after).inbox(told.email)
