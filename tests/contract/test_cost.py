"""What a promise costs in DynamoDB, counted from what the emulator charges; docs/cost.md holds the same table."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import boto3
import pytest

from chalicelib.adapters.tables import Place as TablePlace
from chalicelib.domain import feedback
from chalicelib.domain.changes import Making
from chalicelib.domain.feedback import Perceived
from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Kind, promise_id
from chalicelib.domain.reports import By
from chalicelib.usecases import arm
from chalicelib.usecases.count_facts import count_facts
from chalicelib.usecases.read_promise import read_promise
from chalicelib.usecases.report import report as promise_report
from chalicelib.usecases.store_port import Commit, Committed
from chalicelib.usecases.sweep import sweep
from chalicelib.usecases.take_event import PromiseMade
from infra.local.emulator import Emulator
from infra.local.place import Place
from tests.contract.builders import notice
from tests.contract.capacity import Meter
from tests.contract.conftest import REGION
from tests.contract.dynamo_world import DynamoWorld
from tests.contract.two_tables import drop_tables, make_tables
from tests.receipts import report
from tests.world import ANA, REF, SOURCE

DOCUMENT = Path(__file__).parents[2] / "docs" / "cost.md"
# Dollars for a million units on demand, as AWS asked in us-east-1 in November 2026.
WRITE_PRICE, READ_PRICE = 0.625, 0.125
# What an update may cost in write units. Whoever needs more must say in docs/cost.md what for.
UPDATE_BUDGET = 12


@dataclass
class CostedWorld(DynamoWorld):
    """A world whose promises lie in DynamoDB, at a price."""

    meter: Meter = field(default_factory=Meter)

    def make_by(self, ref: str, promiser: Promiser, customer: Customer) -> None:
        due_at = self.system.now() + timedelta(days=2)
        making = Making(
            SOURCE, ref, Kind.COMMITMENT, "Your order arrives", due_at, customer.ref, customer.time_zone,
            promiser_ref=promiser.ref,
        )  # fmt: skip
        self.tell(PromiseMade(making, customer, promiser))

    def ring_down(self, moment: datetime) -> None:
        self.email.answer_next(Outcome.UNAVAILABLE)
        self.ring_at(moment)

    def cost(self, work: Callable[[], object]) -> tuple[float, float]:
        """Return the write and read units that some work was charged."""
        before = (self.meter.writes, self.meter.reads)
        work()
        return self.meter.writes - before[0], self.meter.reads - before[1]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The emulator, with empty tables. Of what can run here, its numbers alone are DynamoDB's: see docs/cost.md."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = Place(tmp_path_factory.mktemp("emulator"), aws_port=free.getsockname()[1])
    emulator = Emulator(place)
    emulator.recover()
    emulator.start()
    yield place.aws
    emulator.stop()


@pytest.fixture
def world(host: str, credentials: None) -> Iterator[CostedWorld]:
    dynamodb = boto3.client("dynamodb", region_name=REGION, endpoint_url=host)
    make_tables(dynamodb)
    with Meter().on() as meter:
        yield CostedWorld(place=TablePlace(REGION, host), meter=meter)
    drop_tables(dynamodb)


def answered(world: CostedWorld, expected: str | None) -> None:
    """Answer the question at the end, as the page's form does."""
    promise = world.promise()
    said = feedback.Answer(Perceived.YES, expected, "es")
    change = feedback.answer(promise, said, world.rules.policy, world.system.now())
    assert arm.store(change, Commit(promise, None), world.system.now(), world) is Committed.DONE
    world.system.time += timedelta(minutes=1)


