"""The answer to a claim that is due, or late: who is told ahead of time, and what the customer may choose."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.messages import texts
from chalicelib.standards.published import published
from chalicelib.usecases.publish import publish
from tests.events import faults
from tests.http import Http, problem
from tests.unit.test_claim_page_http import link_in, shown
from tests.unit.test_claims import facts_of, in_review, raised, settled
from tests.unit.test_pages_http import nonce_in
from tests.unit.test_recovery_http import TROUBLE
from tests.world import World


@pytest.fixture
def http() -> Http:
    world = World(texts=texts)  # type: ignore[arg-type]
    world.rules = replace(world.rules, standards=published)
    return Http(world)


def until_due(http: Http, ref: str, before: timedelta) -> None:
    http.world.pass_time(http.world.promise(ref).due_at - before - http.world.system.time)


@pytest.mark.parametrize("ref", ["claim-1", "claim-2"])
def test_the_team_that_answers_is_told_ahead_and_once(http: Http, ref: str) -> None:
    raised(http) if ref == "claim-1" else in_review(http)
    until_due(http, ref, timedelta(hours=8, minutes=2))
    assert "TeamWarned" not in facts_of(http, http.world.promise(ref).id)
    until_due(http, ref, timedelta(minutes=1))
    publish(sorted(http.world.store.noted), http.world)
    events = [each for each in http.world.bus.events if each.type == "Team Warned" and each.detail["ref"] == ref]
    assert [each.detail["answer"] for each in events] == ["correction" if ref == "claim-1" else "review"]
    assert faults(events[0].type, {**events[0].detail, "id": events[0].id, "at": events[0].at.isoformat()}) == []
    told = [message for subject, message in http.world.operators.told if "a claim" in subject and ref in message]
    assert len(told) == 1
    assert "g@example.com" not in told[0]


def test_nobody_is_told_of_what_was_answered_in_time(http: Http) -> None:
    raised(http)
    http.post_event("promise.kept", {"ref": "claim-1"})
    until_due(http, "claim-1", timedelta(minutes=-5))
    assert "TeamWarned" not in http.world.facts()


def test_operators_are_told_once_more_when_they_could_not_be(http: Http) -> None:
    raised(http)
    until_due(http, "claim-1", timedelta(minutes=1))
    http.world.operators.available = False
    keys = sorted(http.world.store.noted)
    warned = next(key for key, fact in http.world.store.noted.items() if fact.name == "TeamWarned")
    assert publish(keys, http.world) == {warned}


def test_a_late_correction_cannot_be_cancelled_by_the_page_or_on_the_phone(http: Http) -> None:
    raised(http)
    until_due(http, "claim-1", timedelta(minutes=-2))
    path = link_in(http)
    page = shown(http, path)
    assert "anular" not in page
    assert "ancelar" not in page
    answer = http.press(path, action="cancel", nonce=nonce_in(page))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.body.decode()
    problem(http.post_event("call.made", {"ref": "claim-1", "outcome": "reached", "choice": "cancel"}), 409)
    assert http.world.promise("claim-1").status == "broken"


def test_a_recovery_that_the_company_tells_keeps_the_choice_in_the_claims_words(http: Http) -> None:
    raised(http)
    http.post_event("promise.at_risk", TROUBLE | {"ref": "claim-1", "case": "terms"})
    http.world.drain()
    text = http.world.email.delivered[-1].text
    assert "Prefiero dejarlo" in text
    assert "Cancelar mi pedido" not in text
    found = re.search(r"/(p\?t=[\w.\-]+&choose=cancel)\s", text)
    assert found
    page = shown(http, f"/{found[1]}")
    assert "Prefiero dejarlo" in page
    answer = http.press(f"/{found[1]}", action="cancel", nonce=nonce_in(page))
    assert answer.status_code == 200
    assert http.world.promise("claim-1").status == "cancelled"


def test_a_review_has_nothing_to_recover(http: Http) -> None:
    in_review(http)
    problem(http.post_event("promise.at_risk", TROUBLE | {"ref": "claim-2"}), 409)


def test_an_update_of_a_review_promises_nothing_but_an_answer(http: Http) -> None:
    in_review(http)
    http.post_event("promise.progressed", {"ref": "claim-2", "note": "Estamos leyendo el chat", "tell": "now"})
    http.world.drain()
    text = http.world.email.delivered[-1].text
    assert "Estamos leyendo el chat." in text
    assert "Lo estamos revisando. Te responderemos" in text
    assert "prometimos" not in text


def test_a_claim_that_was_not_confirmed_asks_nothing_and_takes_no_answer(http: Http) -> None:
    in_review(http)
    settled(http, "not_promised", "claim-2")
    path = link_in(http)
    page = shown(http, path)
    assert 'name="kept"' not in page
    assert http.press(path, action="answer", kept="no", nonce=nonce_in(page)).status_code == 409
    assert "FeedbackGiven" not in http.world.facts()


@pytest.mark.parametrize("finding", ["not_promised", "promised"])
def test_an_answer_that_comes_late_owns_it_whatever_it_is(http: Http, finding: str) -> None:
    in_review(http)
    until_due(http, "claim-2", timedelta(minutes=-2))
    settled(http, finding, "claim-2")
    assert "Tardamos más de lo que dijimos, y lo sentimos." in http.world.email.delivered[-1].text


def test_an_answer_in_time_owns_nothing(http: Http) -> None:
    in_review(http)
    settled(http, "not_promised", "claim-2")
    text = http.world.email.delivered[-1].text
    assert "no encontramos esta promesa" in text
    assert "Tardamos" not in text


def test_a_late_answer_that_is_reversed_before_it_was_told_owns_it_too(http: Http) -> None:
    in_review(http)
    until_due(http, "claim-2", timedelta(minutes=-2))
    for finding in ("not_promised", "promised"):
        http.post_event("claim.settled", {"ref": "claim-2", "finding": finding})
    http.world.drain()
    text = http.world.email.delivered[-1].text
    assert "Tienes razón" in text
    assert "Tardamos más de lo que dijimos, y lo sentimos." in text


def test_a_second_review_in_time_owns_nothing_of_the_first(http: Http) -> None:
    in_review(http)
    until_due(http, "claim-2", timedelta(minutes=-2))
    settled(http, "not_promised", "claim-2")
    path = link_in(http)
    form = f"{path.replace('/p?', '/k?')}&more=1"
    assert http.press(form, evidence="Ana lo dijo", nonce=nonce_in(shown(http, form))).status_code == 200
    http.world.drain()
    settled(http, "not_promised", "claim-2")
    text = http.world.email.delivered[-1].text
    assert "no encontramos esta promesa" in text
    assert "Tardamos" not in text


def test_the_page_shows_a_reversal_and_none_of_its_note(http: Http) -> None:
    raised(http)
    settled(http, "not_promised")
    settled(http, "promised", note="Ana lo recuerda")
    page = shown(http, link_in(http))
    assert "Lo volvimos a revisar, y mantenemos lo que te contaron." in page
    assert "Ana lo recuerda" not in page
