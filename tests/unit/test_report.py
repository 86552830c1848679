"""The report as other services read it: the days, the groups, the rates, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.changes import Making
from chalicelib.domain.ledgers import Book
from chalicelib.domain.people import Promiser
from chalicelib.domain.periods import months
from chalicelib.domain.promise import Kind
from chalicelib.domain.reports import By
from chalicelib.usecases.report import report, spans
from chalicelib.usecases.take_event import PromiseMade
from tests.http import Http, fields, problem
from tests.unit.ledger_facts import count
from tests.unit.test_claims import raised, settled
from tests.unit.test_recovery import at_risk, trouble
from tests.world import ANA, GEMMA, NINE, World

HOUR = timedelta(hours=1)
TODAY = NINE.date()
PEDRO = Promiser("seller-8", "Pedro", "pedro@shop.example", "repairs")


def made(world: World, ref: str, by: Promiser | None = ANA, standard: str | None = None) -> None:
    making = Making(
        source="shop", ref=ref, kind=Kind.COMMITMENT, what="Tu pedido llega", due_at=world.system.now() + HOUR,
        customer_ref=GEMMA.ref, time_zone=GEMMA.time_zone, promiser_ref=by.ref if by else None, standard=standard,
    )  # fmt: skip
    world.tell(PromiseMade(making, GEMMA, by))


def a_morning() -> World:
    """Ana keeps one of her two promises, Pedro none of his; nobody's name is on the last one."""
    world = World()
    made(world, "order-1234", standard="delivery@2")
    made(world, "order-2", standard="delivery@1")
    made(world, "order-3", PEDRO)
    made(world, "order-4", None)
    world.keep()
    world.pass_time(2 * HOUR)
    count(world)
    return world


def read(world: World, query: str = "") -> Any:
    return Http(world).read(f"/v1/report{query}")


def kept(groups: Any) -> dict[str | None, tuple[int, int]]:
    """Return, for each group, how many of its promises were kept on time and how many broke untold."""
    return {each["ref"]: (each["kept_on_time"], each["broken_untold"]) for each in groups}


def test_a_report_by_promiser_has_names_from_their_profiles() -> None:
    found = read(a_morning(), "?by=promiser")
    assert kept(found["groups"]) == {"seller-7": (1, 1), "seller-8": (0, 1), None: (0, 1)}
    assert [(each["name"], each["team"]) for each in found["groups"]] == [
        ("Ana", "sales"), ("Pedro", "repairs"), (None, None)
    ]  # fmt: skip
    assert (found["total"]["given"], found["total"]["kept_rate"]) == (4, 0.25)
    assert (found["from"], found["to"], found["time_zone"]) == ("2026-10-26", "2026-11-24", "Europe/Madrid")


def test_a_report_by_team_is_of_those_who_are_in_it_now() -> None:
    world = a_morning()
    assert kept(read(world, "?by=team")["groups"]) == {"sales": (1, 1), "repairs": (0, 1), None: (0, 1)}
    world.store.promiser_profiles["seller-8"] = replace(PEDRO, team="sales")
    assert kept(read(world, "?by=team")["groups"]) == {"sales": (1, 2), None: (0, 1)}


def test_a_report_by_kind_or_by_standard_says_the_same_in_total() -> None:
    world = a_morning()
    assert kept(read(world, "?by=kind")["groups"]) == {"commitment": (1, 3)}
    by_standard = read(world, "?by=standard")
    assert kept(by_standard["groups"]) == {"delivery@2": (1, 0), "delivery@1": (0, 1), None: (0, 2)}
    totals = [read(world, f"?by={by}")["total"] for by in By]
    assert totals == [totals[0]] * 4


def test_the_versions_of_a_standard_are_added_up_beside_them() -> None:
    world = a_morning()
    for n in range(10, 13):
        made(world, f"order-{n}", standard=f"delivery@{n}")
    made(world, "order-20", standard="our own label")
    count(world)
    found = read(world, "?by=standard")
    assert [(each["name"], each["given"], each["kept_on_time"]) for each in found["standards"]] == [
        ("delivery", 5, 1), ("our own label", 1, 0), (None, 2, 0)
    ]  # fmt: skip
    assert found["standards"][0]["kept_rate"] == 0.5
    assert {"delivery@1", "delivery@2", "delivery@12", "our own label", None} < {
        each["ref"] for each in found["groups"]
    }
    assert read(world, "?by=kind")["standards"] == []


def test_only_the_days_asked_for_are_added_up() -> None:
    world = a_morning()
    world.pass_time(timedelta(days=1))
    made(world, "order-5")
    count(world)
    assert read(world, "?from=2026-11-24&to=2026-11-24")["total"]["given"] == 4
    assert read(world, "?from=2026-11-25&to=2026-11-25")["total"]["given"] == 1
    assert read(world, "?from=2026-11-01&to=2026-11-30")["total"]["given"] == 5
    assert read(world, "?from=2026-11-26&to=2026-11-27") | {"total": 0} == {
        "from": "2026-11-26", "to": "2026-11-27", "by": "promiser", "time_zone": "Europe/Madrid", "total": 0,
        "groups": [], "standards": [],
    }  # fmt: skip


