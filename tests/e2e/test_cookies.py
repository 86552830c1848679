"""Cookies: an order of chocolate-chip cookies ships without the chips, and the customer stays.

Told in English: an apology, a free cookie, thanks, and the choice; what is granted is on the next order.
"""

import json
import threading
from typing import Any

from playwright.sync_api import Browser, expect

from tests.e2e.outside import Outside, call
from tests.e2e.promises import Told, promise
from tests.e2e.troubles import link, trouble
from tests.e2e.waiting import until

COOKIE = {"kind": "gift", "text": "a free cookie with your next order"}


def chipless(outside: Outside) -> tuple[Told, Any]:
    """Ship cookies without chips; return the promise, and the recovery as the customer got it."""
    told = promise("Your chocolate-chip cookies arrive", locale="en-GB", name="Carol")
    outside.tell("promise.made", told.data)
    outside.hears(told.email)
    said = trouble(
        told,
        case="wrong_item",
        reason="we packed them without the chips",
        done_so_far="a new batch is in the oven",
        solution="a full box leaves tonight",
        offer=COOKIE,
    )
    outside.tell("promise.broken", said)
    return told, outside.hears(told.email, 2)


def customer_of(outside: Outside, told: Told) -> Any:
    url = f"{outside.stack.api}/v1/customers/{told.data['customer']['ref']}"
    return call(url, headers=outside.read_key()).json


def status(outside: Outside, told: Told) -> str:
    return str(outside.read(told.ref)["promise"]["status"])


def test_the_customer_stays_and_her_next_order_has_the_cookie(outside: Outside, browser: Browser) -> None:
    told, recovery = chipless(outside)
    for part in ("sorry", "without the chips", "new batch", "full box", "free cookie", "hank you"):
        assert part in recovery["text"], part
    page = browser.new_context(locale="en-GB", java_script_enabled=False).new_page()
    page.goto(link(recovery, "stay"))
    assert "ChoiceRecorded" not in outside.facts(told.ref)

    page.get_by_role("button", name="Stay").click()

    outside.has_fact(told.ref, "ChoiceRecorded")
    (cookie,) = customer_of(outside, told)["open_concessions"]
    expect(page.get_by_text(cookie["code"]).first).to_be_visible()
    confirmed = outside.hears(told.email, 3)
    assert cookie["code"] in confirmed["text"]

    used = {"code": cookie["code"], "order": "order-5678"}
    assert outside.post("concession.redeemed", used).status == 202
    assert outside.post("concession.redeemed", used).status == 202
    again = outside.post("concession.redeemed", used | {"order": "order-9999"})
    assert again.status == 409
    assert "order-5678" in json.loads(again.body)["detail"]
    assert customer_of(outside, told)["open_concessions"] == []


def test_a_change_of_mind_is_taken_until_the_choice_is_final(outside: Outside, browser: Browser) -> None:
    told, recovery = chipless(outside)
    page = browser.new_context(locale="en-GB", java_script_enabled=False).new_page()
    page.goto(link(recovery, "cancel"))
    page.get_by_role("button", name="Cancel").click()
    until(lambda: status(outside, told) == "cancelled", "the promise cancelled")
    outside.hears(told.email, 3)

    page.get_by_role("button", name="Stay").click()
    until(lambda: status(outside, told) == "open", "the promise open again")
    outside.hears(told.email, 4)

    outside.tell("choice.final", {"ref": told.ref})
    page.goto(link(recovery, "cancel"))
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    assert status(outside, told) == "open"


def test_both_links_pressed_at_once_by_two_browsers_end_in_one_outcome(outside: Outside, browser: Browser) -> None:
    told, recovery = chipless(outside)
    forms = {choice: _form(browser, link(recovery, choice)) for choice in ("stay", "cancel")}
    both = threading.Barrier(2)
    answers: list[int] = []

    def press(choice: str) -> None:
        url, nonce = forms[choice]
        both.wait()
        for _ in range(2):
            body = f"action={choice}&nonce={nonce}".encode()
            answers.append(call(url, "POST", body, {"content-type": "application/x-www-form-urlencoded"}).status)

    presses = [threading.Thread(target=press, args=(choice,)) for choice in forms]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert len(answers) == 4
    assert set(answers) <= {200, 409}

    seen = outside.read(told.ref)
    last = [line["data"]["choice"] for line in seen["timeline"] if line["fact"] == "ChoiceRecorded"][-1]
    assert seen["promise"]["status"] == {"stay": "open", "cancel": "cancelled"}[last]
    live = [each for each in customer_of(outside, told)["concessions"] if not each["void"]]
    assert len(live) == (1 if last == "stay" else 0)


def _form(browser: Browser, url: str) -> tuple[str, str]:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    nonce = page.locator("input[name=nonce]").first.get_attribute("value")
    context.close()
    assert nonce
    return url, nonce
