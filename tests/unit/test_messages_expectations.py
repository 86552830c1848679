"""What nobody promised is never called a promise: it is what the customer may rightly expect, and we own missing it."""

import re
from datetime import timedelta

import pytest

from chalicelib.messages.gsm import is_gsm
from chalicelib.messages.page_views import PageView, TimelineLine
from chalicelib.messages.texts import check_in_page, email, promise_page, segments, sms
from chalicelib.messages.views import NoticeView, Wording
from tests.unit.notices import (
    CANCELLED,
    EVERY_VOICE,
    LINK_OF_90,
    NOW,
    OURS,
    STAYED,
    TROUBLES,
    UNSTAYED,
    WORDINGS,
    Voice,
    check_in,
    chosen,
    notice,
    page,
    recovery,
    troubled,
)
from tests.unit.reader import read

# Stems of promising, and of what was agreed or accepted: nobody said anything, so nothing was.
PROMISED = {
    "en": r"promis|guarant|commit|pledg|our word|my word|agreed|kept it",
    "es": r"promet|promes|garant|compromet|compromis|nuestra palabra|acordado|acordamos|acept",
    "pt": r"promet|promes|garant|compromet|compromis|nossa palavra|combinad|aceit|que (lhe|te) demos",
}
CHECK_INS = (Wording.CHECK_IN, Wording.CHECK_IN_BROKEN, Wording.CHECK_IN_CONTESTED)
KEPT = r"\bkept\b(?!\.)|cumpl|cumpri"
EXPECTED = r"right to expect|they expected|cuenta con|contaba con|esperaba|conta com|contava com|esperava"


def expected(wording: Wording, voice: Voice, **changed: object) -> NoticeView:
    """A notice of what nobody promised."""
    say = troubled if wording in TROUBLES else notice
    return say(wording, voice, is_expectation=True, **changed)


def pages(voice: Voice) -> list[PageView]:
    """The page of what nobody promised, however it stands, with all that may have happened to it."""
    facts = (
        *("PromiseMade", "PromiseAtRisk", "PromiseBroken", "DoubtSent", "OverdueSent", "RecoverySent"),
        *("ReminderSent", "ChoiceFinal", "PromiseKept", "ClosingSent", "PromiseWithdrawn", "WithdrawalSent"),
    )
    timeline = (
        *(TimelineLine(name, NOW) for name in facts),
        TimelineLine("PromiseBroken", NOW, {"by": "promiser"}),
        *(TimelineLine("FeedbackGiven", NOW, {"answer": answer}) for answer in ("yes", "partly", "no")),
    )
    parts = {"is_expectation": True, "timeline": timeline, "claim_link": "k?t=abc.def"}
    late = NOW - timedelta(days=2)
    return [
        *(page(voice, status=each, **parts) for each in ("open", "at_risk", "broken", "withdrawn", "cancelled")),
        *(page(voice, status=each, recovery=recovery(voice), **parts) for each in ("at_risk", "broken")),
        page(voice, status="cancelled", recovery=chosen(voice, "cancel"), chosen_at=NOW, **parts),
        *(page(voice, status="kept", may_answer=True, due_at=due, **parts) for due in (late, NOW + timedelta(days=1))),
        page(voice, status="kept", may_answer=True, perceived="yes", **parts),
    ]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", UNSTAYED)
