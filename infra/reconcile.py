"""Reconcile a stage at once, and publish a stretch of time again: `python -m infra.reconcile --stage prod`."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.stages import STAGES

# A run takes as long as its function may, which is longer than botocore waits by itself.
_PATIENCE = Config(read_timeout=610, retries={"total_max_attempts": 1})


def reconcile(cloudformation: Any, functions: Any, stack: str, republish: Sequence[Sequence[str]] = ()) -> Counter[str]:
    """Begin a round and have it carried on until it is complete; return what was found, by name.

    The nightly schedule may carry on the same round beside us: what that finds is not ours to tell. Raises RuntimeError
    when a run fails: what it had mended stays mended, and the round can be carried on. So it does when somebody else
    has begun another round, in place of ours.
    """
    found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId="Nightly")
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    total: Counter[str] = Counter()
    asked: dict[str, Any] = {"afresh": True, "republish": [list(each) for each in republish]}
    ours: str | None = None
    while True:
        answer = functions.invoke(FunctionName=name, Payload=json.dumps(_event(asked)).encode())
        run = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise RuntimeError(f"the function failed: {run.get('errorMessage', run)}")
        total.update(run["found"])
        ours = ours or run["round"]
        if run["round"] != ours:
            raise RuntimeError("another round was begun in place of this one: ask for it again")
        if run["complete"]:
            return total
        asked = {}


def _event(asked: dict[str, Any]) -> dict[str, Any]:
    """An event as the schedule would send it, with what is asked in its detail."""
    return {
        "version": "0",
        "id": "on-demand",
        "detail-type": "Reconcile On Demand",
        "source": "kept",
        "account": "",
        "time": datetime.now(UTC).isoformat(),
        "region": "",
        "resources": [],
        "detail": asked,
    }


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("say the offset too, as in 2026-11-24T10:00:00+00:00")
    return moment.isoformat()


def main(words: Sequence[str] | None = None) -> int:
    """Reconcile, and say what was found; 1 when it could not be done."""
    parser = argparse.ArgumentParser(prog="python -m infra.reconcile", description=__doc__)
    parser.add_argument("--stage", required=True, choices=sorted(STAGES))
    parser.add_argument("--endpoint", help="where the stage stands, if not on AWS")
    parser.add_argument("--republish", nargs=2, type=_moment, action="append", default=[], metavar=("FIRST", "LAST"))
    arguments = parser.parse_args(words)
    try:
        cloudformation = boto3.client("cloudformation", endpoint_url=arguments.endpoint)
        functions = boto3.client("lambda", endpoint_url=arguments.endpoint, config=_PATIENCE)
        found = reconcile(cloudformation, functions, f"kept-{arguments.stage}", arguments.republish)
    except (RuntimeError, BotoCoreError, ClientError) as error:
        print(f"reconcile: not done: {error}", file=sys.stderr)
        return 1
    print("reconcile: done; " + ", ".join(f"{name} {times}" for name, times in sorted(found.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
