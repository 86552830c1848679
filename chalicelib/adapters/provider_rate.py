"""A provider's rate, as far as its answers tell it: once it is used up, nothing is asked until it is renewed.

Each process of the ring function learns it for itself. That is coarse, but a provider that is asked too often answers
429, which costs a wait and no try: what matters is that a warm function does not go on knocking.
"""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

REMAINING = "X-RateLimit-Remaining"
RESET = "X-RateLimit-Reset"
# A header must not be able to stop a channel for good: past this the provider is asked again.
LONGEST_HOLD_SECONDS = 300.0
# Whoever is turned away without a word on how long: SendGrid renews its rates each minute.
USUAL_HOLD_SECONDS = 60.0
_EPOCH_SECONDS = re.compile(r"[0-9]{1,12}")


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
        if headers.get(REMAINING, "") == "0" and _EPOCH_SECONDS.fullmatch(reset):
            self._renewed_at = min(float(reset), self._seconds() + LONGEST_HOLD_SECONDS)

    def turned_away(self, headers: Headers) -> timedelta:
        """Read from the answer to a request that was one too many how long to wait, and return that."""
        now, reset = self._seconds(), headers.get(RESET, "")
        says_when = _EPOCH_SECONDS.fullmatch(reset) and float(reset) > now
        self._renewed_at = min(float(reset), now + LONGEST_HOLD_SECONDS) if says_when else now + USUAL_HOLD_SECONDS
        return timedelta(seconds=self._renewed_at - now)
