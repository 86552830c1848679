"""We'll try: the agent will not promise. No text says otherwise, and the contact moments are kept all the same.

Told in Spanish, once by email and once by SMS.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.e2e.outside import Outside, moment
from tests.e2e.promises import SOON, Told, promise

WHAT = "Cambiar tu cita al jueves"
# What a promise is called in Spanish: prometer, promesa, compromiso, garantía, asegurar, "nuestra palabra".
WORDS_OF_PROMISE = re.compile(r"promet|promes|compromet|compromis|garant|asegur|nuestra palabra|cumpl", re.IGNORECASE)


def no_word_of_promise(*texts: str) -> None:
    for text in texts:
        assert not WORDS_OF_PROMISE.search(text), text


@dataclass(frozen=True)
class Attempts:
    """Attempts told of at once, so that their waits run side by side."""

    by_email: Told
    by_sms: Told


@pytest.fixture(scope="module")
def attempts(outside: Outside) -> Attempts:
    def tried(*, by_sms: bool) -> Told:
        told = promise(WHAT, kind="attempt", locale="es", updates=(SOON,), by_sms=by_sms)
        outside.tell("promise.made", told.data)
        return told

    return Attempts(by_email=tried(by_sms=False), by_sms=tried(by_sms=True))


def test_an_attempt_is_never_called_a_promise_in_any_email_nor_on_the_page(
    outside: Outside, browser: Browser, attempts: Attempts
) -> None:
    told = attempts.by_email
    update = outside.hears(told.email, 2)
    assert moment(update["received_at"]) >= told.update_at
    outside.tell("promise.progressed", {"ref": told.ref, "note": "Hay un hueco el jueves a las 10.", "tell": "now"})
    outside.hears(told.email, 3)
    outside.tell("promise.kept", {"ref": told.ref})
    outside.hears(told.email, 4)

    context = browser.new_context(locale="es-ES")
    page = context.new_page()
    for message in outside.inbox(told.email):
        assert WHAT in message["text"]
        page.set_content(message["html"])
        no_word_of_promise(message["subject"], _without_links(message["text"]), page.title(), page.inner_text("body"))
    page.goto(update["links"][0])
    no_word_of_promise(page.title(), page.inner_text("body"))
    page.get_by_role("button", name="Recibido").click()
    no_word_of_promise(page.title(), page.inner_text("body"))
    context.close()


def test_an_attempt_is_never_called_a_promise_in_any_sms_and_its_moments_are_kept(
    outside: Outside, attempts: Attempts
) -> None:
    told = attempts.by_sms
    confirmation = outside.hears(told.phone)
    assert confirmation["channel"] == "sms"
    assert "intent" in confirmation["text"]
    update = outside.hears(told.phone, 2)
    assert moment(update["received_at"]) >= told.update_at
    outside.tell("promise.withdrawn", {"ref": told.ref, "reason": "El jueves ya está completo."})
    outside.hears(told.phone, 3)
    for message in outside.inbox(told.phone):
        no_word_of_promise(_without_links(message["text"]))
    assert outside.has_fact(told.ref, "UpdateSent")["data"]["channel"] == "sms"


def _without_links(text: str) -> str:
    """Signed links are letters by chance."""
    return re.sub(r"https?://\S+", "", text)
