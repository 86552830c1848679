"""What every Secrets knows; and how the real one reads, keeps and guards what it knows."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from chalicelib.adapters.aws import Aws
from chalicelib.adapters.secrets_manager import BadSecret, SecretsManagerSecrets
from chalicelib.usecases.services import Secrets
from chalicelib.usecases.store_port import StoreUnavailable
from tests.contract.conftest import REGION
from tests.contract.endpoint import closed_port
from tests.fakes import FakeSecrets

KNOWN = {
    "link_keys": ["old-link-key", "new-link-key"],
    "read_keys": ["a-read-key"],
    "sendgrid_api_key": "SG.secret",
    "sources": {"demo": ["whsec_b2xk", "whsec_bmV3"]},
}


@dataclass
class Vault:
    """The secret on moto, with a clock of its own."""

    second: float = 0.0

    def store(self, content: object) -> None:
        client = boto3.client("secretsmanager", region_name=REGION)
        text = content if isinstance(content, str) else json.dumps(content)
        if client.list_secrets()["SecretList"]:
            client.put_secret_value(SecretId="kept", SecretString=text)
        else:
            client.create_secret(Name="kept", SecretString=text)

    def secrets(self, endpoint: str | None = None) -> SecretsManagerSecrets:
        return SecretsManagerSecrets("kept", Aws(REGION, endpoint, tries_at_most=1), seconds=lambda: self.second)


@pytest.fixture
def vault(aws: None) -> Vault:
    made = Vault()
    made.store(KNOWN)
    return made


@pytest.fixture(params=["fake", "secrets manager"])
def secrets(request: pytest.FixtureRequest) -> Secrets:
    if request.param == "fake":
        fake = FakeSecrets()
        fake.links, fake.reads = KNOWN["link_keys"], KNOWN["read_keys"]
        fake.sources = KNOWN["sources"]
        return fake
    made: Vault = request.getfixturevalue("vault")
    return made.secrets()


def test_keys_come_in_the_order_in_which_they_were_made(secrets: Secrets) -> None:
    assert list(secrets.link_keys()) == ["old-link-key", "new-link-key"]
    assert list(secrets.read_keys()) == ["a-read-key"]
    assert list(secrets.webhook_secrets("demo")) == ["whsec_b2xk", "whsec_bmV3"]


def test_an_unknown_source_has_no_secrets(secrets: Secrets) -> None:
    assert list(secrets.webhook_secrets("nobody")) == []


def test_a_rotated_key_is_known_after_five_minutes(vault: Vault) -> None:
    secrets = vault.secrets()
    secrets.link_keys()
    vault.store({**KNOWN, "link_keys": ["newest-link-key"]})
    vault.second = 299.0
    assert list(secrets.link_keys()) == ["old-link-key", "new-link-key"]
    vault.second = 300.0
    assert list(secrets.link_keys()) == ["newest-link-key"]
    assert secrets.sendgrid_api_key() == "SG.secret"


def test_known_keys_serve_on_when_the_secret_cannot_be_read_again(vault: Vault) -> None:
    secrets = vault.secrets()
    secrets.link_keys()
    boto3.client("secretsmanager", region_name=REGION).delete_secret(SecretId="kept", ForceDeleteWithoutRecovery=True)
    vault.second = 301.0
    assert list(secrets.read_keys()) == ["a-read-key"]


def test_without_any_key_the_answer_is_an_outage(credentials: None) -> None:
    down = FakeSecrets()
    down.available = False
    for secrets in (down, Vault().secrets(closed_port())):
        with pytest.raises(StoreUnavailable):
            secrets.link_keys()


@pytest.mark.parametrize(
    ("content", "ask"),
    [
        ("not json: hush", lambda secrets: secrets.link_keys()),
        ("[]", lambda secrets: secrets.link_keys()),
        ({"link_keys": "hush"}, lambda secrets: secrets.link_keys()),
        ({"read_keys": ["", "hush"]}, lambda secrets: secrets.read_keys()),
        ({"sources": {"demo": "hush"}}, lambda secrets: secrets.webhook_secrets("demo")),
        ({"sources": ["hush"]}, lambda secrets: secrets.webhook_secrets("demo")),
        ({}, lambda secrets: secrets.sendgrid_api_key()),
    ],
)
def test_a_malformed_secret_is_named_but_never_quoted(vault: Vault, content: object, ask: Callable[[Any], Any]) -> None:
    vault.store(content)
    with pytest.raises(BadSecret) as complaint:
        ask(vault.secrets())
    assert "hush" not in f"{complaint.value!r} {complaint.value.__cause__!r}"


def test_values_are_neither_shown_nor_logged(vault: Vault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="chalicelib")
    secrets = vault.secrets()
    secrets.link_keys()
    vault.second = 301.0
    secrets.webhook_secrets("demo")
    for value in ("link-key", "whsec_", "SG.secret"):
        assert value not in repr(secrets)
        assert value not in caplog.text
