"""How items lie in the tables: small, findable, evenly spread, and each store in its own place."""

from collections import Counter
from datetime import timedelta

from chalicelib.adapters import items, tables
from chalicelib.adapters.moments import moment, ring_milliseconds
from chalicelib.adapters.tables import ClocksItem, Place, PromisesItem
from chalicelib.domain.durations import Duration
from chalicelib.domain.promise import News, Rhythm, Word, promise_id
from tests.contract.builders import NOON, answer, clock, fact, notice, promise

# A write unit is a kilobyte, begun or full.
WRITE_UNIT = 1024
ITEM = tables.bound(PromisesItem, "promises", Place("eu-west-1"))
CLOCK = tables.bound(ClocksItem, "clocks", Place("eu-west-1"))


def size(item: PromisesItem) -> int:
    """Count bytes as DynamoDB does: names and values in UTF-8, numbers by their digits."""
    raw = item.serialize()
    return sum(
        len(name.encode()) + sum(len(str(value).encode()) for value in typed.values()) for name, typed in raw.items()
    )


def test_a_promise_in_full_swing_stays_within_one_write_unit() -> None:
    busy = promise(
        promise_id("shop", "order-1234"),
        ref="order-1234",
        what="Tu pedido 1234 llega a casa el viernes por la tarde, con la vajilla completa",
        rhythm=Rhythm(Duration(days=2), (NOON, NOON + timedelta(days=1))),
        promiser_ref="seller-7",
        standard="delivery",
        about={"order": "1234", "amount": "120.00", "currency": "EUR"},
        told=frozenset({Word.CONFIRMATION}),
        notices={Word.CONFIRMATION: 1, Word.UPDATE: 14},
        news=(News(21, NOON, "El transportista confirma que el paquete está en Zaragoza"),),
        tell_now=NOON,
        made_digest="0123456789abcdef" * 2,
        seq=21,
    )
    assert size(items.promise_item(ITEM, busy, 37)) < WRITE_UNIT


def test_keys_sort_facts_by_number_and_keep_kinds_apart() -> None:
    keys = [items.fact_item(ITEM, fact(seq)).sk for seq in (2, 10, 100)]
    assert keys == sorted(keys) == ["FACT#000002", "FACT#000010", "FACT#000100"]
    assert items.notice_record(ITEM, notice(3))[0].sk == "NOTICE#update#0003"
    assert items.promise_item(ITEM, promise(), 1).sk == "STATE"


def test_no_personal_data_stands_in_a_key() -> None:
    assert items.promise_item(ITEM, promise(), 1).pk == "P#p1"
    assert items.answer_item(ITEM, answer()).pk == "W#shop#msg_1"


def test_an_answer_expires_in_whole_seconds_and_not_before_its_time() -> None:
    assert items.answer_item(ITEM, answer()).expires_at == (NOON + timedelta(days=8)).timestamp()


def test_a_clock_is_never_rounded_to_before_its_moment() -> None:
    precise = NOON + timedelta(microseconds=1)
    assert moment(ring_milliseconds(precise)) == NOON + timedelta(milliseconds=1)
    assert moment(ring_milliseconds(NOON)) == NOON


def test_a_clock_expires_its_grace_after_its_ring() -> None:
    stored = items.clock_item(CLOCK, clock(), 16, timedelta(minutes=10))
    assert stored.expires_at == (NOON + timedelta(minutes=10)).timestamp()


def test_shards_are_the_same_in_every_process_and_evenly_filled() -> None:
    assert tables.shard_of("p1", 16) == "03"
    filled = Counter(tables.shard_of(promise_id("shop", str(n)), 16) for n in range(16_000))
    assert set(filled) == {f"{shard:02d}" for shard in range(16)}
    assert max(filled.values()) < 1.15 * 1000


def test_two_stores_in_one_process_keep_their_own_tables_and_places() -> None:
    here = tables.bound(PromisesItem, "promises-here", Place("eu-west-1", "http://127.0.0.1:1"))
    there = tables.bound(PromisesItem, "promises-there", Place("sa-east-1"))
    assert (here.table().table_name, there.table().table_name) == ("promises-here", "promises-there")
    assert (here.table().connection.host, there.table().connection.host) == ("http://127.0.0.1:1", None)
    assert (here.table().connection.region, there.table().connection.region) == ("eu-west-1", "sa-east-1")
