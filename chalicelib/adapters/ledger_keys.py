"""Where the rows of the ledgers lie, and the raw requests that add to them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.adapters import tables
from chalicelib.domain.ledgers import Book, Row
from chalicelib.usecases.ledger_port import Counting, Mark, Span

COUNTED = "COUNTED"
_TABLE_OF_ROWS = "T#"
_LEDGER = "LEDGER#"


class Key(NamedTuple):
    """The key of an item."""

    pk: str
    sk: str


GENERATIONS = Key(_TABLE_OF_ROWS, "GENERATIONS")


def row_key(generation: int, row: Row) -> Key:
    """Return where a row lies: a customer's with the customer, all others by book and month or year.

    So a month's days, or a year's months, of all groups are one query.
    """
    if row.book is Book.CUSTOMER:
        return Key(tables.customer_pk(row.group), f"{_LEDGER}{generation}")
    return Key(_pk(generation, row.book, row.period[:-3]), f"{row.period[-2:]}#{row.group}")


def span_pk(generation: int, span: Span) -> str:
    """Return the partition of a span."""
    return _pk(generation, span.book, span.within)


def generation_of(key: Key) -> int | None:
    """Return the generation of a row by its key, or None for any other item."""
    if key.sk.startswith(_LEDGER):
        return int(key.sk.removeprefix(_LEDGER))
    if key.pk.startswith(_TABLE_OF_ROWS) and key != GENERATIONS:
        return int(key.pk.split("#")[1])
    return None


def merged(counting: Sequence[Counting]) -> Mapping[Key, Mapping[str, int]]:
    """Return what several countings add to each item together: rows that they share are written once."""
    added: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for each in counting:
        for row, numbers in each.increments.items():
            added[row_key(each.now.generation, row)].update(numbers)
    nonzero = {key: {name: n for name, n in numbers.items() if n} for key, numbers in added.items()}
    return {key: numbers for key, numbers in nonzero.items() if numbers}


def mark_update(table: str, counting: Counting) -> dict[str, Any]:
    """Return the raw update that moves a promise's mark, if it is still the one that was read."""
    values = _mark_values("now", counting.now)
    condition = "attribute_not_exists(pk)"
    if counting.before:
        values |= _mark_values("before", counting.before)
        condition = "generation = :before_generation AND seq = :before_seq"
    return {
        "TableName": table,
        "Key": attributes(Key(tables.promise_pk(counting.promise_id), COUNTED)),
        "UpdateExpression": "SET generation = :now_generation, seq = :now_seq",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }


def row_update(table: str, key: Key, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return the raw update that adds to a row."""
    names = list(numbers)
    return {
        "TableName": table,
        "Key": attributes(key),
        "UpdateExpression": "ADD " + ", ".join(f"#n{i} :n{i}" for i in range(len(names))),
        "ExpressionAttributeNames": {f"#n{i}": name for i, name in enumerate(names)},
        "ExpressionAttributeValues": {f":n{i}": {"N": str(numbers[name])} for i, name in enumerate(names)},
    }


def attributes(key: Key) -> dict[str, Any]:
    """Return a key as DynamoDB wants it."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def as_attributes(numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return numbers as DynamoDB wants them."""
    return {name: {"N": str(n)} for name, n in numbers.items()}


def numbers_of(raw: Mapping[str, Any]) -> dict[str, int]:
    """Return the numbers of a row; what has come back to nothing is left out."""
    found = {name: int(value["N"]) for name, value in raw.items() if name not in {"pk", "sk"}}
    return {name: n for name, n in found.items() if n}


def _pk(generation: int, book: Book, within: str) -> str:
    return f"{_TABLE_OF_ROWS}{generation}#{book}#{within}"


def _mark_values(name: str, mark: Mark) -> dict[str, Any]:
    return {f":{name}_generation": {"N": str(mark.generation)}, f":{name}_seq": {"N": str(mark.seq)}}
