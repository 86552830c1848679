"""How long what happened is kept: by kind, from the end on, and never what still owes a word."""

from datetime import timedelta

import pytest

from chalicelib.domain.promise import Kind
from chalicelib.domain.retention import HOUSE
from chalicelib.settings import BadSettings, read_settings
from chalicelib.usecases.reconcile import reconcile
from tests.unit.test_settings import COMPLETE
from tests.world import World

DAY = timedelta(days=1)


def nightly(world: World) -> dict[str, int]:
    return reconcile(world, lambda: timedelta(minutes=10), afresh=True).found


@pytest.mark.parametrize("kind", [Kind.COMMITMENT, Kind.PERSONAL])
def test_a_promise_expires_once_its_kinds_time_is_over_and_not_before(kind: Kind) -> None:
    world = World()
    world.make(kind=kind)
    world.keep()
    world.drain()
    world.system.time += HOUSE[kind] - DAY
    assert nightly(world)["PromisesRetired"] == 0
    world.system.time += 2 * DAY
    assert nightly(world)["PromisesRetired"] == 1
    assert list(world.store.expiring) == [world.promise().id]


def test_what_stands_or_still_owes_a_word_is_kept() -> None:
    world = World()
    world.make()
    world.make(ref="order-2")
    world.keep()
    world.system.time += timedelta(days=5000)
    assert nightly(world)["PromisesRetired"] == 0


def test_the_times_are_a_setting_and_what_is_not_named_stays_as_the_house_has_it() -> None:
    kept = read_settings(COMPLETE | {"KEPT_RETENTION_DAYS": "personal=30"}).retention
    assert kept == {**HOUSE, Kind.PERSONAL: timedelta(days=30)}
    for wrong in ("personal", "vow=3", "personal=0", "personal=x"):
        with pytest.raises(BadSettings, match="KEPT_RETENTION_DAYS"):
            read_settings(COMPLETE | {"KEPT_RETENTION_DAYS": wrong})
