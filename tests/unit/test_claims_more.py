"""The forms of a claim: what does not fit is said at its field, nothing typed is lost, and more adds to it."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.notices import Outcome
from chalicelib.messages import texts
from chalicelib.standards.published import published
from tests.http import Http
from tests.unit.ledger_facts import count
from tests.unit.test_claim_page_http import link_in, made, shown
from tests.unit.test_claims import in_review, raised, settled
from tests.unit.test_pages_http import nonce_in
from tests.world import GEMMA, World


@pytest.fixture
def http() -> Http:
    world = World(texts=texts)  # type: ignore[arg-type]
    world.rules = replace(world.rules, standards=published)
    return Http(world)


def form_of(http: Http) -> tuple[str, str]:
    """Return the path of the claim form of a customer with a promise, and its nonce."""
    made(http)
    path = link_in(http).replace("/p?", "/k?")
    return path, nonce_in(shown(http, path))


def declined(http: Http) -> str:
    """Return the path by which the customer of a claim that was not confirmed sends more."""
    in_review(http)
    settled(http, "not_promised", "claim-2")
    found = re.search(r'href="(k\?t=[\w.\-]+)&amp;more=1"', shown(http, link_in(http)))
    assert found
    return f"/{found[1]}&more=1"


def test_the_same_form_with_other_words_is_another_claim(http: Http) -> None:
    path, nonce = form_of(http)
    for what in ("Envío gratis", "Envío gratis", "Envío gratis y un 10 % menos"):
        assert http.press(path, what=what, nonce=nonce).status_code == 200
    claims = [each.what for each in http.world.store.promises.values() if each.claim]
    assert claims == ["Envío gratis", "Envío gratis y un 10 % menos"]


@pytest.mark.parametrize(
    ("name", "most", "fault"),
    [
        ("what", 200, "en una frase corta"),
        ("by_whom", 80, "Pon un nombre o un equipo más corto."),
        ("when", 80, "Di cuándo fue en pocas palabras."),
        ("evidence", 4000, "Dilo con menos palabras"),
    ],
)
def test_each_field_says_how_much_it_holds_and_the_one_at_fault_is_named(
    http: Http, name: str, most: int, fault: str
) -> None:
    path, nonce = form_of(http)
    assert re.search(rf'name="{name}"[^>]* maxlength="{most}"', shown(http, path))
    given = {"what": "Envío gratis", "nonce": nonce}
    answer = http.press(path, **given | {name: "x" * (most + 1)})
    assert answer.status_code == 422
    html = answer.body.decode()
    assert re.findall(r'<li><a href="#(\w+)">', html) == [name]
    assert fault in html
    assert "x" * (most + 1) in html
    assert http.press(path, **given | {name: "x" * most}).status_code == 200


def test_more_adds_to_the_claim_and_it_is_looked_into_again_by_a_new_date(http: Http) -> None:
    path = declined(http)
    before = len(http.world.email.delivered)
    form = shown(http, path)
    assert re.findall(r'name="(what|by_whom|when|evidence)"', form) == ["evidence"]
    sent = [http.press(path, evidence="Adjunto el mensaje de Ana", nonce=nonce_in(form)) for _ in range(2)]
    assert [each.status_code for each in sent] == [200, 200]
    assert "Ya lo sumamos" in sent[0].body.decode()
    http.world.drain()
    promise = http.world.promise("claim-2")
    assert (promise.claim and promise.claim.status, promise.status) == ("in_review", "open")
    assert promise.due_at > http.world.system.now() + timedelta(days=4)
    assert len(http.world.store.promises) == 2
    told = http.world.email.delivered[before:]
    assert [each.subject.partition(": ")[2].partition(" a más")[0] for each in told] == ["te respondemos"]
    assert "con lo que nos mandaste" in told[0].text
    claim = http.read(f"/v1/claims/{promise.id}")["claim"]
    assert claim["added"] == ["Adjunto el mensaje de Ana"]


def test_what_is_looked_into_again_is_answered_again_and_counted_once(http: Http) -> None:
    path = declined(http)
    http.press(path, evidence="Adjunto el mensaje", nonce=nonce_in(shown(http, path)))
    http.world.drain()
    before = len(http.world.email.delivered)
    settled(http, "not_promised", "claim-2", note="El mensaje es de otra tienda.")
    assert "El mensaje es de otra tienda." in http.world.email.delivered[-1].text
    assert len(http.world.email.delivered) == before + 1
    count(http.world)
    claims = http.read("/v1/customers/c-99")["ledger"]["claims"]
    assert (claims["raised"], claims["not_promised"]) == (2, 2)


def test_more_that_says_nothing_or_comes_from_no_form_of_ours_changes_nothing(http: Http) -> None:
    path = declined(http)
    nonce = nonce_in(shown(http, path))
    before = dict(http.world.store.promises)
    assert http.press(path, evidence=" ", nonce=nonce).status_code == 422
    assert http.press(path, evidence="x" * 4001, nonce=nonce).status_code == 422
    expired = http.press(path, evidence="por chat", nonce="x")
    assert expired.status_code == 403
    assert "por chat" in expired.body.decode()
    assert http.world.store.promises == before


def test_there_is_nothing_to_add_to_what_is_no_claim(http: Http) -> None:
    path, nonce = form_of(http)
    assert http.get(f"{path}&more=1").status_code == 404
    assert http.press(f"{path}&more=1", evidence="por chat", nonce=nonce).status_code == 404


def test_the_page_of_a_claim_says_by_whom_and_when_in_the_customers_words(http: Http) -> None:
    path, nonce = form_of(http)
    http.press(path, what="Envío gratis", by_whom="Ana, de ventas", when="el martes", nonce=nonce)
    http.world.drain()
    page = shown(http, link_in(http))
    assert re.search(r"<dt>Quién lo prometió</dt>\s*<dd>Ana, de ventas</dd>", page)
    assert re.search(r"<dt>Cuándo</dt>\s*<dd>el martes</dd>", page)


def test_a_confirmation_that_may_have_arrived_goes_out_no_third_time_when_it_is_looked_into_again(http: Http) -> None:
    raised(http)
    settled(http, "not_promised")
    http.world.email.always_answer(GEMMA.email, Outcome.UNKNOWN)
    raised(http, ref="claim-2")
    http.world.pass_time(timedelta(minutes=1))
    settled(http, "not_promised", "claim-2")
    promise = http.world.promise("claim-2")
    found = re.search(r"/p(\?t=[\w.\-]+)", http.world.email.tried[-1].text)
    assert found
    path = f"/k{found[1]}&more=1"
    assert http.press(path, evidence="Adjunto", nonce=nonce_in(shown(http, path))).status_code == 200
    http.world.pass_time(timedelta(hours=2))
    tried = Counter(each.notice_id for each in http.world.email.tried)
    assert max(tried.values()) == 2
    assert [each for each in tried if each.startswith(f"{promise.id}:confirmation")] == [
        f"{promise.id}:confirmation:1",
        f"{promise.id}:confirmation:2",
    ]
