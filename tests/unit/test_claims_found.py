"""What is found of a claim: on whose ledger it counts, and what the customer hears when it is reversed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.notices import Outcome
from chalicelib.standards.published import published
from chalicelib.usecases.rebuild_ledgers import rebuild_ledgers
from tests.http import Http, problem
from tests.unit.ledger_facts import count
from tests.unit.test_claims import facts_of, in_review, opened, raised, settled
from tests.unit.test_ledgers_counting import reckoned, stored
from tests.world import World

LUIS = {"ref": "seller-9", "name": "Luis", "team": "sales"}


@pytest.fixture
def http() -> Http:
    world = World()
    world.rules = replace(world.rules, standards=published)
    return Http(world)


def found(http: Http, finding: str, ref: str = "claim-1", **more: Any) -> Any:
    """Settle a claim, and ring nothing yet."""
    response = http.post_event("claim.settled", {"ref": ref, "finding": finding, "note": "lo vimos"} | more)
    assert response.status_code == 202, response.body
    return response.json_body


def claims_of(http: Http, promiser: str) -> dict[str, int]:
    count(http.world)
    claims: dict[str, int] = http.read(f"/v1/promisers/{promiser}")["ledger"]["claims"]
    return {name: n for name, n in claims.items() if n}


def claimed_on_page(http: Http) -> str:
    path, nonce = opened(http)
    assert http.press(path, what="Envío gratis", by_whom="Luis, creo", when="el martes", nonce=nonce).status_code == 200
    http.world.drain()
    return next(each.ref for each in http.world.store.promises.values() if each.claim)


# On whom it counts


def test_a_claim_from_the_page_counts_on_whom_the_finding_names(http: Http) -> None:
    ref = claimed_on_page(http)
    found(http, "promised", ref, promised_by=LUIS)
    assert claims_of(http, "seller-9") == {"promised": 1}
    assert len(http.read("/v1/promisers/seller-9")["recurring"]) == 1
    assert http.world.store.promiser_profiles["seller-9"].name == "Luis"


def test_a_finding_of_another_promiser_moves_what_was_counted(http: Http) -> None:
    raised(http)
    found(http, "promised")
    assert claims_of(http, "seller-7")["promised"] == 1
    answer = found(http, "promised", promised_by=LUIS)
    assert answer["claim"]["finding"] == "promised"
    assert "promised" not in claims_of(http, "seller-7")
    assert claims_of(http, "seller-9") == {"promised": 1}
    http.world.drain()
    assert http.world.heard() == ["claim_ratified"]
    found(http, "promised", promised_by=LUIS)
    assert http.world.facts().count("ClaimSettled") == 2


def test_to_name_a_promiser_takes_nothing_from_what_is_known_of_them(http: Http) -> None:
    raised(http)
    found(http, "promised", promised_by={"ref": "seller-7"})
    assert http.world.store.promiser_profiles["seller-7"].team == "sales"


def test_ledgers_counted_and_rebuilt_are_equal_whomever_a_finding_names(http: Http) -> None:
    ref = claimed_on_page(http)
    raised(http)
    for finding, by in (("promised", LUIS), ("unclear", LUIS), ("promised", {"ref": "seller-7"}), ("not_promised", {})):
        found(http, finding, ref, **({"promised_by": by} if by else {}))
        found(http, finding, **({"promised_by": by} if by else {}))
        count(http.world)
    raised(http, ref="claim-2")
    http.world.pass_time(timedelta(days=1))
    found(http, "promised", "claim-2", promised_by=LUIS)
    count(http.world)
    assert stored(http.world) == reckoned(http.world)
    rebuild_ledgers(None, 100, http.world)
    assert stored(http.world, generation=2) == reckoned(http.world)


# What was told, field by field


def test_what_was_told_of_a_claim_is_read_field_by_field(http: Http) -> None:
    ref = claimed_on_page(http)
    found(http, "not_promised", ref)
    claim = http.read(f"/v1/claims/{http.world.promise(ref).id}")["claim"]
    told = {"what": "Envío gratis", "by_whom": "Luis, creo", "when": "el martes", "evidence": None}
    assert told.items() <= claim.items()
    assert {"finding": "not_promised", "note": "lo vimos", "found_of": None}.items() <= claim.items()


def test_after_an_erasure_nothing_more_is_kept_of_a_claim(http: Http) -> None:
    ref = claimed_on_page(http)
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    claim = http.world.promise(ref).claim
    assert claim
    assert (claim.by_whom, claim.when) == (None, None)
    said = {"ref": ref, "finding": "promised", "note": "lo vimos", "promised_by": LUIS}
    assert "erased" in problem(http.post_event("claim.settled", said), 409)["detail"]
    assert "lo vimos" not in repr(http.world.store.noted)
    assert http.get("/v1/promisers/seller-9", {"Authorization": "Bearer read-key"}).status_code == 404


# Reversals


@pytest.mark.parametrize("finding", ["promised", "unclear"])
def test_who_was_told_that_it_was_not_found_hears_that_it_stands(http: Http, finding: str) -> None:
    claim_id = raised(http)["claim"]["id"]
    settled(http, "not_promised")
    settled(http, finding)
    assert http.world.heard() == ["claim_ratified", "claim_mistaken_honoured", "claim_right"]
    settled(http, "promised")
    settled(http, "unclear")
    assert http.world.heard()[3:] == []
    settled(http, "not_promised")
    settled(http, "promised")
    assert http.world.heard()[3:] == ["claim_mistaken_honoured", "claim_right"]
    assert facts_of(http, claim_id).count("FindingSent") == 4


def test_what_was_reversed_before_it_was_told_is_not_told(http: Http) -> None:
    raised(http)
    found(http, "not_promised")
    found(http, "promised")
    http.world.drain()
    assert http.world.heard() == ["claim_ratified"]


def test_what_is_corrected_and_reversed_before_it_was_told_is_closed_and_nothing_else(http: Http) -> None:
    raised(http)
    http.post_event("promise.kept", {"ref": "claim-1"})
    found(http, "not_promised")
    found(http, "promised")
    http.world.drain()
    assert http.world.heard() == ["claim_ratified", "claim_closed"]


def test_a_reversal_before_the_review_was_answered_leaves_one_answer(http: Http) -> None:
    in_review(http)
    before = len(http.world.heard())
    found(http, "unclear", "claim-2")
    found(http, "not_promised", "claim-2")
    found(http, "promised", "claim-2")
    http.world.drain()
    assert http.world.heard()[before:] == ["claim_ratified"]


def test_a_finding_that_was_on_its_way_when_it_was_reversed_is_taken_back(http: Http) -> None:
    raised(http)
    found(http, "not_promised")
    world = http.world
    send = world.email.send

    def while_sending(message: Any) -> Any:
        if "claim_mistaken_honoured" in message.text:
            found(http, "promised")
        return send(message)

    world.email.send = while_sending  # type: ignore[method-assign]
    world.drain()
    assert world.heard() == ["claim_ratified", "claim_mistaken_honoured", "claim_right"]


def test_an_answer_on_its_way_when_the_review_is_reversed_does_not_stand_for_the_closing(http: Http) -> None:
    in_review(http)
    before = len(http.world.heard())
    found(http, "not_promised", "claim-2")
    world = http.world
    send = world.email.send

    def while_sending(message: Any) -> Any:
        if message.text.startswith("claim_mistaken |"):
            found(http, "promised", "claim-2")
        return send(message)

    world.email.send = while_sending  # type: ignore[method-assign]
    world.drain()
    http.post_event("promise.kept", {"ref": "claim-2"})
    world.drain()
    assert world.heard()[before:] == ["claim_mistaken", "claim_right", "claim_closed"]


@pytest.mark.parametrize("finding", ["promised", "unclear", "not_promised"])
def test_a_review_that_is_over_stays_over_whatever_is_found(http: Http, finding: str) -> None:
    in_review(http)
    http.post_event("promise.kept", {"ref": "claim-1"})
    http.world.drain()
    http.post_event("promise.withdrawn", {"ref": "claim-2", "reason": "duplicada"})
    http.world.drain()
    heard = http.world.heard()
    answer = found(http, finding, "claim-2")
    http.world.pass_time(timedelta(days=10))
    assert (answer["promise"]["status"], answer["claim"]["finding"]) == ("withdrawn", finding)
    assert http.world.heard() == heard


def test_a_review_cannot_be_kept_or_recovered_but_only_settled(http: Http) -> None:
    in_review(http)
    heard = http.world.heard()
    assert "claim.settled" in problem(http.post_event("promise.kept", {"ref": "claim-2"}), 409)["detail"]
    assert http.world.promise("claim-2").status == "open"
    http.world.drain()
    assert http.world.heard() == heard


def test_the_customer_who_withdrew_a_review_hears_that_it_is_dropped(http: Http) -> None:
    in_review(http)
    http.post_event("promise.withdrawn", {"ref": "claim-2", "reason": "duplicada"})
    http.world.drain()
    assert http.world.heard()[-1] == "claim_dropped"


def test_another_note_on_the_same_finding_is_kept_and_no_message_is_made_of_it(http: Http) -> None:
    raised(http)
    settled(http, "not_promised", note="No aparece en el contrato.")
    heard = len(http.world.heard())
    settled(http, "not_promised", note="Vimos el contrato: no aparece.")
    settled(http, "not_promised", note="Vimos el contrato: no aparece.")
    claim_id = http.world.promise("claim-1").id
    seen = http.read(f"/v1/claims/{claim_id}")
    assert seen["claim"]["note"] == "Vimos el contrato: no aparece."
    texts = [line.get("text") for line in seen["timeline"] if line["fact"] == "ClaimSettled"]
    assert texts == ["No aparece en el contrato.", "Vimos el contrato: no aparece."]
    assert len(http.world.heard()) == heard
    count(http.world)
    assert http.read("/v1/customers/c-99")["ledger"]["claims"]["not_promised"] == 1


def test_what_a_team_keeps_promising_is_counted_over_its_members(http: Http) -> None:
    for ref, what in (("rui", "Envío gratis"), ("eva", "ENVIO GRATIS!"), ("ana", "Sin IVA")):
        raised(http, ref=f"of-{ref}", what=what, promised_by={"ref": ref, "name": ref, "team": "sales"})
        found(http, "promised", f"of-{ref}")
    count(http.world)
    team = http.read("/v1/teams/sales")
    recurring = sorted((each["times"], each["what"].casefold()) for each in team["recurring"])
    assert recurring in ([(1, "sin iva"), (2, "envío gratis")], [(1, "sin iva"), (2, "envio gratis!")])
    assert team["ledger"]["claims"]["recurrences"] == 1


def test_whoever_was_forgotten_and_comes_back_is_believed_first_again(http: Http) -> None:
    raised(http)
    settled(http, "not_promised")
    http.post_event("customer.erased", {"customer": {"ref": "c-99"}})
    assert raised(http, ref="claim-2")["claim"]["status"] == "ratified"


def test_a_finding_on_nothing_says_which_event_comes_first(http: Http) -> None:
    answer = problem(http.post_event("claim.settled", {"ref": "nothing", "finding": "promised"}), 404)
    assert "Send claim.raised first" in answer["detail"]
    assert answer["errors"][0]["detail"] == "names no claim of this source"


def test_a_review_that_believes_overtakes_the_confirmation_on_its_way(http: Http) -> None:
    raised(http)
    settled(http, "not_promised")
    http.world.email.answer_next(Outcome.UNAVAILABLE)
    raised(http, ref="claim-2")
    settled(http, "promised", "claim-2")
    http.world.pass_time(timedelta(hours=2))
    assert http.world.heard()[-2:] == ["claim_mistaken_honoured", "claim_ratified"]


def test_a_review_that_was_withdrawn_is_not_counted_as_kept_whatever_is_found(http: Http) -> None:
    in_review(http)
    http.post_event("promise.withdrawn", {"ref": "claim-2", "reason": "Ya no hace falta."})
    settled(http, "promised", "claim-2")
    count(http.world)
    kept = http.read("/v1/customers/c-99")["ledger"]
    assert (kept["withdrawn"], kept["kept_on_time"]) == (1, 0)


def test_a_claim_stands_in_the_history_of_whom_its_finding_names_and_no_more_once_that_is_reversed(http: Http) -> None:
    claim = raised(http, promised_by=None)["claim"]["id"]
    for ref in ("rui", "eva"):
        named = {"ref": "claim-1", "finding": "promised", "promised_by": {"ref": ref, "name": ref.title()}}
        assert http.post_event("claim.settled", named).status_code == 202
    count(http.world)
    of_rui, of_eva = (http.read(f"/v1/promisers/{ref}") for ref in ("rui", "eva"))
    assert of_rui["promises"] == []
    assert [(each["id"], each["claim"]["found_of"]) for each in of_eva["promises"]] == [(claim, {"ref": "eva"})]
    assert [each["subject"] for each in of_eva["recurring"]] == [of_eva["promises"][0]["claim"]["subject"]]
