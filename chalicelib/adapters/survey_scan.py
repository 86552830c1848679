"""The tables read from end to end, by parallel scans."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pynamodb.exceptions import DeleteError
from pynamodb.expressions.condition import Condition

from chalicelib.adapters import items, sent_messages, tables
from chalicelib.adapters.compact import dump, moment
from chalicelib.adapters.dynamodb_calls import ask
from chalicelib.adapters.moments import ring_milliseconds
from chalicelib.adapters.tables import AWS, ClocksItem, Item, Place, PromisesItem
from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import CLAIMED
from chalicelib.usecases.survey_port import Page, Round, Span

PROMISES, CLOCKS = "promises", "clocks"
# Threads of one function, each with a page of up to 1 MB in hand.
SEGMENTS = {PROMISES: 4, CLOCKS: 2}
ROUND = ("RECONCILE", "ROUND")
CONDITION_FAILED = "ConditionalCheckFailedException"


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
        if table == CLOCKS:
            found, following = self._scan(self._clock_item, int(number), int(of), after, None)
            clocks = [self._clock_item.from_raw_data(raw) for raw in found]
            return Page(clocks=tuple(items.clock_of(each.promise_id, each.ring_at) for each in clocks), after=following)
        found, following = self._scan(self._item, int(number), int(of), after, self._wanted(spans))
        rows = [self._item.from_raw_data(raw) for raw in found]
        facts = [items.fact_of(each) for each in rows if each.sk.startswith(tables.FACT)]
        return Page(
            promises=tuple(items.promise_of(each) for each in rows if each.sk == tables.STATE),
            claimed=tuple(items.notice_of(each) for each in rows if each.sk.startswith(tables.NOTICE)),
            facts=tuple((each.promise_id, each.seq) for each in facts if any(span.holds(each) for span in spans)),
            early=tuple(sent_messages.early_of(each) for each in rows if each.sk == tables.SENT),
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
            parts=read.get("parts", {}),
            spans=tuple(Span(*map(datetime.fromisoformat, each)) for each in read.get("spans", ())),
            receipts=tuple(read.get("receipts", ())),
            refused=read.get("refused", 0),
        )

    def keep(self, latest: Round) -> None:
        body = dump(
            began_at=moment(latest.began_at),
            parts=dict(latest.parts),
            spans=[[moment(each.first), moment(each.last)] for each in latest.spans],
            receipts=list(latest.receipts),
            refused=latest.refused or None,
        )
        ask(self._item(*ROUND, body=body).save)

    def remove_clock(self, clock: Clock) -> bool:
        item = self._clock_item
        try:
            as_read = item.ring_at == ring_milliseconds(clock.ring_at)
            ask(lambda: item(clock.promise_id).delete(condition=as_read))
        except DeleteError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise
            return False
        return True

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
