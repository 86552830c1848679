"""What Chalice makes of the application: its code with Chalice's runtime, and the template merged with ours."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from infra.stages import stage
from infra.template import merge_template

# Neither caches nor what Chalice itself leaves behind belongs to the application.
_NOT_OURS = shutil.ignore_patterns("__pycache__", "*.pyc", "deployments", "deployed")


class PackageError(RuntimeError):
    """The application could not be packaged; the message says why."""


def package(stage_name: str, root: Path, work: Path) -> tuple[dict[str, Any], Path]:
    """The merged template, and the directory with the unpacked code, made from a clean copy of the application.

    `root` holds app.py, chalicelib and .chalice; `work` is an empty directory to work in. The libraries are left to
    `dependencies`: Chalice would fetch them again at every change of the code, and only warns when one is missing.
    Raises UnknownStageError and PackageError.
    """
    merge = merge_template(stage(stage_name))
    project, unpacked, out = work / "project", work / "unpacked", work / "out"
    shutil.copytree(root / ".chalice", project / ".chalice", ignore=_NOT_OURS)
    shutil.copytree(root / "chalicelib", project / "chalicelib", ignore=_NOT_OURS)
    shutil.copy(root / "app.py", project)
    (project / "requirements.txt").write_text("", encoding="utf-8")
    (work / "merge.json").write_text(json.dumps(merge), encoding="utf-8")
    command = [str(Path(sys.executable).parent / "chalice"), "--project-dir", str(project), "package"]
    command += ["--stage", stage_name, "--merge-template", str(work / "merge.json"), str(out)]
    # Chalice wants some region to be set, though nothing in the template depends on it.
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise PackageError(f"Chalice could not package the application:\n{done.stdout}{done.stderr}".strip())
    with zipfile.ZipFile(out / "deployment.zip") as archive:
        archive.extractall(unpacked)
    return json.loads((out / "sam.json").read_text(encoding="utf-8")), unpacked
