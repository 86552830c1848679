"""A stack that is stopped, or killed, between a promise and its update: the customer hears all the same."""

import json
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from infra.local import first_promise, lock, ports, stack
from infra.local.stack import Stack

PATIENCE_SECONDS = 60.0
SNAPSHOT_SECONDS = 60.0


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], Stack]:
    """Starts the same stack again each time it is called."""
    aws_port, inbox_port = ports.free_ports(2)
    return lambda: stack.start(tmp_path, aws_port, inbox_port)


def messages_of(running: Stack, promise: str) -> list[dict[str, Any]]:
    with urlopen(f"{running.inbox}/api/messages?to={first_promise.CUSTOMER}") as answer:
        listed = json.load(answer)
    return [each for each in listed if any(str(given).startswith(promise) for given in each["custom_args"].values())]


def wait_for(seconds: float, what: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.2)
    return False


def promise_state(running: Stack, promise: str) -> dict[str, Any]:
    asked = Request(f"{running.api}/v1/promises/{promise}", headers={"Authorization": f"Bearer {running.read_key}"})
    with urlopen(asked) as answer:
        return json.load(answer)


def opens(link: str) -> bool:
    with urlopen(link) as answer:
        return answer.status == 200


def test_a_promise_made_before_a_stop_is_kept_after_the_next_start(start: Callable[[], Stack]) -> None:
    before = start()
    promise, _ = first_promise.make(before, datetime.now(UTC))
    assert wait_for(PATIENCE_SECONDS, lambda: len(messages_of(before, promise)) == 1)
    before.stop()

    after = start()
    try:
        assert wait_for(PATIENCE_SECONDS, lambda: len(messages_of(after, promise)) == 2)
        confirmation, _update = messages_of(after, promise)
        assert opens(confirmation["links"][0])
        assert promise_state(after, promise)["promise"]["id"] == promise
        assert (after.webhook_secret, after.read_key) == (before.webhook_secret, before.read_key)
    finally:
        after.stop()


def test_a_killed_emulator_comes_back_with_its_last_snapshot_and_says_what_was_lost(
    start: Callable[[], Stack], tmp_path: Path
) -> None:
    before = start()
    promise, _ = first_promise.make(before, datetime.now(UTC))
    made_at = time.time()
    snapshot = tmp_path / "emulator-snapshot" / "dynamodb.json"
    assert wait_for(SNAPSHOT_SECONDS, lambda: snapshot.exists() and snapshot.stat().st_mtime > made_at + 1)
    os.kill(before.emulator_pid, signal.SIGKILL)
    assert wait_for(PATIENCE_SECONDS, lambda: lock.holder(tmp_path / "run.lock") is None)

    after = start()
    try:
        assert "was killed last time" in (tmp_path / "stack.log").read_text()
        assert promise_state(after, promise)["promise"]["id"] == promise
        assert messages_of(after, promise)
    finally:
        after.stop()
