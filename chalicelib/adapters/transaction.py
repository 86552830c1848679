"""One commit as one DynamoDB transaction: all of it or nothing, and which condition stood in the way."""

from uuid import uuid4

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamodb_calls import CONDITION_FAILED, ask, cancellations
from chalicelib.adapters.tables import Item
from chalicelib.usecases.store_port import Committed


class Transaction:
    """Collects writes, each with what it means when its condition fails."""

    def __init__(self) -> None:
        self._deletes: list[Item] = []
        self._puts: list[tuple[Item, Condition | None, Committed | None]] = []
        self._updates: list[tuple[Item, list[Action], Condition | None, Committed | None]] = []

    def delete(self, item: Item) -> None:
        """Delete an item, whether it is there or not."""
        self._deletes.append(item)

    def put(self, item: Item, condition: Condition | None = None, otherwise: Committed | None = None) -> None:
        """Put an item whole."""
        self._puts.append((item, condition, otherwise))

    def update(
        self,
        item: Item,
        actions: list[Action],
        condition: Condition | None = None,
        otherwise: Committed | None = None,
    ) -> None:
        """Change some attributes of an item."""
        self._updates.append((item, actions, condition, otherwise))

    def write(self, place: type[Item]) -> Committed:
        """Write everything over the connection of one model.

        Tried again under one idempotency token, so that a try whose answer was lost is not taken for somebody else's.
        Raises StoreUnavailable.
        """
        token = str(uuid4())
        try:
            ask(lambda: self._write_once(place, token))
        except TransactWriteError as error:
            return self._hindrance(error)
        return Committed.DONE

    def _write_once(self, place: type[Item], token: str) -> None:
        with TransactWrite(connection=place.table().connection, client_request_token=token) as transaction:
            for item in self._deletes:
                transaction.delete(item)
            for item, condition, _ in self._puts:
                transaction.save(item, condition=condition)
            for item, actions, condition, _ in self._updates:
                transaction.update(item, actions=actions, condition=condition)

    def _hindrance(self, error: TransactWriteError) -> Committed:
        # PynamoDB sends deletes, then puts, then updates, and the reasons come back in that order.
        meanings: list[Committed | None] = [None for _ in self._deletes]
        meanings += [meaning for *_, meaning in self._puts]
        meanings += [meaning for *_, meaning in self._updates]
        failed = {
            meaning
            for meaning, code in zip(meanings, cancellations(error), strict=False)
            if code == CONDITION_FAILED and meaning
        }
        for meaning in (Committed.REPEATED, Committed.FENCED, Committed.STALE):
            if meaning in failed:
                return meaning
        raise error
