"""Receipts: what a provider reports of a message after it took it. They repeat, and come in any order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReceiptKind(StrEnum):
    """What can be reported, in rising order: of several reports the last in this list says how the message stands.

    resubscribed: who had unsubscribed takes it back. blocked: this message was turned away, the next may not be.
    bounced: the address takes nothing. dropped: the provider did not even try. A report of failure outranks one of
    delivery, as mailboxes also bounce what they took.
    """

    PROCESSED = "processed"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    OPENED = "opened"
    UNSUBSCRIBED = "unsubscribed"
    RESUBSCRIBED = "resubscribed"
    SPAM_REPORTED = "spam_reported"
    BLOCKED = "blocked"
    DROPPED = "dropped"
    BOUNCED = "bounced"


class Reason(StrEnum):
    """Why an address should not be written to, gravest first: for good, or (`blocked`) for a while."""

    HARD_BOUNCE = "hard_bounce"
    INVALID = "invalid"
    SPAM_REPORT = "spam_report"
    UNSUBSCRIBED = "unsubscribed"
    BLOCKED = "blocked"


_RANK = {kind: rank for rank, kind in enumerate(ReceiptKind)}
_FAILURES = (ReceiptKind.BOUNCED, ReceiptKind.DROPPED, ReceiptKind.BLOCKED)
_ARRIVALS = (ReceiptKind.DELIVERED, ReceiptKind.OPENED)


@dataclass(frozen=True, slots=True, order=True)
class Receipt:
    """One report: when, of what, by which id the provider knows the message, and what it says of the address.

    Equal receipts are the same report, however often it came.
    """

    at: datetime
    kind: ReceiptKind
    message_id: str = ""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known of a message's way: the first report of each kind, of each copy that a provider took.

    They lie in rising order, the first of a kind in front. Build it with `merge` or `delivery_of`.
    """

    receipts: tuple[Receipt, ...] = ()

    @property
    def status(self) -> ReceiptKind | None:
        """How the message stands; it only ever rises."""
        return max((each.kind for each in self.receipts), key=_RANK.__getitem__, default=None)

    @property
    def failure(self) -> Receipt | None:
        """The gravest report that somebody did not get the message, or a copy of it, if there is one."""
        return next((found for kind in _FAILURES if (found := self.first(kind))), None)

    @property
    def reached_nobody(self) -> bool:
        """Whether it failed, and no other copy of it has arrived and stayed.

        An email whose first send left a doubt is sent once more, so one copy may fail and the other be read. A failure
        without the provider's id may be that of any copy.
        """
        failed = {each.message_id for each in self.receipts if each.kind in _FAILURES}
        arrived = {each.message_id for each in self.receipts if each.kind in _ARRIVALS}
        return bool(failed) and ("" in failed or not arrived - failed - {""})

    @property
    def firsts(self) -> tuple[Receipt, ...]:
        """The first report of each kind, of whichever copy."""
        return tuple(each for each in self.receipts if each is self.first(each.kind))

    def first(self, kind: ReceiptKind) -> Receipt | None:
        """Return the first report of a kind."""
        return next((each for each in self.receipts if each.kind is kind), None)


def merge(known: Delivery, more: Delivery) -> Delivery:
    """Return what both know together: the same in whatever order and however often they are merged."""
    first: dict[tuple[ReceiptKind, str], Receipt] = {}
    for each in (*known.receipts, *more.receipts):
        copy = each.kind, each.message_id
        first[copy] = min(first.get(copy, each), each, key=_age)
    return Delivery(tuple(sorted(first.values(), key=lambda each: (_RANK[each.kind], _age(each)))))


def delivery_of(receipts: Iterable[Receipt]) -> Delivery:
    """Return what some receipts tell together."""
    return merge(Delivery(), Delivery(tuple(receipts)))


def _age(receipt: Receipt) -> tuple[datetime, str, str]:
    return receipt.at, receipt.message_id, receipt.reason or ""
