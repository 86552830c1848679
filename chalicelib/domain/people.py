"""The people of a promise: the customer it was made to, and the promiser who gave their word."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Channel(StrEnum):
    """How a notice reaches somebody."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's profile: the one place for personal data. `phone` is E.164; `channels` are by preference."""

    ref: str
    locale: str
    time_zone: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS)

    def address(self, channel: Channel) -> str | None:
        """Return where to reach the customer on a channel, if known."""
        return self.email if channel is Channel.EMAIL else self.phone

    def updated_by(self, newer: "Customer") -> "Customer":
        """Return the profile with what a newer telling says; what it does not say stays as it was known."""
        return replace(
            newer,
            name=newer.name or self.name,
            email=newer.email or self.email,
            phone=newer.phone or self.phone,
        )


@dataclass(frozen=True, slots=True)
class Promiser:
    """The person or team who gave their word."""

    ref: str
    name: str | None = None
    email: str | None = None
    team: str | None = None
