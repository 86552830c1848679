"""Compiling what ships, so that no cold start has to."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Where Lambda unpacks the zip; tracebacks name files by this.
_HOME_ON_LAMBDA = "/var/task"


# Bytecode of another version would be ignored on Lambda, and every cold start would compile again.
_VERSION = (3, 11)


class CompileError(RuntimeError):
    """A source file does not compile, or not for Lambda's Python; the message says which or why."""


def compile_tree(root: Path) -> None:
    """Write bytecode beside every source below `root`; raises CompileError.

    The bytecode is never checked against its source (PEP 552, unchecked hash), so the same source always gives the
    same bytes and no file time matters. Two processes share the work by fixed halves: which strings a process has
    seen before leaves traces in the bytecode, so a work queue would not give the same bytes twice.
    """
    if sys.version_info[:2] != _VERSION:
        raise CompileError(f"Lambda runs Python 3.11, so packaging needs it too; this is {sys.version.split()[0]}.")
    sources = sorted(str(path) for path in root.rglob("*.py"))
    command = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(root), "-p", _HOME_ON_LAMBDA]
    # Sets in constants are written in hash order.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory() as lists:
        running = []
        # Given an empty list, compileall would compile this machine's own libraries instead, and the working directory.
        for number, half in enumerate(half for half in (sources[::2], sources[1::2]) if half):
            listed = Path(lists) / str(number)
            listed.write_text("\n".join(half), encoding="utf-8")
            running.append(
                subprocess.Popen(
                    [*command, "-i", str(listed)],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    env=environment,
                )
            )
        outputs = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise CompileError("".join(outputs).strip())
