"""Puts the packaged application into the emulator, by CloudFormation, as it is put into AWS."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deploy.settings import variable
from infra.local.aws import ERRORS, Aws, code_of
from infra.local.keys import Keys
from infra.local.place import STACK_NAME, Place
from infra.local.problem import StackProblemError

BUCKET = "kept-local-code"
SECRET = "kept/local"  # noqa: S105 - the name of the secret, not the secret
DEPLOYED = "/kept/deployed"
WAIT_SECONDS = 180.0
POLL_SECONDS = 0.3
WHOLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
BEYOND_UPDATE = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"}


@dataclass(frozen=True)
class Deployed:
    """The names that the emulator gave to what the template declares, by the template's own names."""

    physical: Mapping[str, str]
    types: Mapping[str, str]

    def of_type(self, resource_type: str) -> dict[str, str]:
        return {name: self.physical[name] for name, given in self.types.items() if given == resource_type}

    def only(self, resource_type: str, hint: str = "") -> str:
        """The one resource of a type whose name contains the hint."""
        found = [own for name, own in self.of_type(resource_type).items() if hint.lower() in name.lower()]
        if len(found) != 1:
            raise StackProblemError(f"The template should hold one {resource_type} {hint}, and holds {len(found)}.")
        return found[0]


def parameters(
    place: Place, template: Mapping[str, Any], code_key: str, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """What this stack decides; every other parameter keeps the default of the local stage.

    A number may be set in the environment, as in KEPT_TTL_GRACE_SECONDS=5: whoever watches a safety net wants to wait
    less, or never to see it.
    """
    declared = template.get("Parameters", {})
    numbers = {name: variable(name) for name, given in declared.items() if given.get("Type") == "Number"}
    chosen = {
        **{name: environ[asked] for name, asked in numbers.items() if environ.get(asked)},
        "CodeBucket": BUCKET,
        "CodeKey": code_key,
        "PublicUrl": place.api,
        "FromEmail": "kept@shop.example",
        "BrandName": "Kept demo",
        "SecretsName": SECRET,
        "SendgridHost": place.inbox,
        "AwsEndpointUrl": place.aws,
    }
    missing = [name for name, given in declared.items() if "Default" not in given and name not in chosen]
    if missing:
        raise StackProblemError(f"The template asks for {', '.join(missing)}, which the local stack does not set.")
    return {name: value for name, value in chosen.items() if name in declared}


class Deployment:
    """Brings the stack in the emulator up to date with one template and one zip."""

    def __init__(self, place: Place, aws: Aws, say: Callable[[str], None]) -> None:
        self._place = place
        self._aws = aws
        self._say = say
        self._stacks = aws.client("cloudformation")

    def put_secrets(self, keys: Keys) -> None:
        manager = self._aws.client("secretsmanager")
        try:
            manager.put_secret_value(SecretId=SECRET, SecretString=keys.as_secret())
        except ERRORS as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
            manager.create_secret(Name=SECRET, SecretString=keys.as_secret())

    def bring_up(self, template: Path, package: Path, code_key: str) -> Deployed:
        """Deploys unless just this is deployed already, and points the stable address at the API.

        Raises StackProblemError with CloudFormation's own reasons when the stack does not come up.
        """
        given = parameters(self._place, json.loads(template.read_text()), code_key)
        wanted = hashlib.sha256(template.read_bytes() + json.dumps(given, sort_keys=True).encode()).hexdigest()
        if self._status() in WHOLE and self._remembered() == wanted:
            self._say("The application is unchanged; the deployed one goes on.")
        else:
            self._deploy(template, package, given)
            self._aws.client("ssm").put_parameter(Name=DEPLOYED, Value=wanted, Type="String", Overwrite=True)
        deployed = self._deployed()
        self._route(deployed)
        return deployed

    def _remembered(self) -> str:
        try:
            return str(self._aws.client("ssm").get_parameter(Name=DEPLOYED)["Parameter"]["Value"])
        except ERRORS:
            return ""

    def _deploy(self, template: Path, package: Path, given: Mapping[str, str]) -> None:
        storage = self._aws.client("s3")
        storage.create_bucket(Bucket=BUCKET)
        storage.upload_file(str(package), BUCKET, given["CodeKey"])
        # By address, as on AWS: within a request, a template may hold only a twentieth as much.
        storage.upload_file(str(template), BUCKET, template.name)
        status = self._status()
        if status in BEYOND_UPDATE:
            self._say(f"The last deployment ended as {status}; starting over.")
            self._stacks.delete_stack(StackName=STACK_NAME)
            self._wait(time.monotonic())
            status = None
        self._say("Deploying with CloudFormation ..." if status is None else "Updating with CloudFormation ...")
        change = self._stacks.create_stack if status is None else self._stacks.update_stack
        started = time.monotonic()
        try:
            change(
                StackName=STACK_NAME,
                TemplateURL=f"{self._place.aws}/{BUCKET}/{template.name}",
                Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            )
        except ERRORS as error:
            if "No updates are to be performed" not in str(error):
                raise StackProblemError(f"CloudFormation does not take the template: {error}") from error
        ended = self._wait(started)
        if ended not in WHOLE:
            raise StackProblemError(f"The deployment ended as {ended}:\n{self._reasons()}")
        self._say(f"Deployed ({time.monotonic() - started:.1f} s).")

    def _status(self) -> str | None:
        try:
            return str(self._stacks.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["StackStatus"])
        except ERRORS:
            return None

    def _wait(self, started: float) -> str | None:
        while (status := self._status()) and status.endswith("IN_PROGRESS"):
            if time.monotonic() - started > WAIT_SECONDS:
                raise StackProblemError(f"CloudFormation is still at {status} after {WAIT_SECONDS:.0f} s.")
            time.sleep(POLL_SECONDS)
        return status

    def _reasons(self) -> str:
        events = self._stacks.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
        failed = [event for event in events if "FAILED" in event["ResourceStatus"]]
        return "\n".join(f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)

    def _deployed(self) -> Deployed:
        pages = self._stacks.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
        listed = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return Deployed(
            physical={resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "") for resource in listed},
            types={resource["LogicalResourceId"]: resource["ResourceType"] for resource in listed},
        )

    def _route(self, deployed: Deployed) -> None:
        api = deployed.only("AWS::ApiGateway::RestApi")
        stages = self._aws.client("apigateway").get_stages(restApiId=api)["item"]
        target = f"/restapis/{api}/{stages[0]['stageName']}/_user_request_"
        fresh = self._place.routes_file.with_suffix(".new")
        fresh.write_text(json.dumps({"/kept": target}))
        fresh.replace(self._place.routes_file)
