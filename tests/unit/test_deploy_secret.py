"""What a deployment says about the secret that the functions will read."""

import base64
import json
from typing import Any

import pytest

from infra.deploy import secret

LINK_KEY = "ab" * 32
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
SECRET = {
    "link_keys": [LINK_KEY],
    "read_keys": ["r" * 32],
    "sendgrid_api_key": "SG.something-only-sendgrid-knows",
    "sources": {"shop": [WEBHOOK_SECRET, WEBHOOK_SECRET]},
}


def test_a_secret_that_the_product_can_use_is_accepted() -> None:
    assert secret.problems(json.dumps(SECRET)) == []
    assert secret.problems(json.dumps({**SECRET, "link_keys": [base64.b64encode(b"k" * 32).decode()]})) == []


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"link_keys": []}, "link_keys"),
        ({"link_keys": [LINK_KEY, "tooshort"]}, "link_keys[1]"),
        ({"read_keys": None}, "read_keys"),
        ({"read_keys": ["short"]}, "read_keys[0]"),
        ({"sendgrid_api_key": ""}, "sendgrid_api_key"),
        ({"sendgrid_event_keys": "a key"}, "sendgrid_event_keys"),
        ({"sendgrid_event_keys": ["bm90IGEga2V5"]}, "sendgrid_event_keys[0]"),
        ({"sources": {}}, "sources"),
        ({"sources": {"shop": []}}, "sources.shop"),
        ({"sources": {"shop": [WEBHOOK_SECRET] * 3}}, "sources.shop"),
        ({"sources": {"shop": ["c2VjcmV0LXdpdGhvdXQtcHJlZml4"]}}, "sources.shop[0]"),
        ({"sources": {"shop": [WEBHOOK_SECRET, "whsec_!"]}}, "sources.shop[1]"),
        ({"sources": {"My Shop": [WEBHOOK_SECRET]}}, "My Shop"),
    ],
)
def test_what_is_wrong_with_a_secret_is_named(change: dict[str, Any], names: str) -> None:
    (sentence,) = secret.problems(json.dumps({**SECRET, **change}))

    assert sentence.startswith((names, "sources"))
    assert names in sentence


def test_several_things_wrong_with_a_secret_are_named_at_once_and_no_value_is_shown() -> None:
    sentences = secret.problems(json.dumps({"link_keys": ["hunter2"], "sources": {"shop": ["hunter2"]}}))

    assert len(sentences) == 4
    assert "hunter2" not in " ".join(sentences)


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"'])
def test_a_secret_that_is_no_json_object_is_refused(text: str) -> None:
    assert len(secret.problems(text)) == 1
