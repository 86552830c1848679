"""The timeline of a promise in trouble: what the customer lived through, in human words, and nothing internal."""

import re
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from chalicelib.messages.page_views import TimelineLine
from chalicelib.messages.texts import promise_page
from tests.unit.notices import EVERY_VOICE, NOW, Voice, page

ENGLISH = EVERY_VOICE[0]
CODE = "K7QF-M2XA-9TBC"

TOLD: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("PromiseAtRisk", {"by": by}) for by in ("no_answer", "promiser")),
    *(("PromiseBroken", data) for data in ({"told_before": 1}, {"by": "promiser", "case": "delay"})),
    *(
        (name, {"channel": channel} if channel else {})
        for name, channel in product(
            ("DoubtSent", "RecoverySent", "ReminderSent", "ChoiceConfirmed"), ("email", "sms", None)
        )
    ),
    *(
        ("ChoiceRecorded", {"choice": choice, "by": by})
        for choice, by in product(("stay", "cancel"), ("customer", "call", "silence"))
    ),
    ("ConcessionGranted", {"code": CODE, "kind": "gift"}),
    ("ConcessionVoided", {"code": CODE, "kind": "gift"}),
    ("ChoiceFinal", {"choice": "stay"}),
    *(("CallMade", {"outcome": outcome}) for outcome in ("reached", "no_answer")),
    *(("CallRequired", {"reason": reason}) for reason in ("no_answer", "silence", "no_channel", "other")),
    ("ReplyReceived", {"channel": "sms"}),
)


def timeline(voice: Voice, *lines: TimelineLine) -> str:
    return promise_page(page(voice, timeline=lines)).partition('id="timeline"')[2]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize(("name", "data"), TOLD, ids=str)
def test_each_fact_has_its_sentence(name: str, data: dict[str, Any], voice: Voice) -> None:
    html = timeline(voice, TimelineLine(name, NOW, data))
    assert html.count("<li>") == 1
    assert not re.search(r"None|fact\.|[{}]", html)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_what_differs_is_told_apart(voice: Voice) -> None:
    once = [data for name, data in TOLD if name == "ChoiceRecorded"]
    said = {re.sub(r"<[^>]+>", "", timeline(voice, TimelineLine("ChoiceRecorded", NOW, data))) for data in once}
    assert len(said) == 6


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("CheckInSent", {"channel": "email"}),
        ("CheckInAnswered", {"answer": "late"}),
        ("CheckInNotDelivered", {"notice": "p:check_in:1"}),
        ("NoticeRefused", {"notice": "p:check_in:1", "channel": "email"}),
        ("NoticeUnknown", {"notice": "p:check_in:2", "channel": "email"}),
        ("ConcessionGranted", {}),
    ],
)
def test_what_is_internal_is_left_out(name: str, data: dict[str, Any]) -> None:
    assert "<li>" not in timeline(ENGLISH, TimelineLine(name, NOW, data))


def test_the_reason_and_the_customers_own_words_are_shown() -> None:
    html = timeline(
        ENGLISH,
        TimelineLine("PromiseBroken", NOW - timedelta(hours=1), {"by": "promiser"}, "the truck was lost"),
        TimelineLine("ReplyReceived", NOW, {}, "call me <later>"),
    )
    assert "The truck was lost." in html
    assert "“call me &lt;later&gt;”" in html


def test_a_callers_note_is_for_colleagues() -> None:
    html = timeline(ENGLISH, TimelineLine("CallMade", NOW, {"outcome": "reached"}, "was rude"))
    assert "We spoke to you on the phone." in html
    assert "rude" not in html


def test_the_code_of_what_was_granted_is_named() -> None:
    assert CODE in timeline(ENGLISH, TimelineLine("ConcessionGranted", NOW, {"code": CODE}))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("name", ["ExpectationHeard", "ClaimRaised", "ClaimAdded", "ReplyReceived"])
def test_what_the_customer_typed_is_quoted_as_they_typed_it(name: str, voice: Voice) -> None:
    typed = "  a call\r\nby e.e. <cummings>,\n\n  no   capitals "
    html = timeline(voice, TimelineLine(name, NOW, {}, f"{typed}\u202e\n"))
    opening, closing = "«»" if voice.tag.startswith(("es", "pt-PT")) else "“”"
    shown = "a call\nby e.e. &lt;cummings&gt;,\n\n  no   capitals"
    assert f'<p class="words typed">{opening}{shown}{closing}</p>' in html


@pytest.mark.parametrize("nothing", [None, "", " \n\u202e\n "])
def test_where_nothing_was_typed_nothing_is_quoted(nothing: str | None) -> None:
    html = timeline(ENGLISH, TimelineLine("ClaimRaised", NOW, {}, nothing))
    assert not re.search(r"[“”]|words", html)


def test_line_breaks_that_were_typed_are_seen() -> None:
    assert re.search(r"\.typed \{[^}]*white-space: pre-wrap", promise_page(page(ENGLISH)))
