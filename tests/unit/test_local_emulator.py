"""What the emulator starts from after a stop and after a kill, and the stable address in front of it."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from infra.local.emulated.alias import Alias
from infra.local.emulator import Emulator
from infra.local.place import Place

LONG_AGO = 1_700_000_000


def write(folder: Path, content: str, at: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "dynamodb.json").write_text(content)
    os.utime(folder / "dynamodb.json", (at, at))


def start_from(folder: Path) -> str | None:
    return Emulator(Place(folder)).recover()


def state_of(folder: Path) -> str:
    return (folder / "emulator" / "dynamodb.json").read_text()


def test_a_first_start_has_nothing_to_say(tmp_path: Path) -> None:
    assert start_from(tmp_path) is None


def test_after_a_clean_stop_the_saved_state_counts_and_old_snapshots_go(tmp_path: Path) -> None:
    write(tmp_path / "emulator", "saved", LONG_AGO)
    write(tmp_path / "emulator-snapshot", "snapshot", LONG_AGO + 5)
    (tmp_path / "emulator-saved").touch()

    assert start_from(tmp_path) is None
    assert state_of(tmp_path) == "saved"
    assert not (tmp_path / "emulator-snapshot").exists()


def test_after_a_kill_the_newer_snapshot_counts_and_the_loss_is_said(tmp_path: Path) -> None:
    write(tmp_path / "emulator", "saved", LONG_AGO)
    write(tmp_path / "emulator-snapshot", "snapshot", LONG_AGO + 5)

    said = start_from(tmp_path)

    assert state_of(tmp_path) == "snapshot"
    assert said is not None
    assert "killed" in said
    assert "22:13:25 UTC" in said


def test_a_kill_before_the_first_snapshot_goes_back_to_the_last_stop(tmp_path: Path) -> None:
    write(tmp_path / "emulator", "saved", LONG_AGO)

    said = start_from(tmp_path)

    assert state_of(tmp_path) == "saved"
    assert said is not None
    assert "22:13:20 UTC" in said


def test_a_kill_between_two_snapshots_finds_the_one_before(tmp_path: Path) -> None:
    write(tmp_path / "emulator-snapshot.old", "snapshot", LONG_AGO)

    assert start_from(tmp_path) is not None
    assert state_of(tmp_path) == "snapshot"


class Recorded:
    """An application that remembers what reached it."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, _receive: Any, _send: Any) -> None:
        self.scopes.append(scope)


def request(alias: Alias, path: str, raw: bytes) -> None:
    async def nothing(*_: Any) -> Any:
        return {}

    asyncio.run(alias({"type": "http", "path": path, "raw_path": raw, "query_string": b"t=a%2Bb"}, nothing, nothing))


def test_the_stable_address_leads_to_whatever_api_is_deployed_now(tmp_path: Path) -> None:
    routes = tmp_path / "routes.json"
    reached = Recorded()
    alias = Alias(reached, routes)

    for number, api in enumerate(("first", "second")):
        routes.write_text(json.dumps({"/kept": f"/restapis/{api}/api/_user_request_"}))
        os.utime(routes, (LONG_AGO + number, LONG_AGO + number))
        request(alias, "/kept/v1/events/a b", b"/kept/v1/events/a%20b")

    assert [scope["path"] for scope in reached.scopes] == [
        "/restapis/first/api/_user_request_/v1/events/a b",
        "/restapis/second/api/_user_request_/v1/events/a b",
    ]
    assert reached.scopes[0]["raw_path"] == b"/restapis/first/api/_user_request_/v1/events/a%20b"
    assert reached.scopes[0]["query_string"] == b"t=a%2Bb"


def test_other_addresses_pass_untouched(tmp_path: Path) -> None:
    routes = tmp_path / "routes.json"
    routes.write_text(json.dumps({"/kept": "/elsewhere"}))
    reached = Recorded()

    request(Alias(reached, routes), "/keptbucket/key", b"/keptbucket/key")
    request(Alias(reached, tmp_path / "none.json"), "/kept/p", b"/kept/p")

    assert [scope["path"] for scope in reached.scopes] == ["/keptbucket/key", "/kept/p"]
