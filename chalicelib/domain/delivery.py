"""What a send's outcome means for the promise: heard, another try, another channel, or a person must call."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.facts import Change
from chalicelib.domain.notices import Outcome
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.domain.promise import OF_DUE_TIME, OF_RECOVERY, Promise, Trying, Word
from chalicelib.domain.recovery import Silence
from chalicelib.domain.retries import next_try

# An unknown email is sent once more and never again: the customer may then have it twice, but not thrice.
MOST_UNKNOWN_EMAILS = 2

SENT_FACT = {
    Word.CONFIRMATION: "ConfirmationSent",
    Word.UPDATE: "UpdateSent",
    Word.CHECK_IN: "CheckInSent",
    Word.DOUBT: "DoubtSent",
    Word.OVERDUE: "OverdueSent",
    Word.APOLOGY: "ApologySent",
    Word.RECOVERY: "RecoverySent",
    Word.REMINDER: "ReminderSent",
    Word.REMINDER_ELSEWHERE: "ReminderSent",
    Word.CHOICE: "ChoiceConfirmed",
    Word.FINDING: "FindingSent",
    Word.CLOSING: "ClosingSent",
    Word.WITHDRAWN: "WithdrawalSent",
}
# Words that tell what is new, and so also meet the contact moments up to then.
_TELLS_NEWS = {Word.UPDATE, Word.OVERDUE}
_MEETS_MOMENTS = _TELLS_NEWS | {Word.DOUBT, Word.APOLOGY, Word.RECOVERY}
_ANSWERS_A_CLAIM = {Word.CONFIRMATION, Word.FINDING, Word.CLOSING}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a notice said: as of which moment, up to which piece of news, in which wording, and on which channel.

    `news` are the numbers of the news that it held; None: all up to `news_seq`.
    """

    obligation: Obligation
    channel: Channel
    as_of: datetime
    news_seq: int
    wording: str
    news: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """How a send went: its outcome, when that was known, and how long to wait for a receipt of an unknown one.

    `hold` is how long the provider asks to be left alone; `elsewhere` says whether the word could go by another
    channel.
    """

    outcome: Outcome
    at: datetime
    quiet_window: timedelta
    jitter: float = 0.0
    hold: timedelta | None = None
    elsewhere: bool = False


def choose_channel(
    promise: Promise, word: Word, customer: Customer | None, promiser: Promiser | None = None
) -> Channel | None:
    """Return the best channel that has an address and was not given up for this word, or None.

    The promiser is asked by email. A reminder elsewhere goes by any channel but the one that the recovery went by.
    """
    given_up = set(promise.trying.get(word, Trying()).unheard)
    if word is Word.CHECK_IN:
        return Channel.EMAIL if promiser and promiser.email and Channel.EMAIL not in given_up else None
    if customer is None:
        return None
    if word is Word.REMINDER_ELSEWHERE and promise.recovery and promise.recovery.told_on:
        given_up.add(promise.recovery.told_on)
    usable = (each for each in customer.channels if each not in given_up and customer.address(each))
    return next(usable, None)


def after_sending(promise: Promise, spoken: Spoken, sending: Sending) -> Change:
    """Return what a send's outcome makes of the promise, which may have moved on since the send began."""
    word = spoken.obligation.word
    if sending.outcome is Outcome.ACCEPTED:
        return heard(promise, spoken, sending.at)
    if sending.outcome is Outcome.REFUSED:
        return _give_up_channel(promise, spoken, sending.at, "NoticeRefused")
    trying = promise.trying.get(word, Trying())
    if sending.outcome is Outcome.UNAVAILABLE:
        waiting = next_try(trying, sending.at, jitter=sending.jitter, hold=sending.hold, elsewhere=sending.elsewhere)
        if waiting is None:
            return _give_up_channel(promise, spoken, sending.at, "NoticeGivenUp")
        return Change(replace(promise, trying={**promise.trying, word: waiting}))
    if spoken.channel is Channel.EMAIL and trying.unknowns + 1 < MOST_UNKNOWN_EMAILS:
        waiting = replace(trying, unknowns=trying.unknowns + 1, retry_at=sending.at + sending.quiet_window)
        change = Change(replace(promise, trying={**promise.trying, word: waiting}))
        return change.told("NoticeUnknown", sending.at, notice=spoken.obligation.notice_id, channel=spoken.channel)
    return _give_up_channel(promise, spoken, sending.at, "NoticeUnknown")


