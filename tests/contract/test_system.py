"""What every System promises of time and chance."""

from datetime import UTC, timedelta

import pytest

from chalicelib.adapters.system import RealSystem
from chalicelib.usecases.ports import System
from tests.fakes import FakeSystem

A_MOMENT = timedelta(milliseconds=20)


@pytest.fixture(params=[FakeSystem, RealSystem], ids=["fake", "real"])
def system(request: pytest.FixtureRequest) -> System:
    made: System = request.param()
    return made


def test_now_is_in_utc_and_moves_on_while_waiting(system: System) -> None:
    before = system.now()
    assert before.tzinfo is UTC
    system.wait(A_MOMENT)
    assert system.now() >= before + A_MOMENT


def test_waiting_for_what_is_past_takes_no_time(system: System) -> None:
    before = system.now()
    system.wait(timedelta(hours=-1))
    system.wait(timedelta())
    assert system.now() - before < timedelta(seconds=1)


def test_tokens_never_come_twice(system: System) -> None:
    assert len({system.token() for _ in range(1000)}) == 1000


def test_jitter_lies_from_zero_up_to_one(system: System) -> None:
    assert all(0 <= system.jitter() < 1 for _ in range(100))


@pytest.mark.parametrize("items", [[], [1], list(range(30))])
def test_results_come_in_the_order_of_the_items(system: System, items: list[int]) -> None:
    assert system.together(lambda item: item * 2, items) == [item * 2 for item in items]


def test_what_the_work_raises_comes_out(system: System) -> None:
    with pytest.raises(ZeroDivisionError):
        system.together(lambda item: 1 // item, [1, 0, 2])


def test_the_real_one_works_on_ten_items_at_the_same_time() -> None:
    system = RealSystem()
    before = system.now()
    system.together(lambda _: system.wait(timedelta(milliseconds=100)), range(10))
    assert system.now() - before < timedelta(milliseconds=600)
