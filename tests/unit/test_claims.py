"""Standing by the word given: claims are believed first, investigated after; and the question at the end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.feedback import Perceived
from chalicelib.standards.published import published
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Feedback, TooLate, press
from tests.http import Http, fields, problem
from tests.unit.test_webhooks_http import CUSTOMER, MADE
from tests.world import World

CLAIM: dict[str, Any] = {
    "ref": "claim-1",
    "customer": CUSTOMER,
    "promised_by": {"ref": "seller-7", "name": "Ana", "team": "sales"},
    "what": "El precio incluye el IVA",
    "about": {"order": "1234", "amount": "25.20", "currency": "EUR"},
    "evidence": "Me lo dijo por teléfono el martes",
}


@pytest.fixture
def http() -> Http:
    return Http(World())


def raised(http: Http, **changes: Any) -> Any:
    response = http.post_event("claim.raised", CLAIM | changes)
    assert response.status_code == 202, response.body
    http.world.drain()
    return response.json_body


def settled(http: Http, finding: str, ref: str = "claim-1", note: str = "lo vimos en el chat") -> Any:
    response = http.post_event("claim.settled", {"ref": ref, "finding": finding, "note": note})
    assert response.status_code == 202, response.body
    http.world.drain()
    return response.json_body


def facts_of(http: Http, claim_id: str) -> list[str]:
    return [line["fact"] for line in http.read(f"/v1/claims/{claim_id}")["timeline"]]


def test_a_claim_is_believed_at_once_and_becomes_a_promise(http: Http) -> None:
    answer = raised(http)
    assert answer["claim"]["status"] == "ratified"
    assert answer["promise"]["status"] == "open"
    assert http.world.heard() == ["claim_ratified"]
    seen = http.read(f"/v1/claims/{answer['claim']['id']}")
    ratified = next(line for line in seen["timeline"] if line["fact"] == "ClaimRatified")
    assert {"order": "1234", "amount_minor": 2520, "currency": "EUR"}.items() <= ratified["data"].items()


def test_the_correction_is_kept_like_any_promise(http: Http) -> None:
    raised(http)
    http.post_event("promise.kept", {"ref": "claim-1", "note": "la factura está corregida"})
    http.world.drain()
    assert http.world.heard() == ["claim_ratified", "claim_closed"]


def test_a_correction_that_does_not_come_is_told_like_any_broken_promise(http: Http) -> None:
    raised(http)
    http.world.pass_time(http.world.promise("claim-1").due_at - http.world.system.time)
    http.world.pass_time(http.world.rules.shortest_rhythm)
    assert http.world.heard() == ["claim_ratified", "claim_late"]


def test_a_claim_has_the_rhythm_of_the_standard_that_answers_it(http: Http) -> None:
    http.world.rules = replace(http.world.rules, standards=published)
    assert raised(http)["promise"]["next_contact_at"] == "2026-11-25T09:00:00+00:00"
    http.world.pass_time(timedelta(days=1, minutes=1))
    assert http.world.heard() == ["claim_ratified", "update_no_news"]
    settled(http, "not_promised")
    review = raised(http, ref="claim-2")
    assert review["promise"]["next_contact_at"] == "2026-11-27T09:01:00+00:00"
    assert settled(http, "unclear", ref="claim-2")["promise"]["next_contact_at"] == "2026-11-26T09:01:00+00:00"


def test_a_finding_that_it_was_promised_stays_internal(http: Http) -> None:
    claim_id = raised(http)["claim"]["id"]
    answer = settled(http, "promised")
    assert answer["claim"]["finding"] == "promised"
    assert http.world.heard() == ["claim_ratified"]
    assert facts_of(http, claim_id)[-1] == "ClaimSettled"


def test_a_claim_found_mistaken_is_told_kindly_honoured_and_makes_the_next_one_a_review(http: Http) -> None:
    raised(http)
    settled(http, "not_promised")
    assert http.world.heard() == ["claim_ratified", "claim_mistaken_honoured"]
    assert http.world.promise("claim-1").status == "open"
    answer = raised(http, ref="claim-2")
    assert answer["claim"]["status"] == "in_review"
    assert http.world.heard()[-1] == "claim_review"


def in_review(http: Http) -> str:
    raised(http)
    settled(http, "not_promised")
    return str(raised(http, ref="claim-2")["claim"]["id"])


@pytest.mark.parametrize("finding", ["promised", "unclear"])
def test_a_review_that_favours_the_customer_ratifies(http: Http, finding: str) -> None:
    claim_id = in_review(http)
    answer = settled(http, finding, "claim-2")
    assert answer["claim"]["status"] == "ratified"
    assert http.world.heard()[-1] == "claim_ratified"
    assert "ClaimRatified" in facts_of(http, claim_id)


def test_a_review_that_finds_no_promise_answers_kindly_and_is_closed(http: Http) -> None:
    in_review(http)
    answer = settled(http, "not_promised", "claim-2")
    assert answer["claim"]["status"] == "declined"
    assert answer["promise"]["status"] == "kept"
    assert http.world.heard()[-1] == "claim_mistaken"


def test_the_date_of_a_review_is_kept_even_without_an_answer(http: Http) -> None:
    in_review(http)
    http.world.pass_time(http.world.promise("claim-2").due_at - http.world.system.time)
    http.world.pass_time(http.world.rules.shortest_rhythm)
    assert http.world.heard()[-1] == "claim_review_late"


def test_a_finding_can_be_reversed_and_the_reversal_is_recorded(http: Http) -> None:
    claim_id = in_review(http)
    settled(http, "not_promised", "claim-2")
    answer = settled(http, "promised", "claim-2")
    assert (answer["claim"]["status"], answer["promise"]["status"]) == ("ratified", "open")
    assert http.world.heard()[-1] == "claim_right"
    settlements = [line["data"] for line in http.read(f"/v1/claims/{claim_id}")["timeline"] if "before" in line["data"]]
    assert [(each["before"], each["finding"]) for each in settlements] == [("not_promised", "promised")]
    settled(http, "promised", "claim-1")
    assert raised(http, ref="claim-3")["claim"]["status"] == "ratified"


def test_the_same_finding_again_changes_nothing(http: Http) -> None:
    claim_id = raised(http)["claim"]["id"]
    settled(http, "promised")
    settled(http, "promised")
    assert facts_of(http, claim_id).count("ClaimSettled") == 1


def test_what_is_no_claim_cannot_be_settled(http: Http) -> None:
    http.post_event("promise.made", MADE)
    problem(http.post_event("claim.settled", {"ref": "order-1234", "finding": "promised"}), 409)
    problem(http.post_event("claim.settled", {"ref": "none", "finding": "promised"}), 404)
    assert fields(http.post_event("claim.settled", {"ref": "claim-1", "finding": "perhaps"})) == {"data.finding"}
    problem(http.get("/v1/claims/none", {"Authorization": "Bearer read-key"}), 404)


def test_the_same_claim_told_twice_is_one_claim(http: Http) -> None:
    raised(http)
    raised(http)
    problem(http.post_event("claim.raised", CLAIM | {"what": "Otra cosa"}), 409)
    assert http.world.heard() == ["claim_ratified"]


# The question at the end


def kept(http: Http) -> str:
    """Return the token of a promise's closing."""
    http.post_event("promise.made", MADE)
    http.post_event("promise.kept", {"ref": "order-1234"})
    http.world.drain()
    return http.world.email.delivered[-1].text.rpartition("?t=")[2]


