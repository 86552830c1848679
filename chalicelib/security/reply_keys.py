"""Under which key the text messages of a phone are routed, without keeping its number a second time."""

import hmac


def reply_key(secret: str, phone: str) -> str:
    """Return a keyed hash of an E.164 number: the same number and secret give the same 32 hexadecimal digits."""
    return hmac.digest(secret.encode(), f"sms-reply:{phone}".encode(), "sha256")[:16].hex()
