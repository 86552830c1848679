"""The libraries of the Lambda package: fetched for Lambda's platform, trimmed, compiled, and kept until they change."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from infra import bytecode, trim

# Lambda's Python 3.11 runs on Amazon Linux 2 with glibc 2.26, so newer wheels would not load there.
_PLATFORMS = [
    *(f"manylinux_2_{minor}_x86_64" for minor in range(26, 4, -1)),
    "manylinux2014_x86_64",
    "manylinux2010_x86_64",
    "manylinux1_x86_64",
]
_RULES = (Path(__file__), Path(trim.__file__), Path(bytecode.__file__))


class DependencyError(RuntimeError):
    """A library could not be fetched for Lambda's platform; the message holds what pip said."""


def directory(requirements: Path, cache: Path) -> Path:
    """A directory with every library that ships, ready for the zip; raises DependencyError.

    Fetching, trimming and compiling take half a minute, so the result is kept in `cache` under a hash of the
    requirements and of the rules that made it.
    """
    finished = cache / _fingerprint(requirements)
    if finished.is_dir():
        return finished
    cache.mkdir(parents=True, exist_ok=True)
    work = cache / f"{finished.name}.part"
    shutil.rmtree(work, ignore_errors=True)
    _fetch(requirements, work)
    fetched = _megabytes(work)
    trim.trim(work)
    trimmed = _megabytes(work)
    bytecode.compile_tree(work)
    print(f"libraries: {fetched:.1f} MB fetched, {trimmed:.1f} MB after trimming, {_megabytes(work):.1f} MB compiled")
    work.rename(finished)
    for other in cache.iterdir():
        if other != finished:
            shutil.rmtree(other)
    return finished


def _fingerprint(requirements: Path) -> str:
    digest = hashlib.sha256(requirements.read_bytes())
    for rule in _RULES:
        digest.update(rule.read_bytes())
    digest.update(sys.version.encode())
    return digest.hexdigest()[:24]


def _fetch(requirements: Path, target: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--target", str(target), "--requirement", str(requirements)]
    command += ["--only-binary=:all:", "--implementation=cp", "--python-version=3.11"]
    command += [f"--platform={platform}" for platform in _PLATFORMS]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise DependencyError(f"The libraries could not be fetched for Lambda's platform:\n{done.stderr.strip()}")


def _megabytes(directory: Path) -> float:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) / 1e6
