"""The count of words can fail: each thing that must not happen shows in a figure of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.measure.words import Accepted, Words, count, is_settled

MOMENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PROMISE = "aaaabbbbccccddddeeeeffff"
ACCEPTED = Accepted(PROMISE, MOMENT, MOMENT - timedelta(minutes=1))
SAID = ("PromiseMade", "ConfirmationSent", "UpdateSent")


def heard(word: str, after_seconds: float = 0.1) -> Any:
    at = MOMENT + timedelta(seconds=after_seconds)
    return {"custom_args": {"notice_id": f"{PROMISE}:{word}:1"}, "received_at": at.isoformat()}


BOTH = [heard("confirmation", -60), heard("update")]


def read(*facts: str, call: str = "", reasons: tuple[str | None, ...] = (None,)) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [{"fact": each, "data": {}} for each in facts]
    called = [{"fact": "CallRequired", "data": {"word": call}}] if call else []
    return {"timeline": [*lines, *called], "notices": [{"attempts": [{"reason": each} for each in reasons]}]}


def counted(inbox: list[Any], history: dict[str, Any] | None, accepted: Accepted = ACCEPTED) -> Words:
    return count([accepted], inbox, {PROMISE: history} if history else {})


def test_both_words_heard_once_and_on_record_are_as_they_must_be() -> None:
    assert counted(BOTH, read(*SAID)) == Words(
        owed=2, lost=0, twice=0, most=1, early=0, handed_over=0, untrue=0, by_receipt=0, vanished=0
    )


def test_an_update_that_never_came_is_lost() -> None:
    found = counted(BOTH[:1], read(*SAID[:2]))
    assert (found.lost, found.untrue) == (1, 0)


def test_an_update_that_is_on_record_and_never_came_is_lost_and_untrue() -> None:
    found = counted(BOTH[:1], read(*SAID))
    assert (found.lost, found.untrue) == (1, 1)


def test_an_update_that_a_person_has_taken_over_is_not_lost() -> None:
    found = counted(BOTH[:1], read(*SAID[:2], call="update"))
    assert (found.lost, found.handed_over, found.untrue) == (0, 1, 0)


def test_a_call_about_another_word_hands_over_nothing() -> None:
    assert counted(BOTH[:1], read(*SAID[:2], call="closing")).lost == 1


def test_messages_beyond_the_first_are_counted() -> None:
    found = counted([*BOTH, heard("update", 40), heard("update", 80)], read(*SAID))
    assert (found.twice, found.most) == (2, 3)


def test_an_update_before_its_moment_is_early() -> None:
    assert counted([BOTH[0], heard("update", -0.001)], read(*SAID)).early == 1


def test_an_update_that_was_heard_and_is_not_on_record_is_untrue() -> None:
    found = counted(BOTH, read(*SAID[:2]))
    assert (found.lost, found.untrue) == (0, 1)


def test_a_webhook_applied_twice_is_untrue() -> None:
    assert counted(BOTH, read("PromiseMade", *SAID)).untrue == 1


def test_a_promise_that_was_accepted_and_cannot_be_read_is_lost_and_untrue() -> None:
    found = counted([], None)
    assert (found.lost, found.untrue) == (2, 1)


def test_sends_without_a_record_are_told_apart_by_what_settled_them() -> None:
    found = counted(BOTH, read(*SAID, reasons=("receipt", "the worker vanished", None)))
    assert (found.by_receipt, found.vanished) == (1, 1)


def test_a_moment_that_passed_before_the_webhook_was_accepted_owes_the_confirmation_only() -> None:
    late = Accepted(PROMISE, MOMENT, MOMENT)
    found = counted(BOTH[:1], read(*SAID[:2]), late)
    assert (found.owed, found.lost, found.untrue) == (1, 0, 0)


def test_a_promise_is_settled_once_each_word_is_said_or_handed_over() -> None:
    assert not is_settled(ACCEPTED, read(*SAID[:2]))
    assert is_settled(ACCEPTED, read(*SAID))
    assert is_settled(ACCEPTED, read(*SAID[:2], call="update"))
