"""The claim form and the question at the end over HTTP, in the words that customers read."""

import re
from datetime import timedelta

import pytest

from chalicelib.messages import texts
from chalicelib.usecases.open_page import FORM_LIFE
from tests.http import Http
from tests.unit.test_pages_http import nonce_in
from tests.unit.test_webhooks_http import MADE
from tests.world import World


@pytest.fixture
def http() -> Http:
    return Http(World(texts=texts))  # type: ignore[arg-type]


def link_in(http: Http, ending: str = "") -> str:
    """Return the path of a link in the latest email."""
    found = re.search(rf"/(p\?t=[\w.\-]+{ending})\s", http.world.email.delivered[-1].text)
    assert found
    return f"/{found[1]}"


def shown(http: Http, path: str) -> str:
    response = http.get(path)
    assert response.status_code == 200
    return response.body.decode()


def made(http: Http) -> None:
    http.post_event("promise.made", MADE)
    http.world.drain()


def kept(http: Http) -> None:
    made(http)
    http.post_event("promise.kept", {"ref": "order-1234"})
    http.world.drain()


def test_the_promise_page_leads_to_the_form_and_the_form_to_an_answer_by_message(http: Http) -> None:
    made(http)
    page = shown(http, link_in(http))
    found = re.search(r'<a href="(k\?t=[\w.\-]+)">', page)
    assert found
    path = f"/{found[1]}"
    form = shown(http, path)
    sent = http.press(path, what="Envío gratis", by_whom="Ana", nonce=nonce_in(form))
    assert sent.status_code == 200
    assert "En un minuto más o menos te diremos" in sent.body.decode()
    http.world.drain()
    told = http.world.email.delivered[-1]
    assert told.subject == "Tienes razón: «Envío gratis»"
    assert "te creemos" in told.text


def test_what_was_typed_is_shown_again_with_what_is_wrong(http: Http) -> None:
    made(http)
    path = link_in(http).replace("/p?", "/k?")
    answer = http.press(path, what=" ", by_whom="Ana", nonce=nonce_in(shown(http, path)))
    assert answer.status_code == 422
    assert 'value="Ana"' in answer.body.decode()
    assert "Escribe qué te prometimos." in answer.body.decode()


def test_a_claim_form_that_expired_keeps_every_word(http: Http) -> None:
    made(http)
    path = link_in(http).replace("/p?", "/k?")
    nonce = nonce_in(shown(http, path))
    http.world.pass_time(FORM_LIFE + timedelta(minutes=1))
    answer = http.press(path, what="Envío gratis", evidence="por chat", nonce=nonce)
    assert answer.status_code == 403
    html = answer.body.decode()
    assert "Envío gratis" in html
    assert "por chat" in html
    assert http.press(path, what="Envío gratis", evidence="por chat", nonce=nonce_in(html)).status_code == 200


def test_the_links_of_a_closing_mark_an_answer_which_a_press_gives(http: Http) -> None:
    kept(http)
    before = len(http.world.facts())
    path = link_in(http, "&choose=partly")
    page = shown(http, path)
    assert re.search(r'value="partly" required checked', page)
    assert len(http.world.facts()) == before
    answer = http.press(path, action="answer", kept="partly", expected="una llamada", nonce=nonce_in(page))
    assert answer.status_code == 200
    assert "Gracias por tu respuesta" in answer.body.decode()
    assert http.world.facts()[-2:] == ["FeedbackGiven", "ExpectationHeard"]
    assert "«una llamada»" in shown(http, path)


def test_words_without_an_answer_are_kept_and_the_answer_is_asked_for(http: Http) -> None:
    kept(http)
    path = link_in(http, "&choose=yes").partition("&")[0]
    answer = http.press(path, action="answer", expected="una <b>llamada</b>", nonce=nonce_in(shown(http, path)))
    assert answer.status_code == 422
    html = answer.body.decode()
    assert "Elige una de las tres respuestas." in html
    assert "una &lt;b&gt;llamada&lt;/b&gt;</textarea>" in html
    assert "FeedbackGiven" not in http.world.facts()
    again = http.press(path, action="answer", kept="yes", expected="una llamada", nonce=nonce_in(html))
    assert again.status_code == 200
    assert http.world.facts()[-2:] == ["FeedbackGiven", "ExpectationHeard"]


def test_words_that_are_too_long_are_kept_whole_and_nothing_is_cut(http: Http) -> None:
    kept(http)
    path = link_in(http, "&choose=no")
    nonce = nonce_in(shown(http, path))
    long = "ñ" * 1001
    answer = http.press(path, action="answer", kept="no", expected=long, nonce=nonce)
    assert answer.status_code == 422
    html = answer.body.decode()
    assert f"{long}</textarea>" in html
    assert re.search(r'value="no" required checked', html)
    assert "1000 caracteres" in html
    assert "FeedbackGiven" not in http.world.facts()
    assert http.press(path, action="answer", kept="no", expected=long[1:], nonce=nonce).status_code == 200
    assert next(fact.text for fact in http.world.store.noted.values() if fact.name == "ExpectationHeard") == long[1:]


@pytest.mark.parametrize("said", [{}, {"kept": "maybe", "expected": "x"}, {"kept": "yes", "expected": "x" * 1001}])
def test_an_answer_that_is_not_right_before_the_end_finds_nothing_to_answer(http: Http, said: dict[str, str]) -> None:
    made(http)
    path = link_in(http)
    answer = http.press(path, action="answer", nonce=nonce_in(shown(http, path)), **said)
    assert answer.status_code == 409
    assert 'name="kept"' not in answer.body.decode()


def test_an_answer_on_a_form_that_expired_is_not_lost(http: Http) -> None:
    kept(http)
    path = link_in(http, "&choose=yes")
    nonce = nonce_in(shown(http, path))
    http.world.pass_time(FORM_LIFE + timedelta(minutes=1))
    answer = http.press(path, action="answer", kept="no", expected="una llamada", nonce=nonce)
    assert answer.status_code == 403
    html = answer.body.decode()
    assert re.search(r'value="no" required checked', html)
    assert "una llamada</textarea>" in html
    assert "FeedbackGiven" not in http.world.facts()
