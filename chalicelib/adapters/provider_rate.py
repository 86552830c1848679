"""A provider's rate, as far as its answers tell it: once it is used up, nothing is asked until it is renewed.

Each process of the ring function learns it for itself. That is coarse, but a provider that is asked too often answers
429, which costs a wait and no try: what matters is that a warm function does not go on knocking. Likewise when it says
how long it is shut.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

REMAINING = "X-RateLimit-Remaining"
RESET = "X-RateLimit-Reset"
RETRY_AFTER = "Retry-After"
# A header must not be able to stop a channel for good: past this the provider is asked again.
LONGEST_HOLD_SECONDS = 300.0
# Whoever is turned away without a word on how long: SendGrid renews its rates each minute.
USUAL_HOLD_SECONDS = 60.0
_SECONDS = re.compile(r"[0-9]{1,12}")


class Headers(Protocol):
    """The headers of an answer."""

    def get(self, name: str, default: str = "") -> str:
        """Return a header by its name in any case."""


class ProviderRate:
    """Learns from each answer, and says how long to wait before the next request."""

    def __init__(self, seconds: Callable[[], float] = time.time) -> None:
        """Take a clock in epoch seconds, as the provider's headers name moments by it."""
        self._seconds = seconds
        self._renewed_at = 0.0

    def hold(self) -> timedelta | None:
        """Return how long nothing should be asked yet, or None when the provider may be asked."""
        left = self._renewed_at - self._seconds()
        return timedelta(seconds=left) if left > 0 else None

    def learn(self, headers: Headers) -> None:
        """Read from the answer to a request that was let through how much is left."""
        reset = headers.get(RESET, "")
        if headers.get(REMAINING, "") == "0" and _SECONDS.fullmatch(reset):
            self._renewed_at = min(float(reset), self._seconds() + LONGEST_HOLD_SECONDS)

    def turned_away(self, headers: Headers) -> timedelta:
        """Read from the answer to a request that was one too many how long to wait, and return that."""
        now, reset = self._seconds(), headers.get(RESET, "")
        renewed_at = float(reset) if _SECONDS.fullmatch(reset) else now
        return self._wait(headers) or self._wait_until(renewed_at) or self._wait_until(now + USUAL_HOLD_SECONDS)

    def shut(self, headers: Headers) -> timedelta | None:
        """Read from the answer of a provider that is shut for the moment how long to wait; None: it does not say."""
        return self._wait(headers) or None

    def _wait(self, headers: Headers) -> timedelta:
        """Wait as `Retry-After` says (RFC 9110, section 10.2.3): for so many seconds, or until a date."""
        after = headers.get(RETRY_AFTER, "")
        return self._wait_until(self._seconds() + float(after) if _SECONDS.fullmatch(after) else _epoch_seconds(after))

    def _wait_until(self, moment: float) -> timedelta:
        """Ask nothing until a moment, but not for too long; return for how long: not at all if it is past."""
        now = self._seconds()
        if moment <= now:
            return timedelta()
        self._renewed_at = min(moment, now + LONGEST_HOLD_SECONDS)
        return timedelta(seconds=self._renewed_at - now)


def _epoch_seconds(date: str) -> float:
    """Read an HTTP date; whatever is none is long past."""
    try:
        read = parsedate_to_datetime(date)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
