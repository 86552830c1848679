"""A promiser is asked as a colleague would ask, and a caller is told what to say without anybody being named."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.messages.phrases import MissingPhrase
from chalicelib.messages.texts import call_script, email, sms
from chalicelib.messages.views import CallView, OfferView, RecoveryView, Wording
from tests.unit.notices import BRAND, COMPANY, EVERY_VOICE, LINK, MADRID, NOW, Voice, chosen, notice, recovery
from tests.unit.reader import read
from tests.unit.test_messages_mail import PROMISING

ENGLISH, _, SPANISH, SPANISH_FORMAL, BRAZILIAN, PORTUGUESE, PORTUGUESE_INFORMAL = EVERY_VOICE
CHECK_INS = (Wording.CHECK_IN, Wording.CHECK_IN_BROKEN, Wording.CHECK_IN_CONTESTED)
IN_DOUBT = r"in doubt|en duda|em risco"
WORDS = ("confirmation", "update", "doubt", "overdue", "recovery", "reminder", "choice", "closing", "withdrawn")


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_check_in_asks_with_three_answers_and_says_what_silence_does(voice: Voice) -> None:
    said = email(notice(Wording.CHECK_IN, voice))
    assert read(said.html).links == [f"{LINK}&answer={each}" for each in ("on_track", "late", "done")]
    assert said.text.split("\n\n")[0] in {"Hi Marta,", "Hola, Marta:", "Oi, Marta,", "Olá, Marta,"}
    assert "Gemma" in said.text
    assert voice.what in said.subject
    (consequence,) = (each for each in said.text.split("\n\n") if re.search(IN_DOUBT, each))
    assert re.search(r"6 pm today|6 PM today|hoy a las 18:00|18h(00)? de hoje", consequence), consequence


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_once_the_warning_time_has_passed_no_moment_is_named_for_it(voice: Voice) -> None:
    for at in (None, NOW - timedelta(minutes=1)):
        text = email(notice(Wording.CHECK_IN, voice, next_contact_at=at)).text
        assert re.search(IN_DOUBT, text)
        assert not re.search(r"today|hoy|hoje", text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_after_it_broke_the_promiser_is_asked_why_or_whether_it_is_done(voice: Voice) -> None:
    said = email(notice(Wording.CHECK_IN_BROKEN, voice))
    assert read(said.html).links == [f"{LINK}&answer=late", f"{LINK}&answer=done"]
    assert re.search(r"What happened|Qué pasó|O que aconteceu", said.subject)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", CHECK_INS)
def test_a_promiser_is_spoken_to_as_a_colleague_in_every_brand(wording: Wording, voice: Voice) -> None:
    text = email(notice(wording, voice, what="X", customer_name=None)).text
    assert text.rstrip().endswith("\nAcme")
    if voice.tag.startswith("es"):
        assert re.search(r"[Pp]rometiste", text)
        assert not re.search(r"\b(usted|prometió|cordial)\b", text)
    if voice.tag == "pt-PT":
        assert re.search(r"[Pp]rometeste", text)
        assert not re.search(r"\blhe prometeu\b|cumprimentos|[Vv]ocê", text)
    assert not re.search(r"None|[{}]|check_in", text.replace(LINK, ""))


def test_a_check_in_has_no_text_message() -> None:
    with pytest.raises(MissingPhrase):
        sms(notice(Wording.CHECK_IN, ENGLISH))


def call(word: str, voice: Voice, found: RecoveryView | None = None, **changed: Any) -> CallView:
    spoken = notice(Wording.CONFIRMATION, voice)
    parts = {"is_attempt": False, "zone": MADRID, "now": NOW, "what": voice.what, "due_at": NOW - timedelta(days=1)}
    return CallView(word=word, locale=voice.tag, brand=spoken.brand, recovery=found, **parts | changed)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
@pytest.mark.parametrize("word", WORDS)
def test_a_caller_is_told_what_to_say_and_how_to_record_it(word: str, attempt: bool, voice: Voice) -> None:
    script = call_script(call(word, voice, is_attempt=attempt))
    lines = script.splitlines()
    assert voice.what in lines[0]
    assert "Acme" in lines[0]
    assert "call.made" in lines[-1]
    assert not re.search(r"None|[{}]|Marta|Gemma|call\.(?!made)", script)
    if attempt and word in {"confirmation", "update", "overdue", "closing", "withdrawn"}:
        assert not re.search(PROMISING[voice.tag[:2]], script, re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("due", [NOW - timedelta(days=1), NOW + timedelta(days=1)])
def test_a_recovery_on_the_phone_has_its_apology_reason_solution_offer_and_choice(due: Any, voice: Voice) -> None:
    script = call_script(call("recovery", voice, recovery(voice), due_at=due))
    assert re.search(r"I am sorry|Lo siento|Sinto muito|Peço desculpa", script)
    for words in COMPANY[voice.tag[:2]]:
        assert words[1:].rstrip(".") in script
    assert re.search(r"stay, or to cancel|adelante o cancelar|continuar ou cancelar", script)
    assert "choice stay" in script
    assert script.count("\n") < 9


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("word", WORDS)
def test_without_the_company_s_words_a_caller_still_has_whole_sentences(word: str, voice: Voice) -> None:
    silent = {"reason": "", "done_so_far": "", "solution": "", "offer": OfferView("")}
    found = recovery(voice, **silent) if word in {"recovery", "reminder"} else None
    if word == "choice":
        found = replace(chosen(voice, "stay"), **silent)
    lines = call_script(call(word, voice, found, what="")).splitlines()
    assert "Acme" in lines[0]
    assert all(re.search(r"\w[.?]$", line) for line in lines), lines
    assert not re.search(r"[“”«»]|None|[{}]", "".join(lines))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_choice_that_could_not_be_confirmed_is_told_as_it_was_made(voice: Voice) -> None:
    assert "K7QF-M2XA-9TBC" in call_script(call("choice", voice, chosen(voice, "stay")))
    for cancelled in (chosen(voice, "cancel"), None):
        assert re.search(r"called off|cancelado", call_script(call("choice", voice, cancelled)))


@pytest.mark.parametrize("word", ["closing", "withdrawn"])
def test_once_it_is_over_a_caller_asks_for_no_choice(word: str) -> None:
    assert "choice" not in call_script(call(word, ENGLISH, recovery(ENGLISH)))


def test_a_brands_register_is_kept_on_the_phone() -> None:
    assert "te dimos" in call_script(call("recovery", SPANISH, recovery(SPANISH), due_at=NOW + timedelta(days=1)))
    polite = call_script(call("recovery", SPANISH_FORMAL, recovery(SPANISH), due_at=NOW + timedelta(days=1)))
    assert "le dimos" in polite
    assert not re.search(r"\b(te|tu|ti|puedes|sigues)\b", polite)


def test_an_unnamed_customer_is_a_customer() -> None:
    assert "You promised a customer" in email(notice(Wording.CHECK_IN, ENGLISH, customer_name=None)).text
    assert email(notice(Wording.CHECK_IN, ENGLISH, brand=BRAND, promiser_name=None)).text.startswith("Hello,")
