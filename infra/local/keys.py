"""The local stack's secrets: made at the first start, kept in a file that only its owner can read."""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE = "demo"
KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """What the Secrets Manager secret holds, in the shape the application reads.

    `sendgrid_event_keys` are not in the file: the inbox has that key, and says its public half at each start.
    """

    link_keys: list[str]
    read_keys: list[str]
    sendgrid_api_key: str
    sources: dict[str, list[str]]
    sendgrid_event_keys: list[str] = field(default_factory=list)

    @property
    def webhook_secrets(self) -> list[str]:
        """Two that are both valid, so that a rotation can be tried."""
        return self.sources[SOURCE]

    def as_secret(self) -> str:
        return json.dumps(vars(self))


def load(path: Path) -> Keys:
    """Reads the keys, or makes them where there are none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(_made(), file, indent=1)
    return Keys(**json.loads(path.read_text()))


def _made() -> dict[str, Any]:
    def webhook_secret() -> str:
        return "whsec_" + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()

    return {
        "link_keys": [secrets.token_hex(KEY_BYTES)],
        "read_keys": [secrets.token_urlsafe(KEY_BYTES)],
        "sendgrid_api_key": "SG.local." + secrets.token_urlsafe(KEY_BYTES),
        "sources": {SOURCE: [webhook_secret(), webhook_secret()]},
    }
