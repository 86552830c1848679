"""What whoever deploys must say, read from environment variables that are named after the template's parameters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from infra.stages import Stage
from infra.template.functions import timeout_seconds
from infra.template.parameters import parameters

# Set by the deployment itself, or only where an emulator stands in for AWS.
_NOT_ASKED_FOR = {"CodeBucket", "CodeKey", "AwsEndpointUrl"}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")

# Instead of an address of one's own: links lead to API Gateway's address, which is known after the first deployment.
API_GATEWAY = "api-gateway"
# Stands in the links until that address is known; `.invalid` can belong to nobody (RFC 2606).
_NOT_YET_KNOWN = "https://not-yet-known.invalid"
# Times that make no sense the other way round: the first must be the longer one.
_LONGER_THAN = (
    ("CheckInBeforeSeconds", "WarnBeforeSeconds", "the promiser is asked before their silence counts"),
    ("OtherChannelAfterSeconds", "ReminderAfterSeconds", "the other channel follows the reminder"),
    ("CallAfterSeconds", "OtherChannelAfterSeconds", "the call follows the other channel"),
)


@dataclass(frozen=True)
class DeploySettings:
    """Where to deploy, and the values of the template's parameters."""

    region: str
    bucket: str
    public_url_is_api_gateway: bool
    parameters: dict[str, str]


def variable(parameter: str) -> str:
    """The environment variable of a template parameter: PublicUrl is KEPT_PUBLIC_URL."""
    return "KEPT_" + _WORD.sub("_", parameter).upper()


def read(environ: Mapping[str, str], stage: Stage) -> tuple[DeploySettings, list[str]]:
    """The settings, and one sentence for each that is missing or bad; with any sentence they must not be used."""
    wrong: list[str] = []
    given: dict[str, str] = {}
    for name, declared in parameters(stage).items():
        if name in _NOT_ASKED_FOR:
            continue
        value = environ.get(variable(name), "") or str(declared.get("Default", ""))
        if name == "PublicUrl" and value == API_GATEWAY:
            value = _NOT_YET_KNOWN
        if problem := _problem(name, value, declared):
            wrong.append(f"{variable(name)} {problem}. It is: {declared['Description']}")
        given[name] = value
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or ""
    if not _REGION.fullmatch(region):
        wrong.append("AWS_REGION must be a region such as eu-west-1. It is: where the stack stands.")
    bucket = environ.get("KEPT_DEPLOY_BUCKET", "")
    if not _BUCKET.fullmatch(bucket):
        wrong.append("KEPT_DEPLOY_BUCKET must be a bucket name. It is: where the packaged code is uploaded.")
    if not wrong:
        wrong += _out_of_proportion(given)
    public_url_is_api_gateway = environ.get("KEPT_PUBLIC_URL") == API_GATEWAY
    return DeploySettings(region, bucket, public_url_is_api_gateway, given), wrong


def _out_of_proportion(given: Mapping[str, str]) -> list[str]:
    """One sentence for each time that is fine alone, but not beside the others."""
    wrong = [
        f"{variable(longer)} must be more than {variable(shorter)}: {reason}."
        for longer, shorter, reason in _LONGER_THAN
        if int(given[longer]) <= int(given[shorter])
    ]
    longest_run = max(timeout_seconds(function) for function in ("ring", "rescue"))
    if int(given["LeaseSeconds"]) < longest_run:
        wrong.append(
            f"KEPT_LEASE_SECONDS must be {longest_run} or more: a function that sends may run that long, and another "
            "would send the same notice beside it."
        )
    return wrong


def _problem(name: str, value: str, declared: dict[str, Any]) -> str | None:
    if not value and "Default" not in declared:
        return "is missing"
    if "AllowedPattern" in declared and not re.fullmatch(declared["AllowedPattern"], value):
        return str(declared["ConstraintDescription"])
    if "AllowedValues" in declared and value not in declared["AllowedValues"]:
        return "must be " + " or ".join(declared["AllowedValues"])
    if declared["Type"] == "Number" and not _is_within(value, declared):
        return f"must be a whole number, {declared['MinValue']} or more" + (
            f", {declared['MaxValue']} at most" if "MaxValue" in declared else ""
        )
    if name == "BrandTimeZone" and value not in available_timezones():
        return "must be an IANA zone such as Europe/Madrid"
    return None


def _is_within(value: str, declared: dict[str, Any]) -> bool:
    return value.isdecimal() and declared["MinValue"] <= int(value) <= declared.get("MaxValue", int(value))
