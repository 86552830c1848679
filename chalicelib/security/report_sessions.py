"""What a browser bears once its reader has shown a read key: good for some hours, and no longer than the key."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer

# A working day: the report is looked at, left open, and looked at again.
LASTS = timedelta(hours=8)
_SALT = "report-session"


def open_session(key: str, now: datetime) -> str:
    """Return a session for who has shown this read key."""
    return _signer(key).sign(str(int((now + LASTS).timestamp())).encode()).decode()


def is_open(session: str, keys: Sequence[str], now: datetime) -> bool:
    """Tell whether one of these read keys opened the session, and it still lasts."""
    for key in keys:
        try:
            expires_at = int(_signer(key).unsign(session.encode()))
        except (BadSignature, ValueError):
            continue
        return now < datetime.fromtimestamp(expires_at, UTC)
    return False


def _signer(key: str) -> Signer:
    # Its own SHA-1 is the library's default only for the sake of old tokens.
    return Signer(key, salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)
