"""Armed clocks, read by when they ring."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib.adapters import items, tables
from chalicelib.adapters.dynamodb_calls import ask, read_batch
from chalicelib.adapters.moments import milliseconds_until
from chalicelib.adapters.tables import AWS, ClocksItem, DueIndex, Place
from chalicelib.domain.clocks import Clock

# DynamoDB's limit on one BatchGetItem.
MOST_AT_ONCE = 100


class DynamoClocks:
    """The Clocks, in table `clocks` and its index `due`."""

    def __init__(self, clocks_table: str, *, shards: int, place: Place = AWS) -> None:
        """Name the table; nothing is opened yet."""
        self._item = tables.bound(ClocksItem, clocks_table, place)
        self._shards = shards

    def due(self, until: datetime) -> Iterator[Clock]:
        """Read shard after shard, page after page, as the caller goes on; the index may lag by some milliseconds."""
        for shard in range(self._shards):
            yield from self._due_in(f"{shard:02d}", until)

    def get(self, promise_id: str) -> Clock | None:
        try:
            item = ask(lambda: self._item.get(promise_id, consistent_read=True))
        except self._item.DoesNotExist:
            return None
        return items.clock_of(promise_id, item.ring_at)

    def armed(self, promise_ids: Sequence[str]) -> frozenset[str]:
        keys = [{"promise_id": {"S": each}} for each in dict.fromkeys(promise_ids)]
        found: set[str] = set()
        for start in range(0, len(keys), MOST_AT_ONCE):
            wanted = keys[start : start + MOST_AT_ONCE]
            page = read_batch(self._item.table(), wanted, attributes_to_get=["promise_id"])
            found |= {raw["promise_id"]["S"] for raw in page}
        return frozenset(found)

    def _due_in(self, shard: str, until: datetime) -> Iterator[Clock]:
        found = self._item.due.query(shard, DueIndex.ring_at <= milliseconds_until(until))
        while item := ask(lambda: next(found, None)):
            yield items.clock_of(item.promise_id, item.ring_at)
