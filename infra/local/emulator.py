"""The emulator process: what it starts from, how it is started, and how it is stopped without losing anything."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from infra.local.place import HOST, ROOT, Place
from infra.local.problem import StackProblemError

START_SECONDS = 60.0
STOP_SECONDS = 75.0  # a little more than the emulator allows itself for saving
POLL_SECONDS = 0.1
PUT_AWAY = "put-away-"
WARM_SECONDS = 24 * 3600  # a local function stays loaded: its cold start says nothing about AWS
PYTHON = ROOT / ".venv-emulator" / "bin" / "python"


def _newest(folder: Path) -> float:
    return max((file.stat().st_mtime for file in folder.glob("*.json")), default=0.0)


def _is_emulator(pid: int) -> bool:
    """Whether the process is still ours; ids are used again for other programs."""
    try:
        return b"infra.local.emulated" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class Emulator:
    """MiniStack on loopback, as a process of its own with its state under the place's directory."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._state = place.state / "emulator"
        self._snapshot = place.state / "emulator-snapshot"
        self._mark = place.state / "emulator-saved"
        self._temporary = place.state / "tmp"
        self._pid_file = place.state / "emulator.pid"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def recover(self) -> str | None:
        """Chooses the state to start from; says in one sentence what was lost, if the last run was killed."""
        self._state.mkdir(parents=True, exist_ok=True)
        displaced = self._snapshot.with_name(self._snapshot.name + ".old")
        if displaced.exists() and not self._snapshot.exists():
            displaced.rename(self._snapshot)
        saved, snapped = _newest(self._state), _newest(self._snapshot)
        if self._mark.exists() or not (saved or snapped):
            shutil.rmtree(self._snapshot, ignore_errors=True)
            return None
        if snapped > saved:
            for file in self._state.glob("*.json"):
                file.unlink()
            for file in self._snapshot.glob("*.json"):
                shutil.copy2(file, self._state)
        since = datetime.fromtimestamp(max(saved, snapped), UTC)
        ago = (datetime.now(UTC) - since).total_seconds()
        return (
            f"The emulator was killed last time, so it starts from what was saved at {since:%H:%M:%S} UTC "
            f"({ago:.0f} s ago). Promises made or moved on after that are lost; messages in the inbox are not."
        )

    def outlive(self) -> None:
        """Waits for the emulator of a supervisor that was killed: it saves and ends by itself within seconds."""
        deadline = time.monotonic() + STOP_SECONDS
        while self._pid_file.exists() and _is_emulator(int(self._pid_file.read_text())):
            if time.monotonic() > deadline:
                raise StackProblemError(f"An emulator from before does not end: process {self._pid_file.read_text()}.")
            time.sleep(POLL_SECONDS)
        self._pid_file.unlink(missing_ok=True)

    def start(self) -> None:
        """Returns when the emulator answers. Raises StackProblemError with the end of its log when it does not."""
        self._clear()
        self._temporary.mkdir(parents=True)
        log = self._place.emulator_log
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command(),
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the supervisor, which then stops this in order
            )
        self._pid_file.write_text(str(self._process.pid))
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
                self.stop()
                raise StackProblemError(f"The emulator did not start. The end of {log}:\n{tail}")
            time.sleep(POLL_SECONDS)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> bool:
        """Ends the emulator and waits for its save; False when it had to be killed."""
        if self._process is None:
            return True
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._pid_file.unlink(missing_ok=True)
        self._clear()
        return self._mark.exists()

    def _clear(self) -> None:
        """Puts away what the functions unpacked; a process of its own deletes it: on a busy disk that takes minutes."""
        if self._temporary.exists():
            self._temporary.rename(self._temporary.with_name(f"{PUT_AWAY}{time.time_ns()}"))
        if put_away := list(self._place.state.glob(f"{PUT_AWAY}*")):
            subprocess.Popen(
                ["rm", "-rf", "--", *put_away],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._place.aws_port, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return bool(json.loads(connection.getresponse().read()).get("services"))
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            connection.close()

    def _command(self) -> list[str]:
        command = [str(PYTHON), "-m", "infra.local.emulated", "--port", str(self._place.aws_port)]
        command += ["--snapshots", str(self._snapshot), "--clean-mark", str(self._mark)]
        return [*command, "--routes", str(self._place.routes_file)]

    def _environment(self) -> dict[str, str]:
        """A clean environment: every function inherits it, and must see on AWS what it sees here."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._temporary),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self._temporary),
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self._place.aws_port),
            "MINISTACK_HOST": HOST,
            "MINISTACK_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "000000000000",
            "AWS_SECRET_ACCESS_KEY": "local",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._state),
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_WARM_TTL_SECONDS": str(WARM_SECONDS),
            "DOCKER_HOST": f"unix://{self._temporary}/none",  # it would look for containers of its own to remove
        }
