"""Moments as epoch milliseconds, as the clocks table and the ring queue carry them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds_until(at: datetime) -> int:
    """Return the whole milliseconds from the epoch to a moment."""
    return (at - _EPOCH) // _MILLISECOND


def ring_milliseconds(at: datetime) -> int:
    """Return the first whole millisecond that is not before a moment: a clock must never ring early."""
    return -((_EPOCH - at) // _MILLISECOND)


def moment(milliseconds: float) -> datetime:
    """Return the moment that lies so many milliseconds after the epoch, in UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
