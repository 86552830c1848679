"""A recovery told by text message, answered by text message, on a running stack."""

from datetime import timedelta

import pytest

from tests.e2e.outside import Outside
from tests.e2e.promises import promise
from tests.e2e.troubles import DAY, trouble
from tests.e2e.waiting import until


@pytest.fixture
def asked(outside: Outside) -> tuple[str, str]:
    """Tell a customer by SMS that their order is late; return the promise's reference and the phone."""
    told = promise("Tu pedido 77 llega", locale="es", by_sms=True)
    outside.tell("promise.made", told.data)
    outside.hears(told.phone, 1)
    outside.has_fact(told.ref, "ConfirmationSent")
    said = trouble(
        told,
        case="delay",
        reason="el camión se averió",
        done_so_far="ya hay otro camión en camino",
        solution="llega mañana",
        offer={"kind": "free_shipping", "text": "el envío es gratis"},
        new_due=timedelta(hours=30),
        decide=DAY,
    )
    outside.tell("promise.at_risk", said)
    question = outside.hears(told.phone, 2)
    assert "1" in question["text"]
    assert "2" in question["text"]
    outside.has_fact(told.ref, "RecoverySent")
    return told.ref, told.phone


def test_a_customer_who_replies_1_stays_and_hears_that_it_is_taken(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked

    outside.reply(phone, "1")

    outside.has_fact(ref, "ChoiceRecorded")
    outside.has_fact(ref, "ConcessionGranted")
    outside.hears(phone, 3)
    assert outside.read(ref)["promise"]["status"] == "open"


def test_a_customer_may_change_their_mind_by_a_second_digit(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked
    outside.reply(phone, "1")
    outside.has_fact(ref, "ChoiceRecorded")

    outside.reply(phone, " 2. ")

    until(lambda: outside.facts(ref).count("ChoiceRecorded") == 2, "a second choice in the timeline")
    outside.has_fact(ref, "ConcessionVoided")


def test_other_words_are_kept_for_a_person_to_read(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked

    outside.reply(phone, "¿Y si lo recojo yo?")

    assert outside.has_fact(ref, "ReplyReceived")["text"] == "¿Y si lo recojo yo?"
    assert "ChoiceRecorded" not in outside.facts(ref)


def test_a_reply_from_a_phone_that_was_asked_nothing_changes_nothing(outside: Outside, asked: tuple[str, str]) -> None:
    ref, phone = asked
    before = outside.facts(ref)

    outside.reply(f"{phone[:-1]}{(int(phone[-1]) + 1) % 10}", "2")
    outside.reply(phone, "gracias")

    outside.has_fact(ref, "ReplyReceived")
    assert [fact for fact in outside.facts(ref) if fact not in before] == ["ReplyReceived"]
