"""A choice is confirmed with what was chosen, what happens next, its reference, and how to think again."""

import re

import pytest

from chalicelib.messages.texts import email
from chalicelib.messages.views import Wording
from tests.unit.notices import CANCELLED, COMPANY, EVERY_VOICE, LINK, STAYED, Voice, chosen, troubled
from tests.unit.reader import read

ENGLISH, AMERICAN, SPANISH, SPANISH_FORMAL, BRAZILIAN, PORTUGUESE, PORTUGUESE_INFORMAL = EVERY_VOICE
NEW_DATE = r"Tuesday 8 December, 6 pm|Tuesday, December 8, 6 PM|martes 8 de diciembre|terça-feira, 8 de dezembro"
CHANGE = r"change your mind|cambias? de idea|mudar de ideias?|mudares de ideias"
NO_ANSWER = r"no answer from you|No tuvimos respuesta|Não tivemos resposta"
LAST = r"last message|último mensaje|última mensagem"


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", STAYED)
def test_staying_is_confirmed_with_the_date_the_code_and_the_reference(wording: Wording, voice: Voice) -> None:
    said = email(troubled(wording, voice))
    assert re.search(NEW_DATE, said.subject), said.subject
    assert re.search(NEW_DATE, said.text)
    assert f"- {COMPANY[voice.tag[:2]][3]}." in said.text
    for told in ("K7QF-M2XA-9TBC", "K7QFM2XA-1", voice.what):
        assert told in said.text
    assert re.search(CHANGE, said.text)
    assert re.search(r"Thursday 31 December|Thursday, December 31|jueves 31 de|quinta-feira, 31 de", said.text)
    assert read(said.html).links == [LINK]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", STAYED)
def test_staying_is_not_the_end_so_it_says_when_the_next_word_comes(wording: Wording, voice: Voice) -> None:
    paragraphs = email(troubled(wording, voice)).text.split("\n\n")
    last = paragraphs[next(at for at, each in enumerate(paragraphs) if LINK in each) - 1]
    assert re.search(r"6 pm today|6 PM today|hoy a las 18:00|hoje às 18h", last), last


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", CANCELLED)
def test_cancelling_is_confirmed_with_what_happens_next_and_is_the_last_word(wording: Wording, voice: Voice) -> None:
    said = email(troubled(wording, voice))
    assert voice.what in said.subject
    assert voice.what in said.text.split("\n\n")[1]
    assert re.search(r"takes it from here|se ocupa del resto|cuida do resto|trata do resto", said.text)
    assert re.search(r"sorry|Siento|Sinto muito|Peço desculpa", said.text)
    assert "K7QFM2XA-1" in said.text
    assert re.search(CHANGE, said.text)
    assert len(re.findall(LAST, said.text)) == 1


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_silence_decided_is_not_called_the_customers_choice(voice: Voice) -> None:
    for wording in (Wording.STAY_BY_SILENCE, Wording.CANCEL_BY_SILENCE):
        assert re.search(NO_ANSWER, email(troubled(wording, voice)).text.split("\n\n")[1])
    for wording in (Wording.STAY_CONFIRMED, Wording.CANCEL_CONFIRMED):
        assert not re.search(NO_ANSWER, email(troubled(wording, voice)).text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [*STAYED, *CANCELLED])
def test_a_final_choice_does_not_offer_to_think_again(wording: Wording, voice: Voice) -> None:
    choice = "stay" if wording in STAYED else "cancel"
    text = email(troubled(wording, voice, recovery=chosen(voice, choice, may_change=False))).text
    assert not re.search(CHANGE, text)
    assert (wording in CANCELLED) is bool(re.search(LAST, text))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_cancelling_what_broke_without_a_word_has_nothing_to_think_again_about(voice: Voice) -> None:
    text = email(troubled(Wording.CANCEL_CONFIRMED, voice, recovery=None)).text
    assert not re.search(CHANGE + "|K7QF", text)
    assert re.search(LAST, text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [*STAYED, *CANCELLED])
def test_it_reads_whole_and_is_short(wording: Wording, voice: Voice) -> None:
    said = email(troubled(wording, voice))
    words = re.sub(r"https://\S+", "", said.text)
    assert len(words.split()) < 120
    for text in (said.subject, said.text, " ".join(read(said.html).seen)):
        assert not re.search(r"None|[{}]|\b(choice|lead|stay|cancel)\.\w|&(amp|lt|#)|\.\.|[.:]\.|!|  ", text), text
    for paragraph in words.partition("\n\n")[2].split("\n\n"):
        for sentence in re.split(r"(?<=[.?:;”»])\s+", re.sub(r"(\d|am|pm|AM|PM)\.(?=\s)", r"\1;", paragraph)):
            assert len(sentence.split()) < 20, sentence


def test_each_register_is_kept() -> None:
    usted, tu = r"\b([Ll]e|su|sus|suya|puede|cambia|pidió|use)\b", r"\b([Tt]e|tu|tus|tuya|puedes|cambias|pediste|usa)\b"
    pt_formal, pt_tu = (
        r"lhe\b|\bsua\b|\bseu\b|\bpode\b|pediu|mudar de|\buse\b",
        r"-te\b|\bte\b|\btua\b|\bteu\b|podes|usa\b",
    )
    for wording in (*STAYED, *CANCELLED):
        spanish, formal = (email(troubled(wording, each, what="X")).text for each in (SPANISH, SPANISH_FORMAL))
        assert re.search(tu, spanish)
        assert not re.search(usted, spanish), spanish
        assert re.search(usted, formal)
        assert not re.search(tu, formal), formal
        polite, close = (email(troubled(wording, each, what="X")).text for each in (PORTUGUESE, PORTUGUESE_INFORMAL))
        assert not re.search(pt_tu + "|[Vv]ocê", polite), polite
        assert not re.search(pt_formal + "|[Vv]ocê", close), close
        assert not re.search(r"lhe\b|-te\b|[áé]mos\b|h00", email(troubled(wording, BRAZILIAN, what="X")).text)
