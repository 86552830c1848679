"""Marks on addresses, as reports leave them: the same in whatever order and however often these come.

Each address has one mark a reason, the latest, so that no reason hides another. Whoever subscribes again leaves a mark
too: of the reason that it takes back, and over when it begins. It is later than what it takes back, and so stands in
its place, whichever of the two came first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.people import Channel, Customer, Mark, Promiser
from chalicelib.domain.receipts import Reason, Receipt, ReceiptKind

# Whatever turned a message away for a while (a full mailbox, a sender's reputation) is given a day to pass.
BLOCKED_FOR = timedelta(hours=24)
# An address has at most one mark for each of five reasons, and a person few addresses in their life: enough for those
# that a customer goes back and forth between, at some hundred bytes each in a profile that every send reads.
MOST_MARKS = 24
_Age = tuple[datetime, bool, datetime, str]


def mark_of(receipt: Receipt, channel: Channel, address: str) -> Mark | None:
    """Return the mark that a receipt leaves on an address, if it says anything of it."""
    if receipt.kind is ReceiptKind.RESUBSCRIBED:
        return Mark(channel, address, Reason.UNSUBSCRIBED, receipt.at, receipt.at)
    if receipt.reason is None:
        return None
    until = receipt.at + BLOCKED_FOR if receipt.reason is Reason.BLOCKED else None
    return Mark(channel, address, receipt.reason, receipt.at, until)


def marked(person: Customer | Promiser, more: Iterable[Mark], now: datetime) -> tuple[Mark, ...]:
    """Return a person's marks with some more: at most MOST_MARKS, first those of the addresses in use, then the latest.

    A block that is over says nothing any more, and is left out.
    """
    latest: dict[tuple[Channel, str, Reason], Mark] = {}
    for each in (*person.marks, *more):
        key = (each.channel, each.address.casefold(), each.reason)
        latest[key] = max(latest.get(key, each), each, key=_age)
    lasting = [each for each in latest.values() if each.reason is not Reason.BLOCKED or each.holds(now)]

    def worth(mark: Mark) -> tuple[bool, _Age]:
        return mark.is_of(person.address(mark.channel)), _age(mark)

    return tuple(sorted(lasting, key=worth, reverse=True)[:MOST_MARKS])


def _age(mark: Mark) -> _Age:
    """Order marks by when they began. Of one moment, who unsubscribed is not written to against their will."""
    return mark.since, mark.until is None, mark.until or mark.since, mark.address
