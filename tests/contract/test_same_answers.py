"""Whatever is called in whatever order: the fake and the adapter answer alike, and hold the same in the end.

The other contract tests say what must be answered; this one looks for what nobody thought of.
"""

import pytest

from tests.contract import store_calls as drawn
from tests.contract.conftest import Stored
from tests.contract.store_calls import Call, Caller
from tests.fakes import FakeClocks, FakeStore

# A few only on moto, which takes ten times as long.
SEEDS = [("moto", 0), ("moto", 1), *(("dynamodb-local", seed) for seed in range(8))]
CALLS = 60


def held(stored: Stored) -> dict[str, object]:
    """Everything that can be read, in an order of its own."""
    store, clocks = stored.store, stored.clocks
    facts = [(each, n) for each in drawn.PROMISES for n in drawn.NUMBERS]
    return {
        "promises": dict(store.load(drawn.PROMISES)),
        "histories": [store.history(each) for each in drawn.PROMISES],
        "notices": sorted(
            store.find_notices([(each, "update", 1) for each in drawn.PROMISES]), key=lambda each: each.id
        ),
        "facts": sorted(store.facts(facts), key=lambda each: (each.promise_id, each.seq)),
        "customers": dict(store.customers(drawn.CUSTOMERS)),
        "promisers": dict(store.promisers(drawn.PROMISERS)),
        "promises of": [sorted(store.promises_of(each)) for each in drawn.CUSTOMERS],
        "claims of": [dict(store.claims_of(each)) for each in drawn.CUSTOMERS],
        "concessions of": [list(store.concessions_of(each)) for each in drawn.CUSTOMERS],
        "concessions": [store.concession(each) for each in drawn.CODES],
        "answers": [store.answer("shop", each) for each in drawn.WEBHOOKS],
        "routes": [store.reply_route(each) for each in drawn.PHONES],
        "messages": dict(store.sent_as(drawn.MESSAGES)),
        "clocks": [clocks.get(each) for each in drawn.PROMISES],
        "armed": clocks.armed(drawn.PROMISES),
        "due": sorted(clocks.due(drawn.LATER), key=lambda each: each.promise_id),
    }


@pytest.mark.parametrize(("place", "seed"), SEEDS, indirect=["place"])
def test_fake_and_adapter_answer_alike(stored: Stored, seed: int) -> None:
    fake, caller = FakeStore(), Caller(seed)
    made: list[Call] = []
    for _ in range(CALLS):
        made.append(caller.next(fake))
        assert made[-1].of(fake) == made[-1].of(stored.store), made
    assert held(Stored(fake, FakeClocks(fake))) == held(stored), made
