"""A recovery told by text message, answered by text message, on a running stack."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.outside import Answer, Outside, call
from tests.e2e.promises import promise
from tests.e2e.waiting import until


@pytest.fixture
def asked(outside: Outside) -> tuple[str, str]:
    """Tell a customer by SMS that their order is late; return the promise's reference and the phone."""
    told = promise("Tu pedido 77 llega", locale="es", by_sms=True)
    outside.tell("promise.made", told.data)
    outside.hears(told.phone, 1)
    trouble = {
        "ref": told.ref,
        "case": "delay",
        "reason": "el camión se averió",
        "done_so_far": "ya hay otro camión en camino",
        "solution": "llega mañana",
        "new_due_at": (datetime.now(UTC) + timedelta(hours=30)).isoformat(),
        "offer": {"kind": "free_shipping", "text": "el envío es gratis"},
    }
    outside.tell("promise.at_risk", trouble)
    question = outside.hears(told.phone, 2)
    assert "1" in question["text"]
    assert "2" in question["text"]
    return told.ref, told.phone


def reply(outside: Outside, phone: str, text: str) -> Answer:
    body = json.dumps({"from": phone, "text": text}).encode()
    return call(f"{outside.stack.inbox}/api/replies", "POST", body, {"content-type": "application/json"})


def chosen(outside: Outside, ref: str) -> Any:
    return next((each for each in reversed(outside.read(ref)["timeline"]) if each["fact"] == "ChoiceRecorded"), None)


def test_a_customer_who_replies_1_stays_and_hears_that_it_is_taken(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked

    answer = reply(outside, phone, "1")

    assert answer.status == 202
    outside.has_fact(ref, "ChoiceRecorded")
    outside.has_fact(ref, "ConcessionGranted")
    outside.hears(phone, 3)
    assert outside.read(ref)["promise"]["status"] == "open"


def test_a_customer_may_change_their_mind_by_a_second_digit(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked
    reply(outside, phone, "1")
    outside.has_fact(ref, "ChoiceRecorded")

    reply(outside, phone, " 2. ")

    until(lambda: outside.facts(ref).count("ChoiceRecorded") == 2, "a second choice in the timeline")
    outside.has_fact(ref, "ConcessionVoided")


def test_other_words_are_kept_for_a_person_to_read(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked

    reply(outside, phone, "¿Y si lo recojo yo?")

    assert outside.has_fact(ref, "ReplyReceived")["text"] == "¿Y si lo recojo yo?"
    assert "ChoiceRecorded" not in outside.facts(ref)


def test_a_reply_from_a_phone_that_was_asked_nothing_changes_nothing(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked
    before = outside.facts(ref)

    assert reply(outside, f"{phone[:-1]}{(int(phone[-1]) + 1) % 10}", "2").status == 202
    reply(outside, phone, "gracias")

    outside.has_fact(ref, "ReplyReceived")
    assert [fact for fact in outside.facts(ref) if fact not in before] == ["ReplyReceived"]
