"""What must hold before anything is touched: the standards, who we are, the bucket, the secret, the stack's state."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.standards.faults import Fault
from infra import standards
from infra.deploy import secret
from infra.deploy.settings import DeploySettings

# A create that failed leaves a stack that can only be deleted.
_ONLY_DELETABLE = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"}


class Clients(Protocol):
    """Gives a boto3 client by the service's name."""

    def __call__(self, service: str) -> Any: ...


def problems(
    clients: Clients,
    settings: DeploySettings,
    stack_name: str,
    of_standards: Callable[[], Sequence[Fault]] = standards.problems,
) -> list[str]:
    """One sentence for each thing that stands in the way of deploying; reads only.

    Without credentials nothing on AWS can be checked, so then those and the standards are all.
    """
    wrong = [f"Standards: {each}" for each in of_standards()]
    if problem := _credentials(clients):
        return [*wrong, problem]
    checks: list[Callable[[], list[str]]] = [
        lambda: _bucket(clients("s3"), settings),
        lambda: _secret(clients("secretsmanager"), settings.parameters["SecretsName"]),
        lambda: _stack(clients("cloudformation"), stack_name),
    ]
    for check in checks:
        try:
            wrong += check()
        except (BotoCoreError, ClientError) as error:
            wrong.append(f"AWS could not be asked: {error}")
    return wrong


def _credentials(clients: Clients) -> str | None:
    try:
        who = clients("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        return f"No usable AWS credentials: {error}. Sign in, or set AWS_PROFILE."
    print(f"deploy: as {who['Arn']} in account {who['Account']}")
    return None


def _bucket(s3: Any, settings: DeploySettings) -> list[str]:
    try:
        answer = s3.head_bucket(Bucket=settings.bucket)
    except ClientError as error:
        match error.response["ResponseMetadata"]["HTTPStatusCode"]:
            case 404:
                return [f"There is no bucket {settings.bucket} (KEPT_DEPLOY_BUCKET); make one in {settings.region}."]
            case 403:
                return [f"The bucket {settings.bucket} (KEPT_DEPLOY_BUCKET) is not open to you."]
            case 301:
                return [_elsewhere(settings)]
            case _:
                raise
    return [] if answer.get("BucketRegion", settings.region) == settings.region else [_elsewhere(settings)]


def _elsewhere(settings: DeploySettings) -> str:
    return (
        f"The bucket {settings.bucket} (KEPT_DEPLOY_BUCKET) stands in another region; Lambda reads code only from its "
        f"own, {settings.region}."
    )


def _secret(secrets_manager: Any, name: str) -> list[str]:
    try:
        answer = secrets_manager.get_secret_value(SecretId=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return [f"There is no secret {name} (KEPT_SECRETS_NAME); docs/deploy.md says how to make it."]
        raise
    return [
        f"The secret {name} (KEPT_SECRETS_NAME): {each}." for each in secret.problems(answer.get("SecretString", ""))
    ]


def _stack(cloudformation: Any, name: str) -> list[str]:
    status = stack_status(cloudformation, name)
    if status in _ONLY_DELETABLE:
        return [f"The stack {name} is {status}: its creation failed. Delete it, then deploy again."]
    if status is not None and status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        return [f"The stack {name} is being changed right now ({status}). Wait until that is over."]
    return []


def stack_status(cloudformation: Any, name: str) -> str | None:
    """CloudFormation's status of the stack, or None where there is none."""
    try:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        # CloudFormation has no error of its own for a stack that is not there.
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    return str(stack["StackStatus"])
