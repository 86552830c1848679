"""The promise page is plain, valid and kind: what, by when, the next word, what happened, and one button."""

import base64
import hashlib
import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.messages.page_views import TimelineLine
from chalicelib.messages.texts import CSP, dead_link_page, promise_page
from chalicelib.messages.views import Brand
from tests.unit.notices import EVERY_VOICE, MADRID, NOW, Voice, page
from tests.unit.test_messages_mail import PROMISING

ENGLISH, _, SPANISH, _, BRAZILIAN, PORTUGUESE, _ = EVERY_VOICE
STATUSES = ("open", "broken", "kept", "withdrawn")
VOID = {"meta", "br", "input", "link", "img", "hr"}

FACTS = (
    *("PromiseMade", "ConfirmationSent", "ProgressNoted", "UpdateSent", "PromiseBroken", "OverdueSent", "PromiseKept"),
    *("ClosingSent", "PromiseWithdrawn", "WithdrawalSent", "Acknowledged", "CallRequired"),
    *("NoticeRefused", "NoticeUnknown", "NoticeGivenUp"),
)
CHANNELS = (
    {},
    {"channel": "email", "wording": "update_news"},
    {"channel": "sms", "wording": "update_no_news"},
    {"channel": "pigeon", "wording": "update_news"},
)
EVERY_FACT = tuple(
    TimelineLine(name, NOW - timedelta(hours=hour), data) for hour, (name, data) in enumerate(product(FACTS, CHANNELS))
)


