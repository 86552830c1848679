"""Rebuild the ledgers of a stage from its facts: `python -m infra.rebuild_ledgers --stage prod`.

Customers and services notice nothing of it. It can be stopped and begun again at any time.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.stages import STAGES

# A run takes as long as its function may, which is longer than botocore waits by itself.
_PATIENCE = Config(read_timeout=910, retries={"total_max_attempts": 1})


def rebuild(cloudformation: Any, functions: Any, stack: str) -> int:
    """Ask the stage's function for run after run until all is counted; return how many promises that were.

    Raises RuntimeError when a run fails; nothing is lost by that, and another rebuild may begin.
    """
    found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId="RebuildLedgers")
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    counted, cursor = 0, None
    while True:
        answer = functions.invoke(FunctionName=name, Payload=json.dumps({"cursor": cursor}).encode())
        progress = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise RuntimeError(f"the function failed: {progress.get('errorMessage', progress)}")
        counted, cursor = counted + int(progress["counted"]), progress["cursor"]
        if cursor is None:
            return counted
        print(f"rebuild: {counted} promises so far")


def main(words: Sequence[str] | None = None) -> int:
    """Rebuild, and say how it went; 1 when it could not be done."""
    parser = argparse.ArgumentParser(prog="python -m infra.rebuild_ledgers", description=__doc__)
    parser.add_argument("--stage", required=True, choices=sorted(STAGES))
    parser.add_argument("--endpoint", help="where the stage stands, if not on AWS")
    arguments = parser.parse_args(words)
    try:
        cloudformation = boto3.client("cloudformation", endpoint_url=arguments.endpoint)
        functions = boto3.client("lambda", endpoint_url=arguments.endpoint, config=_PATIENCE)
        counted = rebuild(cloudformation, functions, f"kept-{arguments.stage}")
    except (RuntimeError, BotoCoreError, ClientError) as error:
        print(f"rebuild: not done: {error}", file=sys.stderr)
        return 1
    print(f"rebuild: done, {counted} promises were counted anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
