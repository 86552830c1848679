"""Suppressions: which addresses of a person nothing is sent to, and why, without the addresses."""

from datetime import datetime
from typing import Any

from chalicelib.domain.people import Channel, Customer, Mark, Promiser


def channels(person: Customer | Promiser | None, now: datetime) -> list[dict[str, Any]]:
    """Return a person's channels, each with whether an address is known and why nothing is sent to that, if so."""
    if person is None:
        return []
    theirs = person.channels if isinstance(person, Customer) else (Channel.EMAIL,)
    return [_channel(person, each, now) for each in theirs]


def suppressed(person: Customer | Promiser | None, now: datetime) -> list[dict[str, str | None]]:
    """Return only those channels to which nothing is sent, each with the reason, since when and until when."""
    shown = channels(person, now)
    return [{"channel": each["channel"], **each["suppressed"]} for each in shown if each["suppressed"]]


def _channel(person: Customer | Promiser, channel: Channel, now: datetime) -> dict[str, Any]:
    mark = person.suppressed(channel, now)
    known = person.address(channel) is not None
    return {"channel": channel.value, "known": known, "suppressed": _why(mark) if mark else None}


def _why(mark: Mark) -> dict[str, str | None]:
    until = mark.until.isoformat() if mark.until else None
    return {"reason": mark.reason.value, "since": mark.since.isoformat(), "until": until}