def measure(world: CostedWorld) -> dict[str, tuple[float, float]]:
    """Live through the life of a promise and return what each step was charged."""
    start = world.system.time
    first, second, third = (timedelta(hours=n) for n in (4, 8, 12))
    cost = world.cost
    confirmation = f"{promise_id(SOURCE, REF)}:confirmation:1"
    return {
        "A promise is made by somebody new in their team": cost(
            lambda: world.make_by("order-0", ANA, Customer("c-0", "es", "Europe/Madrid"))
        ),
        "A promise is made": cost(lambda: world.make(at=(first, second, third))),
        "The confirmation is sent": cost(lambda: world.ring_at(start)),
        "SendGrid reports it delivered": cost(lambda: report(world, confirmation, "processed", "delivered")),
        "SendGrid reports the same again": cost(lambda: report(world, confirmation, "processed", "delivered")),
        "An update without news is sent": cost(lambda: world.ring_at(start + first)),
        "A ring that comes twice": cost(lambda: world.ring_at(start + first)),
        "News comes in for the next update": cost(lambda: world.progress("The part has come")),
        "An update with news is sent": cost(lambda: world.ring_at(start + second)),
        "An update meets a provider that is down": cost(lambda: world.ring_down(start + third)),
        "That update is sent after all": cost(lambda: world.ring_at(start + third + timedelta(minutes=1))),
        "The promise is kept": cost(lambda: world.keep("Delivered")),
        "The closing is sent": cost(lambda: world.ring_at(world.system.time)),
        "The promise is read": cost(lambda: read_promise(promise_id(SOURCE, REF), world)),
        "The customer answers the question": cost(lambda: answered(world, None)),
        "They say what they had expected": cost(lambda: answered(world, "a call before noon")),
        "They say it in other words": cost(lambda: answered(world, "a call before eleven")),
        "A sweep with nothing due": cost(lambda: sweep(world)),
    }


def table(charged: dict[str, tuple[float, float]]) -> str:
    """Return the measurements as the table of docs/cost.md."""
    lines = ["| step | write units | read units | $ per million |", "|---|---:|---:|---:|"]
    for step, (writes, reads) in charged.items():
        price = writes * WRITE_PRICE + reads * READ_PRICE
        lines.append(f"| {step} | {writes:g} | {reads:g} | {price:.2f} |")
    return "\n".join(lines)


def test_an_update_stays_within_its_budget_and_the_document_says_what_is_charged(world: CostedWorld) -> None:
    charged = measure(world)
    assert [world.promise().status.value, len(world.email.delivered)] == ["kept", 5]
    assert charged["An update without news is sent"][0] <= UPDATE_BUDGET
    assert charged["An update with news is sent"][0] <= UPDATE_BUDGET
    assert table(charged) in DOCUMENT.read_text(), f"docs/cost.md must hold:\n{table(charged)}"


def test_a_lost_race_for_a_claim_costs_one_unit_and_no_second_call(world: CostedWorld) -> None:
    assert world.cost(lambda: world.store.claim(notice()))[0] == 1
    assert world.cost(lambda: world.store.claim(notice(token="late"))) == (1, 0)


def measure_counting(world: CostedWorld) -> dict[str, tuple[float, float]]:
    """Count a promise's facts, and a batch of a hundred promises by ten promisers, and return what was charged."""
    cost = world.cost
    first, kept = (promise_id(SOURCE, REF), 1), (promise_id(SOURCE, REF), 2)
    refs = [f"order-{n}" for n in range(100)]

    def count(*keys: tuple[str, int]) -> None:
        assert count_facts(keys, world) == frozenset()

    world.make()
    charged = {
        "A making is counted": cost(lambda: count(first)),
        "The same fact comes again": cost(lambda: count(first)),
    }
    world.keep()
    charged["A keeping is counted"] = cost(lambda: count(kept))
    for n, ref in enumerate(refs):
        world.make_by(ref, Promiser(f"seller-{n % 10}"), Customer(f"c-{n}", "es", "Europe/Madrid"))
    together = cost(lambda: count(*[(promise_id(SOURCE, ref), 1) for ref in refs]))
    charged["A making is counted among a hundred of ten promisers"] = (together[0] / 100, together[1] / 100)
    today = world.system.now().date()
    charged["A report on one day by promiser"] = cost(lambda: promise_report(today, today, By.PROMISER, world))
    return charged


def test_the_document_says_what_counting_and_reporting_are_charged(world: CostedWorld) -> None:
    charged = measure_counting(world)
    assert charged["The same fact comes again"][0] == 0
    assert table(charged) in DOCUMENT.read_text(), f"docs/cost.md must hold:\n{table(charged)}"
