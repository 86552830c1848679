"""A word given without a date: its outermost limit is never told as a promised date, and the next word always is."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.messages.gsm import is_gsm
from chalicelib.messages.page_views import PageView, TimelineLine
from chalicelib.messages.texts import call_script, email, promise_page, segments, sms
from chalicelib.messages.views import CallView, NoticeView, Wording
from tests.unit.notices import (
    CANCELLED,
    EVERY_VOICE,
    LINK_OF_90,
    MADRID,
    NOW,
    OURS,
    STAYED,
    TROUBLES,
    UNSTAYED,
    WORDINGS,
    Voice,
    chosen,
    notice,
    page,
    recovery,
    troubled,
)
from tests.unit.reader import read

# How a date is told as promised, or as made in time.
PROMISED_DATE = {
    "en": r"promised (it|this|you this)|make it happen|in (good )?time|later than we promised",
    "es": r"(prometimos|prometemos|prometido|acordamos|palabra) para|lo cumpliremos|a tiempo|tarde de lo que",
    "pt": r"\bprazo\b|vamos cumprir até|combinado era|prometemos(-lhe|-te)? isto até|a tempo",
}
LIMIT = r"at the latest|a más tardar|no máximo até|o mais tardar"


def open_ended(wording: Wording, voice: Voice, **changed: object) -> NoticeView:
    """A notice of a word that was given without a date."""
    say = troubled if wording in TROUBLES else notice
    return say(wording, voice, is_limit=True, **changed)


def pages(voice: Voice) -> list[PageView]:
    """The page of a word without a date, however it stands."""
    timeline = (TimelineLine("PromiseMade", NOW), TimelineLine("PromiseBroken", NOW))
    parts = {"is_limit": True, "timeline": timeline}
    late = NOW - timedelta(days=2)
    return [
        *(page(voice, status=each, **parts) for each in ("open", "at_risk", "withdrawn", "cancelled")),
        *(page(voice, status="broken", due_at=late, recovery=each, **parts) for each in (None, recovery(voice))),
        page(voice, status="at_risk", recovery=recovery(voice), **parts),
        *(page(voice, status="kept", due_at=due, **parts) for due in (late, NOW + timedelta(days=1))),
    ]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", UNSTAYED)
def test_no_message_tells_the_limit_as_a_promised_date(wording: Wording, voice: Voice) -> None:
    for name in ("Marta", None):
        view = open_ended(wording, voice, promiser_name=name)
        for text in (email(view).subject, email(view).text, sms(view)):
            assert not re.search(PROMISED_DATE[voice.tag[:2]], text, re.IGNORECASE), text
            assert not re.search(r"None|[{}]|\.limit|\.\.|  ", text.replace("...", "")), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_no_page_tells_the_limit_as_a_promised_date(voice: Voice) -> None:
    for view in pages(voice):
        text = " ".join(read(promise_page(view)).seen)
        assert not re.search(PROMISED_DATE[voice.tag[:2]], text, re.IGNORECASE), (view.status, text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("word", ["confirmation", "doubt", "overdue", "recovery", "withdrawn"])
def test_no_call_tells_the_limit_as_a_promised_date(word: str, voice: Voice) -> None:
    view = page(voice)
    found = recovery(voice) if word == "recovery" else None
    for now in (NOW, NOW + timedelta(days=30)):
        call = CallView(word, False, voice.tag, MADRID, view.brand, now, voice.what, view.due_at, found)
        assert re.search(PROMISED_DATE[voice.tag[:2]], call_script(call), re.IGNORECASE)
        limited = call_script(replace(call, is_limit=True))
        assert not re.search(PROMISED_DATE[voice.tag[:2]], limited, re.IGNORECASE), limited


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [Wording.CONFIRMATION, Wording.UPDATE_NEWS, Wording.UPDATE_NO_NEWS])
def test_every_message_says_when_the_next_word_comes_and_by_when_one_knows_at_the_latest(
    wording: Wording, voice: Voice
) -> None:
    view = open_ended(wording, voice)
    assert re.search(LIMIT, email(view).text)
    for text in (email(view).text, sms(view)):
        assert re.search(r"today|hoy|hoje", text), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_gave_their_word_speaks_of_themselves_and_a_team_of_us(voice: Voice) -> None:
    mine = r"You have my word.*I will tell you as soon|mi palabra.*avisaré en cuanto|minha palavra.*(aviso|Digo-)"
    ours = r"You have our word.*We will tell you|nuestra palabra.*avisaremos en|nossa palavra.*(Avisamos|Dizemos-)"
    named, nobody = (
        email(open_ended(Wording.CONFIRMATION, voice, promiser_name=name)).text.replace("\n", " ")
        for name in ("Marta", None)
    )
    assert re.search(mine, named)
    assert "Marta" in named
    assert re.search(ours, nobody)
    assert re.search(PROMISED_DATE[voice.tag[:2]], email(notice(Wording.CONFIRMATION, voice)).text, re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", STAYED)
def test_who_stays_is_promised_the_date_that_they_stay_for(wording: Wording, voice: Voice) -> None:
    promised, renewed = troubled(wording, voice), open_ended(wording, voice)
    assert (email(renewed), sms(renewed)) == (email(promised), sms(promised))
    after = {"recovery": chosen(voice, "stay"), "next_contact_at": None, "note": None}
    assert email(open_ended(Wording.CLOSING, voice, **after)) == email(notice(Wording.CLOSING, voice, **after))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", WORDINGS)
def test_trying_is_said_as_ever_with_no_word_of_promise(wording: Wording, voice: Voice) -> None:
    tried, limited = (notice(wording, voice, is_attempt=True, is_limit=each) for each in (False, True))
    assert (email(limited), sms(limited)) == (email(tried), sms(tried))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", UNSTAYED)
def test_a_text_message_takes_one_part_with_everything_at_its_longest(wording: Wording, voice: Voice) -> None:
    soon = {"next_contact_at": NOW + timedelta(days=30)} if wording not in CANCELLED else {}
    for changed in ({}, {"link": LINK_OF_90}, OURS | {"what": "palabra " * 40, "note": None} | soon):
        text = sms(open_ended(wording, voice, **changed))
        assert is_gsm(text)
        assert segments(text) <= (2 if changed.get("zone") and wording.startswith("recovery_") else 1), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", UNSTAYED)
def test_the_register_is_held_and_sentences_are_short(wording: Wording, voice: Voice) -> None:
    unspoken = {
        "es-informal": r"\b(le|su|usted|[Tt]iene|[Ss]abrá)\b",
        "es-MX-formal": r"\b(te|tu|[Tt]ienes|[Ss]abrás|contigo)\b",
        "pt-PT-formal": r"\b(te|tua|[Tt]ens|[Ss]aberás|contigo|você)\b",
        "pt-PT-informal": r"\b(lhe|sua|[Tt]em|[Ss]aberá|consigo|você)\b",
    }
    parts = {"what": "VAT", "note": None, "news": (), "recovery": None if wording in WORDINGS else recovery(voice)}
    text = email(open_ended(wording, voice, **parts)).text
    if found := unspoken.get(str(voice)):
        assert not re.search(found, text), text
    for sentence in re.split(r"(?<=[.?:])\s+", text):
        assert len(sentence.split()) < 25, sentence
