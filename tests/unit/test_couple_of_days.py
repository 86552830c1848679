"""In a couple of days, asked on a Thursday: two working days later is said to be the Monday, weekend or not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.messages import texts
from tests.http import Http
from tests.unit.test_webhooks_http import MADE
from tests.world import World


@pytest.mark.parametrize(
    ("told_at", "day", "shortly"),
    [
        (datetime(2026, 12, 3, 15, 0, tzinfo=UTC), "lunes 7 de diciembre, a las 16:00", "lun 7/12, 16:00"),
        (datetime(2026, 12, 3, 23, 30, tzinfo=UTC), "martes 8 de diciembre, a las 0:30", "mar 8/12, 0:30"),
        (datetime(2026, 12, 5, 15, 0, tzinfo=UTC), "martes 8 de diciembre, a las 16:00", "mar 8/12, 16:00"),
        (datetime(2026, 12, 30, 15, 0, tzinfo=UTC), "viernes 1 de enero de 2027, a las 16:00", "vie 1/1/2027, 16:00"),
    ],
    ids=["on a Thursday", "when it is Friday in Madrid already", "on a Saturday", "across the year"],
)
def test_the_day_that_two_working_days_mean_is_said(told_at: datetime, day: str, shortly: str) -> None:
    mail, text = (world_told(told_at, channel) for channel in ("email", "sms"))
    assert day in mail.email.delivered[-1].subject
    assert day in mail.email.delivered[-1].text
    assert shortly in text.sms.delivered[-1].text


def world_told(told_at: datetime, channel: str) -> World:
    world = World(texts=texts)  # type: ignore[arg-type]
    world.system.time = told_at
    told: dict[str, Any] = {name: MADE[name] for name in ("ref", "kind", "what", "promised_by")}
    customer = MADE["customer"] | {"channels": [channel]}
    Http(world).post_event("promise.made", told | {"due_in": "P2B", "customer": customer})
    world.drain()
    return world
