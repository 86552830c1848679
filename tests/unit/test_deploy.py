"""Deploying: what is checked on AWS, and what is done in which order."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra import package
from infra.deploy import checks, command
from infra.stages import stage
from tests.fakes.cloudformation import FakeCloudFormation

PROD = stage("prod")
REGION = "eu-west-1"
LINK_KEY = "ab" * 32
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
SECRET = {
    "link_keys": [LINK_KEY],
    "read_keys": ["r" * 32],
    "sendgrid_api_key": "SG.something-only-sendgrid-knows",
    "sources": {"shop": [WEBHOOK_SECRET, WEBHOOK_SECRET]},
}
ENVIRONMENT = {
    "AWS_REGION": REGION,
    "KEPT_DEPLOY_BUCKET": "kept-code",
    "KEPT_PUBLIC_URL": "https://kept.shop.example",
    "KEPT_FROM_EMAIL": "hello@shop.example",
    "KEPT_BRAND_NAME": "Shop",
    "KEPT_SECRETS_NAME": "kept/prod",
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@dataclass
class Account:
    """An account on moto, with a CloudFormation that the test holds in its hand."""

    cloudformation: FakeCloudFormation = field(default_factory=FakeCloudFormation)

    def in_region(self, region: str) -> checks.Clients:
        def client(service: str) -> Any:
            return self.cloudformation if service == "cloudformation" else boto3.client(service, region_name=region)

        return client

    def make_bucket(self, region: str = REGION) -> None:
        place = {"LocationConstraint": region}
        boto3.client("s3", region_name=region).create_bucket(Bucket="kept-code", CreateBucketConfiguration=place)

    def make_secret(self, text: str | None = None) -> None:
        secrets_manager = boto3.client("secretsmanager", region_name=REGION)
        secrets_manager.create_secret(Name="kept/prod", SecretString=text or json.dumps(SECRET))

    def stored(self) -> list[str]:
        answer = boto3.client("s3", region_name=REGION).list_objects_v2(Bucket="kept-code")
        return [each["Key"] for each in answer.get("Contents", [])]


@dataclass
class Builder:
    """Builds a package of two small files, and counts how often."""

    directory: Path
    times: int = 0

    def __call__(self, stage_name: str, out: Path) -> package.Package:
        self.times += 1
        for name in ("template.json", "deployment.zip"):
            (self.directory / name).write_text(f"{stage_name} {name}")
        return package.Package(self.directory / "template.json", self.directory / "deployment.zip")


def deploy(account: Account, build: Builder, *, only_check: bool = False, **environment: str) -> int:
    given = {**ENVIRONMENT, **environment}
    return command.deploy(PROD, given, account.in_region, build, only_check=only_check, sleep=lambda _: None)


@pytest.mark.usefixtures("aws")
def test_everything_that_stands_in_the_way_is_told_at_once_and_nothing_is_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account, build = Account(FakeCloudFormation(status="ROLLBACK_COMPLETE")), Builder(tmp_path)

    assert deploy(account, build) == 1

    told = capsys.readouterr().err
    assert "There is no bucket kept-code" in told
    assert "There is no secret kept/prod" in told
    assert "Delete it, then deploy again" in told
    assert build.times == 0
    assert account.cloudformation.asked == []


@pytest.mark.usefixtures("aws")
def test_a_secret_of_the_wrong_shape_stands_in_the_way_and_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account()
    account.make_bucket()
    account.make_secret(json.dumps({**SECRET, "link_keys": ["hunter2"]}))

    assert deploy(account, Builder(tmp_path)) == 1

    told = capsys.readouterr().err
    assert "link_keys[0]" in told
    assert "hunter2" not in told


@pytest.mark.usefixtures("aws")
def test_a_bucket_in_another_region_stands_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()
    account.make_bucket("us-west-2")
    account.make_secret()

    assert deploy(account, Builder(tmp_path)) == 1

    assert "stands in another region" in capsys.readouterr().err


@pytest.mark.usefixtures("aws")
def test_a_stack_that_is_being_changed_stands_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account = Account(FakeCloudFormation(status="UPDATE_IN_PROGRESS"))
    account.make_bucket()
    account.make_secret()

    assert deploy(account, Builder(tmp_path)) == 1

    assert "is being changed right now" in capsys.readouterr().err


@pytest.mark.usefixtures("aws")
def test_a_check_changes_nothing(tmp_path: Path) -> None:
    account, build = Account(), Builder(tmp_path)
    account.make_bucket()
    account.make_secret()

    assert deploy(account, build, only_check=True) == 0

    assert build.times == 0
    assert account.stored() == []
    assert account.cloudformation.asked == []


@pytest.mark.usefixtures("aws")
def test_a_deployment_uploads_under_the_hash_of_the_content_and_points_the_stack_there(tmp_path: Path) -> None:
    account = Account()
    account.make_bucket()
    account.make_secret()

    assert deploy(account, Builder(tmp_path)) == 0

    built = package.Package(tmp_path / "template.json", tmp_path / "deployment.zip")
    assert sorted(account.stored()) == sorted([built.code_key(), built.template_key()])
    (asked,) = account.cloudformation.asked
    given = {each["ParameterKey"]: each["ParameterValue"] for each in asked["Parameters"]}
    assert given["CodeBucket"] == "kept-code"
    assert given["CodeKey"] == built.code_key()
    assert given["PublicUrl"] == "https://kept.shop.example"
    assert asked["TemplateURL"] == f"https://s3.{REGION}.amazonaws.com/kept-code/{built.template_key()}"


@pytest.mark.usefixtures("aws")
def test_without_a_domain_the_links_get_api_gateways_address_as_soon_as_it_is_known(tmp_path: Path) -> None:
    account = Account()
    account.make_bucket()
    account.make_secret()

    assert deploy(account, Builder(tmp_path), KEPT_PUBLIC_URL="api-gateway") == 0
    assert deploy(account, Builder(tmp_path), KEPT_PUBLIC_URL="api-gateway") == 0

    addresses = [
        each["ParameterValue"]
        for asked in account.cloudformation.asked
        for each in asked["Parameters"]
        if each["ParameterKey"] == "PublicUrl"
    ]
    # The first deployment learns it and changes the stack once more; the second knows it from the start.
    assert addresses == ["https://not-yet-known.invalid", account.cloudformation.api, account.cloudformation.api]


@pytest.mark.usefixtures("aws")
def test_a_failed_deployment_ends_with_a_status_and_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(FakeCloudFormation(status="CREATE_COMPLETE", refusal="Template format error"))
    account.make_bucket()
    account.make_secret()

    assert deploy(account, Builder(tmp_path)) == 1

    assert "Template format error" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "says"),
    [("porl", "There is no stage 'porl'. Stages are: local, prod."), ("local", "`make run` starts it")],
)
def test_only_a_stage_that_stands_on_aws_is_deployed(name: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--stage", name]) == 1

    assert says in capsys.readouterr().err
