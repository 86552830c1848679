"""Which text says a word, given how the promise stands."""

from collections.abc import Callable, Mapping

from chalicelib.domain.claimed import ClaimStatus, Finding, Heard
from chalicelib.domain.promise import Promise, Status, Word
from chalicelib.domain.recovery import Choice, ChosenBy
from chalicelib.messages.views import Wording


def wording_of(promise: Promise, word: Word) -> Wording:
    """Return the text for a word. Each is written for its case, so this only picks."""
    return _PICK[word](promise)


def _update(promise: Promise) -> Wording:
    return Wording.UPDATE_NEWS if promise.news else Wording.UPDATE_NO_NEWS


def _check_in(promise: Promise) -> Wording:
    if promise.contested:
        return Wording.CHECK_IN_CONTESTED
    return Wording.CHECK_IN_BROKEN if promise.status is Status.BROKEN else Wording.CHECK_IN


def _recovery(promise: Promise) -> Wording:
    recovery = promise.recovery
    if recovery is None or recovery.parts is None:
        return _overdue(promise)
    late = "_late" if recovery.was_broken else ""
    return Wording(f"recovery_{recovery.parts.case}{late}")


def _choice(promise: Promise) -> Wording:
    recovery = promise.recovery
    silent = recovery is not None and recovery.chosen_by is ChosenBy.SILENCE
    if recovery and recovery.choice is Choice.CANCEL:
        return Wording.CANCEL_BY_SILENCE if silent else Wording.CANCEL_CONFIRMED
    return Wording.STAY_BY_SILENCE if silent else Wording.STAY_CONFIRMED


def _confirmation(promise: Promise) -> Wording:
    if promise.claim is None:
        return Wording.CONFIRMATION
    return Wording.CLAIM_REVIEW if promise.claim.status is ClaimStatus.IN_REVIEW else Wording.CLAIM_RATIFIED


def _finding(promise: Promise) -> Wording:
    claim = promise.claim
    if claim is not None and claim.finding is Finding.NOT_PROMISED:
        return Wording.CLAIM_MISTAKEN_HONOURED
    return Wording.CLAIM_RIGHT if claim and claim.heard is Heard.MISTAKEN else Wording.CLAIM_RATIFIED


def _overdue(promise: Promise) -> Wording:
    if promise.claim is None:
        return Wording.OVERDUE
    return Wording.CLAIM_REVIEW_LATE if promise.claim.status is ClaimStatus.IN_REVIEW else Wording.CLAIM_LATE


def _closing(promise: Promise) -> Wording:
    if promise.claim is not None and promise.claim.status is ClaimStatus.DECLINED:
        return Wording.CLAIM_MISTAKEN
    if promise.claim is not None:
        return Wording.CLAIM_CLOSED_LATE if promise.is_late else Wording.CLAIM_CLOSED
    return Wording.CLOSING_LATE if promise.is_late else Wording.CLOSING


def _withdrawn(promise: Promise) -> Wording:
    reviewed = promise.claim is not None and promise.claim.status is ClaimStatus.IN_REVIEW
    return Wording.CLAIM_DROPPED if reviewed else Wording.WITHDRAWN


_PICK: Mapping[Word, Callable[[Promise], Wording]] = {
    Word.CONFIRMATION: _confirmation,
    Word.FINDING: _finding,
    Word.UPDATE: _update,
    Word.CHECK_IN: _check_in,
    Word.DOUBT: lambda _: Wording.DOUBT,
    Word.OVERDUE: _overdue,
    Word.APOLOGY: lambda _: Wording.APOLOGY,
    Word.RECOVERY: _recovery,
    Word.REMINDER: lambda _: Wording.REMINDER,
    Word.REMINDER_ELSEWHERE: lambda _: Wording.REMINDER,
    Word.CHOICE: _choice,
    Word.CLOSING: _closing,
    Word.WITHDRAWN: _withdrawn,
}
