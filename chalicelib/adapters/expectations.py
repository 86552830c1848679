"""Where expectations are found by when they were said: one item for each, in a partition for each month (UTC).

An item says of which promise and under which rule, never what: the words stand in the promise's fact, and vanish there.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.adapters import compact, tables
from chalicelib.adapters.dynamodb_calls import ask
from chalicelib.adapters.tables import PromisesItem
from chalicelib.adapters.transaction import Transaction
from chalicelib.domain.expectations import HEARD, Expectation, expectation_of, place_of
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing, read_listing
from chalicelib.domain.promise import Kind, Promise


def enter(writing: Transaction, item: type[PromisesItem], promise: Promise, facts: Iterable[Fact]) -> None:
    """Enter what a customer said they had expected, in place of what they had said before."""
    heard, former = expectation_of(promise, facts)
    if heard is None:
        return
    body = compact.dump(seq=heard.seq, kind=heard.kind, standard=heard.standard)
    writing.put(item(*_key(heard.place), body=body))
    if former and former != heard.place:
        writing.delete(item(*_key(former)))


def keys(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """Return where all that these facts say was expected may be found."""
    return [_key(place_of(fact)) for fact in facts if fact.name == HEARD]


def newest(
    item: type[PromisesItem], since: datetime, until: datetime, most: int, after: Listing | None
) -> Sequence[Expectation]:
    """Return up to `most` expectations from `since` on and before `until`, older than `after`, the newest first."""
    found: list[Expectation] = []
    first, last = tables.moment_sk(since), tables.moment_sk(until)
    last = min(last, str(after)) if after else last
    for month in _months(since, min(until, after.made_at) if after else until):
        if len(found) >= most or last < first:
            break
        found += _of(item, month, first, last, most + 1)
    return [each for each in found if each.place != after][:most]


def _of(item: type[PromisesItem], month: str, first: str, last: str, most: int) -> list[Expectation]:
    in_between = item.sk.between(first, last)
    found = ask(
        lambda: list(
            item.query(
                tables.expectations_pk(month), in_between, consistent_read=True, scan_index_forward=False, limit=most
            )
        )
    )
    return [_read(each) for each in found]


def _read(found: PromisesItem) -> Expectation:
    read = json.loads(found.body)
    return Expectation(read_listing(found.sk), read["seq"], Kind(read["kind"]), read.get("standard"))


def _key(place: Listing) -> tuple[str, str]:
    written = str(place)
    return tables.expectations_pk(written[:7]), written


def _months(since: datetime, until: datetime) -> Iterator[str]:
    """Yield the months (UTC) from that of `until` back to that of `since`."""
    last = tables.moment_sk(until)[:7]
    while last >= tables.moment_sk(since)[:7]:
        yield last
        last = (datetime.fromisoformat(f"{last}-01") - timedelta(days=1)).strftime("%Y-%m")
