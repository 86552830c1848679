"""What a receipt means for the promise: an unknown send is settled, a word that reached nobody is owed again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.delivery import Spoken, give_up_channel, heard
from chalicelib.domain.facts import Change
from chalicelib.domain.notices import Attempt, Notice, Outcome
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.promise import News, Promise, Word
from chalicelib.domain.receipts import Delivery, Receipt, ReceiptKind, merge
from chalicelib.domain.unheard import decided_unheard, unhear

_SETTLED = {Outcome.ACCEPTED.value, Outcome.REFUSED.value}
# What other services and the customer's timeline are told; a delay or an opened mail changes nothing for anybody.
FACT_OF = {
    ReceiptKind.DELIVERED: "NoticeDelivered",
    ReceiptKind.BLOCKED: "NoticeBlocked",
    ReceiptKind.BOUNCED: "NoticeBounced",
    ReceiptKind.DROPPED: "NoticeDropped",
    ReceiptKind.SPAM_REPORTED: "NoticeReportedAsSpam",
    ReceiptKind.UNSUBSCRIBED: "NoticeUnsubscribed",
}


@dataclass(frozen=True, slots=True)
class Received:
    """What receipts made of a notice and its promise. `change` has no facts when the promise is as it was."""

    notice: Notice
    change: Change
    settled: bool = False
    fresh: tuple[Receipt, ...] = ()

    @property
    def is_news(self) -> bool:
        """Tell whether the promise has changed, and not only what is known of the notice."""
        return bool(self.change.facts) or self.settled


def receive(
    promise: Promise,
    notice: Notice,
    told: Delivery,
    lost: Sequence[News],
    now: datetime,
    *,
    same_address: bool = True,
) -> Received:
    """Return what `told` makes of a notice and of its promise; receipts that say nothing new make nothing of them.

    1. Whatever a provider reports of a message proves that it took it: a send whose outcome is not known is settled as
       accepted, and the promise goes on as if that had been known at once.
    2. A report of failure means that nobody heard it (see `unhear`), unless another copy of it has arrived; `lost` are
       the news that it held, and `same_address` says whether it went to the address that would still be used.
    """
    settled = notice.status not in _SETTLED
    if not settled:
        # That it was taken is known already: not worth a write.
        told = Delivery(tuple(each for each in told.receipts if each.kind is not ReceiptKind.PROCESSED))
    merged = merge(notice.delivery, told)
    if merged == notice.delivery:
        return Received(notice, Change(promise))
    fresh = tuple(each for each in merged.firsts if notice.delivery.first(each.kind) is None)
    known = replace(notice, delivery=merged)
    change = Change(promise)
    failed = merged.reached_nobody and not notice.delivery.reached_nobody
    if failed and told.failure and told.failure not in fresh:
        # That of the last copy, after one of the same kind which the others outlived.
        fresh = (*fresh, told.failure)
    spoken = _spoken(notice)
    if settled:
        known = _accepted(known, merged.receipts[0])
        change = _moved_on(promise, spoken) if failed else heard(promise, spoken, _known_at(notice, fresh, now))
    elif failed and notice.status == Outcome.ACCEPTED:
        change = Change(unhear(promise, spoken, lost, now, give_up_channel=same_address))
        if decided_unheard(promise, spoken):
            # It stands until they say otherwise: what it granted is not taken from somebody who never knew of it.
            change = change.told("CallRequired", now, word=Word.CHOICE, notice=notice.id, reason="not_heard")
    for each in fresh:
        if each.kind in FACT_OF:
            change = change.told(FACT_OF[each.kind], now, notice=notice.id, channel=notice.channel, reason=each.reason)
    return Received(known, change, settled, fresh)


def _spoken(notice: Notice) -> Spoken:
    obligation = Obligation(notice.promise_id, notice.word, notice.n, notice.due_at)
    as_of = notice.as_of or notice.claimed_at
    return Spoken(obligation, notice.channel, as_of, notice.news_seq, notice.wording, notice.news)


def _accepted(notice: Notice, receipt: Receipt) -> Notice:
    attempt = Attempt(receipt.at, notice.channel, Outcome.ACCEPTED, receipt.message_id or None, "receipt")
    return replace(notice, status=Outcome.ACCEPTED.value, attempts=(*notice.attempts, attempt))


def _moved_on(promise: Promise, spoken: Spoken) -> Change:
    """Give up the channel, unless the word has been given up on it before."""
    if spoken.obligation.n <= promise.notices.get(spoken.obligation.word, 0):
        return Change(promise)
    return Change(give_up_channel(promise, spoken))


def _known_at(notice: Notice, fresh: Sequence[Receipt], now: datetime) -> datetime:
    """Return when the message had been taken, as far as the provider's clock can be believed."""
    return max(notice.claimed_at, min(now, *(each.at for each in fresh)))
