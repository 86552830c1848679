"""What to say on a required call is read with the promise, as things stand by then, and only while it is required."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.notices import Outcome
from chalicelib.domain.recovery import Silence
from tests.unit.canary import EMAIL, PHONE, WORDS, Teller
from tests.unit.canary_states import in_recovery, not_found_kept, open_with_news, stayed_and_redeemed, to_be_called


def call_of(teller: Teller) -> Any:
    return teller.http.read(f"/v1/promises/{teller.world.promise('order-1').id}")["call"]


def unanswered(teller: Teller) -> None:
    """Two days pass without an answer to the recovery: by then a person must call."""
    in_recovery(teller)
    teller.wait(timedelta(days=2, hours=12))


def without_a_channel(teller: Teller) -> None:
    """Nothing can be confirmed by message."""
    for sender, address in ((teller.world.email, EMAIL), (teller.world.sms, PHONE)):
        sender.always_answer(address, Outcome.REFUSED)
    teller.make()


@pytest.mark.parametrize(
    ("state", "word", "reason"),
    [
        (to_be_called, "recovery", "no_channel"),
        (unanswered, "recovery", "no_answer"),
        (not_found_kept, "closing", "not_kept"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_promise_shows_the_call_that_must_be_made_with_the_company_s_own_words(
    state: Any, word: str, reason: str
) -> None:
    teller = Teller()
    state(teller)
    shown = call_of(teller)
    assert (shown["word"], shown["reason"], shown["language"]) == (word, reason, "es")
    assert f"Pedido {WORDS}" in shown["script"]
    if word == "recovery":
        for part in ("Reason", "Done_so_far", "Solution", "5 € menos"):
            assert f"{part} {WORDS}" in shown["script"]


@pytest.mark.parametrize("state", [open_with_news, in_recovery, stayed_and_redeemed], ids=lambda each: each.__name__)
def test_a_promise_shows_no_call_where_none_is_required(state: Any) -> None:
    teller = Teller()
    state(teller)
    assert call_of(teller) is None


def test_a_call_that_was_made_is_shown_no_more() -> None:
    teller = Teller()
    to_be_called(teller)
    teller.tell("call.made", ref="order-1", outcome="no_answer")
    assert call_of(teller) is None
    teller.wait(timedelta(hours=5))
    assert call_of(teller)["reason"] == "no_answer"
    teller.tell("call.made", ref="order-1", outcome="reached", choice="stay")
    assert call_of(teller)["word"] == "choice", "what could not be confirmed by message is told on the phone as well"


def test_a_call_that_nobody_answered_is_still_required_where_no_clock_brings_it_back() -> None:
    teller = Teller()
    without_a_channel(teller)
    for outcome, word in (("no_answer", "confirmation"), ("no_answer", "confirmation"), ("reached", None)):
        teller.tell("call.made", ref="order-1", outcome=outcome)
        assert (call_of(teller) or {"word": None})["word"] == word


def test_a_choice_that_nothing_decides_any_more_is_still_to_be_asked_for_after_the_last_unanswered_call() -> None:
    teller = Teller()
    in_recovery(teller)
    promise = teller.world.promise("order-1")
    silent = replace(promise, recovery=replace(promise.recovery, silence=Silence.CALL))  # type: ignore[type-var]
    teller.world.store.promises[promise.id] = silent
    for _ in range(3):
        teller.wait(timedelta(days=3))
        assert call_of(teller)["word"] == "recovery"
        teller.tell("call.made", ref="order-1", outcome="no_answer")
    teller.wait(timedelta(days=3))
    assert call_of(teller)["word"] == "recovery"
    teller.tell("call.made", ref="order-1", outcome="reached", choice="stay")
    assert call_of(teller) is None


def test_a_call_about_what_was_overtaken_is_shown_no_more() -> None:
    teller = Teller()
    to_be_called(teller)
    teller.tell("customer.changed", customer={"ref": "c-99", "email": "new@example.com", "channels": ["email"]})
    teller.tell("promise.kept", ref="order-1")
    assert teller.world.email.delivered[-1].to == "new@example.com"
    assert call_of(teller) is None


def test_the_event_and_the_operators_get_the_same_outline_in_our_own_words() -> None:
    teller = Teller()
    to_be_called(teller)
    call = [each for each in teller.world.bus.events if each.type == "Call Required"][-1]
    _, message = teller.world.operators.told[-1]
    script = str(call.detail["script"])
    assert script in message
    assert "llamo de Kept Shop" in script
    assert "La nueva fecha es" in script
    assert "adelante o cancelar" in script
    assert not re.search(rf"{WORDS}|None|«»|:\s*$", script, re.MULTILINE)
