"""The phone by the wall: an agent promised "I will call you this afternoon" about a line that cuts out.

Told in Spanish. The afternoon lasts some seconds here: the promised contact moment lies that far ahead.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.outside import Outside, moment
from tests.e2e.promises import SOON, Told, promise

WHAT = "Te llamo esta tarde por tu línea"
REPAIRED = "La línea quedó reparada a mediodía."
CALLED = "Te llamamos y la línea ya no se corta."
# On an idle machine it is some 20 ms (see docs/measurements.md); on a busy one a sweep may have to come first.
LATEST = timedelta(seconds=75)
PHONE_SCREEN = {"width": 375, "height": 740}


@dataclass(frozen=True)
class Calls:
    """Calls promised at once, so that their waits run side by side."""

    with_news: Told
    without_news: Told


@pytest.fixture(scope="module")
def calls(outside: Outside) -> Calls:
    def promised() -> Told:
        told = promise(WHAT, kind="personal", locale="es", updates=(SOON,))
        outside.tell("promise.made", told.data)
        return told

    return Calls(with_news=promised(), without_news=promised())


def test_the_news_goes_out_at_the_promised_moment_and_the_closing_word_when_the_call_was_made(
    outside: Outside, calls: Calls
) -> None:
    told = calls.with_news
    confirmation = outside.hears(told.email)
    assert WHAT in confirmation["subject"]
    assert confirmation["text"].startswith(f"Hola, {told.first_name}:")

    outside.tell("promise.progressed", {"ref": told.ref, "note": REPAIRED, "tell": "next"})
    update = outside.hears(told.email, 2)
    assert told.update_at <= moment(update["received_at"]) < told.update_at + LATEST
    assert REPAIRED.rstrip(".") in update["subject"]
    assert REPAIRED in update["text"]
    assert told.promiser in update["text"]
    before = [each for each in outside.inbox(told.email) if moment(each["received_at"]) < told.update_at]
    assert before == [confirmation], "news that can wait is kept for the promised moment"

    outside.tell("promise.kept", {"ref": told.ref, "note": CALLED})
    closing = outside.hears(told.email, 3)
    assert CALLED in closing["text"]
    outside.has_fact(told.ref, "ClosingSent")
    read = outside.read(told.ref)
    assert read["promise"]["status"] == "kept"
    assert read["promise"]["next_contact_at"] is None
    notices = sorted(read["notices"], key=lambda each: str(each["sent_at"]))
    assert [(each["wording"], each["channel"], each["outcome"]) for each in notices] == [
        ("confirmation", "email", "accepted"),
        ("update_news", "email", "accepted"),
        ("closing", "email", "accepted"),
    ]


def test_without_news_the_customer_reads_that_there_is_none_and_says_got_it_on_the_page(
    outside: Outside, browser: Browser, calls: Calls
) -> None:
    told = calls.without_news
    update = outside.hears(told.email, 2)
    assert told.update_at <= moment(update["received_at"]) < told.update_at + LATEST
    assert "todavía no hay novedades" in update["subject"]
    assert "Te volvemos a escribir" in update["text"]
    outside.has_fact(told.ref, "UpdateSent")
    (link,) = update["links"]

    # A phone without JavaScript: all that the page asks of it.
    context = browser.new_context(viewport=PHONE_SCREEN, java_script_enabled=False, locale="es-ES")
    page, other_tab = context.new_page(), context.new_page()
    other_tab.goto(link)
    page.goto(link)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_have_text(WHAT)
    expect(page.get_by_text("Te lo prometimos para")).to_be_visible()
    expect(page.locator(".next")).to_contain_text("Te volvemos a escribir")
    expect(page.get_by_role("list")).to_contain_text("todavía no había novedades")
    expect(page.get_by_text(told.promiser)).to_be_visible()
    assert outside.read(told.ref)["promise"]["acknowledged_at"] is None, "opening the page says nothing"

    button = page.get_by_role("button", name="Recibido, gracias")
    button.focus()
    page.keyboard.press("Enter")
    thanked = _thanked(page)
    page.reload()
    assert _thanked(page) == thanked
    other_tab.get_by_role("button", name="Recibido, gracias").click()
    assert _thanked(other_tab) == thanked
    page.goto(link)
    assert _thanked(page) == thanked
    context.close()

    read = outside.read(told.ref)
    pressed = [line for line in read["timeline"] if line["fact"] == "Acknowledged"]
    assert [line["at"] for line in pressed] == [read["promise"]["acknowledged_at"]]
    told_so_far = [line["fact"] for line in read["timeline"] if line["fact"] != "NoticeDelivered"]
    assert told_so_far == ["PromiseMade", "ConfirmationSent", "UpdateSent", "Acknowledged"]
    update_notice = next(each for each in read["notices"] if each["obligation"] == "update")
    assert update_notice["wording"] == "update_no_news"
    assert moment(update_notice["due_at"]) == told.update_at
    assert moment(update_notice["sent_at"]) >= told.update_at


def _thanked(page: Page) -> str:
    """What the customer reads once they have pressed: thanks, and no button any more."""
    answer = page.get_by_role("region", name="Gracias")
    expect(answer).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    return answer.inner_text()
