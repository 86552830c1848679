"""The page of a claim says how it stands in human words, and the claim form asks for no more than is needed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.messages.page_views import TimelineLine
from chalicelib.messages.texts import claim_page, promise_page
from tests.unit.claims_said import claim_form, claim_on_page
from tests.unit.notices import EVERY_VOICE, NOW, Voice, page
from tests.unit.test_messages_claims import BY_DUE, UNKIND
from tests.unit.test_page_promise import outline_of

ENGLISH, _, SPANISH, _, BRAZILIAN, PORTUGUESE, _ = EVERY_VOICE
LINK_TO_FORM = 'href="k?t=abc.def"'
STANDINGS = (
    ("ratified", None),
    ("ratified", "promised"),
    ("ratified", "not_promised"),
    ("in_review", None),
    ("declined", "not_promised"),
)


def words_of(html: str) -> str:
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize(("status", "finding"), STANDINGS)
def test_the_page_of_a_claim_is_whole(status: str, finding: str | None, voice: Voice) -> None:
    html = promise_page(claim_on_page(voice, status, finding))
    outline = outline_of(html)
    assert set(outline.headings) == {"h1", "h2"}
    assert len(set(outline.ids)) == len(outline.ids)
    assert {each["aria-labelledby"] for tag, each in outline.tags if tag == "section"} <= set(outline.ids)
    assert not re.search(r"None|fact\.|page\.|claim[._]|\{\w+\}", words_of(html))
    assert re.search(
        r"What you told us|Lo que nos contaste|Lo que nos contó|O que (você )?nos contou", html
    ) or re.search("O que nos contaste", html)
    assert "Marta" not in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_how_a_claim_stands_is_said_with_its_moment_once(voice: Voice) -> None:
    said = {
        re.findall(r"<p>(.*?)</p>", promise_page(claim_on_page(voice, status, finding)))[1]
        for status, finding in STANDINGS
    }
    assert len(said) == 4
    for status, finding in STANDINGS[:-1]:
        assert len(re.findall(BY_DUE, promise_page(claim_on_page(voice, status, finding)))) == 1


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize(("status", "finding"), STANDINGS[:-1])
def test_what_is_late_is_owned(status: str, finding: str | None, voice: Voice) -> None:
    late = {"status": "broken", "due_at": NOW - timedelta(days=1), "next_contact_at": NOW + timedelta(days=1)}
    html = promise_page(claim_on_page(voice, status, finding, **late))
    assert re.search(r"we are sorry|lo sentimos|sentimos muito|pedimos desculpa", html)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("finding", [None, "not_promised"])
def test_what_was_put_right_is_said_to_be_done_and_the_question_is_asked(finding: str | None, voice: Voice) -> None:
    view = claim_on_page(voice, "ratified", finding, status="kept", may_answer=True, next_contact_at=None)
    html = promise_page(view)
    assert re.search(r"it is done|ya está corregido|já está corrigido", html)
    assert 'name="kept"' in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_was_not_confirmed_is_told_kindly_with_a_way_to_tell_more_and_asks_nothing(voice: Voice) -> None:
    html = promise_page(claim_on_page(voice, "declined", "not_promised"))
    assert f"<p>{voice.note}.</p>" in html
    assert html.count(LINK_TO_FORM) == 1
    assert 'href="k?t=abc.def&amp;more=1"' in html
    assert 'name="kept"' not in html
    text = re.sub(r"<[^>]+>", " ", words_of(html).partition("<main>")[2])
    assert not re.search(UNKIND[voice.tag[:2]], text, re.IGNORECASE), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_was_found_inside_stays_inside_unless_the_customer_is_told(voice: Voice) -> None:
    def lines(finding: str) -> str:
        return promise_page(page(voice, timeline=(TimelineLine("ClaimSettled", NOW, {"finding": finding}, "a note"),)))

    assert "a note" not in lines("promised") + lines("unclear")
    assert "A note." in lines("not_promised")


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_each_answer_to_a_claim_is_told_by_what_it_said(voice: Voice) -> None:
    def told(name: str, wording: str, channel: str | None) -> str:
        data: dict[str, Any] = {"wording": wording} | ({"channel": channel} if channel else {})
        html = promise_page(page(voice, timeline=(TimelineLine(name, NOW, data),))).partition('id="timeline"')[2]
        assert html.count("<li>") == 1
        return re.findall(r"<p>(.*?)</p>", html)[0]

    said = {
        told(name, wording, channel)
        for name, wording in (
            ("ConfirmationSent", "claim_ratified"),
            ("ConfirmationSent", "claim_review"),
            ("ClosingSent", "claim_mistaken"),
        )
        for channel in ("email", "sms", None)
    }
    assert len(said) == 9
    assert told("FindingSent", "claim_ratified", "sms") in said
    assert told("FindingSent", "claim_mistaken_honoured", "email") in said
    assert told("ClosingSent", "closing", "email") not in said


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_every_page_has_the_way_to_the_form_at_its_foot_where_it_is_known(voice: Voice) -> None:
    assert LINK_TO_FORM in promise_page(page(voice, claim_link="k?t=abc.def")).partition("<footer>")[2]
    assert "<footer>" not in promise_page(page(voice))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_form_asks_for_one_thing_and_leaves_the_rest_free(voice: Voice) -> None:
    html = claim_page(claim_form(voice))
    outline = outline_of(html)
    assert dict(outline.tags)["html"]["lang"] == voice.tag
    assert outline.headings == ["h1"]
    named = [
        each["name"] for tag, each in outline.tags if tag in {"input", "textarea"} and each.get("type") != "hidden"
    ]
    assert named == ["what", "by_whom", "when", "evidence"]
    labels = {each.get("for") for tag, each in outline.tags if tag == "label"}
    assert labels == set(named)
    assert len(re.findall(r"\(optional\)|\(opcional\)", html)) == 3
    assert 'value="nonce-1"' in html
    assert voice.what in html
    assert not re.search(r"None|claim_page\.|\{\w+\}|<script", words_of(html))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("errors", [{"what": "missing"}, {"what": "too_long", "evidence": "too_long"}], ids=str)
def test_what_is_wrong_is_said_at_the_top_and_at_the_field_and_nothing_typed_is_lost(
    errors: dict[str, str], voice: Voice
) -> None:
    given_words = {"what": "VAT", "by_whom": "Ana", "when": "Tuesday", "evidence": "line one\nline two"}
    html = claim_page(claim_form(voice, errors=errors, given=given_words))
    outline = outline_of(html)
    assert html.count('role="alert"') == 1
    assert len(re.findall(r'<li><a href="#(what|evidence)">', html)) == len(errors)
    invalid = [each for _, each in outline.tags if "aria-invalid" in each]
    assert [each["id"] for each in invalid] == list(errors)
    assert all(set(str(each["aria-describedby"]).split()) <= set(outline.ids) for each in invalid)
    assert all(typed in html for typed in given_words.values())


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_form_that_expired_says_so_and_keeps_what_was_typed(voice: Voice) -> None:
    html = claim_page(claim_form(voice, form_expired=True, given={"what": "VAT included"}))
    assert 'role="alert"' in html
    assert "VAT included" in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_once_sent_it_thanks_and_says_that_an_answer_comes_whichever_it_is(voice: Voice) -> None:
    html = claim_page(claim_form(voice, sent=True))
    assert "<form" not in html
    assert 'role="status"' in html
    assert re.search(r"minute|minuto", html)
    assert "SMS" in html or "text message" in html
    title = re.search(r"<title>([^<·]+) · Acme", html)
    assert title
    assert re.search(r"Thank you|Gracias|Obrigado", title[1])


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=300))
def test_whatever_is_typed_stays_text(text: str) -> None:
    names = ("what", "by_whom", "when", "evidence")
    html = claim_page(claim_form(PORTUGUESE, about=text, given=dict.fromkeys(names, f"{text}</textarea><b>")))
    outline = outline_of(html)
    assert sum(tag in {"textarea", "input"} for tag, _ in outline.tags) == 5
    assert "b" not in {tag for tag, _ in outline.tags}
