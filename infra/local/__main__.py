"""The local stack from the command line: python -m infra.local run | stop | status."""

import argparse
import os
import signal
import sys
from types import FrameType

from infra.local import first_promise, stack, stop
from infra.local.place import Place, from_environment
from infra.local.problem import StackProblemError
from infra.local.supervisor import Supervisor


def say(text: str) -> None:
    print("  " + text, flush=True)


def run(place: Place, *, demo: bool) -> int:
    """Serves until Ctrl-C or a stop; both save everything."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        with Supervisor(place, say, with_receipts=os.environ.get("KEPT_RECEIPTS") != "off") as supervisor:
            try:
                started = stack.running(place)
                if started is None:
                    raise StackProblemError(f"{place.stack_file} is gone again; is somebody else cleaning up there?")
                if demo:
                    first_promise.show(started, say)
                _addresses(started)
                supervisor.wait()
            except KeyboardInterrupt:
                # From here on a second Ctrl-C would only cost what is being saved.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                print("\nStopping and saving ...", flush=True)
    except KeyboardInterrupt:
        print("\nStopped before it was ready.", flush=True)
        return 0
    print("Stopped. Everything is kept for the next start; make clean forgets it.", flush=True)
    return 0


def _addresses(started: stack.Stack) -> None:
    print(f"\nKept is running.\n  Inbox:      {started.inbox}/\n  API:        {started.api}/v1/", flush=True)
    print(f"  Stack file: {started.state / 'stack.json'} (keys and addresses for scripts)", flush=True)
    print("  Stop with Ctrl-C, or make stop from elsewhere.", flush=True)


def detach(place: Place) -> int:
    started = stack.start(place.state, place.aws_port, place.inbox_port, heard=print)
    print(f"Running in the background as process {started.pid}; its log is {place.log_file}.")
    return 0


def status(place: Place) -> int:
    """Exit code 0 when a stack is ready, 3 when none is."""
    found = stack.running(place)
    if found is None:
        print("Nothing is running.")
        return 3
    _addresses(found)
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="start the stack and serve until Ctrl-C")
    running.add_argument("--detach", action="store_true", help="serve in the background; return when ready")
    running.add_argument("--no-demo", action="store_true", help="do not make a first promise")
    commands.add_parser("stop", help="stop the stack")
    commands.add_parser("status", help="say whether a stack is running, and where")
    given = parser.parse_args(arguments)
    try:
        if given.command == "stop":
            return stop.main()
        place = from_environment()
        if given.command == "status":
            return status(place)
        return detach(place) if given.detach else run(place, demo=not given.no_demo)
    except StackProblemError as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
