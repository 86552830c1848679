"""What a message that reached nobody means: its word is owed again on another channel, unless it has been overtaken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.delivery import Spoken, speaks_of_now
from chalicelib.domain.obligations import upcoming
from chalicelib.domain.promise import OF_RECOVERY, News, Promise, Status, Trying, Word
from chalicelib.domain.recovery import ChosenBy


def unhear(promise: Promise, spoken: Spoken, lost: Sequence[News], at: datetime, *, give_up_channel: bool) -> Promise:
    """Return the promise as it stands once it is known that a word, taken for said, reached nobody.

    A word that the promise would still owe is owed again, on another channel (or on the same one when its address has
    changed since: then the channel need not be given up). One that has been overtaken is not: a closing says more than
    the confirmation before it. An update whose moment a later word has met is owed again only for the news that it
    held (`lost`): nobody else has told them.
    """
    word = spoken.obligation.word
    if not speaks_of_now(promise, word, spoken.news_seq):
        return promise
    trying = promise.trying.get(word, Trying())
    if give_up_channel and spoken.channel not in trying.unheard:
        trying = replace(trying, unheard=(*trying.unheard, spoken.channel))
    again = replace(promise, trying={**promise.trying, word: trying})
    if word is Word.UPDATE:
        met_since = promise.heard_until > spoken.as_of
        if promise.is_over or (met_since and not lost):
            return promise
        # News keep the moment at which they hurried, so that a message already on its way without them is not taken for
        # the one that tells them.
        return replace(again, tell_now=lost[-1].at if lost else at, news=_with(again.news, lost))
    if word not in promise.told:
        return promise
    again = replace(again, told=again.told - {word})
    if again.claim:
        again = replace(again, claim=again.claim.untold(spoken.wording))
    if word is Word.OVERDUE:
        again = replace(again, news=_with(again.news, lost))
    if word is Word.RECOVERY:
        again = _untold(again, at)
    return again if any(each.word is word for each in upcoming(again)) else promise


def decided_unheard(promise: Promise, spoken: Spoken) -> bool:
    """Tell whether silence has decided for somebody whom the word of the recovery, as it turns out, never reached."""
    recovery = promise.recovery
    if spoken.obligation.word is not Word.RECOVERY or recovery is None or promise.is_erased:
        return False
    silent = recovery.chosen_by is ChosenBy.SILENCE and promise.status not in {Status.KEPT, Status.WITHDRAWN}
    read = promise.acknowledged_at is not None and promise.acknowledged_at >= recovery.opened_at
    return silent and not read and speaks_of_now(promise, Word.RECOVERY, spoken.news_seq)


def _untold(promise: Promise, at: datetime) -> Promise:
    """Take back that a recovery was told, and with it its reminders; one that was answered has been heard.

    Whoever hears of it only now has as long to decide as they were to have.
    """
    recovery = promise.recovery
    if recovery is None or recovery.acknowledged:
        return promise
    untold = replace(recovery.from_when_told(at), told_at=None, told_on=None)
    return replace(promise, recovery=untold, told=promise.told - OF_RECOVERY)


def _with(news: tuple[News, ...], lost: Sequence[News]) -> tuple[News, ...]:
    every = {each.seq: each for each in (*news, *lost)}
    return tuple(every[seq] for seq in sorted(every))
