"""Where one local stack lives: its state directory and its two ports."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.problem import StackProblemError

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
STACK_NAME = "kept-local"
AWS_PORT = 4566
INBOX_PORT = 8025
HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Place:
    """One stack's directory and ports; two stacks with different places never touch each other."""

    state: Path
    aws_port: int = AWS_PORT
    inbox_port: int = INBOX_PORT

    @property
    def aws(self) -> str:
        return f"http://{HOST}:{self.aws_port}"

    @property
    def inbox(self) -> str:
        return f"http://{HOST}:{self.inbox_port}"

    @property
    def api(self) -> str:
        """The stable base of every link: API Gateway ids change when routes do, links in old mails must not."""
        return f"{self.aws}/kept"

    @property
    def stack_file(self) -> Path:
        return self.state / "stack.json"

    @property
    def lock_file(self) -> Path:
        return self.state / "run.lock"

    @property
    def log_file(self) -> Path:
        return self.state / "stack.log"

    @property
    def emulator_log(self) -> Path:
        return self.state / "emulator.log"

    @property
    def secrets_file(self) -> Path:
        return self.state / "secrets.json"

    @property
    def routes_file(self) -> Path:
        return self.state / "routes.json"


def from_environment(environ: Mapping[str, str] = os.environ) -> Place:
    """Reads KEPT_STATE_DIR, KEPT_AWS_PORT and KEPT_INBOX_PORT.

    Raises StackProblemError naming every variable that is not a usable port.
    """
    problems: list[str] = []

    def port(name: str, default: int) -> int:
        text = environ.get(name) or str(default)
        if text.isascii() and text.isdigit() and 0 < int(text) <= HIGHEST_PORT:
            return int(text)
        problems.append(f"{name}={text!r} is not a port: give a number between 1 and {HIGHEST_PORT}.")
        return default

    aws_port = port("KEPT_AWS_PORT", AWS_PORT)
    inbox_port = port("KEPT_INBOX_PORT", INBOX_PORT)
    if not problems and aws_port == inbox_port:
        problems.append(f"KEPT_AWS_PORT and KEPT_INBOX_PORT are both {aws_port}: give them two different ports.")
    if problems:
        raise StackProblemError("\n".join(problems))
    return Place((ROOT / (environ.get("KEPT_STATE_DIR") or ".local")).resolve(), aws_port, inbox_port)
