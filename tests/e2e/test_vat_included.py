"""VAT included: a seller said that the price included VAT, and the bill adds it.

Told in Spanish. The claim is believed at once, the bill corrected by event, the customer told; later the seller
confirms, and the seller's ledger shows it.
"""

from tests.e2e.bus import Bus
from tests.e2e.claims import claim, customer, raised, read_claim
from tests.e2e.outside import Outside, call
from tests.e2e.waiting import until


def test_the_claim_is_believed_corrected_and_counts_on_the_sellers_ledger(outside: Outside, bus: Bus) -> None:
    who = customer("Gemma", "es")
    seller = f"seller-{who.data['ref']}"
    told = claim(who, "El precio incluye el IVA", seller=seller, order="1234", amount="25.20", currency="EUR")
    answer = raised(outside, told)
    assert answer["status"] == "ratified"

    believed = outside.hears(who.email)
    assert "IVA" in believed["text"]
    event = bus.hears(answer["id"], "Claim Ratified")
    assert event["detail"]["amount_minor"] == 2520
    assert event["detail"]["order"] == "1234"

    outside.tell("promise.kept", {"ref": told["ref"], "note": "La factura ya no lleva el IVA aparte."})
    outside.hears(who.email, 2)

    settled = outside.post("claim.settled", {"ref": told["ref"], "finding": "promised", "note": "Ana lo confirma"})
    assert settled.json["claim"]["finding"] == "promised"
    assert len(outside.inbox(who.email)) == 2
    assert read_claim(outside, answer["id"])["claim"]["finding"] == "promised"

    def confirmed() -> bool:
        history = call(f"{outside.stack.api}/v1/promisers/{seller}?limit=1", headers=outside.read_key())
        assert [each["claim"]["finding"] for each in history.json["promises"]] == ["promised"]
        return history.status == 200 and history.json["ledger"]["claims"]["promised"] == 1

    until(confirmed, "the confirmed claim on the seller's ledger")
