"""What is asked of whoever deploys."""

from pathlib import Path

import pytest

from chalicelib.messages.locales import supported
from infra.deploy import settings
from infra.stages import stage

PROD = stage("prod")
REGION = "eu-west-1"
ENVIRONMENT = {
    "AWS_REGION": REGION,
    "KEPT_DEPLOY_BUCKET": "kept-code",
    "KEPT_PUBLIC_URL": "https://kept.shop.example",
    "KEPT_FROM_EMAIL": "hello@shop.example",
    "KEPT_BRAND_NAME": "Shop",
    "KEPT_SECRETS_NAME": "kept/prod",
}


def test_everything_missing_is_named_at_once() -> None:
    _, wrong = settings.read({}, PROD)

    named = {sentence.split()[0] for sentence in wrong}
    assert named == set(ENVIRONMENT)


def test_a_complete_environment_gives_every_parameter_but_those_that_the_deployment_sets_itself() -> None:
    given, wrong = settings.read(ENVIRONMENT, PROD)

    assert wrong == []
    assert given.region == REGION
    assert given.parameters["PublicUrl"] == "https://kept.shop.example"
    assert given.parameters["ClockShards"] == "16"
    assert not {"CodeBucket", "CodeKey", "AwsEndpointUrl"} & given.parameters.keys()


@pytest.mark.parametrize(
    "tag", ["en", "en-GB", "en-US", "en-ZA", "es", "es-MX", "es-419", "pt", "pt-BR", "pt-PT", "fr"]
)
def test_exactly_the_languages_that_we_speak_are_accepted(tag: str) -> None:
    _, wrong = settings.read({**ENVIRONMENT, "KEPT_BRAND_LOCALE": tag}, PROD)

    assert (wrong == []) == supported(tag)


def test_every_setting_and_its_default_stand_in_the_document() -> None:
    document = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
    given, _ = settings.read({}, PROD)

    for parameter, default in given.parameters.items():
        shown = f"`{default}`" if default else ("none" if parameter == "OperatorEmail" else "")
        assert f"| `{settings.variable(parameter)}` | {shown} |".replace("  ", " ") in document


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("KEPT_PUBLIC_URL", "https://kept.shop.example/", "without a slash at its end"),
        ("KEPT_PUBLIC_URL", "kept.shop.example", "http or https"),
        ("KEPT_FROM_EMAIL", "Shop", "must be an email address"),
        ("KEPT_BRAND_TIME_ZONE", "Europe/Atlantis", "must be an IANA zone"),
        ("KEPT_BRAND_LOCALE", "português", "must be a language that we speak"),
        ("KEPT_BRAND_LOCALE", "pt", "must be a language that we speak"),
        ("KEPT_REGISTER_ES", "cordial", "must be informal or formal"),
        ("KEPT_CLOCK_SHARDS", "many", "must be a whole number, 1 or more, 100 at most"),
        ("KEPT_CLOCK_SHARDS", "101", "100 at most"),
        ("KEPT_TTL_GRACE_SECONDS", "0", "1 or more"),
        ("KEPT_LEASE_SECONDS", "20", "must be 60 or more"),
        ("KEPT_SILENCE_FIRST", "maybe", "must be stay or cancel or call"),
        ("KEPT_AFTER_NO", "shrug", "must be call or recovery"),
        ("KEPT_WARN_BEFORE_SECONDS", "86400", "must be more than KEPT_WARN_BEFORE_SECONDS"),
        ("KEPT_REMINDER_AFTER_SECONDS", "150000", "must be more than KEPT_REMINDER_AFTER_SECONDS"),
        ("KEPT_CALL_AFTER_SECONDS", "144000", "must be more than KEPT_OTHER_CHANNEL_AFTER_SECONDS"),
        ("KEPT_DEPLOY_BUCKET", "My Bucket", "must be a bucket name"),
        ("KEPT_OPERATOR_EMAIL", "ops", "must be an email address or empty"),
        ("AWS_REGION", "Ireland", "must be a region"),
    ],
)
def test_a_bad_value_is_named_with_what_it_must_be(name: str, value: str, says: str) -> None:
    _, wrong = settings.read({**ENVIRONMENT, name: value}, PROD)

    (sentence,) = wrong
    assert name in sentence
    assert says in sentence
