"""The people of a promise: the customer it was made to, and the promiser who gave their word."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.receipts import Reason

_GRAVITY = {reason: gravity for gravity, reason in enumerate(Reason)}


class Channel(StrEnum):
    """How a notice reaches somebody."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Mark:
    """An address that should not be written to: why, since when, and until when (None: until another is told)."""

    channel: Channel
    address: str
    reason: Reason
    since: datetime
    until: datetime | None = None

    def is_of(self, address: str | None) -> bool:
        """Tell whether it marks this address: mailboxes do not tell capitals from small letters."""
        return address is not None and self.address.casefold() == address.casefold()

    def holds(self, now: datetime) -> bool:
        """Tell whether the address is still not to be written to."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's profile: the one place for personal data. `phone` is E.164; `channels` are by preference.

    A mark counts for as long as the profile holds the address that it marks, and again when it comes back.
    """

    ref: str
    locale: str
    time_zone: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS)
    marks: tuple[Mark, ...] = ()

    def address(self, channel: Channel) -> str | None:
        """Return where to reach the customer on a channel, if known."""
        return self.email if channel is Channel.EMAIL else self.phone

    def suppressed(self, channel: Channel, now: datetime) -> Mark | None:
        """Return why the customer's address on a channel is not to be written to at `now`, if so."""
        return _holding(self.marks, channel, self.address(channel), now)

    def reachable(self, now: datetime) -> "Customer":
        """Return the profile with only those channels that may be written to at `now`."""
        return replace(self, channels=tuple(each for each in self.channels if not self.suppressed(each, now)))

    def updated_by(self, newer: "Customer") -> "Customer":
        """Return the profile with what a newer telling says; what it does not say stays as it was known."""
        return replace(
            newer,
            name=newer.name or self.name,
            email=newer.email or self.email,
            phone=newer.phone or self.phone,
            marks=self.marks,
        )


@dataclass(frozen=True, slots=True)
class Promiser:
    """The person or team who gave their word."""

    ref: str
    name: str | None = None
    email: str | None = None
    team: str | None = None
    marks: tuple[Mark, ...] = ()

    def address(self, channel: Channel) -> str | None:
        """Return where to reach the promiser on a channel: by email, if known."""
        return self.email if channel is Channel.EMAIL else None

    def suppressed(self, channel: Channel, now: datetime) -> Mark | None:
        """Return why the promiser's address on a channel is not to be written to at `now`, if so."""
        return _holding(self.marks, channel, self.address(channel), now)

    def reachable(self, now: datetime) -> "Promiser":
        """Return the profile without an email address that is not to be written to at `now`."""
        return replace(self, email=None) if self.suppressed(Channel.EMAIL, now) else self


def _holding(marks: tuple[Mark, ...], channel: Channel, address: str | None, now: datetime) -> Mark | None:
    """Return the gravest mark that holds for an address."""
    holding = (each for each in marks if each.channel is channel and each.is_of(address) and each.holds(now))
    return min(holding, key=lambda each: _GRAVITY[each.reason], default=None)
