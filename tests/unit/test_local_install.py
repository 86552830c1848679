"""Setting up: what is installed again, what is not, and what is said when something is missing."""

from pathlib import Path

import pytest

from infra.local import debian, install
from infra.local.install import ENVIRONMENTS, STAMP, MissingError


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for files in ENVIRONMENTS.values():
        for name in files:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("boto3==1\n")
    return tmp_path


def stamp(checkout: Path, environment: str) -> None:
    (checkout / environment).mkdir()
    (checkout / environment / STAMP).write_text(install.fingerprint(checkout, ENVIRONMENTS[environment]))


def test_an_environment_is_installed_once(checkout: Path) -> None:
    assert not install.is_current(checkout, ".venv")
    stamp(checkout, ".venv")
    assert install.is_current(checkout, ".venv")


@pytest.mark.parametrize("changed", ENVIRONMENTS[".venv"])
def test_any_changed_requirements_file_installs_again(checkout: Path, changed: str) -> None:
    stamp(checkout, ".venv")
    (checkout / changed).write_text("boto3==2\n")
    assert not install.is_current(checkout, ".venv")


def test_one_environments_requirements_leave_the_other_alone(checkout: Path) -> None:
    stamp(checkout, ".venv-emulator")
    (checkout / "requirements.txt").write_text("boto3==2\n")
    assert install.is_current(checkout, ".venv-emulator")


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 13)])
def test_another_python_is_told_which_one_is_needed(version: tuple[int, int]) -> None:
    with pytest.raises(MissingError) as refused:
        install.check_python(version)
    assert "needs Python 3.11" in str(refused.value)
    assert f"this is {version[0]}.{version[1]}" in str(refused.value)


def test_an_unknown_target_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert install.main(["fly"]) == 2
    assert "run, test" in capsys.readouterr().err


def test_a_named_browser_is_used(tmp_path: Path) -> None:
    browser = tmp_path / "my-browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    assert debian.find_chromium({"KEPT_CHROMIUM": str(browser)}) == str(browser)


def test_a_named_browser_that_is_not_there_is_not_replaced_by_another() -> None:
    with pytest.raises(MissingError, match="KEPT_CHROMIUM names /no/such/browser"):
        install.chromium({"KEPT_CHROMIUM": "/no/such/browser"})


def test_without_apt_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(debian.NoPackageError) as refused:
        debian.DebianPackages(lambda _: None).install("chromium", "the browser test needs it")
    assert "apt-get install chromium" in str(refused.value)
