"""A recovery has its eight parts and a real choice; doubt, reminders and broken promises are owned as plainly."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.messages.phrases import MissingPhrase
from chalicelib.messages.texts import email
from chalicelib.messages.views import NoticeView, OfferView, Wording
from tests.unit.notices import ASKING, COMPANY, EVERY_VOICE, LINK, NOW, RECOVERIES, Voice, notice, recovery, troubled
from tests.unit.reader import read

ENGLISH, AMERICAN, SPANISH, SPANISH_FORMAL, BRAZILIAN, PORTUGUESE, PORTUGUESE_INFORMAL = EVERY_VOICE
LATE = {each for each in RECOVERIES if each.endswith("_late")}
STAY, CANCEL = f"{LINK}&choose=stay", f"{LINK}&choose=cancel"

APOLOGY = {"en": r"I am sorry", "es": r"Lo siento", "pt-BR": r"Sinto muito", "pt-PT": r"Peço desculpa"}
THANKS = {"en": r"Thank you", "es": r"Gracias", "pt-BR": r"Agradecemos", "pt-PT": r"Agradecemos"}
OFFERING = {
    "en": r"yours if you stay",
    "es": r"si sigues? con nosotros",
    "pt": r"se (você )?continuar(es)? (com|connosco)",
}
NEW_DATE = r"Tuesday 8 December, 6 pm|Tuesday, December 8, 6 PM|martes 8 de diciembre|terça-feira, 8 de dezembro"
DEADLINE = r"Friday 27 November, 3 pm|Friday, November 27, 3 PM|viernes 27 de noviembre|sexta-feira, 27 de novembro"
SILENCE = {
    "stay": r"take it that you stay|entendemos que sigues? adelante|entendemos que (você )?continuas?\b",
    "cancel": r"we cancel it for you|lo cancelamos|nós cancelamos|Sem resposta, cancelamos",
    "call": r"we will call you|[tl]e llamaremos|ligamos para você|ligamos-(lhe|te)",
}


def by_language(rules: dict[str, str], voice: Voice) -> str:
    return rules.get(voice.tag) or rules[voice.tag[:2]]


def body(view: NoticeView) -> str:
    return email(view).text.partition("\n\n")[2]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", RECOVERIES)
def test_a_recovery_has_its_eight_parts_in_their_order(wording: Wording, voice: Voice) -> None:
    reason, done_so_far, solution, offer = COMPANY[voice.tag[:2]]
    text = body(troubled(wording, voice))
    parts = [
        re.escape(voice.what),
        by_language(APOLOGY, voice),
        re.escape(reason[1:]),
        re.escape(f"{done_so_far}."),
        re.escape(f"{solution}. "),
        by_language(OFFERING, voice),
        re.escape(f"{offer}."),
        by_language(THANKS, voice),
        re.escape(STAY),
        re.escape(CANCEL),
        SILENCE["stay"],
    ]
    found = [re.search(part, text) for part in parts]
    assert all(found), (parts[found.index(None)] if None in found else "", text)
    places = [each.start() for each in found if each]
    assert places == sorted(places)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", RECOVERIES)
def test_the_subject_is_the_news_with_the_new_date_where_there_is_one(wording: Wording, voice: Voice) -> None:
    dated = email(troubled(wording, voice)).subject
    assert voice.what in dated
    assert re.search(NEW_DATE, dated), dated
    undated = email(troubled(wording, voice, recovery=recovery(voice, new_due_at=None))).subject
    assert voice.what in undated
    assert not re.search(r"\d{1,2}(:\d\d)? ?(h|pm|PM)|:00", undated), undated


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_before_and_after_the_due_time_each_case_has_words_of_its_own(voice: Voice) -> None:
    leads = [body(troubled(wording, voice)).partition("\n\n")[0] for wording in RECOVERIES]
    assert len(set(leads)) == len(RECOVERIES) == 8


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("silence", ["stay", "cancel", "call"])
@pytest.mark.parametrize("wording", ASKING)
def test_it_says_what_silence_will_mean_and_when(wording: Wording, silence: str, voice: Voice) -> None:
    text = body(troubled(wording, voice, recovery=recovery(voice, silence=silence)))
    last = next(each for each in reversed(text.split("\n\n")) if re.search(DEADLINE, each))
    assert re.search(SILENCE[silence], last), last
    others = "|".join(rule for name, rule in SILENCE.items() if name != silence)
    assert not re.search(others, text), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_without_a_deadline_it_says_so_and_when_the_next_word_comes(voice: Voice) -> None:
    view = troubled(
        Wording.RECOVERY_DELAY,
        voice,
        recovery=recovery(voice, decide_by=None),
        next_contact_at=NOW + timedelta(hours=3),
    )
    text = body(view)
    assert re.search(r"no deadline|No hay plazo|Não há prazo", text)
    assert re.search(r"6 pm today|6 PM today|hoy a las 18:00|hoje às 18h", text)
    assert not re.search("|".join(SILENCE.values()), text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_next_word_that_comes_before_the_deadline_has_a_sentence_of_its_own(voice: Voice) -> None:
    text = body(troubled(Wording.RECOVERY_TERMS, voice, next_contact_at=NOW + timedelta(days=1)))
    assert re.search(r"3 pm tomorrow|3 PM tomorrow|mañana a las 15:00|amanhã às 15h", text), text
    assert re.search(DEADLINE, text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", ASKING)
def test_both_ways_are_links_of_one_size_described_in_the_same_length(wording: Wording, voice: Voice) -> None:
    view = troubled(wording, voice)
    links = [attributes for tag, attributes in read(email(view).html).tags if tag == "a"]
    assert [each["href"] for each in links] == [STAY, CANCEL]
    assert links[0]["style"] == links[1]["style"]
    assert links[0]["class"] == links[1]["class"]
    paragraphs = body(view).split("\n\n")
    stay, cancel = (
        paragraphs[next(at for at, each in enumerate(paragraphs) if link in each) - 1] for link in links_of()
    )
    assert abs(len(stay.split()) - len(cancel.split())) <= 3


def links_of() -> tuple[str, str]:
    return f"\n{STAY}", f"\n{CANCEL}"


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_links_say_what_they_do(voice: Voice) -> None:
    order = email(troubled(Wording.RECOVERY_DELAY, voice)).text
    assert re.search(r"(Stay with|Seguir con|Continuar com) (the|la|a) (new date|nueva fecha|nova data):\n", order)
    assert re.search(r"(Cancel my order|Cancelar mi pedido|Cancelar meu pedido|Cancelar a encomenda):\n", order)
    other = email(troubled(Wording.RECOVERY_OTHER, voice, order=None, recovery=recovery(voice, new_due_at=None))).text
    assert not re.search(r"order:|pedido:|encomenda:|new date|nueva fecha|nova data", other)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [*RECOVERIES, Wording.REMINDER, Wording.DOUBT])
def test_it_reads_whole_and_is_short(wording: Wording, voice: Voice) -> None:
    view = troubled(wording, voice, recovery=recovery(voice) if wording is not Wording.DOUBT else None)
    said = email(view)
    words = re.sub(r"https://\S+", "", said.text)
    assert len(words.split()) < (200 if wording in RECOVERIES else 150)
    for text in (said.subject, said.text, " ".join(read(said.html).seen)):
        assert not re.search(r"None|[{}]|\b(recovery|choice|lead|subject)\.\w|&(amp|lt|#)|\.\.|[.:]\.|!|  ", text), text
    for paragraph in words.partition("\n\n")[2].split("\n\n"):
        for sentence in re.split(r"(?<=[.?:;”»])\s+", re.sub(r"(\d|noon|am|pm|AM|PM)\.(?=\s)", r"\1;", paragraph)):
            assert len(sentence.split()) < 20, sentence


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_somebody_who_signs_is_sorry_in_the_singular_and_a_team_in_the_plural(voice: Voice) -> None:
    team = {"en": "We are sorry", "es": "Lo sentimos", "pt-BR": "Sentimos muito", "pt-PT": "Pedimos desculpa"}
    for wording in RECOVERIES:
        assert by_language(APOLOGY, voice) in body(troubled(wording, voice))
        assert by_language(team, voice) in body(troubled(wording, voice, promiser_name=None))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_nobody_has_told_us_is_said_by_the_team_and_not_by_the_promiser(voice: Voice) -> None:
    for wording in (Wording.DOUBT, Wording.OVERDUE):
        text = email(notice(wording, voice)).text
        assert "Marta" not in text
        assert text.rstrip().endswith(", Acme")
        assert re.search(r"nobody|nadie|ninguém", text, re.IGNORECASE)
    assert "Marta" in email(notice(Wording.OVERDUE, voice, is_attempt=True)).text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_broke_by_itself_can_be_cancelled_and_an_attempt_is_not_offered_that(voice: Voice) -> None:
    assert re.search(r"can cancel|puedes? cancelar|pode cancelar|podes cancelar", body(notice(Wording.OVERDUE, voice)))
    assert not re.search(r"cancel", email(notice(Wording.OVERDUE, voice, is_attempt=True)).text, re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_doubt_is_the_news_and_says_when_they_hear_more(voice: Voice) -> None:
    view = troubled(Wording.DOUBT, voice)
    first, *_, last = (each for each in body(view).split(LINK)[0].split("\n\n") if each.strip().endswith("."))
    assert voice.what in first
    assert voice.what in email(view).subject
    assert re.search(r"6 pm today|6 PM today|hoy a las 18:00|hoje às 18h", last)


@pytest.mark.parametrize("wording", ASKING)
def test_a_recovery_without_its_parts_is_not_said(wording: Wording) -> None:
    with pytest.raises(MissingPhrase):
        email(notice(wording, ENGLISH))


def test_a_companys_sentences_of_several_lines_stay_sentences() -> None:
    said = recovery(ENGLISH, reason="truck lost\nnobody told us", done_so_far="found it!", solution="new van")
    text = body(troubled(Wording.RECOVERY_DELAY, ENGLISH, recovery=said))
    assert "Truck lost. Nobody told us. Found it!" in text
    assert "New van. The new date is Tuesday 8 December, 6 pm." in text


def test_an_offer_without_an_end_has_none() -> None:
    said = recovery(ENGLISH, offer=OfferView("a free cookie"))
    text = body(troubled(Wording.RECOVERY_WRONG_ITEM, ENGLISH, recovery=said))
    assert "- A free cookie.\n" in text
    assert "good until" not in text


def test_the_zone_is_named_once_when_it_is_not_the_brands() -> None:
    view = troubled(Wording.RECOVERY_DELAY, BRAZILIAN, zone=ZoneInfo("America/Sao_Paulo"))
    assert email(view).text.count("(horário de Brasília)") == 1
    assert "(horário de Brasília)" in email(view).subject


TU = (
    r"\b([Tt]e|tu|tus|ti|contigo|tú|tuya|puedes|sigues|cancelas|decides|prefieres|cambias|pediste|contabas|aceptaste)\b"
)
USTED = r"\b([Ll]e|[Ss]e lo|su|sus|usted|suya|puede|sigue|cancela|decida|prefiere|pidió|aceptó)\b"
PT_TU = (
    r"\b(te|ti|tu|tua|teu|podes|continuas|continuares|cancelares|decidires|preferires|mudares|terás|pediste|contavas"
    r"|confiaste|aceitaste|usa)\b|-te\b"
)
PT_FORMAL = (
    r"[Vv]ocê|\b(lhe|sua|seu|pode|continuar|cancelar,|decidir\.|preferir|mudar de|terá|pediu|contava|use)\b|-lhe\b"
)


def _every_trouble(voice: Voice) -> list[str]:
    plain = replace(voice, what="Tema")
    company = recovery(voice, reason="R", done_so_far="D", solution="S", offer=OfferView("O"))
    said = []
    for wording in (*ASKING, Wording.DOUBT, Wording.OVERDUE):
        for silence in ("stay", "cancel", "call"):
            for more in ({}, {"new_due_at": None}, {"decide_by": None}):
                view = troubled(wording, plain, recovery=replace(company, silence=silence, **more), order=None)
                said.append(f"{email(view).subject}\n{body(view)}")
    return said


@pytest.mark.parametrize(
    ("voice", "spoken", "unspoken"),
    [
        (SPANISH, TU, USTED),
        (SPANISH_FORMAL, USTED, TU),
        (PORTUGUESE, r"\blhe\b|-lhe\b|\bsua\b|\bpode\b", PT_TU + "|[Vv]ocê"),
        (PORTUGUESE_INFORMAL, PT_TU, PT_FORMAL),
        (BRAZILIAN, r"[Vv]ocê", r"-lhe\b|-te\b|\blhe\b|[áé]mos\b|a tratar|a correr|a apurar|h00|connosco"),
    ],
    ids=lambda each: str(each) if isinstance(each, Voice) else "",
)
def test_each_register_and_country_is_kept(voice: Voice, spoken: str, unspoken: str) -> None:
    for text in _every_trouble(voice):
        assert re.search(spoken, text), text
        assert not re.search(unspoken, text), (re.search(unspoken, text), text)


HOSTILE = "<script>alert(1)</script> {0} {what} %(x)s\r\nBcc: all@example.com"


def test_a_hostile_company_can_add_neither_markup_nor_headers_nor_links() -> None:
    said = recovery(ENGLISH, reason=HOSTILE, done_so_far=HOSTILE, solution=HOSTILE, offer=OfferView(HOSTILE))
    for wording in ASKING:
        mail = email(troubled(wording, ENGLISH, recovery=said, what=HOSTILE, customer_name=HOSTILE))
        assert "<script" not in mail.html
        assert len(mail.subject.splitlines()) == 1
        assert read(mail.html).links == [STAY, CANCEL]


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=300))
def test_whatever_a_company_writes_it_is_said(text: str) -> None:
    said = recovery(SPANISH, reason=text, done_so_far=text, solution=text, offer=OfferView(text))
    mail = email(troubled(Wording.RECOVERY_DELAY, SPANISH, recovery=said, what=text))
    assert len(mail.subject.splitlines()) == 1
    assert read(mail.html).links == [STAY, CANCEL]
    mail.html.encode()
