"""Believed means believed; a review shows no mistrust; a mistake is told kindly, with what the customer can do."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.messages.gsm import is_gsm
from chalicelib.messages.texts import email, segments, sms
from chalicelib.messages.views import ClaimView, NoticeView, Wording
from tests.unit.claims_said import CLAIMS, CLOSED, DUE, claimed
from tests.unit.notices import EVERY_VOICE, LINK, LINK_OF_90, MEXICO, NOW, Voice, with_brand
from tests.unit.reader import read
from tests.unit.test_messages_sms import OPT_OUT

ENGLISH, _, SPANISH, SPANISH_FORMAL, BRAZILIAN, PORTUGUESE, PORTUGUESE_INFORMAL = EVERY_VOICE
EVERY = [
    pytest.param(voice, claimed(wording, voice), id=f"{wording} {voice}") for voice in EVERY_VOICE for wording in CLAIMS
]
MISTAKEN = (Wording.CLAIM_MISTAKEN, Wording.CLAIM_MISTAKEN_HONOURED)
BY_DUE = (
    r"by Friday 4 December, 6 pm|by Friday, December 4, 6 PM|el viernes 4 de diciembre, a las 18|até sexta-feira, 4"
)

# What nobody who was mistaken should read: that they were, that it was refused, or that we cannot.
UNKIND = {
    "en": r"false|untrue|unjustif|unfortunate|regret|cannot|mistak|wrong|error|den[iy]|refus|reject|declin|\bclaim",
    "es": r"fals|injustif|lamentabl|desafortunad|no podemos|equivoc|error|rechaz|deneg|negad|reclam|válid|procede",
    "pt": r"fals|injustif|infelizmente|lamentavel|não podemos|engan|equívoc|\berro|rejeit|recus|negad|reclam|procede",
}
MISTRUST = {
    "en": r"verif|check|prove|proof|evidence|doubt|whether|investigat|if you",
    "es": r"verific|comprob|prueba|duda|investig|\bsi (es|fue)",
    "pt": r"verific|compro|prova|dúvida|investig|\bse (é|for|foi)",
}


def links_of(view: NoticeView) -> list[str]:
    """The links of an email: to the page, or, where the question is asked, one for each answer."""
    return [f"{LINK}&choose={each}" for each in ("yes", "partly", "no")] if view.wording in CLOSED else [LINK]


def paragraphs(view: NoticeView) -> list[str]:
    """What stands between the greeting and the link, paragraph by paragraph."""
    every = email(view).text.split("\n\n")
    return every[1 : next(at for at, each in enumerate(every) if view.link in each)]


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_every_answer_reads_whole_and_is_short(voice: Voice, view: NoticeView) -> None:
    said = email(view)
    for text in (said.subject, said.text):
        assert not re.search(r"None|[{}]|claim[._]|\.\.|  |!", text), text
    assert voice.what in said.subject
    assert voice.what in re.split(r"(?<=[”»])\.", paragraphs(view)[0])[0]
    assert len(said.text.split()) < 120
    for sentence in re.split(r"(?<=[.?:])\s+", " ".join(paragraphs(view))):
        assert len(sentence.split()) < 20, sentence


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_text_and_html_say_the_same_and_lead_to_the_page(voice: Voice, view: NoticeView) -> None:
    said = email(view)
    reader = read(said.html)
    assert " ".join(" ".join(reader.seen).split()) == " ".join(
        re.sub(rf":\n{re.escape(LINK)}\S*", "", said.text).split()
    )
    assert reader.links == links_of(view)


@pytest.mark.parametrize(("voice", "view"), EVERY)
def test_it_is_signed_by_the_brand_and_not_by_whom_it_is_about(voice: Voice, view: NoticeView) -> None:
    signature = email(view).text.rstrip().rpartition("\n\n")[2].splitlines()
    assert signature[1:] == ["Acme"]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_is_believed_is_told_so_what_is_corrected_and_by_when(voice: Voice) -> None:
    text = email(claimed(Wording.CLAIM_RATIFIED, voice, order="A-77", amount="25.20", currency="EUR")).text
    assert re.search(r"we believe you|[tl]e creemos|acreditamos em (você|si|ti)", text)
    assert re.search(r"right to expect it|Tienes? razón|(Tem|Tens|Você tem) razão", text)
    assert "Marta" in text
    assert re.search(r"25[.,]20\b.* A-77|A-77.*25[.,]20", text)
    assert re.search(BY_DUE, text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_nobody_is_named_who_is_not_known(voice: Voice) -> None:
    text = email(claimed(Wording.CLAIM_RATIFIED, voice, promiser_name=None)).text
    assert "Marta" not in text
    assert re.search(r"we promised|prometimos|prometemos", text)


@pytest.mark.parametrize("given", [{"order": "A-77"}, {"amount": "25.20", "currency": "EUR"}, {}], ids=str)
def test_what_is_corrected_is_named_as_far_as_it_is_known(given: dict[str, str]) -> None:
    text = email(claimed(Wording.CLAIM_RATIFIED, ENGLISH, **given)).text
    assert ("A-77" in text, "€25.20" in text) == ("order" in given, "amount" in given)
    assert "We are putting it right" in text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("order", ["A-77", None])
@pytest.mark.parametrize(
    ("corrected", "said"),
    [
        ({"percent": "12.5"}, r"\b12[.,]5\s?%"),
        ({"percent": "10"}, r"\b10\s?%"),
        ({"term": "Entrega antes de Navidad."}, r": Entrega antes de Navidad\."),
        ({"term": "2026-12-24"}, r": (24 December 2026|December 24, 2026|24 de (diciembre|dezembro) de 2026)\."),
    ],
    ids=str,
)
def test_a_percentage_and_a_term_are_named_as_what_is_corrected(
    voice: Voice, order: str | None, corrected: dict[str, str], said: str
) -> None:
    view = claimed(Wording.CLAIM_RATIFIED, voice, order=order, claim=ClaimView("ratified", **corrected))
    (line,) = [each for each in email(view).text.splitlines() if re.search(said, each)]
    assert ("A-77" in line) == (order is not None)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_review_says_by_when_it_is_answered_without_a_hint_of_mistrust(voice: Voice) -> None:
    said = email(claimed(Wording.CLAIM_REVIEW, voice))
    assert re.search(BY_DUE, said.subject)
    assert re.search(BY_DUE, said.text)
    assert not re.search(MISTRUST[voice.tag[:2]], said.text, re.IGNORECASE), said.text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_late_answer_is_owned_with_its_day_and_the_next_word_and_judges_nothing(voice: Voice) -> None:
    view = claimed(Wording.CLAIM_REVIEW_LATE, voice)
    text = email(view).text
    assert re.search(r"21 November|November 21|21 de noviembre|21 de novembro", text)
    assert re.search(r"sorry|lo sentimos|sentimos muito|pedimos desculpa", text)
    assert re.search(r"tomorrow|mañana|amanhã", " ".join(paragraphs(view)[1:]))
    assert re.search(r"tomorrow|mañana|amanha", sms(view))
    assert not re.search(r"cancel|anular|promise|promet|promessa|done|hecho|feito", text, re.IGNORECASE), text
    assert not re.search(MISTRUST[voice.tag[:2]], text, re.IGNORECASE), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", MISTAKEN)
def test_what_was_found_mistaken_is_said_without_a_hard_word(wording: Wording, voice: Voice) -> None:
    view = claimed(wording, voice)
    for text in (email(view).subject, email(view).text, sms(view)):
        assert not re.search(UNKIND[voice.tag[:2]], text, re.IGNORECASE), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_was_found_is_said_in_the_companys_words_with_what_the_customer_can_do(voice: Voice) -> None:
    said = paragraphs(claimed(Wording.CLAIM_MISTAKEN, voice))
    assert said[1] == f"{voice.note}."
    assert re.search(r"send it to us|m[aá]nd(an|en)oslo|envie pel[ao]|envie-nos|envia-nos", " ".join(said))
    assert len(paragraphs(claimed(Wording.CLAIM_MISTAKEN, voice, note=None))) == len(said) - 1


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_was_believed_is_honoured_whatever_was_found(voice: Voice) -> None:
    said = email(claimed(Wording.CLAIM_MISTAKEN_HONOURED, voice))
    assert re.search(r"our word stands|mantenemos nuestra palabra|palavra continua valendo|mantém-se", said.subject)
    assert re.search(BY_DUE, said.text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("changed", [{"next_contact_at": None}, {"due_at": NOW - timedelta(days=1)}], ids=str)
def test_a_correction_that_is_over_or_late_is_not_promised_anew(changed: dict[str, object], voice: Voice) -> None:
    due_at = changed.get("due_at", DUE)
    text = email(claimed(Wording.CLAIM_MISTAKEN_HONOURED, voice, **{"due_at": due_at} | changed)).text
    assert not re.search(r"It will be done|Estará corregido|A correção fica", text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [Wording.CLAIM_RATIFIED, Wording.CLAIM_REVIEW])
def test_the_moment_of_the_next_word_is_named_once_and_an_earlier_one_besides(wording: Wording, voice: Voice) -> None:
    day = r"4 December|December 4|4 de diciembre|4 de dezembro"
    assert len(re.findall(day, email(claimed(wording, voice)).text)) == 1
    sooner = email(claimed(wording, voice, next_contact_at=NOW + timedelta(hours=3))).text
    assert re.search(r"6 pm today|6 PM today|hoy a las 18:00|hoje às 18h", sooner)
    assert re.search(day, sooner)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", CLAIMS)
def test_a_text_message_takes_one_part_with_everything_at_its_longest(wording: Wording, voice: Voice) -> None:
    longest = {
        "link": LINK_OF_90,
        "zone": MEXICO,
        "what": "palabra " * 40,
        "note": "palabra " * 40,
        "due_at": NOW + timedelta(days=400, minutes=35),
        "next_contact_at": NOW + timedelta(days=395, hours=1, minutes=35),
        "brand": with_brand("Panadería y Pastelería Los Hermanos del Río"),
    }
    for changed in ({}, {"link": LINK_OF_90}, longest):
        text = sms(claimed(wording, voice, **changed))
        link = changed.get("link", LINK)
        assert is_gsm(text)
        assert segments(text) == 1, text
        assert text.endswith(f" {link}")
        assert not OPT_OUT.search(text.removesuffix(str(link)))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [Wording.CLAIM_RATIFIED, Wording.CLAIM_REVIEW])
def test_a_text_message_says_by_when_in_the_customers_zone(wording: Wording, voice: Voice) -> None:
    assert re.search(r"4 Dec|Dec 4|4/12", sms(claimed(wording, voice)))
    elsewhere = sms(claimed(wording, voice, zone=ZoneInfo("America/Mexico_City")))
    assert re.search(r"\((Mexico City time|.* de (Ciudad de|Cidade do) México)\)", elsewhere), elsewhere


@pytest.mark.parametrize("wording", CLAIMS)
@pytest.mark.parametrize(
    ("voice", "unspoken"),
    [
        (SPANISH, r"\b([Ll]e|[Ss]e lo|su(?! momento)|sus|usted|[Tt]iene|[Hh]ace)\b"),
        (SPANISH_FORMAL, r"\b([Tt]e|tu|tus|ti|contigo|[Tt]ienes|[Hh]aces)\b"),
        (PORTUGUESE, r"[Vv]ocê|\b(te|ti|tu|tua|[Tt]ens)\b|-te\b"),
        (PORTUGUESE_INFORMAL, r"[Vv]ocê|\b(lhe|si|sua|[Tt]em)\b|-lhe\b"),
        (BRAZILIAN, r"-lhe\b|-te\b|\blhe\b|[áé]mos\b|a corrigir|a analisar|h00|encomenda"),
    ],
    ids=str,
)
def test_the_register_is_held(voice: Voice, unspoken: str, wording: Wording) -> None:
    view = claimed(wording, voice, what="VAT", note=None, order="A-77", amount="1", currency="EUR")
    for text in (email(view).subject, email(view).text, sms(view)):
        assert not re.search(unspoken, text), text


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=300))
def test_whatever_is_written_by_others_adds_neither_links_nor_lines(text: str) -> None:
    for wording in CLAIMS:
        view = claimed(wording, PORTUGUESE, what=text, note=text, promiser_name=text, order=text, customer_name=text)
        said = email(view)
        assert len(said.subject.splitlines()) == 1
        assert read(said.html).links == links_of(view)
        assert sms(view).endswith(f" {LINK}")
