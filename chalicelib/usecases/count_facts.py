"""Count facts: add each to the ledgers exactly once, though the stream may bring it often, late, or out of order.

A promise bears a mark: up to which of its facts it is counted. So a repeat adds nothing, an early fact brings those
before it along, and what a failure left out is caught up by the promise's next fact, or by a rebuild.
"""

import logging
from collections.abc import Iterator, Sequence

from chalicelib.domain.facts import Fact
from chalicelib.domain.ledgers import COUNTED, increments, tally
from chalicelib.domain.promise import Promise
from chalicelib.usecases.ledger_port import MOST_TOGETHER, Counting, Mark
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import StoreUnavailable

_log = logging.getLogger(__name__)

# Each lost race means that another worker has counted this promise; so many in a row mean that something is wrong.
MOST_RACES = 8


def count_facts(keys: Sequence[tuple[str, int]], services: Services) -> frozenset[tuple[str, int]]:
    """Count the facts named by (promise id, number); return those that could not be counted and may be retried.

    Raises nothing: whoever calls it has other things to do with the same facts.
    """
    try:
        counted = [fact for fact in services.store.facts(keys) if fact.name in COUNTED]
        if not counted:
            return frozenset()
        writing = services.ledgers.generations().writing
    except StoreUnavailable:
        _log.warning("the ledgers could not be reached: %d facts come again", len(keys))
        return frozenset(keys)
    failed = recount(list(dict.fromkeys(fact.promise_id for fact in counted)), writing, services)
    return frozenset((fact.promise_id, fact.seq) for fact in counted if fact.promise_id in failed)


def recount(promise_ids: Sequence[str], generation: int, services: Services) -> frozenset[str]:
    """Bring promises up to date in a generation of the ledgers; return those that could not be. Raises nothing.

    1. Read each promise's facts and mark, and reckon what its rows lack since that mark: everything, when the mark is
       of an older generation.
    2. Add it all and move the marks, as many promises together as fit, since rows that they share are paid once.
    3. Where somebody else has counted meanwhile, nothing was written: each promise by itself then, read anew.
    """
    failed: set[str] = set()
    try:
        promises = services.store.load(promise_ids)
    except StoreUnavailable:
        return frozenset(promise_ids)

    def reckoned(promise_id: str) -> Counting | None:
        try:
            return _lacking(promises[promise_id], generation, services)
        except StoreUnavailable:
            _log.warning("promise %s could not be read for the ledgers", promise_id)
        except Exception:  # noqa: BLE001 - one promise that cannot be counted must not hold up the others of its batch
            _log.exception("counting promise %s failed", promise_id)
        failed.add(promise_id)
        return None

    lacking = services.system.together(reckoned, [each for each in promise_ids if each in promises])
    for together in _fitting([each for each in lacking if each]):
        try:
            added = services.ledgers.add(together)
            alone = [each for each in together if not (added and each.is_all)]
            failed |= {
                each.promise_id for each in alone if not _by_itself(promises[each.promise_id], generation, services)
            }
        except StoreUnavailable:
            _log.warning("%d promises could not be counted yet", len(together))
            failed |= {each.promise_id for each in together}
    return frozenset(failed)


def _by_itself(promise: Promise, generation: int, services: Services) -> bool:
    """Count one promise until nothing is lacking; tell whether that was reached."""
    for _ in range(MOST_RACES):
        lacking = _lacking(promise, generation, services)
        if lacking is None:
            return True
        services.ledgers.add([lacking])
    return False


def _lacking(promise: Promise, generation: int, services: Services) -> Counting | None:
    """Return what the rows lack of a promise, or None: then its mark may stay where it is.

    What would not fit into one transaction is reckoned for the first of its facts; asking again gives the others.
    """
    counted = services.ledgers.counted(promise.id)
    mark = counted.mark
    generation = max(generation, mark.generation) if mark else generation
    since = mark.seq if mark and mark.generation == generation else 0
    until = counted.facts[-1].seq if counted.facts else 0
    zone = services.rules.brand.time_zone
    before = tally(promise, _up_to(counted.facts, since), zone)
    while True:
        lacking = increments(promise, before, tally(promise, _up_to(counted.facts, until), zone))
        if len(lacking) < MOST_TOGETHER:
            is_all = not counted.facts or until == counted.facts[-1].seq
            now = Mark(generation, until)
            return Counting(promise.id, mark, now, lacking, is_all) if lacking else None
        until = (since + until) // 2


def _up_to(facts: Sequence[Fact], seq: int) -> list[Fact]:
    return [fact for fact in facts if fact.seq <= seq]


def _fitting(lacking: Sequence[Counting]) -> Iterator[list[Counting]]:
    """Part countings into groups that fit into one transaction each."""
    group: list[Counting] = []
    rows: set[object] = set()
    for each in lacking:
        if group and len(group) + 1 + len(rows | set(each.increments)) > MOST_TOGETHER:
            yield group
            group, rows = [], set()
        group.append(each)
        rows |= set(each.increments)
    if group:
        yield group
