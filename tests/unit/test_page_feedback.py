"""The question at the end: asked by email and on the page, answered by one form, thanked for, and free to change."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.messages.page_views import PageView, TimelineLine
from chalicelib.messages.texts import email, promise_page, segments, sms
from chalicelib.messages.views import ClaimView, Wording
from tests.unit.notices import EVERY_VOICE, LINK, LINK_OF_90, NOW, Voice, notice, page
from tests.unit.reader import read
from tests.unit.test_messages_mail import PROMISING
from tests.unit.test_page_promise import outline_of

ENGLISH = EVERY_VOICE[0]
ANSWERS = ("yes", "partly", "no")
CLOSINGS = (Wording.CLOSING, Wording.CLOSING_LATE)
ASKED = {
    True: r"turn out as you hoped|[Qq]uedó como esperabas?|[Ff]icou como (você )?esperavas?",
    False: r"did we keep our word|cumplimos nuestra palabra|cumprimos a nossa palavra",
}

KINDS = (
    *({}, {"is_attempt": True}, {"is_expectation": True}),
    *({"claim": ClaimView("ratified", finding)} for finding in ("promised", "not_promised")),
)
# What only who agrees that it is done, and was kept, may be told.
INSISTING = {
    "en": r"we kept our promise|kept our word to you|>It is done|in time|and it is done",
    "es": r"cumplimos nuestra promesa|cumplimos la palabra|ya está|a tiempo",
    "pt": r"cumprimos a nossa promessa|cumprimos a palavra|conseguimos|está feito|já está|a tempo",
}


def ended(voice: Voice, **changed: Any) -> PageView:
    """The page of a promise that was kept."""
    return page(voice, **{"status": "kept", "may_answer": True, "next_contact_at": None} | changed)


def marked(html: str) -> list[str | None]:
    """The answers that stand marked on a page."""
    return [each["value"] for tag, each in outline_of(html).tags if tag == "input" and "checked" in each]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
@pytest.mark.parametrize("wording", CLOSINGS)
def test_a_closing_ends_with_the_question_and_a_link_for_each_answer(
    wording: Wording, attempt: bool, voice: Voice
) -> None:
    said = email(notice(wording, voice, is_attempt=attempt))
    reader = read(said.html)
    assert reader.links == [f"{LINK}&choose={answer}" for answer in ANSWERS]
    assert re.search(ASKED[attempt], said.text, re.IGNORECASE)
    texts = re.findall(rf"^(.+):\n{re.escape(LINK)}&choose=", said.text, re.MULTILINE)
    assert len(set(texts)) == 3


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", CLOSINGS)
def test_its_text_message_stays_one_part_and_has_the_link_alone(wording: Wording, voice: Voice) -> None:
    text = sms(notice(wording, voice, link=LINK_OF_90))
    assert segments(text) == 1
    assert text.endswith(f" {LINK_OF_90}")
    assert "choose" not in text


def test_nothing_else_that_is_said_asks_the_question() -> None:
    assert read(email(notice(Wording.WITHDRAWN, ENGLISH)).html).links == [LINK]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
def test_the_page_asks_by_one_form_with_three_answers_and_room_for_words(attempt: bool, voice: Voice) -> None:
    html = promise_page(ended(voice, is_attempt=attempt))
    outline = outline_of(html)
    assert re.search(ASKED[attempt], html, re.IGNORECASE)
    radios = [each for tag, each in outline.tags if tag == "input" and each.get("name") == "kept"]
    assert [each["value"] for each in radios] == list(ANSWERS)
    assert all("required" in each for each in radios)
    fields = {each.get("name"): each.get("value") for tag, each in outline.tags if tag == "input"}
    assert fields["nonce"] == "nonce-1"
    assert {("action", "answer")} <= {(each.get("name"), each.get("value")) for _, each in outline.tags}
    labels = {each.get("for") for tag, each in outline.tags if tag == "label"}
    areas = [each for tag, each in outline.tags if tag == "textarea"]
    assert [(each["name"], each["id"] in labels) for each in areas] == [("expected", True)]
    assert marked(html) == []
    assert not re.search(r"None|feedback\.|fact\.|\{\w+\}", html.partition("</style>")[2])


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_an_attempts_question_speaks_of_no_promise(voice: Voice) -> None:
    facts = tuple(TimelineLine("FeedbackGiven", NOW, {"answer": answer}) for answer in ANSWERS)
    for answer in (None, *ANSWERS):
        view = ended(voice, is_attempt=True, perceived=answer, just_answered=bool(answer), timeline=facts)
        words = re.sub(r"<style>.*?</style>", "", promise_page(view), flags=re.DOTALL)
        assert not re.search(PROMISING[voice.tag[:2]], words, re.IGNORECASE)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_link_marks_its_answer_and_gives_none(answer: str) -> None:
    html = promise_page(ended(ENGLISH, preselected=answer))
    assert marked(html) == [answer]
    assert "Press the button to send it" in html
    assert "Thank you for your answer" not in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_thanked_for_told_back_and_can_be_changed(answer: str, voice: Voice) -> None:
    html = promise_page(ended(voice, perceived=answer, just_answered=True))
    title = re.search(r"<title>([^<·]+) ·", html)
    assert title
    assert re.search(r"Thank you|Gracias|Agradecemos", title[1])
    assert html.count('role="status"') == 1
    assert marked(html) == [answer]
    assert "<details>" in html
    levels = [int(heading[1]) for heading in outline_of(html).headings]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("answer", ["no", "partly"])
@pytest.mark.parametrize("changed", KINDS, ids=str)
def test_who_says_that_it_was_not_all_kept_is_not_told_otherwise(
    changed: dict[str, Any], answer: str, voice: Voice
) -> None:
    for just_answered in (True, False):
        html = promise_page(ended(voice, perceived=answer, just_answered=just_answered, **changed))
        told = re.sub(r"<details.*?</details>", "", html.partition("</style>")[2], flags=re.DOTALL)
        title = re.search(r"<title>([^<]+)<", html)
        assert title
        for text in (title[1], told):
            assert not re.search(INSISTING[voice.tag[:2]], text, re.IGNORECASE), text
    assert re.search(INSISTING[voice.tag[:2]], promise_page(ended(voice, perceived="yes", **changed)), re.IGNORECASE)


@pytest.mark.parametrize("answer", ["no", "partly"])
def test_that_it_was_late_is_owned_whatever_is_answered(answer: str) -> None:
    facts = (TimelineLine("PromiseKept", NOW),)
    html = promise_page(ended(ENGLISH, perceived=answer, due_at=NOW - timedelta(days=1), timeline=facts))
    assert "later than we promised. We are sorry." in html


def test_who_says_no_reads_that_somebody_will_call() -> None:
    assert "going to call you" in promise_page(ended(ENGLISH, perceived="no", just_answered=True))
    assert "going to call you" not in promise_page(ended(ENGLISH, perceived="partly", just_answered=True))


def test_another_link_opens_the_form_with_the_other_answer_marked() -> None:
    html = promise_page(ended(ENGLISH, perceived="no", preselected="yes"))
    assert marked(html) == ["yes"]
    assert "<details open>" in html


def test_what_was_typed_is_kept_when_the_form_has_expired() -> None:
    view = ended(ENGLISH, preselected="partly", expected='a call <b>&"</b>', form_expired=True)
    html = promise_page(view)
    assert marked(html) == ["partly"]
    assert "a call &lt;b&gt;&amp;&#34;&lt;/b&gt;</textarea>" in html
    assert 'role="alert"' in html


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("perceived", [None, "no"])
def test_what_is_wrong_stands_beside_its_field_and_above_the_form(perceived: str | None, voice: Voice) -> None:
    wrong = {"kept": "missing", "expected": "too_long"}
    html = promise_page(ended(voice, perceived=perceived, expected="a call", errors=wrong))
    outline = outline_of(html)
    for name in wrong:
        (told,) = re.findall(rf'<p class="fault" id="{name}-fault">(.+?)</p>', html)
        assert f'<a href="#{name}">{told}</a>' in html
    invalid = [each for _, each in outline.tags if each.get("aria-invalid") == "true"]
    assert [each["id"] for each in invalid] == list(wrong)
    assert all(f"{each['id']}-fault" in (each["aria-describedby"] or "").split() for each in invalid)
    assert "a call</textarea>" in html
    assert html.count('role="alert"') == 1
    assert "<details>" not in html
    levels = [int(heading[1]) for heading in outline.headings]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("status", ["open", "broken", "withdrawn", "cancelled"])
def test_nothing_is_asked_before_the_end(status: str) -> None:
    assert 'name="kept"' not in promise_page(page(ENGLISH, status=status))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_timeline_tells_the_answer_and_the_customers_own_words(voice: Voice) -> None:
    lines = (
        *(TimelineLine("FeedbackGiven", NOW, {"answer": answer}) for answer in ANSWERS),
        TimelineLine("ExpectationHeard", NOW, {"language": "es"}, "a call\nbefore noon"),
        TimelineLine("CallRequired", NOW, {"reason": "not_kept"}),
    )
    html = promise_page(ended(voice, timeline=lines)).partition('id="timeline"')[2]
    said = set(re.findall(r"<p>(.*?)</p>", html))
    assert len(said) == 5
    assert "a call\nbefore noon" in html
