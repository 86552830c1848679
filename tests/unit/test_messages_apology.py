"""After a "no": the apology, the page and the phone say what we were told and whom we ask, without a reason yet."""

import re
from datetime import timedelta

import pytest

from chalicelib.messages import texts
from chalicelib.messages.page_views import PageView, TimelineLine
from chalicelib.messages.texts import call_script, check_in_page, email, promise_page, sms
from chalicelib.messages.views import CallView, Wording
from tests.http import Http
from tests.unit.after_no import a_world, closed
from tests.unit.notices import EVERY_VOICE, LINK, MADRID, NOW, Voice, check_in, page, troubled
from tests.unit.reader import read
from tests.unit.test_claim_page_http import shown
from tests.unit.test_messages_check_in import CHECK_INS
from tests.unit.test_page_feedback import marked
from tests.unit.test_pages_http import nonce_in

TOLD = r"[Yy]ou told us that we did not keep|[Nn]os dij(o|iste) que no cumplimos|([Dd]isse(ste)?-nos|nos disse) que não"
ASKING = r"(asking|preguntando|perguntando|perguntar) (a )?Marta"
ASKING_NOBODY_NAMED = r"person responsible|persona responsable|pessoa responsável"
SORRY = r"sorry|[Ll]o sentimos|[Ss]entimos muito|[Pp]edimos desculpa"
NOT_SPOKEN = {
    "es-informal": r"\b(le|su|usted|dijo)\b",
    "es-MX-formal": r"\b(te|tu|ti|dijiste|puedes)\b",
    "pt-PT-formal": r"\b(te|tua|disseste|podes|contigo)\b",
    "pt-PT-informal": r"\b(lhe|pode|preferir)\b",
}


def contested(voice: Voice, **changed: object) -> PageView:
    """The page of what a customer has just said no to."""
    parts = {"status": "broken", "may_answer": True, "may_cancel": True, "perceived": "no", "is_contested": True}
    return page(voice, **parts | changed)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_apology_says_what_we_were_told_is_sorry_asks_and_tells_the_next_word(voice: Voice) -> None:
    said = email(troubled(Wording.APOLOGY, voice))
    _, first, cancel, following, *_ = said.text.split("\n\n")
    assert voice.what in said.subject
    assert voice.what in first
    for part in (TOLD, SORRY, ASKING):
        assert re.search(part, first), first
    assert re.search(r"cancel", cancel)
    assert re.search(r"6 pm today|6 PM today|hoy a las 18:00|hoje às 18h(00)?", following), following
    assert read(said.html).links == [LINK]
    assert len(said.text.split()) < 120


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_no_promiser_signs_what_they_have_not_been_asked_yet(voice: Voice) -> None:
    for name, asked in (("Marta", ASKING), (None, ASKING_NOBODY_NAMED)):
        text = email(troubled(Wording.APOLOGY, voice, promiser_name=name)).text
        assert re.search(asked, text)
        assert text.count("Marta") == (1 if name else 0)
        assert "Marta" not in text.rstrip().rpartition("\n\n")[2]


@pytest.mark.parametrize("voice", [each for each in EVERY_VOICE if str(each) in NOT_SPOKEN], ids=str)
def test_the_register_is_held(voice: Voice) -> None:
    view = troubled(Wording.APOLOGY, voice, what="VAT", promiser_name=None)
    for text in (email(view).text, sms(view)):
        assert not re.search(NOT_SPOKEN[str(voice)], text), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_page_says_how_it_stands_and_lets_the_answer_be_changed_and_it_be_cancelled(voice: Voice) -> None:
    html = promise_page(contested(voice))
    seen = " ".join(read(html).seen)
    for part in (TOLD, SORRY, ASKING):
        assert re.search(part, seen), part
    assert marked(html) == ["no"]
    assert re.findall(r'name="action" value="(\w+)"', html) == ["answer", "cancel", "acknowledge"]
    assert not re.search(r"None|[{}]|page\.|apology\.|feedback\.", html.partition("</style>")[2])
    assert re.search(ASKING_NOBODY_NAMED, promise_page(contested(voice, promiser_name=None)))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_has_just_said_no_reads_whom_we_ask_and_of_no_call(voice: Voice) -> None:
    answer = promise_page(contested(voice, just_answered=True)).partition('id="feedback"')[2].partition("<details")[0]
    assert re.search(ASKING, answer)
    assert not re.search(r"call you|llamar|ligar", answer)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_timeline_tells_all_of_it(voice: Voice) -> None:
    lines = (
        TimelineLine("PromiseKept", NOW - timedelta(hours=2), {"late": 0}),
        TimelineLine("PromiseReopened", NOW, {"recovery": 1}),
        *(TimelineLine("ApologySent", NOW, {"channel": channel}) for channel in ("email", "sms", "pigeon")),
        TimelineLine("PromiseKept", NOW, {"late": 0, "by": "customer"}),
    )
    html = promise_page(page(voice, timeline=lines)).partition('id="timeline"')[2]
    assert len(set(re.findall(r"<p>(.*?)</p>", html))) == len(lines)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_finds_it_kept_after_all_is_not_told_that_it_was_late(voice: Voice) -> None:
    due = NOW - timedelta(hours=1)
    in_time = TimelineLine("PromiseKept", due - timedelta(hours=1), {"late": 0})
    found = TimelineLine("PromiseKept", NOW, {"late": 0, "by": "customer"})
    anew = TimelineLine("PromiseKept", NOW, {"late": 1})
    said = [
        promise_page(page(voice, status="kept", due_at=due, timeline=(in_time, last))).partition('id="timeline"')[0]
        for last in (found, anew)
    ]
    late = r"later than|más tarde|depois do prazo"
    assert [bool(re.search(late, each)) for each in said] == [False, True]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_promiser_is_asked_in_the_customer_s_words(voice: Voice) -> None:
    said = email(troubled(CHECK_INS[2], voice))
    assert read(said.html).links == [f"{LINK}&answer=late", f"{LINK}&answer=done"]
    assert re.search(r"Gemma (told|nos dijo|nos disse|disse-nos)", said.text)
    html = check_in_page(check_in(voice, is_broken=True, is_contested=True))
    assert re.search(r"asking you|preguntando|perguntando a você|perguntar", html)
    assert html != check_in_page(check_in(voice, is_broken=True))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_caller_asks_what_was_missed_and_may_record_that_it_is_cancelled(voice: Voice) -> None:
    view = CallView("apology", False, voice.tag, MADRID, page(voice).brand, NOW, voice.what, NOW)
    lines = call_script(view).splitlines()
    assert len(lines) == 3
    assert "?" in lines[1]
    assert "choice cancel" in lines[2]


def test_a_no_on_the_page_is_taken_up_before_the_customer_s_eyes() -> None:
    world = closed(a_world())
    world.texts = texts  # type: ignore[assignment]
    world.keep()
    http = Http(world)
    path = "/p?t=" + world.email.delivered[-1].text.rpartition("?t=")[2]
    nonce = nonce_in(shown(http, path))
    for _ in range(2):
        answer = http.press(path, action="answer", kept="no", nonce=nonce)
        assert answer.status_code == 200
        assert "Estamos preguntando a Ana qué pasó" in answer.body.decode()
    world.drain()
    assert world.email.delivered[-2].subject == "Tu pedido 1234 llega: lo sentimos, y estamos averiguando qué pasó"
    assert "¿Qué pasó?" in world.email.delivered[-1].subject
