"""A world of fakes around promises, clocks and ledgers that lie in DynamoDB."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.adapters.clock_index import DynamoClocks
from chalicelib.adapters.ledgers import DynamoLedgers
from chalicelib.adapters.store import DynamoStore
from chalicelib.adapters.tables import AWS, Place
from chalicelib.domain.clocks import Clock
from chalicelib.domain.promise import Promise, promise_id
from chalicelib.usecases.ring import ring
from tests.world import REF, SOURCE, World

SHARDS = 16
GRACE = timedelta(minutes=10)


@dataclass
class DynamoWorld(World):
    """A world whose tables lie at `place`."""

    place: Place = AWS

    def __post_init__(self) -> None:
        super().__post_init__()
        self.store = DynamoStore("promises", "clocks", shards=SHARDS, ttl_grace=GRACE, place=self.place)
        self.armed = DynamoClocks("clocks", shards=SHARDS, place=self.place)
        self.ledgers = DynamoLedgers("promises", place=self.place)  # type: ignore[assignment]

    @property
    def clocks(self) -> DynamoClocks:
        return self.armed

    def promise(self, ref: str = REF) -> Promise:
        return self.store.load([promise_id(SOURCE, ref)])[promise_id(SOURCE, ref)]

    def ring_at(self, moment: datetime) -> None:
        """Ring the promise at a moment."""
        self.system.time = moment
        ring([Clock(promise_id(SOURCE, REF), moment)], self)
