"""`python -m infra.deploy --stage prod [--check]`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import package
from infra.deploy import checks, settings
from infra.deploy.stack import DeployError, Stack
from infra.stages import STAGES, Stage, UnknownStageError, stage

_FAILURES = (*package.FAULTS, DeployError, BotoCoreError, ClientError)

Build = Callable[[str, Path], package.Package]


def deploy(
    chosen: Stage,
    environ: Mapping[str, str],
    clients_in: Callable[[str], checks.Clients],
    build: Build,
    *,
    only_check: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Check, package, upload and change the stack; returns the exit status.

    Everything that stands in the way is printed at once, before anything is touched. `clients_in` makes clients for
    a region; `sleep` waits between two looks at the stack, in seconds.
    """
    given, wrong = settings.read(environ, chosen)
    if wrong:
        return _refuse(wrong)
    clients = clients_in(given.region)
    stack = Stack(clients("cloudformation"), f"kept-{chosen.name}", sleep)
    if wrong := checks.problems(clients, given, stack.name):
        return _refuse(wrong)
    print(f"deploy: everything needed is there to deploy {stack.name} to {given.region}")
    if only_check:
        return 0
    try:
        _show(_change(stack, given, clients("s3"), build(chosen.name, package.BUILD / chosen.name)))
    except _FAILURES as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    return 0


def _change(stack: Stack, given: settings.DeploySettings, s3: Any, built: package.Package) -> dict[str, str]:
    code_key, template_key = built.code_key(), built.template_key()
    for path, key in ((built.zip, code_key), (built.template, template_key)):
        print(f"deploy: upload {path.name} as s3://{given.bucket}/{key}")
        s3.upload_file(str(path), given.bucket, key)
    # A template of this size can only be passed by its address, which must be one that CloudFormation may read.
    template_url = f"https://s3.{given.region}.amazonaws.com/{given.bucket}/{template_key}"
    parameters = {**given.parameters, "CodeBucket": given.bucket, "CodeKey": code_key}
    if given.public_url_is_api_gateway and (address := _known_address(stack)):
        parameters["PublicUrl"] = address
    outputs = stack.change(template_url, parameters)
    if given.public_url_is_api_gateway and parameters["PublicUrl"] != outputs["ApiUrl"]:
        print("deploy: API Gateway's address is known now; put it into the links")
        outputs = stack.change(template_url, {**parameters, "PublicUrl": outputs["ApiUrl"]})
    return outputs


def _known_address(stack: Stack) -> str | None:
    if checks.stack_status(stack.cloudformation, stack.name) is None:
        return None
    return stack.outputs().get("ApiUrl")


def _show(outputs: dict[str, str]) -> None:
    print("deploy: done")
    for name, value in sorted(outputs.items()):
        print(f"  {name:<20} {value}")


def _refuse(wrong: Sequence[str]) -> int:
    print("deploy: nothing was touched, because:", file=sys.stderr)
    for sentence in wrong:
        print(f"  - {sentence}", file=sys.stderr)
    return 1


def _clients_in(region: str) -> checks.Clients:
    session = boto3.Session(region_name=region)

    def client(service: str) -> Any:
        return session.client(service)

    return client


def main(words: Sequence[str] | None = None) -> int:
    """Read the command line and the environment, and deploy; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Deploy Kept to AWS.")
    on_aws = sorted(name for name, each in STAGES.items() if each.on_aws)
    parser.add_argument("--stage", required=True, help=f"one of: {', '.join(on_aws)}")
    parser.add_argument("--check", action="store_true", help="check everything, change nothing")
    arguments = parser.parse_args(words)
    try:
        chosen = stage(arguments.stage)
    except UnknownStageError as error:
        print(error, file=sys.stderr)
        return 1
    if not chosen.on_aws:
        print(
            f"Stage {chosen.name} does not stand on AWS; `make run` starts it. On AWS: {', '.join(on_aws)}.",
            file=sys.stderr,
        )
        return 1
    return deploy(chosen, os.environ, _clients_in, package.build, only_check=arguments.check)
