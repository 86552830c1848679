"""The promiser's page asks for one of three answers, needs no script, and loses nothing that was typed."""

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.entrypoints.check_in_form import read_check_in
from chalicelib.messages.texts import check_in_page
from tests.unit.notices import EVERY_VOICE, Voice, check_in
from tests.unit.test_page_promise import Outline, outline_of
from tests.world import World

ENGLISH, _, SPANISH, SPANISH_FORMAL, BRAZILIAN, PORTUGUESE, PORTUGUESE_INFORMAL = EVERY_VOICE
FIELDS = ["case", "reason", "done_so_far", "solution", "new_due_at", "offer_kind", "offer_text"]
LATE = {
    "answer": "late",
    "case": "terms",
    "reason": "Lost & found",
    "done_so_far": "Rang twice",
    "solution": "",
    "new_due_at": "2026-12-08T18:00",
    "offer_kind": "gift",
    "offer_text": "A cookie",
}


def opened(html: str) -> list[bool]:
    return ["open" in attributes for tag, attributes in outline_of(html).tags if tag == "details"]


def answers(html: str) -> list[str | None]:
    return [each["value"] for tag, each in outline_of(html).tags if tag == "button"]


def _of(outline: Outline, *tags: str) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in outline.tags if tag in tags]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_three_answers_each_a_form_with_the_nonce(voice: Voice) -> None:
    html = check_in_page(check_in(voice))
    outline = outline_of(html)
    assert answers(html) == ["on_track", "late", "done"]
    assert opened(html) == [False, False, False]
    assert [each["method"] for each in _of(outline, "form")] == ["post"] * 3
    hidden = [each for each in _of(outline, "input") if each["type"] == "hidden"]
    assert [(each["name"], each["value"]) for each in hidden] == [("nonce", "nonce-1")] * 3
    assert "Gemma Puig" in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_every_field_has_its_label_and_an_id_of_its_own(voice: Voice) -> None:
    outline = outline_of(check_in_page(check_in(voice)))
    controls = [each for each in _of(outline, "input", "select", "textarea") if each.get("type") != "hidden"]
    assert [each["name"] for each in controls] == ["word", *FIELDS, "word"]
    assert {each["for"] for each in _of(outline, "label")} == {each["id"] for each in controls}
    assert len(set(outline.ids)) == len(outline.ids)
    described = " ".join(str(each["aria-describedby"]) for each in controls if each.get("aria-describedby")).split()
    assert set(described) <= set(outline.ids)
    assert outline.headings == ["h1", "h2", "h3", "h3", "h3"]


@pytest.mark.parametrize("wanted", ["on_track", "late", "done"])
def test_the_answer_of_the_link_stands_open(wanted: str) -> None:
    html = check_in_page(check_in(ENGLISH, preselected=wanted))
    assert opened(html) == [each == wanted for each in ("on_track", "late", "done")]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_is_broken_is_not_on_track_any_more(voice: Voice) -> None:
    html = check_in_page(check_in(voice, is_broken=True, preselected="on_track", customer_name=None))
    assert answers(html) == ["late", "done"]
    assert opened(html) == [False, False]


def test_a_date_too_far_ahead_is_called_that() -> None:
    html = check_in_page(check_in(ENGLISH, given=LATE, errors={"new_due_at": "too_far"}))
    assert "The new date is more than ten years away." in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("code", ["missing", "too_long", "bad_date", "past", "too_far", "unheard_of"])
@pytest.mark.parametrize("field", FIELDS)
def test_a_fault_is_said_beside_its_field_and_at_the_top_with_a_link_to_it(field: str, code: str, voice: Voice) -> None:
    if code == "missing" or field in {"reason", "new_due_at"}:
        html = check_in_page(check_in(voice, given=LATE, errors={field: code}))
        outline = outline_of(html)
        assert [each["href"] for each in _of(outline, "a")] == [f"#{field}"]
        (faulty,) = (each for each in _of(outline, "input", "select", "textarea") if each.get("aria-invalid"))
        assert faulty["id"] == field
        assert f"{field}-fault" in str(faulty["aria-describedby"])
        assert opened(html) == [False, True, False]
        assert not re.search(rf"\b{code}\b|check_in\.|None|\{{", html.partition("</style>")[2].replace(f"#{field}", ""))


def test_the_faults_of_the_real_form_all_have_words() -> None:
    world = World()
    for form in ({}, {"answer": "late"}, LATE | {"reason": "x" * 2000, "new_due_at": "soon", "case": "?"}):
        errors = read_check_in(form, world.rules, world.system.now())
        assert isinstance(errors, dict)
        html = check_in_page(check_in(SPANISH, given=form, errors=errors))
        assert html.count('<li><a href="#') == len(errors)


def test_nothing_that_was_typed_is_lost() -> None:
    html = check_in_page(check_in(ENGLISH, given=LATE, errors={"solution": "missing"}))
    for typed in ("Lost &amp; found", "Rang twice", 'value="2026-12-08T18:00"', "A cookie"):
        assert typed in html
    for kept in ("terms", "gift"):
        assert f'<option value="{kept}" selected>' in html
    expired = check_in_page(check_in(ENGLISH, given={"answer": "done", "word": "It is there"}, form_expired=True))
    assert expired.count("It is there") == 1
    assert 'role="alert"' in expired
    assert opened(expired) == [False, False, True]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize(
    "state", [{"answered": "on_track"}, {"answered": "late"}, {"answered": "done"}, {"over": True}]
)
def test_after_the_answer_it_says_what_the_customer_gets_now_and_asks_no_more(state: Any, voice: Voice) -> None:
    html = check_in_page(check_in(voice, **state))
    outline = outline_of(html)
    assert "<form" not in html
    assert 'role="status"' in html
    assert outline.headings == ["h1"]
    assert not re.search(r"None|check_in\.|\{\w", html.partition("</style>")[2])


def test_an_answer_that_ended_the_promise_is_thanked_for() -> None:
    assert "Thank you" in check_in_page(check_in(ENGLISH, answered="done", over=True))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_promiser_is_spoken_to_as_a_colleague_in_every_brand(voice: Voice) -> None:
    for state in ({}, {"is_broken": True}, {"form_expired": True}, {"answered": "late"}):
        text = re.sub(r"<[^>]+>", " ", check_in_page(check_in(voice, what="X", **state)).partition("<body>")[2])
        if voice.tag.startswith("es"):
            assert not re.search(r"\b(usted|su|[Pp]ulse|[Ee]lija|prometió)\b", text), text
        if voice.tag == "pt-PT":
            assert not re.search(r"[Vv]ocê|\b(sua|suas|Prima|Escolha|prometeu)\b", text), text
        if voice.tag == "pt-BR":
            assert not re.search(r"\b(tua|tuas|Prime|Escolhe|escreveres)\b", text), text


def test_the_zone_of_the_new_date_is_named_beside_it() -> None:
    assert "In Madrid time." in check_in_page(check_in(ENGLISH))
    assert "No horário de Brasília." in check_in_page(check_in(BRAZILIAN, zone=ZoneInfo("America/Sao_Paulo")))


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=200))
def test_whatever_is_typed_comes_back_and_is_never_run(text: str) -> None:
    hostile = f"{text}</textarea><script>alert(1)</script>\"'><img src=x>"
    form = dict.fromkeys(FIELDS, hostile) | {"answer": "late", "word": hostile}
    view = check_in(ENGLISH, given=form, errors={"reason": "too_long"}, what=hostile, customer_name=hostile)
    assert not {"script", "img"} & {tag for tag, _ in outline_of(check_in_page(view)).tags}
