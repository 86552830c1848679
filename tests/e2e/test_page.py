"""The customer's page, through the real gateway: in their language, changed by no visit, and closed to bent links."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from infra.local.aws import Aws
from infra.local.place import STACK_NAME
from tests.e2e.outside import Answer, Outside, call
from tests.e2e.promises import Told, promise

VISITS = 50


@pytest.fixture(scope="module")
def told(outside: Outside) -> Told:
    made = promise("Your order 1234 arrives")
    outside.tell("promise.made", made.data)
    outside.settled(made.ref)
    return made


@pytest.fixture(scope="module")
def link(outside: Outside, told: Told) -> str:
    (found,) = outside.hears(told.email)["links"]
    return str(found)


def stored(outside: Outside, promise_id: str) -> str:
    """Everything that the tables hold of a promise."""
    aws = Aws(outside.stack.aws)
    pages = aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    names = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
    }
    dynamodb = aws.client("dynamodb")
    found: list[Any] = []
    for table in (names["Promises"], names["Clocks"]):
        for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            found += [item for item in page["Items"] if promise_id in json.dumps(item)]
    return json.dumps(sorted(found, key=lambda item: json.dumps(item, sort_keys=True)), sort_keys=True)


def test_fifty_visits_of_any_kind_write_nothing(outside: Outside, told: Told, link: str) -> None:
    before = outside.read(told.ref)
    items_before = stored(outside, before["promise"]["id"])
    answers = [call(link, ("GET", "HEAD", "OPTIONS")[visit % 3]) for visit in range(VISITS)]
    assert {answer.status for answer in answers[::3]} == {200}
    assert {answer.body for answer in answers[1::3]} == {""}
    assert all(answer.status < 500 for answer in answers)
    assert outside.read(told.ref) == before
    assert stored(outside, before["promise"]["id"]) == items_before


def test_a_post_that_did_not_come_from_our_button_changes_nothing(outside: Outside, told: Told, link: str) -> None:
    before = outside.read(told.ref)
    for form in ({}, {"action": "acknowledge"}, {"action": "acknowledge", "nonce": "x" * 40}, {"action": "cancel"}):
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = call(link, "POST", urlencode(form).encode(), headers)
        assert answer.status == 403
        assert "Got it, thank you" in answer.body, "the page comes again, with a fresh form"
    assert outside.read(told.ref) == before


def test_every_bent_link_gets_the_same_kind_page_and_no_hint_why(link: str) -> None:
    address, _, token = link.partition("?t=")
    bent = {
        "truncated": token[:-4],
        "one character of the signature": token[:-6] + ("a" if token[-6] != "a" else "b") + token[-5:],
        "another promise": ("a" if token[0] != "a" else "b") + token[1:],
        "something added": token + "x",
        "nothing": "",
        "not ours": "' or 1=1 --",
    }
    pages = [call(f"{address}?{urlencode({'t': each})}") for each in bent.values()]
    pages.append(call(address))
    assert {page.status for page in pages} == {404}
    assert len({page.body for page in pages}) == 1
    assert "We cannot show this page" in pages[0].body
    _assert_private(pages[0])


def test_the_page_is_not_kept_not_indexed_and_tells_nobody_where_the_customer_came_from(link: str) -> None:
    _assert_private(call(link))
    _assert_private(call(link, "HEAD"))


@pytest.mark.parametrize(
    ("locale", "what", "word", "button"),
    [
        ("en", "Your order 55 arrives", "promise", "Got it, thank you"),
        ("es", "Tu pedido 55 llega a casa", "promesa", "Recibido, gracias"),
        ("pt-BR", "Seu pedido 55 chega", "promessa", "Já recebi"),
        ("pt-PT", "A sua encomenda 55 chega", "promessa", "Já recebi"),
    ],
)
def test_the_page_speaks_the_language_of_the_promise(
    outside: Outside, browser: Browser, locale: str, what: str, word: str, button: str
) -> None:
    told = promise(what, locale=locale)
    outside.tell("promise.made", told.data)
    (link,) = outside.hears(told.email)["links"]
    context = browser.new_context(locale="de-DE", viewport={"width": 320, "height": 640})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(link)
    expect(page.locator("html")).to_have_attribute("lang", locale)
    expect(page.get_by_role("heading", level=1)).to_have_text(what)
    expect(page.locator(".kicker")).to_contain_text(word)
    expect(page.get_by_role("button", name=re.compile(f"^{button}"))).to_be_visible()
    assert page.locator("script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "no sideways scrolling"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    assert complaints == [], "the style sheet must pass its own Content-Security-Policy"
    context.close()


def _assert_private(answer: Answer) -> None:
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
