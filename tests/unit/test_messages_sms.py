"""A text message is one part, says when the next word comes, and never carries an opt-out word or a cut link."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.messages.gsm import is_gsm, sayable, to_gsm
from chalicelib.messages.texts import segments, sms
from chalicelib.messages.views import ClaimView, NewsLine, NoticeView, Wording
from tests.unit.claims_said import CLAIMS, claimed
from tests.unit.notices import (
    ASKING,
    CANCELLED,
    EVERY_VOICE,
    LINK,
    LINK_OF_90,
    MEXICO,
    NOW,
    RECOVERIES,
    STAYED,
    TROUBLES,
    WORDINGS,
    Voice,
    chosen,
    notice,
    recovery,
    troubled,
    with_brand,
)

OPT_OUT = re.compile(r"\b(ARRET|CANCEL|END|OPT-?OUT|QUIT|REMOVE|STOP|TD|UNSUBSCRIBE)\b", re.IGNORECASE)
MIDWEEK = timedelta(days=3)  # a weekday and a date to be written, not today or tomorrow

TITLED = (*(each for each in WORDINGS if each is not Wording.UPDATE_NEWS), *TROUBLES, *CLAIMS)


def _any(wording: Wording, voice: Voice, **changed: object) -> NoticeView:
    if wording in CLAIMS:
        return claimed(wording, voice, **changed)
    return (troubled if wording in TROUBLES else notice)(wording, voice, **changed)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
@pytest.mark.parametrize("wording", WORDINGS)
def test_it_takes_one_part_even_beside_a_link_of_ninety_characters(
    wording: Wording, attempt: bool, voice: Voice
) -> None:
    for link in ("https://kept.example/p?t=abc", LINK_OF_90):
        text = sms(notice(wording, voice, is_attempt=attempt, link=link))
        assert is_gsm(text)
        assert segments(text) == 1, text
        assert text.endswith(f" {link}")
        assert not OPT_OUT.search(text.removesuffix(link))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
@pytest.mark.parametrize("wording", WORDINGS)
def test_it_takes_one_part_with_everything_at_its_longest(wording: Wording, attempt: bool, voice: Voice) -> None:
    view = notice(
        wording,
        voice,
        is_attempt=attempt,
        link=LINK_OF_90,
        zone=MEXICO,
        what="palabra " * 40,
        note="palabra " * 40,
        news=(NewsLine(NOW, "palabra " * 40),),
        due_at=NOW + timedelta(days=400, minutes=35),
        next_contact_at=NOW + timedelta(days=395, hours=1, minutes=35),
        customer_name="Maximiliana",
        promiser_name="Maximiliana Fernandes",
        brand=with_brand("Panadería y Pastelería Los Hermanos del Río"),
    )
    assert segments(sms(view)) == 1, sms(view)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_it_is_signed_by_the_brand_and_names_who_is_on_it_where_there_is_room(voice: Voice) -> None:
    text = sms(notice(Wording.UPDATE_NO_NEWS, voice, link="https://k.example/x", promiser_name="Marta Ruiz"))
    assert text.startswith("Acme: ")
    assert "Marta" in text
    assert to_gsm(voice.what) in text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_next_word_has_its_weekday_date_and_time(voice: Voice) -> None:
    text = sms(notice(Wording.UPDATE_NO_NEWS, voice, next_contact_at=NOW + MIDWEEK))
    assert re.search(r"Fri,? |vie |sex ", text), text
    assert re.search(r"27 Nov|Nov 27|27/11", text), text
    assert re.search(r"\b3 (pm|PM)|15:00|15h", text), text


def test_the_zone_is_named_when_it_is_not_the_brands() -> None:
    voice = next(each for each in EVERY_VOICE if each.tag == "es")
    text = sms(notice(Wording.UPDATE_NO_NEWS, voice, zone=MEXICO))
    assert "(hora de Ciudad de México)" in text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [*WORDINGS, *TROUBLES])
def test_a_zone_is_named_by_its_city_or_left_out_and_never_by_its_distance_from_utc(
    wording: Wording, voice: Voice
) -> None:
    say = troubled if wording in TROUBLES else notice
    for link in (LINK, LINK_OF_90):
        assert not re.search(r"UTC|GMT", sms(say(wording, voice, zone=MEXICO, link=link)))


def test_a_long_piece_of_news_is_cut_between_words_and_says_so() -> None:
    voice = EVERY_VOICE[0]
    note = "The parcel left our warehouse this morning and is now on its way to the depot nearest to you in Leeds"
    text = sms(notice(Wording.UPDATE_NEWS, voice, news=(NewsLine(NOW, note),), link=LINK_OF_90))
    told = re.search(r"Acme: (.*)\.\.\. Next update", text)
    assert told
    assert note.startswith(told[1])
    assert note[len(told[1])] == " "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ação, não, mañana, él", "acao, nao, mañana, él"),
        ("«Llega» “hoy”… – 1º", '"Llega" "hoy"... - 1o'),
        ("Niño à la façade", "Niño à la facade"),
        ("done ✅ 👍🏽", "done  "),
        ("10\u00a0€", "10 €"),
    ],
)
def test_what_the_alphabet_lacks_is_replaced_by_its_likeness_and_never_by_a_question_mark(
    text: str, expected: str
) -> None:
    assert to_gsm(text) == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the euro sign is not cut in half by the end of a part
        ("ã" * 70, 1),
        ("ã" * 71, 2),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
    ],
)
def test_parts_are_counted_as_networks_count_them(text: str, parts: int) -> None:
    assert segments(text) == parts


@settings(deadline=None, max_examples=60)
@given(what=st.text(max_size=200), note=st.text(max_size=300), name=st.text(max_size=60), brand=st.text(max_size=60))
def test_whatever_a_company_writes_the_link_is_whole_and_the_alphabet_is_kept(
    what: str, note: str, name: str, brand: str
) -> None:
    for wording in WORDINGS:
        view = notice(
            wording,
            EVERY_VOICE[0],
            what=what,
            note=note,
            news=(NewsLine(NOW, note),),
            promiser_name=name,
            brand=with_brand(brand),
            link=LINK_OF_90,
        )
        text = sms(view)
        assert text.endswith(LINK_OF_90)
        assert is_gsm(text)
        assert "\n" not in text
        assert segments(text) == 1


def test_a_link_that_leaves_no_room_is_still_whole() -> None:
    link = "https://kept.example/p?t=" + "x" * 400
    assert sms(notice(Wording.CLOSING, EVERY_VOICE[0], link=link)).endswith(link)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
@pytest.mark.parametrize("wording", [Wording.CLOSING, Wording.CLOSING_LATE])
def test_a_closing_asks_right_before_the_link_to_the_page(wording: Wording, attempt: bool, voice: Voice) -> None:
    link = "https://kept.example/p?t=".ljust(79, "x")
    text = sms(notice(wording, voice, is_attempt=attempt, link=link, note=None))
    assert text.removesuffix(f" {link}").endswith("?")
    assert segments(text) == 1


def test_a_long_brand_is_shortened_before_the_words_are() -> None:
    view = notice(
        Wording.CLOSING, EVERY_VOICE[0], brand=with_brand("Panadería y Pastelería Los Hermanos"), link=LINK_OF_90
    )
    assert sms(view).startswith("Panaderia: We kept our promise. The parcel left our")


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", TROUBLES)
def test_trouble_takes_one_part_even_beside_a_link_of_ninety_characters(wording: Wording, voice: Voice) -> None:
    for link in ("https://kept.example/p?t=abc", LINK_OF_90):
        text = sms(troubled(wording, voice, link=link))
        assert is_gsm(text)
        assert segments(text) == 1, text
        assert text.endswith(f" {link}")
        assert not OPT_OUT.search(text.removesuffix(link))
        assert not re.search(r"None|[{}]|  |(?<!\.)\.\.(?!\.)", text.removesuffix(link)), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", TROUBLES)
def test_trouble_takes_two_parts_at_most_with_everything_at_its_longest(wording: Wording, voice: Voice) -> None:
    longest = {"new_due_at": NOW + timedelta(days=400, minutes=35), "decide_by": NOW + timedelta(days=390, minutes=35)}
    found = recovery(voice, silence="call", **longest)
    if wording in STAYED:
        found = chosen(voice, "stay", **longest)
    if wording in CANCELLED:
        found = chosen(voice, "cancel", **longest)
    view = troubled(
        wording,
        voice,
        recovery=found,
        link=LINK_OF_90,
        zone=MEXICO,
        what="palabra " * 40,
        due_at=NOW + timedelta(days=400, minutes=35),
        brand=with_brand("Panadería y Pastelería Los Hermanos del Río"),
    )
    assert segments(sms(view)) <= (2 if wording in RECOVERIES else 1), sms(view)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", ASKING)
def test_the_choice_is_asked_for_by_digits(wording: Wording, voice: Voice) -> None:
    for link in ("https://kept.example/p?t=abc", LINK_OF_90):
        text = sms(troubled(wording, voice, link=link)).removesuffix(link)
        assert re.search(r"\b1\b.*\b2\b", text), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", RECOVERIES)
def test_the_new_date_is_said_where_there_is_one(wording: Wording, voice: Voice) -> None:
    for link in ("https://kept.example/p?t=abc", LINK_OF_90):
        text = sms(troubled(wording, voice, link=link)).removesuffix(link)
        assert re.search(r"Tue 8 Dec, 6 pm|Tue, Dec 8, 6 PM|mar 8/12|ter 8/12", text), text
        undated = sms(troubled(wording, voice, link=link, recovery=recovery(voice, new_due_at=None)))
        assert not re.search(r"Dec|/12", undated.removesuffix(link)), undated


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("silence", ["stay", "cancel", "call"])
def test_a_reminder_says_what_silence_means_where_there_is_room(silence: str, voice: Voice) -> None:
    view = troubled(Wording.REMINDER, voice, recovery=recovery(voice, silence=silence))
    assert re.search(r"No reply|Sin respuesta|Sem resposta", sms(view)), sms(view)
    assert re.search(r"Fri 27 Nov|Fri, Nov 27|vie 27/11|sex 27/11", sms(view))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_confirmed_choice_carries_its_code_or_its_reference_where_there_is_room(voice: Voice) -> None:
    for wording in STAYED:
        assert "K7QF-M2XA-9TBC" in sms(troubled(wording, voice))
    for wording in CANCELLED:
        assert "K7QFM2XA-1" in sms(troubled(wording, voice))
        assert "K7QF" not in sms(troubled(wording, voice, recovery=None))


@settings(deadline=None, max_examples=40)
@given(what=st.text(max_size=200), brand=st.text(max_size=60))
def test_whatever_a_company_writes_the_choice_is_asked_for(what: str, brand: str) -> None:
    for wording in ASKING:
        text = sms(troubled(wording, EVERY_VOICE[2], what=what, brand=with_brand(brand), link=LINK_OF_90))
        assert text.endswith(LINK_OF_90)
        assert is_gsm(text)
        assert segments(text) == 1
        assert re.search(r"\b1\b.*\b2\b", text.removesuffix(LINK_OF_90))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("🎉 Envío gratis", "Envio gratis"),
        ("Envío 🎉 gratis 👍🏽", "Envio gratis"),
        ("ação → já", "acao ja"),
        ("O’Neill · 10 €", "O'Neill - 10 €"),
        ("🎉", ""),
        ("🎉 -", ""),
        ("مجاني", ""),
        ("Прямо 20 €", ""),
        ("κρύο 20 €", ""),
        ("", ""),
    ],
)
def test_what_loses_letters_in_the_alphabet_is_not_said_at_all(text: str, said: str) -> None:
    assert sayable(text) == said


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", TITLED)
def test_a_decorated_title_is_quoted_without_its_decoration(wording: Wording, voice: Voice) -> None:
    text = sms(_any(wording, voice, what="🎉 «Envío gratis»"))
    assert '"Envio gratis"' in text or '"' not in text, text
    assert "  " not in text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("what", ["🎉", "مجاني", "Прямо 20 €", "…"])
@pytest.mark.parametrize("wording", TITLED)
def test_a_title_that_cannot_be_said_is_left_out_with_its_quotation_marks(
    wording: Wording, what: str, voice: Voice
) -> None:
    text = sms(_any(wording, voice, what=what))
    assert '"' not in text, text
    assert "20 €" not in text
    assert text.startswith("Acme: ")


@pytest.mark.parametrize("note", ["🎉", "مجاني", "Прямо 20 €"])
def test_a_note_that_cannot_be_said_is_left_out(note: str) -> None:
    voice = EVERY_VOICE[0]
    for view in (
        notice(Wording.UPDATE_NEWS, voice, news=(NewsLine(NOW, note),)),
        notice(Wording.CLOSING, voice, note=note),
        notice(Wording.CLAIM_CLOSED, voice, note=note, claim=ClaimView("ratified")),
    ):
        text = sms(view)
        assert re.search(r"^Acme: \w", text), text
        assert not re.search(r"20 €|  | \.|\.\.", text), text


def test_a_promiser_whose_name_cannot_be_said_is_not_named() -> None:
    text = sms(notice(Wording.UPDATE_NO_NEWS, EVERY_VOICE[0], promiser_name="Прямо", link="https://k.example/x"))
    assert "is on it" not in text