def test_a_report_tells_warning_choices_concessions_and_what_customers_say() -> None:
    world = World()
    http = Http(world)
    world.make(due=timedelta(days=2))
    world.drain()
    at_risk(world, trouble(decide=timedelta(days=1)))
    world.drain()
    world.pass_time(timedelta(days=1))
    code = next(iter(world.store.granted))
    assert http.post_event("concession.redeemed", {"code": code, "order": "o-9"}).status_code == 202
    assert http.post_event("concession.redeemed", {"code": code, "order": "o-9"}).status_code == 202
    count(world)
    total = read(world)["total"]
    assert total["warning"] == {"hours": 48.0, "average_hours": 48.0}
    assert total["choices"] == {"stay": 1, "cancel": 0, "by_silence": 1}
    assert total["concessions"] == {"granted": 1, "redeemed": 1, "minor_units": []}
    assert (total["told_rate"], total["kept_rate"], total["perceived"]["kept_rate"]) == (1.0, 0.0, None)


def test_a_report_tells_claims_and_who_promised_the_same_again() -> None:
    http = Http(World())
    raised(http)
    settled(http, "promised")
    raised(http, ref="claim-2", what="el precio: incluye el iva")
    settled(http, "promised", "claim-2")
    raised(http, ref="claim-3", what="La instalación es gratis")
    settled(http, "unclear", "claim-3")
    count(http.world)
    claims = {"raised": 3, "ratified": 3, "promised": 2, "not_promised": 0, "unclear": 1, "recurrences": 1}
    for by in By:
        assert read(http.world, f"?by={by}")["total"]["claims"] == claims
    ana = http.read("/v1/promisers/seller-7")
    assert ana["ledger"]["claims"] == claims
    assert [each["times"] for each in ana["recurring"]] == [2]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=yesterday", "from"), ("?from=2026-02-30", "from"), ("?from=20261124", "from"),
        ("?to=2026-11-24T10:00:00Z", "to"), ("?to=0001-01-01", "to"), ("?by=customer", "by"),
        ("?from=2026-11-25&to=2026-11-24", "from"), ("?from=2025-11-01&to=2026-11-24", "to"),
        ("?from=2027-01-01", "from"), ("?since=2026-01-01", "since"), ("?form=2026-11-01", "form"),
        ("?by=team&By=kind", "By"), ("?format=xml", "format"),
    ],
)  # fmt: skip
def test_a_field_that_is_not_right_is_named(query: str, field: str) -> None:
    http = Http(World())
    assert fields(http.get(f"/v1/report{query}", {"Authorization": "Bearer read-key"})) == {field}


def test_all_fields_at_fault_are_named_at_once() -> None:
    answer = Http(World()).get("/v1/report?from=x&to=y&by=z&until=1", {"Authorization": "Bearer read-key"})
    assert fields(answer) == {"from", "to", "by", "until"}


def test_a_report_or_a_ledger_needs_a_read_key() -> None:
    http = Http(World())
    for path in ("/v1/report", "/v1/promisers/seller-7", "/v1/customers/c-99"):
        problem(http.get(path), 401)
        problem(http.get(path, {"Authorization": "Bearer another"}), 401)


def test_a_promiser_s_ledger_goes_month_by_month() -> None:
    world = a_morning()
    found = Http(world).read("/v1/promisers/seller-7")
    assert found["promiser"] == {"ref": "seller-7", "name": "Ana", "team": "sales"}
    assert (found["ledger"]["given"], found["ledger"]["kept_on_time"]) == (2, 1)
    assert [each["month"] for each in found["months"]] == ["2026-11"]
    problem(Http(world).get("/v1/promisers/nobody", {"Authorization": "Bearer read-key"}), 404)


def test_a_customer_s_ledger_stands_with_what_is_open_for_them() -> None:
    found = Http(a_morning()).read("/v1/customers/c-99")
    assert (found["ledger"]["given"], found["ledger"]["broken_untold"]) == (4, 3)


def test_every_day_of_a_range_is_read_once_and_whole_months_of_promisers_by_the_month() -> None:
    since, until = date(2026, 11, 20), date(2027, 2, 28)
    assert list(months(since, until))[1] == (date(2026, 12, 1), date(2026, 12, 31))
    read = [(span.within, span.first, span.last) for span in spans(Book.PROMISER, since, until)]
    assert read == [("2026-11", "20", "30"), ("2026", "12", "12"), ("2027", "01", "01"), ("2027", "02", "02")]
    by_day = [(span.within, span.first, span.last) for span in spans(Book.DEED, since, until)]
    assert by_day[1:] == [("2026-12", "01", "31"), ("2027-01", "01", "31"), ("2027-02", "01", "28")]


def test_whole_months_say_what_their_days_say() -> None:
    world = World()
    for n in range(70):
        made(world, f"order-{n}", (ANA, PEDRO)[n % 2])
        world.pass_time(timedelta(days=1))
    count(world)
    whole = report(date(2026, 12, 1), date(2026, 12, 31), By.PROMISER, world)
    days = [report(date(2026, 12, n), date(2026, 12, n), By.PROMISER, world).total.numbers for n in range(1, 32)]
    assert whole.total.numbers == {name: sum(each.get(name, 0) for each in days) for name in whole.total.numbers}
    assert report(TODAY, date(2027, 1, 31), By.KIND, world).total.numbers["given"] == 69
