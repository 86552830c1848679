"""The tables read from end to end, by parallel scans."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.adapters import items, sent_messages, tables
from chalicelib.adapters.compact import dump, moment
from chalicelib.adapters.dynamodb_calls import ask, held
from chalicelib.adapters.moments import ring_milliseconds
from chalicelib.adapters.tables import AWS, ClocksItem, Item, Place, PromisesItem
from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import CLAIMED
from chalicelib.usecases.survey_port import Page, Round, Span

_log = logging.getLogger(__name__)

PROMISES, CLOCKS = "promises", "clocks"
# Threads of one function, each with a page of up to 1 MB in hand.
SEGMENTS = {PROMISES: 4, CLOCKS: 2}
ROUND = ("RECONCILE", "ROUND")


class DynamoSurvey:
    """The Survey. Scans are eventually consistent, at half the price: whatever is found is looked at again."""

    def __init__(self, promises_table: str, clocks_table: str, *, page_items: int | None = None, place: Place = AWS):
        """Name the tables; `page_items` is how many items a page spans at most (None: as many as fit into 1 MB)."""
        self._item = tables.bound(PromisesItem, promises_table, place)
        self._clock_item = tables.bound(ClocksItem, clocks_table, place)
        self._page_items = page_items

    @property
    def parts(self) -> Sequence[str]:
        return [f"{table}/{number}/{of}" for table, of in SEGMENTS.items() for number in range(of)]

    def page(self, part: str, after: str, spans: Sequence[Span]) -> Page:
        table, number, of = part.split("/")
        item, wanted = (self._clock_item, None) if table == CLOCKS else (self._item, self._wanted(spans))
        found, following = self._scan(item, int(number), int(of), after, wanted)
        rows = [self._clock(raw) if table == CLOCKS else self._row(raw, spans) for raw in found]
        return Page(
            promises=tuple(each for row in rows for each in row.promises),
            claimed=tuple(each for row in rows for each in row.claimed),
            facts=tuple(each for row in rows for each in row.facts),
            clocks=tuple(each for row in rows for each in row.clocks),
            early=tuple(each for row in rows for each in row.early),
            unreadable=sum(row.unreadable for row in rows),
            after=following,
        )

    def latest(self) -> Round | None:
        try:
            found = ask(lambda: self._item.get(*ROUND, consistent_read=True))
        except self._item.DoesNotExist:
            return None
        read = json.loads(found.body)
        return Round(
            began_at=datetime.fromisoformat(read["began_at"]),
            token=found.token or "",
            parts=read.get("parts", {}),
            spans=tuple(Span(*map(datetime.fromisoformat, each)) for each in read.get("spans", ())),
            receipts=tuple(read.get("receipts", ())),
            refused=read.get("refused", 0),
        )

    def keep(self, latest: Round, read: Round | None) -> bool:
        body = dump(
            began_at=moment(latest.began_at),
            parts=dict(latest.parts),
            spans=[[moment(each.first), moment(each.last)] for each in latest.spans],
            receipts=list(latest.receipts),
            refused=latest.refused or None,
        )
        stored = self._item.token
        ours = stored.does_not_exist()
        for each in (latest, read):
            ours = ours | (stored == each.token) if each and each.token else ours
        return held(lambda: self._item(*ROUND, body=body, token=latest.token or None).save(condition=ours))

    def remove_clock(self, clock: Clock) -> bool:
        item = self._clock_item
        as_read = item.ring_at == ring_milliseconds(clock.ring_at)
        return held(lambda: item(clock.promise_id).delete(condition=as_read))

    def _clock(self, raw: dict[str, Any]) -> Page:
        try:
            found = self._clock_item.from_raw_data(raw)
            return Page(clocks=(items.clock_of(found.promise_id, found.ring_at),))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one item must not hide those beside it
            return _unreadable(raw["promise_id"]["S"], error)

    def _row(self, raw: dict[str, Any], spans: Sequence[Span]) -> Page:
        pk, sk = raw["pk"]["S"], raw["sk"]["S"]
        try:
            return _shown(self._item.from_raw_data(raw), spans)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one item must not hide those beside it
            found = _unreadable(f"{pk} {sk}", error)
        number = sk.removeprefix(tables.FACT)
        fact = (pk.removeprefix(tables.promise_pk("")), int(number)) if number.isdigit() else None
        return replace(found, facts=(fact,)) if fact else found

    def _wanted(self, spans: Sequence[Span]) -> Condition:
        sk = self._item.sk
        claimed: Condition = sk.startswith(tables.NOTICE) & (self._item.status == CLAIMED)
        early: Condition = (sk == tables.SENT) & self._item.receipts.exists() & self._item.body.exists()
        wanted: Condition = (sk == tables.STATE) | claimed | early
        return wanted | sk.startswith(tables.FACT) if spans else wanted

    def _scan(
        self, item: type[Item], segment: int, of: int, after: str, wanted: Condition | None
    ) -> tuple[list[Any], str | None]:
        """Return a page's items and where to go on; a page may be empty and not the last."""
        start = json.loads(after) if after else None
        page = ask(
            lambda: item.table().connection.scan(
                item.table().table_name,
                filter_condition=wanted,
                limit=self._page_items,
                segment=segment,
                total_segments=of,
                exclusive_start_key=start,
            )
        )
        last = page.get("LastEvaluatedKey")
        return page["Items"], json.dumps(last) if last else None


def _shown(item: PromisesItem, spans: Sequence[Span]) -> Page:
    """Return what an item of the table `promises` is, if it is to be shown."""
    if item.sk == tables.STATE:
        return Page(promises=(items.promise_of(item),))
    if item.sk.startswith(tables.NOTICE):
        return Page(claimed=(items.notice_of(item),))
    if item.sk == tables.SENT:
        return Page(early=(sent_messages.early_of(item),))
    fact = items.fact_of(item)
    return Page(facts=((fact.promise_id, fact.seq),) if any(span.holds(fact) for span in spans) else ())


def _unreadable(key: str, error: Exception) -> Page:
    """Log which item cannot be read, without what is in it, and return a page that says so."""
    _log.error("item %s cannot be read: %s", key, type(error).__name__)
    return Page(unreadable=1)
