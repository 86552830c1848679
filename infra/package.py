"""Building what is deployed: one template and one zip, the same for the local stack and for AWS.

Chalice packages the code and merges our template into its own (`application`); the libraries are fetched, trimmed and
compiled beside it (`dependencies`); the merged template is held against our rules (`rules`).

    python -m infra.package --stage prod --out .build/prod
"""

import argparse
import fcntl
import hashlib
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chalicelib.standards.faults import BadStandards
from infra import application, bytecode, catalogues, dependencies, rules, standards
from infra.stages import UnknownStageError, stage

ROOT = Path(__file__).parents[1]
BUILD = ROOT / ".build"
_TEMPLATE, _ZIP, _INPUTS = "template.json", "deployment.zip", "inputs.sha256"
# The earliest moment that a zip can hold; with it the same files always give the same zip.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE_BY_ALL = 0o644 << 16

# What can be wrong with the source or its libraries; each message says what to mend.
FAULTS = (
    catalogues.CatalogueFault,
    BadStandards,
    application.PackageError,
    dependencies.DependencyError,
    bytecode.CompileError,
)


@dataclass(frozen=True)
class Package:
    """What was built: the packaged template (JSON, SAM) and the zip that its parameters CodeBucket and CodeKey name."""

    template: Path
    zip: Path

    def code_key(self) -> str:
        """Where the zip belongs in the bucket: named by its content, so what is deployed is never overwritten."""
        return _content_key(self.zip)

    def template_key(self) -> str:
        """Where the template belongs in the bucket, named in the same way."""
        return _content_key(self.template)


def _content_key(path: Path) -> str:
    return f"kept/{hashlib.sha256(path.read_bytes()).hexdigest()}{path.suffix}"


def build(stage_name: str, out: Path) -> Package:
    """Package the application for a stage into `out`; does nothing when no input changed since the last time.

    Raises UnknownStageError, CatalogueFault, BadStandards, PackageError (also for a template that breaks our rules),
    DependencyError and CompileError.
    """
    stage(stage_name)
    package = Package(template=out / _TEMPLATE, zip=out / _ZIP)
    with _one_build_at_a_time():
        catalogues.compile_all()
        standards.check()
        inputs = _hash_of_inputs(stage_name)
        stamp = out / _INPUTS
        if package.zip.exists() and package.template.exists() and stamp.exists() and stamp.read_text() == inputs:
            print(f"package: nothing changed, {package.zip} is kept")
            return package
        out.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        _build(stage_name, package)
        stamp.write_text(inputs)
    return package


def _build(stage_name: str, package: Package) -> None:
    started = time.monotonic()
    libraries = dependencies.directory(ROOT / "requirements.txt", BUILD / "libraries")
    with tempfile.TemporaryDirectory(prefix="kept-package-") as work:
        template, code = application.package(stage_name, ROOT, Path(work))
        if broken := rules.broken(template):
            raise application.PackageError("The packaged template breaks our rules:\n" + "\n".join(broken))
        bytecode.compile_tree(code)
        _write_zip(package.zip, libraries, code)
    # CloudFormation counts every character, spaces too.
    package.template.write_text(json.dumps(template, separators=(",", ":")), encoding="utf-8")
    print(f"package: {_size(package.zip)} in {time.monotonic() - started:.1f} s: {package.zip}")


@contextmanager
def _one_build_at_a_time() -> Iterator[None]:
    # The libraries are shared by every stage, and the tests build while the local stack may.
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _hash_of_inputs(stage_name: str) -> str:
    files = [ROOT / "app.py", ROOT / "requirements.txt", *(ROOT / ".chalice").glob("*.json")]
    # What is compiled says nothing that its source does not; compiled catalogues even carry the minute of compiling.
    compiled = {".mo", ".pyc"}
    files += [path for path in (ROOT / "chalicelib").rglob("*") if path.is_file() and path.suffix not in compiled]
    own = Path(__file__).parent
    files += [*own.glob("*.py"), *(own / "template").glob("*.py"), *(own / "rules").glob("*.py")]
    digest = hashlib.sha256(f"{stage_name} {sys.version}".encode())
    for path in sorted(files):
        digest.update(f"{path} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _write_zip(target: Path, *directories: Path) -> None:
    entries = {str(path.relative_to(top)): path for top in directories for path in top.rglob("*") if path.is_file()}
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE_BY_ALL
            archive.writestr(entry, entries[name].read_bytes())
    part.rename(target)


def _size(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    return f"{path.stat().st_size / 1e6:.1f} MB zipped, {unpacked / 1e6:.1f} MB unzipped"


def main() -> int:
    """Build for the stage named on the command line."""
    parser = argparse.ArgumentParser(description="Package Kept for a stage.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--out", type=Path, help="default: .build/STAGE")
    arguments = parser.parse_args()
    try:
        build(arguments.stage, arguments.out or BUILD / arguments.stage)
    except (UnknownStageError, *FAULTS) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
