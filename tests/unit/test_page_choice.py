"""The page gives the choice as it is: both ways alike, what silence means, and what was chosen until it is final."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.messages.page_views import PageView, TimelineLine
from chalicelib.messages.texts import promise_page, unavailable_page
from chalicelib.messages.views import Brand, OfferView
from tests.unit.notices import COMPANY, EVERY_VOICE, MADRID, NOW, Voice, chosen, page, recovery
from tests.unit.test_page_promise import outline_of

ENGLISH, _, SPANISH, SPANISH_FORMAL, BRAZILIAN, PORTUGUESE, PORTUGUESE_INFORMAL = EVERY_VOICE
EARLIER = NOW - timedelta(hours=2)
DEADLINE = r"Friday 27 November, 3 pm|Friday, November 27, 3 PM|viernes 27 de noviembre|sexta-feira, 27 de novembro"


def asked(voice: Voice, **changed: Any) -> PageView:
    """The page of a promise that will not be kept as it was made, with the choice open."""
    return page(voice, **{"status": "at_risk", "recovery": recovery(voice), "order": "1234"} | changed)


def stayed(voice: Voice, **changed: Any) -> PageView:
    """The page of a customer who chose to stay."""
    return page(voice, **{"recovery": chosen(voice, "stay"), "chosen_at": EARLIER, "order": "1234"} | changed)


def cancelled(voice: Voice, **changed: Any) -> PageView:
    """The page of a customer who chose to cancel."""
    parts = {"status": "cancelled", "recovery": chosen(voice, "cancel"), "chosen_at": EARLIER, "next_contact_at": None}
    return page(voice, **parts | {"order": "1234"} | changed)


def buttons(html: str) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in outline_of(html).tags if tag == "button"]


def actions(html: str) -> list[str | None]:
    return [each.get("value") for each in buttons(html) if each.get("name") == "action"]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2]).split())


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("status", ["at_risk", "broken"])
def test_an_open_choice_shows_what_happened_what_is_done_and_both_ways(status: str, voice: Voice) -> None:
    html = promise_page(asked(voice, status=status))
    for said in COMPANY[voice.tag[:2]]:
        assert said[1:].rstrip(".") in html.replace("&#39;", "'")
    assert actions(html) == ["stay", "cancel"]
    assert re.search(DEADLINE, words(html))
    assert "acknowledge" not in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_both_ways_are_buttons_alike_in_one_form_with_one_nonce(voice: Voice) -> None:
    html = promise_page(asked(voice))
    stay, cancel = buttons(html)
    assert stay.keys() == cancel.keys()
    assert stay.get("class") == cancel.get("class")
    assert stay["type"] == cancel["type"] == "submit"
    forms = [attributes for tag, attributes in outline_of(html).tags if tag == "form"]
    assert forms == [{"method": "post"}]
    inputs = [attributes for tag, attributes in outline_of(html).tags if tag == "input"]
    assert [(each["name"], each["value"]) for each in inputs] == [("nonce", "nonce-1")]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wanted", ["stay", "cancel"])
def test_the_way_of_the_link_comes_first_and_still_asks_for_a_press(wanted: str, voice: Voice) -> None:
    html = promise_page(asked(voice, preselected=wanted))
    assert actions(html)[0] == wanted
    assert len(actions(html)) == 2
    assert re.search(r"to confirm|para confirmar", words(html))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_after_staying_it_shows_when_the_reference_and_the_code_and_lets_them_cancel(voice: Voice) -> None:
    html = promise_page(stayed(voice, just_chosen=True))
    for told in ("K7QFM2XA-1", "K7QF-M2XA-9TBC", COMPANY[voice.tag[:2]][3]):
        assert told in html
    assert re.search(r"today at 1 (pm|PM)|hoy a las 13:00|hoje às 13h", words(html))
    assert actions(html) == ["cancel"]
    assert 'role="status"' in html
    title = re.search(r"<title>([^<]+)</title>", html)
    assert title
    assert voice.what not in title[1]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_after_cancelling_it_shows_the_reference_and_lets_them_stay_after_all(voice: Voice) -> None:
    html = promise_page(cancelled(voice))
    assert "K7QFM2XA-1" in html
    assert "K7QF-M2XA-9TBC" not in html
    assert actions(html) == ["stay"]
    assert not re.search(r"hear from us again|volvemos a escribir|Voltamos a escrever", html)
    assert "acknowledge" not in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_final_choice_says_so_and_has_no_button(voice: Voice) -> None:
    for view in (
        stayed(voice, recovery=chosen(voice, "stay", may_change=False)),
        cancelled(voice, recovery=chosen(voice, "cancel", may_change=False)),
    ):
        html = promise_page(view)
        assert actions(html) == []
        assert re.search(r"is final|es definitiva|é definitiva", words(html))


@pytest.mark.parametrize("status", ["kept", "withdrawn"])
def test_once_the_promise_is_over_nothing_is_left_to_choose(status: str) -> None:
    assert actions(promise_page(stayed(ENGLISH, status=status))) == []
    assert actions(promise_page(asked(ENGLISH, status=status))) == []


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_silence_decided_is_not_called_the_customers_choice(voice: Voice) -> None:
    silent = (
        TimelineLine("ChoiceRecorded", EARLIER - timedelta(hours=1), {"choice": "cancel", "by": "customer"}),
        TimelineLine("ChoiceRecorded", EARLIER, {"choice": "stay", "by": "silence"}),
    )
    html = words(promise_page(stayed(voice, timeline=silent)))
    assert re.search(r"no answer from you|No tuvimos respuesta|Não tivemos resposta", html)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_broke_without_a_word_can_be_cancelled_or_acknowledged(voice: Voice) -> None:
    html = promise_page(page(voice, status="broken", may_cancel=True, order="1234"))
    assert actions(html) == ["cancel"]
    assert 'value="acknowledge"' in html
    after = promise_page(page(voice, status="cancelled", chosen_at=NOW, just_chosen=True, next_contact_at=None))
    assert actions(after) == []
    assert 'role="status"' in after


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_press_that_comes_too_late_is_told_how_it_stands(voice: Voice) -> None:
    html = promise_page(cancelled(voice, recovery=chosen(voice, "cancel", may_change=False), too_late=True))
    assert re.search(r"no longer be changed|ya no se puede cambiar|já não pode ser mudado", html)
    assert 'role="alert"' in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_an_expired_form_asks_to_choose_again(voice: Voice) -> None:
    html = promise_page(asked(voice, form_expired=True))
    assert re.search(r"choose again|Eli(ge|ja) otra vez|Escolha de novo|Escolh[ae] outra vez", html)
    assert html.count('role="alert"') == 1
    assert actions(html) == ["stay", "cancel"]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_doubt_is_said_plainly_and_asks_nothing_but_whether_it_was_read(voice: Voice) -> None:
    html = promise_page(page(voice, status="at_risk"))
    assert re.search(r"nobody|nadie|ninguém", html)
    assert actions(html) == []
    assert 'value="acknowledge"' in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_every_page_of_a_choice_is_whole_and_its_headings_are_in_order(voice: Voice) -> None:
    undated = recovery(voice, new_due_at=None, decide_by=None, offer=OfferView("Regalo"))
    views = [
        asked(voice),
        asked(voice, recovery=undated),
        asked(voice, preselected="cancel", form_expired=True),
        stayed(voice),
        stayed(voice, just_chosen=True),
        stayed(voice, chosen_at=None),
        cancelled(voice),
        cancelled(voice, just_chosen=True),
        cancelled(voice, recovery=None),
        page(voice, status="broken", may_cancel=True),
        page(voice, status="at_risk"),
    ]
    for html in map(promise_page, views):
        outline = outline_of(html)
        assert outline.headings[0] == "h1"
        assert outline.headings.count("h1") == 1
        steps = [int(each[1]) for each in outline.headings]
        assert all(after - before <= 1 for before, after in pairwise(steps))
        assert len(set(outline.ids)) == len(outline.ids)
        described = {each.get("aria-describedby") for tag, each in outline.tags} - {None}
        assert described <= set(outline.ids)
        assert not re.search(r"None|choice\.|page\.|\{\w+\}", html.partition("</style>")[2])


def test_each_register_is_kept() -> None:
    tu, usted = r"\b([Tt]e|tu|ti|puedes|sigues|cancelas|pulses|dices)\b", r"\b([Ll]e|su|usted|puede|cancela|pulse)\b"
    for view, other in ((asked, usted), (stayed, usted), (cancelled, usted)):
        assert not re.search(other, words(promise_page(view(SPANISH, what="X", order=None))))
        assert not re.search(tu, words(promise_page(view(SPANISH_FORMAL, what="X", order=None))))
        polite = words(promise_page(view(PORTUGUESE, what="X", timeline=())))
        close = words(promise_page(view(PORTUGUESE_INFORMAL, what="X", timeline=())))
        assert not re.search(r"[Vv]ocê|-te\b|\btua\b|\bteu\b|\bpodes\b|continuares|cancelares", polite)
        assert not re.search(r"[Vv]ocê|lhe\b|\bsua\b|\bseu\b|[Pp]ode decidir|Se continuar,|Se cancelar,", close)


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=200))
def test_whatever_a_company_writes_is_shown_and_never_run(text: str) -> None:
    hostile = f"{text}<script>alert(1)</script>\"'><img src=x>"
    found = recovery(ENGLISH, reason=hostile, done_so_far=hostile, solution=hostile, offer=OfferView(hostile, hostile))
    for view in (asked(ENGLISH, recovery=found), stayed(ENGLISH, recovery=replace(found, choice="stay"))):
        outline = outline_of(promise_page(view))
        assert not {"script", "img"} & {tag for tag, _ in outline.tags}


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_when_something_is_down_the_page_says_that_nothing_is_lost(voice: Voice) -> None:
    html = unavailable_page(voice.tag, Brand("Acme", MADRID))
    assert re.search(r"Nothing is lost|No se ha perdido nada|Nada se perdeu", html)
    assert outline_of(html).headings == ["h1", "h2"]
    assert dict(outline_of(html).tags)["html"]["lang"] == voice.tag
