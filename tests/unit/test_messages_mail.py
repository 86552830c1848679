"""An email tells the news first, the next word last, says the same in text and HTML, and keeps its register."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.messages.texts import email
from chalicelib.messages.views import NewsLine, NoticeView, Register, Wording
from tests.unit.notices import BRAND, EVERY_VOICE, LINK, NOW, WORDINGS, Voice, every_notice, notice, with_brand
from tests.unit.reader import read

ENGLISH, AMERICAN, SPANISH, SPANISH_FORMAL, BRAZILIAN, PORTUGUESE, PORTUGUESE_INFORMAL = EVERY_VOICE
LAST = {Wording.CLOSING, Wording.CLOSING_LATE, Wording.WITHDRAWN}
EVERY = [pytest.param(voice, view, id=name) for name, voice, view in every_notice()]
EVERY_ATTEMPT = [each for each in EVERY if each.values[1].is_attempt]

# Stems of promising, guaranteeing and committing: an attempt is none of these, in any language.
PROMISING = {
    "en": r"promis|guarant|commit|pledg|assur|vow|swear|sworn|our word|my word|count on|certain",
    "es": r"promet|promes|garant|compromet|compromis|asegur|palabra dada|nuestra palabra|cumpl|jur[ao]|sin falta",
    "pt": r"promet|promes|garant|compromet|compromis|assegur|nossa palavra|palavra dada|cumpr[ie](?!mentos\b)|prazo",
}


def _body(view: NoticeView) -> list[str]:
    """The paragraphs between the greeting and the first link."""
    paragraphs = email(view).text.split("\n\n")
    return paragraphs[1 : next(at for at, each in enumerate(paragraphs) if view.link in each)]


def _links(wording: Wording) -> list[str]:
    """Where a notice leads: to the page, which a closing asks to open with one of the answers marked."""
    if wording not in {Wording.CLOSING, Wording.CLOSING_LATE}:
        return [LINK]
    return [f"{LINK}&choose={answer}" for answer in ("yes", "partly", "no")]


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_every_notice_reads_whole(voice: Voice, view: NoticeView) -> None:
    said = email(view)
    for text in (said.subject, said.text, _visible(said.html)):
        assert not re.search(r"None|[{}]|\b(promise|attempt|term|lead|subject)\.\w|&(amp|lt|#)", text), text
        assert "  " not in text
        assert ".." not in text
        assert ".”." not in text
        assert ".»." not in text
    assert "\n" not in said.subject
    assert "!" not in said.text


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_text_and_html_say_the_same_and_link_to_the_page(voice: Voice, view: NoticeView) -> None:
    said = email(view)
    reader = read(said.html)
    words = re.sub(r"^- ", "", re.sub(rf":\n{re.escape(view.link)}\S*", "", said.text), flags=re.MULTILINE)
    assert " ".join(" ".join(reader.seen).split()) == " ".join(words.split())
    assert reader.links == _links(view.wording)
    assert all(f"\n{link}\n" in said.text for link in reader.links)


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_html_is_accessible_and_loads_nothing(voice: Voice, view: NoticeView) -> None:
    html = email(view).html
    tags = read(html).tags
    assert dict(tags)["html"]["lang"] == voice.tag
    assert all(attributes.get("role") == "presentation" for tag, attributes in tags if tag == "table")
    assert not {"img", "script", "iframe", "link", "form"} & {tag for tag, _ in tags}
    assert not re.search(r"url\(|@import|src=", html)


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_it_is_short(voice: Voice, view: NoticeView) -> None:
    said = email(view)
    words = re.sub(rf"{re.escape(view.link)}\S*", "", said.text).split()
    assert len(words) < 120
    for paragraph in _body(view):
        for sentence in re.split(r"(?<=[.?:;])\s+", re.sub(r"\b(\d+|noon|am|pm|AM|PM)\.(?=\s)", r"\1.", paragraph)):
            assert len(sentence.split()) < 20, sentence


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_it_ends_with_the_next_word_unless_it_is_the_last(voice: Voice, view: NoticeView) -> None:
    last = _body(view)[-1]
    if view.wording in LAST:
        assert view.next_contact_at is None
        return
    assert re.search(r"6 pm today|6 PM today|hoy a las 18:00|hoje às 18h(00)?,", last), last


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_the_first_sentence_is_the_news(voice: Voice, view: NoticeView) -> None:
    first = _body(view)[0]
    if view.wording is Wording.UPDATE_NEWS:
        assert first == f"{voice.note}."
        assert email(view).subject.startswith(voice.note)
    else:
        assert voice.what in re.split(r"(?<=[”».])\s", first)[0]
        assert voice.what in email(view).subject


@pytest.mark.parametrize(("voice", "view"), EVERY_ATTEMPT)
def test_an_attempt_is_never_called_a_promise(voice: Voice, view: NoticeView) -> None:
    said = email(view)
    for text in (said.subject, said.text, said.html):
        assert not re.search(PROMISING[voice.tag[:2]], text, re.IGNORECASE), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_without_a_name_nobody_is_made_up(voice: Voice) -> None:
    bare = {"customer_name": None, "promiser_name": None, "promiser_team": None}
    text = email(notice(Wording.UPDATE_NO_NEWS, voice, **bare)).text
    assert text.splitlines()[0] in {"Hello,", "Hola:", "Olá,"}
    assert text.rstrip().endswith("\nAcme")


def test_with_a_name_it_is_greeted_and_signed_by_people() -> None:
    lines = email(notice(Wording.UPDATE_NO_NEWS, SPANISH, customer_name="Sra. Gemma Puig")).text.splitlines()
    assert lines[0] == "Hola, Gemma:"
    assert lines[-2:] == ["Marta", "Atención al cliente, Acme"]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_without_a_next_moment_it_still_says_when_they_hear_from_us(voice: Voice) -> None:
    last = _body(notice(Wording.CONFIRMATION, voice, next_contact_at=None))[-1]
    assert re.search(r"when it is done|cuando esté hecho|quando estiver feito", last)


def test_several_pieces_of_news_are_told_latest_first() -> None:
    news = tuple(NewsLine(NOW - timedelta(hours=each), f"News {each}") for each in (2, 1, 0))
    body = _body(notice(Wording.UPDATE_NEWS, ENGLISH, news=news))
    assert body[0] == "News 0."
    assert body[1].splitlines() == [
        "There are 2 more pieces of news since our last message:",
        "- Today at 2 pm: News 1.",
        "- Today at 1 pm: News 2.",
    ]


def test_news_of_several_lines_become_sentences() -> None:
    view = notice(Wording.UPDATE_NEWS, SPANISH, news=(NewsLine(NOW, "salió del almacén\nllega mañana\n"),))
    assert _body(view)[0] == "Salió del almacén. Llega mañana."


def test_news_that_say_nothing_are_no_news() -> None:
    said = email(notice(Wording.UPDATE_NEWS, ENGLISH, news=(NewsLine(NOW, " \n\x00"),)))
    assert said.subject == "Your order 1234 arrives: no news yet"


def test_an_update_after_the_due_time_owns_the_delay() -> None:
    late = {"due_at": NOW - timedelta(days=2)}
    assert "We are late, and we are sorry." in email(notice(Wording.UPDATE_NO_NEWS, ENGLISH, **late)).text
    assert "still trying" in email(notice(Wording.UPDATE_NO_NEWS, ENGLISH, is_attempt=True, **late)).text


def test_the_order_and_the_amount_are_named_unless_the_title_does_so_already() -> None:
    given_both = {"order": "A-77", "amount": "120.00", "currency": "EUR"}
    assert "pedido A-77, de 120,00\u00a0€." in email(notice(Wording.CONFIRMATION, SPANISH, **given_both)).text
    assert "order A-77." in email(notice(Wording.CONFIRMATION, ENGLISH, order="A-77")).text
    assert "It is about" not in email(notice(Wording.CONFIRMATION, ENGLISH, order="1234")).text
    assert "The amount is €120.00." in email(notice(Wording.CONFIRMATION, ENGLISH, order="1234", **_euros())).text


def _euros() -> dict[str, str]:
    return {"amount": "120.00", "currency": "EUR"}


def test_the_zone_is_named_once_when_it_is_not_the_brands() -> None:
    view = notice(Wording.UPDATE_NO_NEWS, BRAZILIAN, zone=ZoneInfo("America/Sao_Paulo"))
    assert email(view).text.count("(horário de Brasília)") == 1
    assert "(" not in email(notice(Wording.UPDATE_NO_NEWS, BRAZILIAN)).text


@pytest.mark.parametrize(
    ("register", "spoken", "unspoken"),
    [
        (Register.INFORMAL, r"\b[Tt]e\b", r"\b([Ll]e|[Ss]e lo|su|sus|usted)\b"),
        (Register.FORMAL, r"\b[Ll]e\b|\b[Ss]e lo\b", r"\b([Tt]e|tu|tus|ti|contigo|tú)\b"),
    ],
)
def test_spanish_keeps_its_register(register: Register, spoken: str, unspoken: str) -> None:
    voice = Voice("es", register, "Llamada", "Ya salió", "soporte")
    for wording in WORDINGS:
        for attempt in (False, True):
            text = email(notice(wording, voice, is_attempt=attempt)).text
            assert not re.search(unspoken, text), text
            if wording not in LAST:
                assert re.search(spoken, text), text


def test_portuguese_keeps_its_registers_and_never_mixes_its_countries() -> None:
    for wording in WORDINGS:
        for attempt in (False, True):
            formal = email(notice(wording, PORTUGUESE, is_attempt=attempt, what="Chamada")).text
            informal = email(notice(wording, PORTUGUESE_INFORMAL, is_attempt=attempt, what="Chamada")).text
            brazilian = email(notice(wording, BRAZILIAN, is_attempt=attempt, what="Chamada")).text
            assert not re.search(r"[Vv]ocê|\b(te|ti|tu|tua|teu)\b|-te\b", formal), formal
            assert not re.search(r"[Vv]ocê|\blhe\b|-lhe\b|\bsua\b", informal), informal
            assert not re.search(r"-lhe\b|-te\b|\blhe\b|[áé]mos\b|a tratar|a tentar|h00", brazilian), brazilian


HOSTILE = '<script>alert(1)</script> & "Ana" {0} {what} %(x)s\r\nBcc: all@example.com'


@pytest.mark.parametrize("wording", WORDINGS)
def test_a_hostile_company_can_neither_add_markup_nor_headers(wording: Wording) -> None:
    hostile = {"what": HOSTILE, "customer_name": HOSTILE, "promiser_name": HOSTILE, "promiser_team": HOSTILE}
    view = notice(
        wording,
        ENGLISH,
        note=HOSTILE,
        news=(NewsLine(NOW, HOSTILE),),
        order=HOSTILE,
        brand=with_brand(HOSTILE),
        **hostile,
    )
    said = email(view)
    assert "<script" not in said.html
    assert "&lt;script&gt;" in said.html
    assert len(said.subject.splitlines()) == 1
    assert read(said.html).links == _links(wording)


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=400))
def test_whatever_a_company_writes_the_subject_is_one_line_and_the_link_is_the_only_one(text: str) -> None:
    for wording in WORDINGS:
        view = notice(
            wording, SPANISH, what=text, note=text, news=(NewsLine(NOW, text),), customer_name=text, promiser_name=text
        )
        said = email(view)
        assert len(said.subject.splitlines()) == 1
        assert said.subject.isprintable() or not re.search(r"[\x00-\x1f\x7f]", said.subject)
        assert read(said.html).links == _links(wording)
        said.html.encode()


def test_a_brand_without_a_choice_of_register_speaks_each_languages_default() -> None:
    assert "Te prometemos" in email(notice(Wording.CONFIRMATION, SPANISH, brand=BRAND)).text
    unset = Voice("pt-PT", None, "Chamada", "Feita", "apoio")
    assert "Prometemos-lhe" in email(notice(Wording.CONFIRMATION, unset)).text


def _visible(html: str) -> str:
    return " ".join(read(html).seen)
