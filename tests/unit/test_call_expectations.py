"""On the phone too, what nobody promised is no promise: the caller says that it was rightly expected, and owns it."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.people import Customer
from chalicelib.domain.promise import Kind
from chalicelib.messages import texts
from chalicelib.messages.texts import call_script
from chalicelib.messages.views import CallView, RecoveryView
from chalicelib.usecases.publish import publish
from tests.unit.notices import EVERY_VOICE, MADRID, NOW, Voice, chosen, page, recovery
from tests.unit.test_call_claims import SORRY
from tests.unit.test_messages_expectations import PROMISED
from tests.world import World

WORDS = ("confirmation", "update", "doubt", "overdue", "recovery", "reminder", "choice", "closing", "withdrawn")
OWNED = ("doubt", "overdue", "recovery", "withdrawn")
EXPECTED = r"expect|esper|contabas? con|(cont[ao]|contava|contas|contavas) com"


def script(voice: Voice, word: str, found: RecoveryView | None = None, *, no: bool = False, **changed: Any) -> str:
    """What to say of an expectation that was due yesterday."""
    said: dict[str, Any] = {"what": voice.what, "due_at": NOW - timedelta(days=1), "is_expectation": True} | changed
    brand = page(voice).brand
    return call_script(CallView(word, False, voice.tag, MADRID, brand, NOW, recovery=found, answered_no=no, **said))


def every_script(voice: Voice) -> list[str]:
    """All that may be said of an expectation nobody has given a date for since."""
    ahead = {"due_at": NOW + timedelta(days=1)}
    return [
        *(script(voice, word) for word in WORDS),
        *(script(voice, "recovery", recovery(voice), **when) for when in ({}, ahead)),
        script(voice, "choice", chosen(voice, "cancel")),
        script(voice, "closing", no=True),
    ]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_no_call_calls_it_a_promise(voice: Voice) -> None:
    for said in every_script(voice):
        assert not re.search(PROMISED[voice.tag[:2]], said, re.IGNORECASE), said
        assert not re.search(r"None|[{}]|\.expected|call\.(?!made)|  ", said), said


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("word", OWNED)
def test_it_is_said_to_have_been_expected_and_owned(word: str, voice: Voice) -> None:
    said = script(voice, word, recovery(voice) if word == "recovery" else None).splitlines()[1]
    assert re.search(EXPECTED, said, re.IGNORECASE), said
    assert re.search(SORRY, said, re.IGNORECASE), said


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_stayed_with_a_new_date_was_promised_it(voice: Voice) -> None:
    for word in ("choice", "doubt", "closing"):
        given = {"found": chosen(voice, "stay"), "due_at": NOW + timedelta(days=1)}
        assert script(voice, word, **given) == script(voice, word, **given, is_expectation=False)
    assert re.search(PROMISED[voice.tag[:2]], script(voice, "choice", chosen(voice, "stay")), re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_register_is_held_on_the_phone(voice: Voice) -> None:
    unspoken = {
        "es-informal": r"\b(usted|le|lo espera|lo esperaba|contaba|puede)\b",
        "es-MX-formal": r"\b(te|ti|tu|lo esperas|lo esperabas|contabas|puedes|decírtelo)\b",
        "pt-PT-formal": r"\b(te|ti|contigo|contas|contavas|podes|esperavas)\b",
        "pt-PT-informal": r"\b(lhe|si|consigo|conta com|contava|pode|esperava)\b",
    }
    # What the company wrote and what is addressed to the caller are left out.
    ours = {"what": "VAT"}
    for word in OWNED if str(voice) in unspoken else ():
        said = script(voice, word, **ours).splitlines()[1]
        assert not re.search(unspoken[str(voice)], said, re.IGNORECASE), said


def test_a_call_about_an_expectation_reaches_the_operators_without_a_word_of_promise() -> None:
    world = World(texts=texts)  # type: ignore[arg-type]
    nowhere = Customer("c-1", "pt-PT", "Europe/Lisbon", "Inês", channels=())
    world.make(kind=Kind.EXPECTATION, customer=nowhere, due=timedelta(hours=2))
    world.pass_time(timedelta(hours=3))
    publish(sorted(world.store.noted), world)
    told = [message for _, message in world.operators.told]
    assert any("contava com isto" in message for message in told)
    for message in told:
        assert not re.search(PROMISED["pt"], message, re.IGNORECASE), message
    promised = replace(nowhere, ref="c-2")
    world.make(ref="order-2", customer=promised, due=timedelta(hours=2))
    world.drain()
    publish([key for key in sorted(world.store.noted) if key[0] == world.promise("order-2").id], world)
    assert "Prometemos-lhe isto" in world.operators.told[-1][1]
