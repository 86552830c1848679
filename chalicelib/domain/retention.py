"""How long a promise that has ended is kept: by kind, as a warranty is asked about longer than a call-back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from chalicelib.domain.clocks import clock_of
from chalicelib.domain.promise import Kind, Promise

# Two years is the legal guarantee on goods in the European Union (Directive (EU) 2019/771, article 10).
HOUSE: Mapping[Kind, timedelta] = MappingProxyType(
    {
        Kind.COMMITMENT: timedelta(days=730),
        Kind.EXPECTATION: timedelta(days=730),
        Kind.PERSONAL: timedelta(days=365),
        Kind.ATTEMPT: timedelta(days=365),
    }
)


def is_retired(promise: Promise, kept: Mapping[Kind, timedelta], now: datetime) -> bool:
    """Tell whether a promise ended so long ago that it need not be kept any more; one that owes something is kept."""
    if promise.ended_at is None or not promise.is_over or clock_of(promise) is not None:
        return False
    return now >= promise.ended_at + kept.get(promise.kind, HOUSE[promise.kind])
