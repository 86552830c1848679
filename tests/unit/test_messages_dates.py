"""Dates, times and amounts are said as people say them in each place."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.messages.clock import time_of_day, zone_name
from chalicelib.messages.dates import Calendar
from chalicelib.messages.money import money
from chalicelib.messages.phrases import phrases_for
from tests.unit.notices import BRAND

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=MADRID)


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """A moment on the clocks of Madrid."""
    return datetime(year, month, day, hour, minute, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("tag", "moment", "plain", "on", "by"),
    [
        (
            "en",
            at(11, 24, 15),
            "Tuesday 24 November, 3 pm",
            "on Tuesday 24 November, 3 pm",
            "by Tuesday 24 November, 3 pm",
        ),
        ("en-GB", at(11, 24, 15, 30), "Tuesday 24 November, 3:30 pm", None, None),
        ("en-US", at(11, 24, 15), "Tuesday, November 24, 3 PM", "on Tuesday, November 24, 3 PM", None),
        ("en", at(11, 20, 18), "today at 6 pm", "today at 6 pm", "by 6 pm today"),
        ("en", at(11, 21, 9), "tomorrow at 9 am", None, "by 9 am tomorrow"),
        ("en", at(11, 19, 9), "yesterday at 9 am", None, None),
        ("en", at(1, 8, 12, 0, 2027), "Friday 8 January 2027, 12 noon", None, None),
        ("en-US", at(1, 8, 0, 5, 2027), "Friday, January 8, 2027, 12:05 AM", None, None),
        ("es", at(11, 24, 15), "martes 24 de noviembre, a las 15:00", "el martes 24 de noviembre, a las 15:00", None),
        ("es-MX", at(11, 24, 15), None, None, "a más tardar el martes 24 de noviembre, a las 15:00"),
        ("es", at(11, 20, 18), "hoy a las 18:00", "hoy a las 18:00", "a más tardar hoy a las 18:00"),
        ("es", at(11, 21, 1, 30), "mañana a la 1:30", None, None),
        ("es", at(1, 8, 9, 0, 2027), "viernes 8 de enero de 2027, a las 9:00", None, None),
        (
            "pt-BR",
            at(11, 24, 15),
            "terça-feira, 24 de novembro, às 15h",
            "na terça-feira, 24 de novembro, às 15h",
            None,
        ),
        ("pt-BR", at(11, 24, 15, 30), None, None, "até terça-feira, 24 de novembro, às 15h30"),
        ("pt-BR", at(11, 20, 18), "hoje às 18h", "hoje às 18h", "até as 18h de hoje"),
        ("pt-BR", at(12, 1, 18), "terça-feira, 1º de dezembro, às 18h", None, None),
        ("pt-BR", at(11, 28, 1), None, "no sábado, 28 de novembro, à 1h", None),
        ("pt-PT", at(11, 24, 15), "terça-feira, 24 de novembro, às 15h00", None, None),
        ("pt-PT", at(11, 21, 9), "amanhã às 9h00", "amanhã às 9h00", "até às 9h00 de amanhã"),
        ("pt-PT", at(1, 8, 1, 0, 2027), "sexta-feira, 8 de janeiro de 2027, à 1h00", None, None),
    ],
)
def test_a_moment_is_said_as_people_say_it(
    tag: str, moment: datetime, plain: str | None, on: str | None, by: str | None
) -> None:
    said = Calendar(tag, MADRID, NOW).say(moment)
    for expected, found in ((plain, said.plain), (on, said.on), (by, said.by)):
        assert expected is None or found == expected


@pytest.mark.parametrize(
    ("tag", "plain", "on", "by"),
    [
        ("en", "Tue 24 Nov, 3:30 pm", "on Tue 24 Nov, 3:30 pm", "by Tue 24 Nov, 3:30 pm"),
        ("en-US", "Tue, Nov 24, 3:30 PM", "on Tue, Nov 24, 3:30 PM", "by Tue, Nov 24, 3:30 PM"),
        ("es", "mar 24/11, 15:30", "el mar 24/11 a las 15:30", "a más tardar el mar 24/11 a las 15:30"),
        ("pt-BR", "ter 24/11, 15h30", "na ter 24/11 às 15h30", "até ter 24/11 às 15h30"),
        ("pt-PT", "ter 24/11, 15h30", "na ter 24/11 às 15h30", "até ter 24/11 às 15h30"),
    ],
)
def test_a_text_message_says_it_in_fewer_characters(tag: str, plain: str, on: str, by: str) -> None:
    said = Calendar(tag, MADRID, NOW).say_shortly(at(11, 24, 15, 30))
    assert (said.plain, said.on, said.by) == (plain, on, by)


def test_today_is_today_where_the_customer_lives() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=MADRID)
    tokyo = Calendar("en", ZoneInfo("Asia/Tokyo"), late)
    assert tokyo.say(datetime(2026, 11, 21, 1, 0, tzinfo=MADRID)).plain == "today at 9 am"


def test_clocks_that_change_do_not_move_a_moment() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=MADRID)
    assert (
        Calendar("es", MADRID, before).say(datetime(2026, 10, 25, 12, 0, tzinfo=MADRID)).plain == "mañana a las 12:00"
    )


@pytest.mark.parametrize(
    ("tag", "hour", "said"),
    [
        ("es", 0, "a las 0:00"),
        ("es", 1, "a la 1:00"),
        ("es", 2, "a las 2:00"),
        ("pt-BR", 0, "à 0h"),
        ("pt-BR", 1, "à 1h"),
        ("pt-PT", 0, "às 0h00"),
        ("pt-PT", 1, "à 1h00"),
        ("en", 0, "12 am"),
        ("en-US", 12, "12 noon"),
        ("en", 13, "1 pm"),
    ],
)
def test_hours_agree_in_number(tag: str, hour: int, said: str) -> None:
    assert time_of_day(at(11, 24, hour), tag) == said


@pytest.mark.parametrize(
    ("tag", "zone", "name"),
    [
        ("en", "Europe/Madrid", "Madrid time"),
        ("es", "America/New_York", "hora de Nueva York"),
        ("es-ES", "Atlantic/Canary", "hora de Canarias"),
        ("pt-BR", "America/Sao_Paulo", "horário de Brasília"),
        ("pt-BR", "Europe/Lisbon", "horário de Lisboa"),
        ("pt-PT", "America/New_York", "hora de Nova Iorque"),
        ("pt-PT", "Atlantic/Azores", "hora dos Açores"),
        ("en", "UTC", "UTC"),
    ],
)
def test_a_zone_has_the_name_people_give_it(tag: str, zone: str, name: str) -> None:
    assert zone_name(ZoneInfo(zone), tag, phrases_for(tag, BRAND)) == name


@pytest.mark.parametrize(
    ("amount", "currency", "tag", "written"),
    [
        ("120.00", "EUR", "es", "120,00\u00a0€"),
        ("120", "EUR", "pt-PT", "120,00\u00a0€"),
        ("120.00", "BRL", "pt-BR", "R$\u00a0120,00"),
        ("120.00", "EUR", "en", "€120.00"),
        ("1234.5", "USD", "en-US", "$1,234.50"),
        ("1234", "JPY", "en", "¥1,234"),
        ("12000", "CLP", "es-CL", "$12.000"),
        ("1200", "CLP", "en", "CLP\u00a01,200"),
        ("99.90", "MXN", "es-MX", "$99.90"),
        ("10", "EUR", "es-FR", "10,00\u00a0€"),
        ("ten", "EUR", "en", None),
        ("NaN", "EUR", "en", None),
        ("10", "<b>", "en", None),
        ("10", None, "en", None),
        (None, "EUR", "en", None),
    ],
)
def test_an_amount_is_written_as_in_its_place(
    amount: str | None, currency: str | None, tag: str, written: str | None
) -> None:
    assert money(amount, currency, tag) == written