def test_no_message_calls_it_a_promise(wording: Wording, voice: Voice) -> None:
    for team in (voice.team, None):
        view = expected(wording, voice, promiser_name=team and "Marta", promiser_team=team)
        for text in (email(view).subject, email(view).text, sms(view)):
            assert not re.search(PROMISED[voice.tag[:2]], text, re.IGNORECASE), text
            assert not re.search(r"None|[{}]|\.expected|\.\.|  ", text.replace("...", "")), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_no_page_calls_it_a_promise(voice: Voice) -> None:
    for view in pages(voice):
        text = " ".join(read(promise_page(view)).seen)
        assert not re.search(PROMISED[voice.tag[:2]], text, re.IGNORECASE), (view.status, text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("customer", ["Gemma", None])
@pytest.mark.parametrize("wording", CHECK_INS)
def test_nobody_is_asked_for_a_promise_that_they_never_made(
    wording: Wording, customer: str | None, voice: Voice
) -> None:
    said = email(notice(wording, voice, is_expectation=True, customer_name=customer))
    for text in (said.subject, said.text):
        assert not re.search(f"{PROMISED[voice.tag[:2]]}|{KEPT}", text, re.IGNORECASE), text
    assert re.search(EXPECTED, said.text)
    assert (customer or "ustomer" if voice.tag.startswith("en") else customer or "cliente") in said.text
    stayed = email(notice(wording, voice, is_expectation=True, recovery=chosen(voice, "stay")))
    assert stayed == email(notice(wording, voice))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("customer", ["Gemma", None])
@pytest.mark.parametrize(
    "changed", [{}, {"over": True}, {"is_broken": True}, {"is_broken": True, "is_contested": True}], ids=str
)
def test_their_page_calls_it_what_the_customer_expects(
    changed: dict[str, bool], customer: str | None, voice: Voice
) -> None:
    html = check_in_page(check_in(voice, is_expectation=True, customer_name=customer, **changed))
    text = " ".join(read(html).seen)
    assert not re.search(f"{PROMISED[voice.tag[:2]]}|{KEPT}", text, re.IGNORECASE), text
    assert bool(re.search(EXPECTED, text)) is ("over" not in changed)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_it_is_said_to_be_what_the_customer_may_expect(voice: Voice) -> None:
    may = r"you can expect from us|lo que puedes? esperar de nosotros|o que (você )?podes? esperar de nós"
    assert re.search(may, email(expected(Wording.CONFIRMATION, voice)).text)
    assert re.search(may, " ".join(read(promise_page(pages(voice)[0])).seen), re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [Wording.OVERDUE, Wording.RECOVERY_DELAY_LATE, Wording.CLOSING_LATE])
def test_being_late_is_owned_like_a_broken_promise(wording: Wording, voice: Voice) -> None:
    text = email(expected(wording, voice)).text
    assert re.search(r"we (are|were) late|late with|llegamos tarde|atrasad|atrasa|atrasámo", text, re.IGNORECASE)
    assert re.search(r"sorry|lo sent|lo siento|sent?imos muito|sinto muito|desculpa", text, re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", STAYED)
def test_who_stays_is_given_a_promise_as_anybody_else(wording: Wording, voice: Voice) -> None:
    promised, renewed = troubled(wording, voice), expected(wording, voice)
    assert (email(renewed), sms(renewed)) == (email(promised), sms(promised))
    after = {"recovery": chosen(voice, "stay"), "next_contact_at": None, "note": None}
    closed = expected(Wording.CLOSING, voice, **after)
    assert email(closed) == email(notice(Wording.CLOSING, voice, **after))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_timeline_calls_it_a_promise_only_since_the_stay(voice: Voice) -> None:
    stayed = {"recovery": chosen(voice, "stay"), "chosen_at": NOW - timedelta(hours=1), "is_expectation": True}
    broken = {"by": "promiser"}
    before, after = (
        " ".join(read(promise_page(page(voice, timeline=(TimelineLine("PromiseBroken", at, broken),), **stayed))).seen)
        for at in (NOW - timedelta(hours=2), NOW)
    )
    told = r"We did not keep what we promised|No cumplimos lo que|Não cumprimos o que prometemos"
    assert not re.search(told, before)
    assert re.search(told, after)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", UNSTAYED)
def test_a_text_message_takes_one_part_with_everything_at_its_longest(wording: Wording, voice: Voice) -> None:
    soon = {"next_contact_at": NOW + timedelta(days=30)} if wording not in CANCELLED else {}
    for changed in ({}, {"link": LINK_OF_90}, OURS | {"what": "palabra " * 40, "note": None} | soon):
        text = sms(expected(wording, voice, **changed))
        assert is_gsm(text)
        assert segments(text) <= (2 if changed.get("zone") and wording.startswith("recovery_") else 1), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", UNSTAYED)
def test_the_register_is_held_and_sentences_are_short(wording: Wording, voice: Voice) -> None:
    unspoken = {
        "es-informal": r"\b(espera|contaba|puede|le|usted)\b",
        "es-MX-formal": r"\b(esperas|esperabas|contabas|puedes|te|contigo)\b",
        "pt-PT-formal": r"\b([Pp]odes|contavas|esperas|esperavas|contigo|te|você)\b",
        "pt-PT-informal": r"\b([Pp]ode|contava|espera|esperava|consigo|lhe|você)\b",
    }
    view = expected(
        wording, voice, what="VAT", note=None, news=(), recovery=None if wording in WORDINGS else recovery(voice)
    )
    text = email(view).text
    if found := unspoken.get(str(voice)):
        assert not re.search(found, text), text
    for sentence in re.split(r"(?<=[.?:])\s+", text):
        assert len(sentence.split()) < 25, sentence