def unreachable(promise: Promise, obligation: Obligation, at: datetime) -> Change:
    """Hand a word over to a person, as no channel is left: a call is required, and the clock moves on.

    A promiser who cannot be asked is no reason to call a customer, as their silence speaks at the warning time; but
    where the customer waits for their answer alone, a person must call instead, and need not wait.
    """
    word = obligation.word
    met = _met(promise, obligation, at, promise.seq, at, None)
    if met.claim and word in _ANSWERS_A_CLAIM:
        # Whoever calls says the answer as it stands.
        met = replace(met, claim=replace(met.claim, heard=met.claim.answer))
    change = Change(met)
    recovery = change.promise.recovery
    if word is Word.CHECK_IN:
        if change.promise.contested and recovery and not recovery.calls:
            change = replace(change, promise=replace(change.promise, recovery=replace(recovery, call_at=at)))
        return change.told("CheckInNotDelivered", at, notice=obligation.notice_id)
    if word in {*OF_RECOVERY, Word.APOLOGY} and recovery:
        # Whoever was never told cannot have agreed by silence.
        silence = recovery.silence if recovery.told_on else Silence.CALL
        called = replace(recovery, calls=recovery.calls + 1, call_at=None, silence=silence)
        change = replace(change, promise=replace(change.promise, recovery=called))
    about = Word.RECOVERY if word in OF_RECOVERY else word
    return change.told("CallRequired", at, word=about, notice=obligation.notice_id, reason="no_channel")


def heard(promise: Promise, spoken: Spoken, at: datetime) -> Change:
    """Return the promise with a word said, which was known at `at`."""
    obligation = spoken.obligation
    met = _met(promise, obligation, spoken.as_of, spoken.news_seq, at, spoken.channel, spoken.news)
    if met.claim:
        met = replace(met, claim=met.claim.told(spoken.wording))
    return Change(met).told(
        SENT_FACT[obligation.word],
        at,
        notice=obligation.notice_id,
        channel=spoken.channel,
        wording=spoken.wording,
        owed_at=obligation.due_at.isoformat(),
    )


def _met(
    promise: Promise,
    obligation: Obligation,
    as_of: datetime,
    seq: int,
    at: datetime,
    channel: Channel | None,
    held: tuple[int, ...] | None = None,
) -> Promise:
    """Return the promise with the word said as of fact `seq`; what came after that fact it did not speak of."""
    word = obligation.word
    tells_news = word in _TELLS_NEWS
    untold = tuple(each for each in promise.news if (each.seq > seq if held is None else each.seq not in held))
    # A late receipt for an earlier notice says nothing of how far its successor has been tried.
    trying = promise.trying if obligation.n <= promise.notices.get(word, 0) else _without(promise, word)
    # By what was told, not by when: news may come in between the last look at the state and the send.
    hurries = any(each.at == promise.tell_now for each in untold)
    met = replace(
        promise,
        notices={**promise.notices, word: max(obligation.n, promise.notices.get(word, 0))},
        heard_until=max(promise.heard_until, as_of) if word in _MEETS_MOMENTS else promise.heard_until,
        news=untold if tells_news else promise.news,
        tell_now=promise.tell_now if hurries or not tells_news else None,
    )
    if word is Word.UPDATE:
        return replace(met, trying=trying)
    if not speaks_of_now(promise, word, seq):
        return met
    recovery = met.recovery
    if word is Word.RECOVERY and recovery and recovery.told_at is None:
        met = replace(met, recovery=replace(recovery, told_at=at, told_on=channel))
    return replace(met, told=met.told | {word}, trying=_without(promise, word))


def speaks_of_now(promise: Promise, word: Word, seq: int) -> bool:
    """Tell whether a notice written as of fact `seq` speaks of due time, recovery, choice and end as they stand now."""
    recovery = promise.recovery
    if word is Word.CHECK_IN and recovery and recovery.parts is None:
        # Asked before it broke, the promiser was asked whether it is on track, and not what happened. A recovery that
        # no fact has opened is known by the next one.
        return seq >= max(promise.due_seq, min(recovery.seq, promise.seq))
    if word is Word.CLOSING:
        # A closing written before the promise was opened again closes nothing.
        return seq >= max(promise.due_seq, promise.reopened_seq)
    if word is Word.APOLOGY:
        return promise.contested is not None and seq >= promise.reopened_seq
    if word in OF_DUE_TIME:
        return seq >= promise.due_seq
    if word in OF_RECOVERY:
        return recovery is not None and seq >= recovery.seq
    if word is Word.FINDING:
        return promise.claim is not None and seq >= promise.claim.answer_seq
    if word is Word.CHOICE:
        return recovery is not None and seq >= recovery.choice_seq
    return True


def give_up_channel(promise: Promise, spoken: Spoken) -> Promise:
    """Return the promise with the word owed on another channel, by a notice of its own."""
    word = spoken.obligation.word
    trying = promise.trying.get(word, Trying())
    return replace(
        promise,
        notices={**promise.notices, word: max(spoken.obligation.n, promise.notices.get(word, 0))},
        trying={**promise.trying, word: Trying(unheard=(*trying.unheard, spoken.channel))},
    )


def _give_up_channel(promise: Promise, spoken: Spoken, at: datetime, fact: str) -> Change:
    change = Change(give_up_channel(promise, spoken))
    return change.told(fact, at, notice=spoken.obligation.notice_id, channel=spoken.channel)


def _without(promise: Promise, word: Word) -> dict[Word, Trying]:
    return {each: trying for each, trying in promise.trying.items() if each is not word}
