"""Settings complain about everything that is missing or wrong, at once."""

import pytest

from chalicelib.settings import BadSettings, read_settings

NEEDED = ("STAGE", "PUBLIC_URL", "PROMISES_TABLE", "CLOCKS_TABLE", "RING_QUEUE_URL")
NEEDED += ("BUS_NAME", "OPERATOR_TOPIC_ARN", "SECRETS_NAME", "BRAND_NAME", "FROM_EMAIL")
COMPLETE = {f"KEPT_{name}": "https://kept.example/" for name in NEEDED}


def test_what_is_needed_is_enough() -> None:
    settings = read_settings(COMPLETE)
    assert settings.public_url == "https://kept.example"
    assert settings.brand_time_zone.key == "UTC"


def test_everything_missing_is_named_at_once() -> None:
    with pytest.raises(BadSettings) as bad:
        read_settings({})
    for name in NEEDED:
        assert f"KEPT_{name} is missing" in str(bad.value)


def test_everything_wrong_is_named_with_what_it_should_be() -> None:
    wrong = {
        "KEPT_BRAND_TIME_ZONE": "Mars",
        "KEPT_CLOCK_SHARDS": "0",
        "KEPT_LEASE_SECONDS": "soon",
        "KEPT_REGISTER_ES": "rude",
        "KEPT_SILENCE_LATER": "shout",
        "KEPT_AFTER_NO": "shrug",
    }
    with pytest.raises(BadSettings) as bad:
        read_settings(COMPLETE | wrong)
    for name in wrong:
        assert name in str(bad.value)
    assert "Europe/Madrid" in str(bad.value)
