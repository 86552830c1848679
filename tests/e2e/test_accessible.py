"""Pages that everybody can use: axe finds nothing, and each page is valid HTML, in every state and language."""

from datetime import timedelta

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Response

from tests.e2e.outside import Outside
from tests.e2e.promises import promise
from tests.e2e.troubles import link, trouble

PHONE = {"width": 390, "height": 844}
OFFER = {"kind": "gift", "text": "5 €"}


def opened(page: Page, url: str) -> None:
    """Follow a link to a sound page."""
    sound(page, page.goto(url))


def pressed(page: Page, button: Locator) -> None:
    """Press a button that is answered with a sound page."""
    with page.expect_navigation() as answered:
        button.click()
    sound(page, answered.value)


def sound(page: Page, served: Response | None) -> None:
    """Fail on any finding of axe, and on any parse error of the page as it was served."""
    assert served
    html5lib.HTMLParser(strict=True).parse(served.text())
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("locale", ["en-GB", "es", "pt-BR", "pt-PT"])
def test_every_state_of_the_promise_page_is_sound(outside: Outside, browser: Browser, locale: str) -> None:
    told = promise("1234 · Ñandú", locale=locale)
    outside.tell("promise.made", told.data)
    page = browser.new_context(viewport=PHONE, locale=locale).new_page()
    opened(page, outside.hears(told.email)["links"][0])
    pressed(page, page.get_by_role("button").first)

    said = trouble(told, case="delay", reason="R", done_so_far="D", solution="S", offer=OFFER)
    outside.tell("promise.at_risk", said)
    opened(page, link(outside.hears(told.email, 2), "stay"))
    pressed(page, page.locator("button[value=stay]"))

    outside.hears(told.email, 3)
    outside.tell("promise.kept", {"ref": told.ref})
    opened(page, link(outside.hears(told.email, 4), "partly"))
    opened(page, page.url.replace("t=", "t=x"))


def test_the_promisers_page_and_the_claim_page_are_sound(outside: Outside, browser: Browser) -> None:
    told = promise("1234", locale="es", due=timedelta(minutes=10))
    mailbox = f"promiser+{told.ref}@example.com"
    told.data["promised_by"] |= {"ref": f"agent-{told.ref}", "email": mailbox}
    told.data.update(check_in_before="PT9M55S", warn_before="PT1M")
    outside.tell("promise.made", told.data)
    page = browser.new_context(viewport=PHONE).new_page()
    opened(page, outside.hears(mailbox)["links"][0])
    opened(page, outside.hears(told.email)["links"][0].replace("/p?", "/k?"))
