"""The ledgers in table `promises`: a row is an item of numbers under names that only the facts know, added to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from pynamodb.exceptions import TransactWriteError

from chalicelib.adapters import items, ledger_keys, tables
from chalicelib.adapters.dynamodb_calls import CONDITION_FAILED, ask, cancellations, read_batch
from chalicelib.adapters.ledger_keys import Key
from chalicelib.adapters.tables import AWS, Place, PromisesItem
from chalicelib.domain.ledgers import Row
from chalicelib.usecases.ledger_port import Counted, Counting, Generations, Mark, Page, Span

# DynamoDB's limits on one BatchGetItem and one BatchWriteItem.
MOST_READ, MOST_WRITTEN = 100, 25


class DynamoLedgers:
    """The Ledgers. Requests are written by hand, as PynamoDB knows no attribute whose name it was not told."""

    def __init__(self, promises_table: str, *, place: Place = AWS) -> None:
        """Name the table; nothing is opened yet."""
        self._table = promises_table
        self._item = tables.bound(PromisesItem, promises_table, place)

    def generations(self) -> Generations:
        found = self._get([ledger_keys.GENERATIONS]).get(ledger_keys.GENERATIONS)
        return Generations(found["reading"], found["writing"]) if found else Generations()

    def turn(self, generations: Generations) -> None:
        numbers = {"reading": generations.reading, "writing": generations.writing}
        item = ledger_keys.attributes(ledger_keys.GENERATIONS) | ledger_keys.as_attributes(numbers)
        self._call("PutItem", Item=item)

    def counted(self, promise_id: str) -> Counted:
        """The mark sorts just before the facts, so one query that passes over notices and state reads both."""
        first, last = ledger_keys.COUNTED, tables.FACT + "~"
        found = self._query(tables.promise_pk(promise_id), first, last, consistent=True)
        facts, mark = [], None
        for raw in found:
            if raw["sk"]["S"] == ledger_keys.COUNTED:
                mark = Mark(int(raw["generation"]["N"]), int(raw["seq"]["N"]))
            else:
                facts.append(items.fact_of(self._item.from_raw_data(dict(raw))))
        return Counted(facts, mark)

    def add(self, counting: Sequence[Counting]) -> bool:
        """Added under one idempotency token, so that a try whose answer was lost is not added twice."""
        marks = [ledger_keys.mark_update(self._table, each) for each in counting]
        rows = ledger_keys.merged(counting)
        updates = [*marks, *(ledger_keys.row_update(self._table, key, numbers) for key, numbers in rows.items())]
        token = str(uuid4())
        connection = self._item.table().connection
        try:
            ask(partial(connection.transact_write_items, [], [], [], updates, client_request_token=token))
        except TransactWriteError as error:
            if CONDITION_FAILED not in cancellations(error):
                raise
            return False
        return True

    def at(self, generation: int, rows: Sequence[Row]) -> Mapping[Row, Mapping[str, int]]:
        keys = {ledger_keys.row_key(generation, row): row for row in rows}
        return {keys[key]: numbers for key, numbers in self._get(list(keys)).items()}

    def rows(self, generation: int, spans: Sequence[Span]) -> Iterator[tuple[str, Mapping[str, int]]]:
        for span in spans:
            pk = ledger_keys.span_pk(generation, span)
            for raw in self._query(pk, span.first, span.last + "~", consistent=False):
                yield raw["sk"]["S"].partition("#")[2], ledger_keys.numbers_of(raw)

    def pages(self, cursor: str | None, rows_before: int) -> Page:
        start = {"ExclusiveStartKey": ledger_keys.attributes(Key(*json.loads(cursor)))} if cursor else {}
        found = self._call("Scan", ProjectionExpression="pk, sk", ConsistentRead=True, **start)
        keys = [Key(raw["pk"]["S"], raw["sk"]["S"]) for raw in found["Items"]]
        self._delete([key for key in keys if (ledger_keys.generation_of(key) or rows_before) < rows_before])
        last = found.get("LastEvaluatedKey")
        return Page(
            [key.pk.partition("#")[2] for key in keys if key.sk == tables.STATE],
            json.dumps([last["pk"]["S"], last["sk"]["S"]]) if last else None,
        )

    def _query(self, pk: str, first: str, last: str, *, consistent: bool) -> Iterator[Mapping[str, Any]]:
        start: dict[str, Any] = {}
        while True:
            page = self._call(
                "Query",
                KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                ExpressionAttributeValues={":pk": {"S": pk}, ":first": {"S": first}, ":last": {"S": last}},
                ConsistentRead=consistent,
                **start,
            )
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _get(self, keys: Sequence[Key]) -> dict[Key, Mapping[str, int]]:
        found: dict[Key, Mapping[str, int]] = {}
        for start in range(0, len(keys), MOST_READ):
            wanted = [ledger_keys.attributes(key) for key in keys[start : start + MOST_READ]]
            for raw in read_batch(self._item.table(), wanted):
                found[Key(raw["pk"]["S"], raw["sk"]["S"])] = ledger_keys.numbers_of(raw)
        return found

    def _delete(self, keys: Sequence[Key]) -> None:
        """Delete rows that nobody reads any more; what is left over, the next rebuild finds again."""
        for start in range(0, len(keys), MOST_WRITTEN):
            requests = [{"DeleteRequest": {"Key": ledger_keys.attributes(key)}} for key in keys[start:][:MOST_WRITTEN]]
            self._dispatch("BatchWriteItem", {"RequestItems": {self._table: requests}})

    def _call(self, operation: str, **request: Any) -> Any:
        return self._dispatch(operation, {"TableName": self._table, **request})

    def _dispatch(self, operation: str, request: dict[str, Any]) -> Any:
        return ask(lambda: self._item.table().connection.dispatch(operation, dict(request)))
