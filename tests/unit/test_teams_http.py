"""A team's ledger: of those who are in it now, over all time and month by month, and of nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.people import Promiser
from tests.http import Http, problem
from tests.unit.ledger_facts import count
from tests.unit.test_report import PEDRO, made
from tests.world import ANA, World

KEY = {"Authorization": "Bearer read-key"}
EVA = Promiser("seller-9", "Eva", None, "sales")


@pytest.fixture
def http() -> Http:
    """Ana keeps a promise in November and Eva gives one in December, both of sales; Pedro repairs."""
    world = World()
    made(world, "order-1234")
    made(world, "order-2", PEDRO)
    world.keep()
    world.pass_time(timedelta(days=10))
    made(world, "order-3", EVA)
    count(world)
    return Http(world)


def test_a_team_s_ledger_is_the_sum_of_its_members_in_all_and_month_by_month(http: Http) -> None:
    found = http.read("/v1/teams/sales")
    assert found["team"] == "sales"
    assert found["members"] == [{"ref": "seller-7", "name": "Ana"}, {"ref": "seller-9", "name": "Eva"}]
    assert (found["ledger"]["given"], found["ledger"]["kept_on_time"], found["ledger"]["broken_untold"]) == (2, 1, 0)
    assert [(each["month"], each["ledger"]["given"]) for each in found["months"]] == [("2026-11", 1), ("2026-12", 1)]
    report = http.read("/v1/report?from=2026-11-01&to=2026-12-31&by=team")
    (group,) = [each for each in report["groups"] if each["ref"] == "sales"]
    assert found["ledger"].items() <= group.items()


def test_whoever_leaves_takes_their_record_along(http: Http) -> None:
    made(http.world, "order-4", replace(ANA, team="repairs"))
    assert [each["ref"] for each in http.read("/v1/teams/sales")["members"]] == ["seller-9"]
    repairs = http.read("/v1/teams/repairs")
    assert ([each["ref"] for each in repairs["members"]], repairs["ledger"]["given"]) == (["seller-7", "seller-8"], 2)
    made(http.world, "order-5", ANA)
    assert [each["ref"] for each in http.read("/v1/teams/sales")["members"]] == ["seller-7", "seller-9"]


def test_a_team_whose_members_have_all_left_or_that_never_was_is_not_known(http: Http) -> None:
    made(http.world, "order-4", replace(PEDRO, team="sales"))
    for team in ("repairs", "nobody", "SALES"):
        assert problem(http.get(f"/v1/teams/{team}", KEY), 404)["type"] == "urn:kept:problem:no-such-team"
    problem(http.get("/v1/teams/sales"), 401)


def test_a_name_that_a_url_must_escape_is_found(http: Http) -> None:
    made(http.world, "order-4", replace(PEDRO, team="Atención / Málaga"))
    assert http.read("/v1/teams/Atenci%C3%B3n%20%2F%20M%C3%A1laga")["members"] == [{"ref": "seller-8", "name": "Pedro"}]


def test_only_the_members_rows_are_read_however_many_others_there_are(http: Http) -> None:
    world = http.world
    for n in range(50):
        made(world, f"other-{n}", Promiser(f"other-{n}", None, None, "others"))
    count(world)
    asked: list[str] = []
    read_rows = world.ledgers.at

    def at(generation: int, rows):  # type: ignore[no-untyped-def]
        asked.extend(row.group for row in rows)
        return read_rows(generation, rows)

    world.ledgers.at = at  # type: ignore[method-assign]
    http.read("/v1/teams/sales")
    assert set(asked) == {"seller-7", "seller-9"}
    assert len(asked) == 24


def test_only_the_first_promise_of_somebody_in_a_team_lists_them_with_it() -> None:
    world = World()
    joined = []
    commit = world.store.commit
    world.store.commit = lambda each: joined.append(each.joins) or commit(each)  # type: ignore[method-assign, func-returns-value]
    for n, by in enumerate((ANA, ANA, EVA, None, replace(ANA, team=None), ANA)):
        made(world, f"order-{n}", by)
    assert joined == ["sales", None, "sales", None, None, "sales"]
