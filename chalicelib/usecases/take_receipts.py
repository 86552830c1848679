"""Take receipts: what a provider reports of messages that it took, in any order and however often."""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.marks import mark_of, marked
from chalicelib.domain.notices import Notice, Outcome
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import News, Promise, Word
from chalicelib.domain.receipts import Receipt, ReceiptKind, delivery_of, merge
from chalicelib.domain.received import Received, receive
from chalicelib.usecases import arm
from chalicelib.usecases.ports import Metric
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Commit, Committed, Marking, StoreUnavailable

_log = logging.getLogger(__name__)

# Longer than a provider repeats a report that it could not deliver (SendGrid: a day) and than an address may take to
# bounce (three days).
IDS_KEPT = timedelta(days=8)
# Our own record is never so far behind the provider's report: an older one that names nothing of ours is hardly ours.
LATEST_RECORD = timedelta(hours=1)
_NOTICE_ID = re.compile(r"([a-z2-7]{24}):([a-z_]{1,30}):([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Report:
    """One receipt, and whose it is: `notice_id` when the provider gave it back, else its `message_id` must tell.

    `address` is where the message went, if that is said; it is stored nowhere but in a mark on that address.
    """

    receipt: Receipt
    notice_id: str | None = None
    address: str | None = None


def take_receipts(reports: Sequence[Report], services: Services) -> bool:
    """Apply reports; return whether each is stored or is none of ours. False: send them all again, which is harmless.

    Reports without a notice's id are matched by the provider's; those that come before our own record of the message
    are kept until it is there. What happens only later by the provider's clock has happened now.
    """
    now = services.system.now()
    reports = [replace(each, receipt=replace(each.receipt, at=min(each.receipt.at, now))) for each in reports]
    try:
        found, strangers = _matched(reports, services)
    except StoreUnavailable:
        _log.warning("receipts could not be matched yet")
        return False

    def taken(notice_id: str) -> Counter[str] | None:
        try:
            return _take(notice_id, found[notice_id], services)
        except StoreUnavailable:
            _log.warning("receipts of notice %s could not be stored yet", notice_id)
            return None

    by_promise: defaultdict[str, list[str]] = defaultdict(list)
    for notice_id in found:
        by_promise[notice_id.partition(":")[0]].append(notice_id)

    # Notices of one promise one after the other: they would only get into each other's way.
    def each_taken(notice_ids: Sequence[str]) -> list[Counter[str] | None]:
        return [taken(notice_id) for notice_id in notice_ids]

    results = [one for some in services.system.together(each_taken, list(by_promise.values())) for one in some]
    counts = sum((one for one in results if one), Counter({"ReceiptsUnmatched": strangers} if strangers else {}))
    if counts:
        services.metrics.put([Metric(name, float(times)) for name, times in counts.items()])
    return None not in results


def _matched(reports: Sequence[Report], services: Services) -> tuple[Mapping[str, list[Report]], int]:
    """Return the reports by notice, as far as their notices can be known, and how many are none of ours."""
    found: defaultdict[str, list[Report]] = defaultdict(list)
    nameless: defaultdict[str, list[Report]] = defaultdict(list)
    strangers = 0
    for report in reports:
        if report.notice_id and _NOTICE_ID.fullmatch(report.notice_id):
            found[report.notice_id].append(report)
        elif report.receipt.message_id:
            nameless[report.receipt.message_id].append(report)
        else:
            strangers += 1
    known = services.store.sent_as(list(nameless)) if nameless else {}
    for message_id, (named, early) in known.items():
        # What came early and could not be applied with the record is applied now.
        found[named] += [*nameless[message_id], *(Report(each, named) for each in early.receipts)]
    unknown = [each for each in nameless if each not in known]

    def kept(message_id: str) -> str | None:
        return _kept_for_later(message_id, nameless[message_id], services)

    earliest = services.system.now() - LATEST_RECORD
    for message_id, notice_id in zip(unknown, services.system.together(kept, unknown), strict=True):
        if notice_id:
            found[notice_id] += nameless[message_id]
        else:
            strangers += sum(each.receipt.at <= earliest for each in nameless[message_id])
    return found, strangers


def _kept_for_later(message_id: str, reports: Sequence[Report], services: Services) -> str | None:
    """Keep what may matter once it is known whose it is; return the notice's id if it is known by now.

    However old it says it is: the provider's clock may be wrong, and our own record is on its way. That the message was
    taken is all that `processed` says, and the record says it as well.
    """
    worth = [each.receipt for each in reports if each.receipt.kind is not ReceiptKind.PROCESSED]
    expires_at = services.system.now() + IDS_KEPT
    return services.store.keep_early(message_id, delivery_of(worth), expires_at) if worth else None


def _take(notice_id: str, reports: Sequence[Report], services: Services) -> Counter[str]:
    """Apply the reports of one notice; return what is to be counted."""
    form = _NOTICE_ID.fullmatch(notice_id)
    if form is None or form[2] not in set(Word):
        return _taken_by_message(notice_id, reports, services)
    promise_id, word, n = form[1], Word(form[2]), int(form[3])
    for _ in range(arm.MOST_RACES):
        promise = services.store.load([promise_id]).get(promise_id)
        notices = services.store.find_notices([(promise_id, word, n)]) if promise else ()
        if promise is None or not notices:
            return _taken_by_message(notice_id, reports, services)
        received, commit = _judged(promise, notices[0], reports, services)
        if not received.is_news and commit.marking is None:
            if received.notice != notices[0]:
                services.store.note(received.notice)
            return Counter()
        if arm.store(received.change, commit, services.system.now(), services) is Committed.DONE:
            # A message that was still being sent was never counted as unknown.
            was_unknown = received.settled and notices[0].status == Outcome.UNKNOWN
            return Counter({"UnknownSettled": 1}) if was_unknown else Counter()
    raise StoreUnavailable("the notice kept changing under its receipts")


def _taken_by_message(notice_id: str, reports: Sequence[Report], services: Services) -> Counter[str]:
    """Apply reports that name no notice of ours to those that are known by the provider's ids; count the rest."""
    ids = list({each.receipt.message_id for each in reports if each.receipt.message_id})
    known = services.store.sent_as(ids) if ids else {}
    by_notice: defaultdict[str, list[Report]] = defaultdict(list)
    for each in reports:
        by_notice[known.get(each.receipt.message_id, (notice_id, None))[0]].append(each)
    strangers = len(by_notice.pop(notice_id, ()))
    taken = [_take(each, some, services) for each, some in by_notice.items()]
    return sum(taken, Counter({"ReceiptsUnmatched": strangers} if strangers else {}))


def _judged(promise: Promise, notice: Notice, reports: Sequence[Report], services: Services) -> tuple[Received, Commit]:
    now = services.system.now()
    told = delivery_of(each.receipt for each in reports)
    person = _addressee(promise, notice, services) if any(map(_is_about_address, told.receipts)) else None
    same = all(each.address is None or _in_use(each.address, person, notice) for each in reports)
    failing = merge(notice.delivery, told).reached_nobody and not notice.delivery.reached_nobody
    lost = _news(notice, services) if failing and notice.news else ()
    received = receive(promise, notice, told, lost, now, same_address=same)
    marking = _marking(person, notice, reports, received, now)
    return received, Commit(promise, None, notice=received.notice, notice_was=notice.status, marking=marking)


def _is_about_address(receipt: Receipt) -> bool:
    return receipt.reason is not None or receipt.kind is ReceiptKind.RESUBSCRIBED


def _addressee(promise: Promise, notice: Notice, services: Services) -> Customer | Promiser | None:
    if notice.word is Word.CHECK_IN:
        ref = promise.promiser_ref or ""
        return services.store.promisers([ref]).get(ref)
    return services.store.customers([promise.customer_ref]).get(promise.customer_ref)


def _in_use(address: str, person: Customer | Promiser | None, notice: Notice) -> bool:
    """Tell whether the address to which a notice went is still the one that would be used.

    Nothing is sent to an address that is marked: if one that was marked already is said to have had the notice, the
    provider has its own way of writing the one in use. Taken for an older one, it would be written to without end.
    """
    if person is None:
        return False
    marks = [each for each in person.marks if each.channel is notice.channel and each.is_of(address)]
    was_marked = any(each.since <= notice.claimed_at and each.holds(notice.claimed_at) for each in marks)
    return was_marked or address.casefold() == (person.address(notice.channel) or "").casefold()


def _news(notice: Notice, services: Services) -> tuple[News, ...]:
    """Return the news that a notice held, as they were told to us."""
    facts = services.store.facts([(notice.promise_id, seq) for seq in notice.news])
    return tuple(News(each.seq, each.at, each.text) for each in sorted(facts, key=lambda fact: fact.seq) if each.text)


def _marking(
    person: Customer | Promiser | None, notice: Notice, reports: Sequence[Report], received: Received, now: datetime
) -> Marking | None:
    """Return the marks that reports leave on the addresses where the message went, if there are any new ones.

    A report that names no address is of the one in use, when it first comes: of which it is later, nobody knows.
    """
    if person is None:
        return None
    in_use = person.address(notice.channel)
    about = [
        (each.receipt, each.address or in_use) for each in reports if each.address or each.receipt in received.fresh
    ]
    more = [mark for receipt, address in about if address and (mark := mark_of(receipt, notice.channel, address))]
    marks = marked(person, more, now)
    return Marking(person, marks) if set(marks) - set(person.marks) else None
