"""Armed clocks, read by when they ring."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters import items, tables
from chalicelib.adapters.dynamodb_calls import ask
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
        found: set[str] = set()
        distinct = list(dict.fromkeys(promise_ids))
        for start in range(0, len(distinct), MOST_AT_ONCE):
            found |= self._armed(distinct[start : start + MOST_AT_ONCE])
        return frozenset(found)

    def _armed(self, promise_ids: Sequence[str]) -> set[str]:
        """Ask for up to a hundred at once, and for what a busy table left over one by one."""
        table = self._item.table()
        keys: list[Any] = [{"promise_id": {"S": each}} for each in promise_ids]
        page = ask(lambda: table.batch_get_item(keys, consistent_read=True, attributes_to_get=["promise_id"]))
        found = {raw["promise_id"]["S"] for raw in page["Responses"].get(table.table_name, ())}
        left = page.get("UnprocessedKeys", {}).get(table.table_name, {}).get("Keys", [])
        return found | {each["promise_id"]["S"] for each in left if self.get(each["promise_id"]["S"])}

    def _due_in(self, shard: str, until: datetime) -> Iterator[Clock]:
        found = self._item.due.query(shard, DueIndex.ring_at <= milliseconds_until(until))
        while item := ask(lambda: next(found, None)):
            yield items.clock_of(item.promise_id, item.ring_at)
