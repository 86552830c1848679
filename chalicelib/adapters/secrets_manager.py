"""Keys from Secrets Manager: one JSON secret, read late and kept for minutes."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

from chalicelib.adapters.aws import Aws, CallFailed
from chalicelib.usecases.store_port import StoreUnavailable

_log = logging.getLogger(__name__)

# A rotated key reaches every warm function within this time; two keys are valid meanwhile.
KEEP_SECONDS = 300.0


class BadSecret(Exception):
    """The secret is not the JSON that it should be. The message names what is wrong with it, never its content."""


class SecretsManagerSecrets:
    """The Secrets: `link_keys`, `read_keys`, `sendgrid_api_key`, `sendgrid_event_keys`, and `sources` with the webhook
    secrets of each.

    Every method raises StoreUnavailable when the secret cannot be read and none was read before, and BadSecret when it
    is malformed.
    """

    def __init__(self, secret_id: str, aws: Aws, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """Take the secret's id; `seconds` is a clock that never goes back."""
        self._secret_id = secret_id
        self._aws = aws
        self._seconds = seconds
        self._known: dict[str, Any] | None = None
        self._read_again_at = 0.0
        self._reading = Lock()

    def link_keys(self) -> Sequence[str]:
        """Return the keys that sign links, oldest to newest."""
        return _strings(self._read().get("link_keys"), "link_keys")

    def read_keys(self) -> Sequence[str]:
        """Return the bearer keys that open the reads."""
        return _strings(self._read().get("read_keys"), "read_keys")

    def webhook_secrets(self, source: str) -> Sequence[str]:
        """Return the secrets that are valid for a source: none for an unknown one."""
        sources = self._read().get("sources")
        if not isinstance(sources, dict):
            raise BadSecret("sources must be an object")
        return _strings(sources.get(source, []), "sources")

    def sendgrid_api_key(self) -> str:
        """Return SendGrid's key."""
        return _strings([self._read().get("sendgrid_api_key")], "sendgrid_api_key")[0]

    def sendgrid_event_keys(self) -> Sequence[str]:
        """Return the public keys that may sign SendGrid's events: none if it sends us none."""
        return _strings(self._read().get("sendgrid_event_keys", []), "sendgrid_event_keys")

    def _read(self) -> dict[str, Any]:
        with self._reading:
            now = self._seconds()
            if self._known is None or now >= self._read_again_at:
                fetched = self._fetch()
                self._known = self._known if fetched is None else fetched
                self._read_again_at = now + KEEP_SECONDS
            if self._known is None:
                raise StoreUnavailable("the secret could not be read")
            return self._known

    def _fetch(self) -> dict[str, Any] | None:
        """Read the secret, or return None when it cannot be reached: known keys serve on through an outage."""
        try:
            text = self._client.get_secret_value(SecretId=self._secret_id)["SecretString"]
        except CallFailed as error:
            _log.warning("the secret could not be read: %s", type(error).__name__)
            return None
        try:
            read = json.loads(text)
        except ValueError:
            # Without its cause, whose message would quote the secret.
            raise BadSecret("the secret is not JSON") from None
        if not isinstance(read, dict):
            raise BadSecret("the secret must be a JSON object")
        return read

    @cached_property
    def _client(self) -> Any:
        return self._aws.client("secretsmanager", read_seconds=3.0, tries=3)


def _strings(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise BadSecret(f"{name} must hold non-empty strings")
    return tuple(value)
