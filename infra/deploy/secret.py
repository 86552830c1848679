"""The shape of the secret that the functions read. Keys are named in what is reported; values never are."""

import base64
import binascii
import json
import re
from typing import Any

from chalicelib.security.receipt_signatures import public_key
from chalicelib.security.webhook_signatures import PREFIX, key_of

_SHORTEST_KEY_BYTES = 32
# Standard Webhooks: 24 to 64 random bytes.
_WEBHOOK_BYTES = range(24, 65)
_MOST_SECRETS_PER_SOURCE = 2
_MOST_EVENT_KEYS = 2
_SHORTEST_READ_KEY = 20
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def problems(text: str) -> list[str]:
    """One sentence for each thing that is wrong with the secret's text; empty when the product can use it."""
    try:
        secret = json.loads(text)
    except ValueError:
        return ["It is not JSON"]
    if not isinstance(secret, dict):
        return ["It is not a JSON object"]
    return [
        *_link_keys(secret.get("link_keys")),
        *_read_keys(secret.get("read_keys")),
        *_sendgrid(secret.get("sendgrid_api_key")),
        *_event_keys(secret.get("sendgrid_event_keys", [])),
        *_sources(secret.get("sources")),
    ]


def _link_keys(keys: Any) -> list[str]:
    if not isinstance(keys, list) or not keys:
        return ["link_keys must be a list of keys, oldest first, with at least one"]
    return [
        f"link_keys[{number}] must be {_SHORTEST_KEY_BYTES} random bytes or more, as hex or base64"
        for number, key in enumerate(keys)
        if not isinstance(key, str) or len(_bytes(key)) < _SHORTEST_KEY_BYTES
    ]


def _read_keys(keys: Any) -> list[str]:
    if not isinstance(keys, list) or not keys:
        return ["read_keys must be a list of keys with at least one"]
    return [
        f"read_keys[{number}] must be text of {_SHORTEST_READ_KEY} characters or more"
        for number, key in enumerate(keys)
        if not isinstance(key, str) or len(key) < _SHORTEST_READ_KEY
    ]


def _sendgrid(key: Any) -> list[str]:
    return [] if isinstance(key, str) and key.strip() else ["sendgrid_api_key must be the key of a SendGrid account"]


def _event_keys(keys: Any) -> list[str]:
    if not isinstance(keys, list) or len(keys) > _MOST_EVENT_KEYS:
        return ["sendgrid_event_keys must be a list of up to two verification keys of SendGrid's Event Webhook"]
    return [
        f"sendgrid_event_keys[{number}] must be a verification key as SendGrid shows it (base64), or as PEM"
        for number, key in enumerate(keys)
        if not isinstance(key, str) or not _is_event_key(key)
    ]


def _is_event_key(key: str) -> bool:
    try:
        public_key(key)
    except ValueError:
        return False
    return True


def _sources(sources: Any) -> list[str]:
    if not isinstance(sources, dict) or not sources:
        return ["sources must name at least one source with its webhook secrets"]
    wrong = []
    for source, secrets in sources.items():
        if not _SOURCE_NAME.fullmatch(source):
            wrong.append(
                f"sources: {source!r} must be lower-case letters, digits and hyphens, as it stands in an address"
            )
        if not isinstance(secrets, list) or not 1 <= len(secrets) <= _MOST_SECRETS_PER_SOURCE:
            wrong.append(f"sources.{source} must be a list of one or two secrets")
            continue
        wrong += [
            f"sources.{source}[{number}] must be {PREFIX} and 24 to 64 random bytes in base64"
            for number, secret in enumerate(secrets)
            if not _is_webhook_secret(secret)
        ]
    return wrong


def _is_webhook_secret(secret: Any) -> bool:
    if not isinstance(secret, str) or not secret.startswith(PREFIX):
        return False
    try:
        return len(key_of(secret)) in _WEBHOOK_BYTES
    except ValueError:
        return False


def _bytes(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        return _base64(key)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.translate({ord("-"): "+", ord("_"): "/"}) + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
