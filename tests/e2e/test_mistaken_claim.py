"""Mistaken claim: the investigation shows that nobody promised it.

Told in Brazilian Portuguese. The customer is told kindly; the next claim is looked into before it is answered.
"""

import re

from playwright.sync_api import Browser

from tests.e2e.claims import claim, customer, raised
from tests.e2e.outside import Outside

UNKIND = re.compile(r"fals|injustific|infelizmente", re.IGNORECASE)


def test_the_customer_is_told_kindly_and_the_next_claim_is_reviewed_first(outside: Outside) -> None:
    who = customer("Carla", "pt-BR")
    first = claim(who, "O frete é grátis", seller="vendedor-3")
    assert raised(outside, first)["status"] == "ratified"
    outside.hears(who.email)

    found = {"ref": first["ref"], "finding": "not_promised", "note": "No chat, o frete aparece como R$ 20."}
    assert outside.post("claim.settled", found).status == 202
    kind = outside.hears(who.email, 2)
    assert not UNKIND.search(kind["subject"] + kind["text"])
    assert "R$ 20" in kind["text"]

    second = claim(who, "A garantia é de dois anos", seller="vendedor-3")
    answer = raised(outside, second)
    assert answer["status"] == "in_review"
    review = outside.hears(who.email, 3)
    assert "garantia" in review["text"]

    assert outside.post("claim.settled", {"ref": second["ref"], "finding": "unclear"}).status == 202
    ratified = outside.hears(who.email, 4)
    assert "garantia" in ratified["text"]
    assert "ClaimRatified" in outside.facts(second["ref"])


def test_a_customer_claims_on_a_page_and_is_believed(outside: Outside, browser: Browser) -> None:
    who = customer("Carla", "pt-BR")
    raised(outside, claim(who, "O frete é grátis", seller="vendedor-3"))
    page = browser.new_context(locale="pt-BR", java_script_enabled=False).new_page()
    page.goto(outside.hears(who.email)["links"][0])
    page.locator("a[href*='k?t=']").click()
    page.locator("[name=what]").fill("Entrega no sábado")
    page.locator("[name=evidence]").fill("Está na mensagem de terça")
    page.locator("form button").click()

    believed = outside.hears(who.email, 2)
    assert "Entrega no sábado" in believed["text"]