class Outline(HTMLParser):
    """Checks that tags are balanced and keeps what an outline needs."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if attributes.get("id"):
            self.ids.append(str(attributes["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline_of(html: str) -> Outline:
    outline = Outline()
    outline.feed(html)
    assert outline.open == []
    return outline


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
@pytest.mark.parametrize("status", STATUSES)
def test_every_page_is_whole_and_in_order(status: str, attempt: bool, voice: Voice) -> None:
    for changed in ({}, {"acknowledged_at": NOW, "just_acknowledged": True}, {"form_expired": True}, {"timeline": ()}):
        html = promise_page(page(voice, status=status, is_attempt=attempt, **changed))
        outline = outline_of(html)
        assert html.startswith("<!doctype html>")
        assert outline.headings == ["h1", "h2", "h2"]
        assert len(set(outline.ids)) == len(outline.ids)
        assert {each["aria-labelledby"] for tag, each in outline.tags if tag == "section"} <= set(outline.ids)
        assert dict(outline.tags)["html"]["lang"] == voice.tag
        assert {"header", "main"} <= {tag for tag, _ in outline.tags}
        assert not re.search(r"None|fact\.|page\.|ack\.|\{\w+\}", html.partition("</style>")[2])


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_an_attempts_page_is_never_called_a_promise(voice: Voice) -> None:
    for status in STATUSES:
        html = promise_page(page(voice, is_attempt=True, status=status, timeline=EVERY_FACT))
        words = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
        assert not re.search(PROMISING[voice.tag[:2]], words, re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_every_fact_has_its_sentence(voice: Voice) -> None:
    for attempt in (False, True):
        html = promise_page(page(voice, is_attempt=attempt, timeline=EVERY_FACT))
        assert html.count("<li>") == len(EVERY_FACT)


def test_a_fact_without_words_is_left_out() -> None:
    html = promise_page(page(ENGLISH, timeline=(TimelineLine("ClockRung", NOW, {"lag": 12}),)))
    assert "ClockRung" not in html
    assert "Nothing has happened yet" in html


def test_the_timeline_is_in_the_customers_zone_latest_first() -> None:
    html = promise_page(page(BRAZILIAN, zone=ZoneInfo("America/Sao_Paulo")))
    times = re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', html)
    assert times[0] == ("2026-11-24T09:00-03:00", "Hoje às 9h")
    assert times[-1][1] == "Ontem às 11h"
    assert "Os horários desta página estão no horário de Brasília." in html


def test_of_two_facts_of_one_moment_the_later_stands_first() -> None:
    html = promise_page(
        page(ENGLISH, timeline=(TimelineLine("PromiseMade", NOW), TimelineLine("ConfirmationSent", NOW)))
    )
    assert html.index("We confirmed it to you") < html.index("We made you this promise")


def test_it_says_by_when_and_when_the_next_word_comes() -> None:
    html = promise_page(page(SPANISH))
    assert "Te lo prometimos para el viernes 4 de diciembre, a las 18:00." in html
    assert "Te volvemos a escribir mañana a las 15:00, haya novedades o no." in html


@pytest.mark.parametrize("status", ["kept", "withdrawn"])
def test_once_it_is_over_no_next_word_is_announced(status: str) -> None:
    assert "hear from us again" not in promise_page(page(ENGLISH, status=status))


def test_a_promise_kept_late_is_not_said_to_be_kept() -> None:
    late = (TimelineLine("PromiseKept", NOW),)
    html = promise_page(page(ENGLISH, status="kept", due_at=NOW - timedelta(hours=1), timeline=late))
    assert "later than we promised" in html
    assert "we kept our promise" not in html


def test_the_button_posts_to_the_same_address_with_its_nonce() -> None:
    tags = outline_of(promise_page(page(ENGLISH))).tags
    form = dict(tags)["form"]
    assert form == {"method": "post"}  # without an action it posts to its own address
    assert {each["name"]: each["value"] for tag, each in tags if tag == "input"} == {
        "action": "acknowledge",
        "nonce": "nonce-1",
    }
    assert "Got it, thank you</button>" in promise_page(page(ENGLISH))


def test_after_the_press_it_thanks_with_the_time_and_asks_no_more() -> None:
    html = promise_page(page(PORTUGUESE, acknowledged_at=NOW - timedelta(minutes=1), just_acknowledged=True))
    assert "avisou-nos hoje às 14h59." in html
    assert 'role="status"' in html
    assert "<form" not in html


def test_a_form_that_was_open_for_too_long_asks_for_another_press() -> None:
    html = promise_page(page(ENGLISH, form_expired=True))
    assert "Please press the button again." in html
    assert 'role="alert"' in html
    assert "<form" in html


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=300))
def test_whatever_a_company_writes_is_shown_and_never_run(text: str) -> None:
    hostile = f"{text}<script>alert(1)</script>\"'><img src=x>"
    line = TimelineLine("ProgressNoted", NOW, {}, hostile)
    view = page(ENGLISH, what=hostile, promiser_name=hostile, order=hostile, form_nonce=hostile, timeline=(line,))
    outline = outline_of(promise_page(view))
    assert not {"script", "img"} & {tag for tag, _ in outline.tags}


def test_the_policy_allows_this_style_sheet_and_nothing_else() -> None:
    for html in (promise_page(page(ENGLISH)), dead_link_page(None, Brand("Acme", MADRID))):
        (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in CSP
        assert " style=" not in html
        assert not re.search(r"<script|url\(|@import|src=", html)
    for rule in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in CSP


def _colours(name: str) -> list[str]:
    (style,) = re.findall(r"<style>(.*?)</style>", promise_page(page(ENGLISH)), re.DOTALL)
    return re.findall(rf"--{name}:\s*(#[0-9a-f]{{6}})", style)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("ink", "card"),
        ("ink", "paper"),
        ("quiet", "card"),
        ("quiet", "paper"),
        ("on-deed", "deed"),
        ("alert", "alert-paper"),
    ],
)
def test_words_stand_out_by_light_and_by_dark(ink: str, paper: str) -> None:
    pairs = list(zip(_colours(ink), _colours(paper), strict=True))
    assert len(pairs) == 2
    for front, back in pairs:
        light, dark = sorted((_luminance(front), _luminance(back)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3, level AA


@pytest.mark.parametrize(
    ("hint", "lang"),
    [(None, "pt-BR"), ("es-AR", "es-AR"), ("fr", "pt-BR"), ("pt", "pt-BR"), ("de, en-GB;q=0.8", "en-GB")],
)
def test_a_dead_link_speaks_the_hinted_language_or_the_brands_first_and_then_the_others(
    hint: str | None, lang: str
) -> None:
    outline = outline_of(html := dead_link_page(hint, Brand("Acme", MADRID, "pt-BR")))
    spoken = [str(each["lang"]) for _, each in outline.tags if each.get("lang")]
    assert spoken[0] == lang
    assert len({each[:2] + each[-2:] for each in spoken}) == 4
    assert outline.headings == ["h1", "h2"]
    assert "link" in html or "enlace" in html


def test_a_dead_link_gives_no_hint_why() -> None:
    html = dead_link_page("en", Brand("Acme", MADRID))
    assert not re.search(r"expir|invalid|tamper|signature|unknown|not found|old link", html.partition("</style>")[2])
