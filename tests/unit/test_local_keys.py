"""The local stack's secrets, and what of them the template and the first promise use."""

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local import keys
from infra.local.deployment import parameters
from infra.local.first_promise import UPDATE_IN, promise_made
from infra.local.place import Place
from infra.local.problem import StackProblemError


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets.json"

    first = keys.load(path)

    assert keys.load(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_source_has_two_different_secrets_and_link_keys_are_long_enough(tmp_path: Path) -> None:
    made = keys.load(tmp_path / "secrets.json")

    newest, following = made.webhook_secrets
    assert newest != following
    assert len(base64.b64decode(newest.removeprefix("whsec_"))) == 32
    assert len(bytes.fromhex(made.link_keys[-1])) == 32
    named = {"link_keys", "read_keys", "sendgrid_api_key", "sources", "sendgrid_event_keys"}
    assert set(json.loads(made.as_secret())) == named


def test_only_declared_parameters_are_given() -> None:
    template = {"Parameters": {"CodeBucket": {}, "CodeKey": {}, "BrandLocale": {"Default": "en"}}}
    assert set(parameters(Place(Path("/nowhere")), template, "key")) == {"CodeBucket", "CodeKey"}


def test_a_parameter_that_nobody_sets_is_named() -> None:
    with pytest.raises(StackProblemError, match="MoonPhase"):
        parameters(Place(Path("/nowhere")), {"Parameters": {"MoonPhase": {}}}, "key")


def test_a_number_set_in_the_environment_replaces_the_default_and_nothing_else_does() -> None:
    declared = {"TtlGraceSeconds": {"Type": "Number", "Default": "180"}, "BrandName": {"Type": "String"}}
    environ = {"KEPT_TTL_GRACE_SECONDS": "5", "KEPT_BRAND_NAME": "another shop"}
    given = parameters(Place(Path("/nowhere")), {"Parameters": declared}, "key", environ)
    assert given == {"TtlGraceSeconds": "5", "BrandName": "Kept demo"}


@pytest.mark.parametrize("hour", [0, 3, 12, 23])
def test_the_first_promise_has_its_update_seconds_ahead_at_any_hour(hour: int) -> None:
    now = datetime(2026, 11, 22, hour, 59, 58, 123456, tzinfo=UTC)
    data = promise_made(now)["data"]
    update = datetime.fromisoformat(data["updates"]["at"][0])
    assert timedelta(seconds=7) < update - now <= UPDATE_IN
    assert datetime.fromisoformat(data["due_at"]) > update
