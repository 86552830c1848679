"""What a send's outcome means for the promise: heard, another try, another channel, or a person must call."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.facts import Change
from chalicelib.domain.notices import Outcome
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.people import Channel, Customer
from chalicelib.domain.promise import Promise, Trying, Word

# Five tries with doubling waits span some eight minutes: past that, another channel serves the customer better.
MOST_TRIES = 5
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=5)
# An unknown email is sent once more and never again: the customer may then have it twice, but not thrice.
MOST_UNKNOWN_EMAILS = 2

SENT_FACT = {
    Word.CONFIRMATION: "ConfirmationSent",
    Word.UPDATE: "UpdateSent",
    Word.OVERDUE: "OverdueSent",
    Word.CLOSING: "ClosingSent",
    Word.WITHDRAWN: "WithdrawalSent",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a notice said: as of which moment, up to which piece of news, in which wording, and on which channel."""

    obligation: Obligation
    channel: Channel
    as_of: datetime
    news_seq: int
    wording: str


@dataclass(frozen=True, slots=True)
class Sending:
    """How a send went: its outcome, when that was known, and how long to wait for a receipt of an unknown one."""

    outcome: Outcome
    at: datetime
    quiet_window: timedelta
    jitter: float = 0.0


def choose_channel(promise: Promise, word: Word, customer: Customer | None) -> Channel | None:
    """Return the customer's best channel that has an address and was not given up for this word, or None."""
    if customer is None:
        return None
    trying = promise.trying
    given_up = trying.unheard if trying and trying.word is word else ()
    usable = (each for each in customer.channels if each not in given_up and customer.address(each))
    return next(usable, None)


def after_sending(promise: Promise, spoken: Spoken, sending: Sending) -> Change:
    """Return what a send's outcome makes of the promise, which may have moved on since the send began."""
    if sending.outcome is Outcome.ACCEPTED:
        return _heard(promise, spoken, sending.at)
    if sending.outcome is Outcome.REFUSED:
        return _give_up_channel(promise, spoken, sending.at, "NoticeRefused")
    trying = _trying(promise, spoken.obligation.word)
    if sending.outcome is Outcome.UNAVAILABLE:
        if trying.tries + 1 >= MOST_TRIES:
            return _give_up_channel(promise, spoken, sending.at, "NoticeGivenUp")
        wait = min(FIRST_WAIT * 2**trying.tries, LONGEST_WAIT) * (1 + sending.jitter)
        waiting = replace(trying, tries=trying.tries + 1, retry_at=sending.at + wait)
        return Change(replace(promise, trying=waiting))
    if spoken.channel is Channel.EMAIL and trying.unknowns + 1 < MOST_UNKNOWN_EMAILS:
        waiting = replace(trying, unknowns=trying.unknowns + 1, retry_at=sending.at + sending.quiet_window)
        change = Change(replace(promise, trying=waiting))
        return change.told("NoticeUnknown", sending.at, notice=spoken.obligation.notice_id, channel=spoken.channel)
    return _give_up_channel(promise, spoken, sending.at, "NoticeUnknown")


def unreachable(promise: Promise, obligation: Obligation, at: datetime) -> Change:
    """Hand a word over to a person, as no channel is left: a call is required, and the clock moves on."""
    change = Change(_met(promise, obligation, at, news_seq=promise.seq))
    return change.told("CallRequired", at, word=obligation.word, notice=obligation.notice_id, reason="no_channel")


def _heard(promise: Promise, spoken: Spoken, at: datetime) -> Change:
    obligation = spoken.obligation
    change = Change(_met(promise, obligation, spoken.as_of, spoken.news_seq))
    return change.told(
        SENT_FACT[obligation.word],
        at,
        notice=obligation.notice_id,
        channel=spoken.channel,
        wording=spoken.wording,
        owed_at=obligation.due_at.isoformat(),
    )


def _met(promise: Promise, obligation: Obligation, as_of: datetime, news_seq: int) -> Promise:
    word = obligation.word
    tells_news = word in {Word.UPDATE, Word.OVERDUE}
    trying = promise.trying
    return replace(
        promise,
        told=promise.told if word is Word.UPDATE else promise.told | {word},
        notices={**promise.notices, word: max(obligation.n, promise.notices.get(word, 0))},
        heard_until=max(promise.heard_until, as_of) if tells_news else promise.heard_until,
        news=tuple(each for each in promise.news if each.seq > news_seq) if tells_news else promise.news,
        tell_now=None if tells_news and promise.tell_now and promise.tell_now <= as_of else promise.tell_now,
        trying=None if trying and trying.word is word else trying,
    )


def _give_up_channel(promise: Promise, spoken: Spoken, at: datetime, fact: str) -> Change:
    word = spoken.obligation.word
    trying = _trying(promise, word)
    moved_on = replace(
        promise,
        notices={**promise.notices, word: max(spoken.obligation.n, promise.notices.get(word, 0))},
        trying=Trying(word, unheard=(*trying.unheard, spoken.channel)),
    )
    return Change(moved_on).told(fact, at, notice=spoken.obligation.notice_id, channel=spoken.channel)


def _trying(promise: Promise, word: Word) -> Trying:
    trying = promise.trying
    return trying if trying and trying.word is word else Trying(word)
