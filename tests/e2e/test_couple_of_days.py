"""In a couple of days: a complaint, and "we will get back to you in two working days".

Told in Spanish. Whatever day it is told, the day that is meant is said, and no weekend counts.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, expect

from tests.e2e.outside import Outside, moment
from tests.e2e.promises import SOON, promise

MADRID = ZoneInfo("Europe/Madrid")
# Told, and stored a moment later.
INSTANT = timedelta(seconds=5)
WHAT = "Te respondemos sobre tu reclamación"
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def two_working_days_after(made_at: datetime) -> datetime:
    """Count by hand, and keep the hour of the day."""
    due_at = made_at.astimezone(MADRID)
    for _ in range(2):
        due_at += timedelta(days=1)
        while WEEKDAYS[due_at.weekday()] in {"sábado", "domingo"}:
            due_at += timedelta(days=1)
    return due_at


def test_the_day_is_said_and_the_answer_comes_with_its_news_before_it(outside: Outside, browser: Browser) -> None:
    told = promise(WHAT, kind="commitment", locale="es", updates=(SOON,))
    told.data["due_in"] = "P2B"
    del told.data["due_at"]
    outside.tell("promise.made", told.data)

    made = outside.read(told.ref)["promise"]
    due_at = moment(made["due_at"]).astimezone(MADRID)
    assert abs(due_at - two_working_days_after(moment(made["made_at"]))) < INSTANT
    day = f"{WEEKDAYS[due_at.weekday()]} {due_at.day} de {MONTHS[due_at.month - 1]}"
    hour = f"{due_at.hour}:{due_at.minute:02}"
    confirmation = outside.hears(told.email)
    assert f"el {day}" in confirmation["subject"]
    assert day in confirmation["text"]
    assert hour in confirmation["text"]

    update = outside.hears(told.email, 2)
    assert "todavía no hay novedades" in update["subject"]
    assert day in update["text"], "the next word comes at the due time, and not later"
    outside.settled(told.ref)
    page = browser.new_context(locale="es-ES", java_script_enabled=False).new_page()
    page.goto(update["links"][0])
    expect(page.get_by_text(day).first).to_be_visible()

    outside.tell("promise.kept", {"ref": told.ref, "note": "Tenías razón: te devolvemos el importe."})
    closing = outside.hears(told.email, 3)
    assert "te devolvemos el importe" in closing["text"]
    assert outside.read(told.ref)["promise"]["status"] == "kept"