def answered(world: World, token: str, perceived: Perceived, expected: str | None = None) -> None:
    view = press(token, open_page(token, world).form_nonce, Feedback(perceived, expected), world)
    assert view.just_answered


def test_the_customers_answer_and_their_words_are_kept(http: Http) -> None:
    token = kept(http)
    answered(http.world, token, Perceived.PARTLY, "esperaba una llamada")
    answered(http.world, token, Perceived.PARTLY, "esperaba una llamada")
    facts = [(fact.name, fact.text) for fact in http.world.store.noted.values()][-2:]
    assert facts == [("FeedbackGiven", None), ("ExpectationHeard", "esperaba una llamada")]
    assert open_page(token, http.world).perceived == "partly"


def test_a_no_wakes_a_person_once(http: Http) -> None:
    token = kept(http)
    answered(http.world, token, Perceived.NO)
    answered(http.world, token, Perceived.NO)
    assert http.world.facts().count("CallRequired") == 1


def test_nothing_is_asked_before_the_end(http: Http) -> None:
    http.post_event("promise.made", MADE)
    http.world.drain()
    token = http.world.email.delivered[-1].text.rpartition("?t=")[2]
    with pytest.raises(TooLate):
        answered(http.world, token, Perceived.YES)


# The claim page


def opened(http: Http) -> tuple[str, str]:
    """Return the address of the claim page of a customer with a promise, and its form's nonce."""
    http.post_event("promise.made", MADE)
    http.world.drain()
    path = "/k?t=" + http.world.email.delivered[-1].text.rpartition("?t=")[2]
    return path, http.get(path).body.decode().removesuffix("</p>").rpartition(" ")[2]


def test_a_customer_claims_on_a_page_and_a_second_press_is_the_same_claim(http: Http) -> None:
    path, nonce = opened(http)
    claim = {"what": "Envío gratis", "by_whom": "Ana", "when": "el martes", "evidence": "por chat", "nonce": nonce}
    assert [http.press(path, **claim).status_code for _ in range(2)] == [200, 200]
    http.world.drain()
    assert http.world.heard() == ["confirmation", "claim_ratified"]
    texts = [fact.text for fact in http.world.store.noted.values() if fact.name == "ClaimRaised"]
    assert texts == ["por chat"]
    claim = next(each.claim for each in http.world.store.promises.values() if each.claim)
    assert (claim.by_whom, claim.when) == ("Ana", "el martes")


def test_a_claim_without_words_or_without_our_form_changes_nothing(http: Http) -> None:
    path, nonce = opened(http)
    before = dict(http.world.store.promises)
    assert http.press(path, what=" ", nonce=nonce).status_code == 422
    assert http.press(path, what="x" * 201, nonce=nonce).status_code == 422
    assert http.press(path, what="Envío gratis", nonce="x").status_code == 403
    assert http.press("/k?t=forged", what="Envío gratis", nonce=nonce).status_code == 404
    assert http.get("/k?t=forged").status_code == 404
    assert http.world.store.promises == before
