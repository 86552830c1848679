"""Building what is deployed: one template and one zip, the same for the local stack and for AWS.

Chalice packages the application and merges our template into its own; the libraries are fetched, trimmed and compiled
beside it, because Chalice fetches them again at every change of the code, and only warns when one is missing.

    python -m infra.package --stage prod --out .build/prod
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from infra import bytecode, dependencies
from infra.stages import UnknownStageError, stage
from infra.template import merge_template

ROOT = Path(__file__).parents[1]
_BUILD = ROOT / ".build"
_TEMPLATE, _ZIP, _INPUTS = "template.json", "deployment.zip", "inputs.sha256"
# The earliest moment that a zip can hold; with it the same files always give the same zip.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE_BY_ALL = 0o644 << 16


class PackageError(RuntimeError):
    """The application could not be packaged; the message holds what the packager said."""


@dataclass(frozen=True)
class Package:
    """What was built: the packaged template (JSON, SAM) and the zip that its parameters CodeBucket and CodeKey name."""

    template: Path
    zip: Path

    def code_key(self) -> str:
        """Where the zip belongs in the bucket: named by its content, so what is deployed is never overwritten."""
        return f"kept/{hashlib.sha256(self.zip.read_bytes()).hexdigest()}.zip"


def build(stage_name: str, out: Path, root: Path = ROOT) -> Package:
    """Package the application for a stage into `out`; does nothing when no input changed since the last time.

    Raises UnknownStageError, PackageError, and those of `dependencies` and `bytecode`.
    """
    merge = merge_template(stage(stage_name))
    package = Package(template=out / _TEMPLATE, zip=out / _ZIP)
    inputs = _hash_of_inputs(stage_name, root)
    stamp = out / _INPUTS
    if package.zip.exists() and package.template.exists() and stamp.exists() and stamp.read_text() == inputs:
        print(f"package: nothing changed, {package.zip} is kept")
        return package
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    libraries = dependencies.directory(root / "requirements.txt", _BUILD / "libraries")
    application = _chalice_package(stage_name, merge, root, package.template)
    bytecode.compile_tree(application)
    _write_zip(package.zip, libraries, application)
    stamp.write_text(inputs)
    print(f"package: {_size(package.zip)} in {time.monotonic() - started:.1f} s: {package.zip}")
    return package


def _hash_of_inputs(stage_name: str, root: Path) -> str:
    files = [root / "app.py", root / "requirements.txt", *(root / ".chalice").glob("*.json")]
    files += [path for path in (root / "chalicelib").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    own = Path(__file__).parent
    files += [*own.glob("*.py"), *(own / "template").glob("*.py")]
    digest = hashlib.sha256(f"{stage_name} {sys.version}".encode())
    for path in sorted(files):
        digest.update(f"{path} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _chalice_package(stage_name: str, merge: dict[str, object], root: Path, template: Path) -> Path:
    """Run Chalice on a clean copy of the application; return the directory with its unpacked code."""
    work = _BUILD / f"chalice-{stage_name}"
    shutil.rmtree(work, ignore_errors=True)
    project, unpacked = work / "project", work / "unpacked"
    no_caches = shutil.ignore_patterns("__pycache__", "*.pyc", "deployments", "deployed")
    shutil.copytree(root / ".chalice", project / ".chalice", ignore=no_caches)
    shutil.copytree(root / "chalicelib", project / "chalicelib", ignore=no_caches)
    shutil.copy(root / "app.py", project)
    (project / "requirements.txt").write_text("")
    (work / "merge.json").write_text(json.dumps(merge))
    command = [str(Path(sys.executable).parent / "chalice"), "--project-dir", str(project), "package"]
    command += ["--stage", stage_name, "--merge-template", str(work / "merge.json"), str(work / "out")]
    # Chalice wants some region to be set, though nothing in the template depends on it.
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise PackageError(f"Chalice could not package the application:\n{done.stdout}{done.stderr}".strip())
    packaged = json.loads((work / "out" / "sam.json").read_text(encoding="utf-8"))
    # CloudFormation counts every character, spaces too.
    template.write_text(json.dumps(packaged, separators=(",", ":")), encoding="utf-8")
    with zipfile.ZipFile(work / "out" / "deployment.zip") as chalice_zip:
        chalice_zip.extractall(unpacked)
    return unpacked


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
        build(arguments.stage, arguments.out or _BUILD / arguments.stage)
    except (UnknownStageError, PackageError, dependencies.DependencyError, bytecode.CompileError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
