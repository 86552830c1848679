"""A package is unpacked once, and every process of every function finds it where it looks."""

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra.local.emulated import packages


@pytest.fixture
def unpack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Unpacks code for a worker as the emulator does: into an empty folder of the worker's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    runtime = SimpleNamespace(zipfile=zipfile)
    packages.share(runtime)

    def unpacked(worker: str, source: str) -> Path:
        code = tmp_path / worker / "code"
        code.mkdir(parents=True)
        package = tmp_path / worker / "code.zip"
        with zipfile.ZipFile(package, "w") as written:
            written.writestr(zipfile.ZipInfo("chalicelib/one.py"), source)
        with runtime.zipfile.ZipFile(package) as zipped:
            zipped.extractall(str(code))
        return code

    return unpacked


def test_the_same_package_is_the_same_copy(unpack: Callable[[str, str], Path]) -> None:
    first, second = unpack("worker-1", "x = 1"), unpack("worker-2", "x = 1")
    assert (second / "chalicelib" / "one.py").read_text() == "x = 1"
    assert first.resolve() == second.resolve()


def test_another_package_is_another_copy(unpack: Callable[[str, str], Path]) -> None:
    assert (unpack("worker-1", "x = 1") / "chalicelib" / "one.py").read_text() == "x = 1"
    assert (unpack("worker-2", "x = 2") / "chalicelib" / "one.py").read_text() == "x = 2"


def test_a_worker_that_goes_takes_nothing_from_the_others(unpack: Callable[[str, str], Path]) -> None:
    first, second = unpack("worker-1", "x = 1"), unpack("worker-2", "x = 1")
    shutil.rmtree(first.parent)
    assert (second / "chalicelib" / "one.py").exists()


def test_workers_that_start_together_all_find_the_whole_package(unpack: Callable[[str, str], Path]) -> None:
    with ThreadPoolExecutor(8) as starting:
        found = list(starting.map(lambda worker: unpack(f"worker-{worker}", "x = 1"), range(16)))
    assert len({each.resolve() for each in found}) == 1
    assert all((each / "chalicelib" / "one.py").exists() for each in found)


def test_a_zip_that_is_not_unpacked_into_an_empty_folder_is_unpacked_as_ever(
    unpack: Callable[[str, str], Path], tmp_path: Path
) -> None:
    unpack("worker-1", "x = 1")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with packages.UnpackedOnce(tmp_path / "worker-1" / "code.zip") as zipped:
        zipped.extractall(tmp_path / "full")
    assert not (tmp_path / "full").is_symlink()
    assert (tmp_path / "full" / "chalicelib" / "one.py").exists()
