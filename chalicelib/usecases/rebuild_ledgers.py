"""Rebuild the ledgers: count every promise anew, from its facts alone, while the counting goes on.

The new rows are another generation. Whoever counts a promise meanwhile writes it where it stands by then; the old rows
are read until the new ones are complete. Promises that retention has removed are in no facts any more: their numbers
are lost by a rebuild, so it is for repair, not for every night.
"""

import logging
from dataclasses import dataclass, replace

from chalicelib.usecases.count_facts import recount
from chalicelib.usecases.ledger_port import Generations
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import StoreUnavailable

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come: `cursor` is where to go on, and None when it is done."""

    counted: int
    cursor: str | None


def rebuild_ledgers(cursor: str | None, pages: int, services: Services) -> Progress:
    """Count the promises of the next pages anew; begin with None, and go on with the cursor until that is None.

    1. The first run opens a new generation, in which everything is counted from then on: a promise that already has
       rows there is only brought up to date, so any part can be repeated.
    2. Each run goes through so many pages of the table, and deletes what generations before the one that is read have
       left behind.
    3. The last run makes the new generation the one that is read; its own leftovers go with the next rebuild.

    Raises StoreUnavailable when a promise could not be counted; go on from the same cursor then.
    """
    generations = _opened(services) if cursor is None else services.ledgers.generations()
    counted = 0
    for _ in range(pages):
        page = services.ledgers.pages(cursor, generations.reading)
        if failed := recount(page.promise_ids, generations.writing, services):
            raise StoreUnavailable(f"{len(failed)} promises could not be counted anew: {' '.join(sorted(failed)[:5])}")
        counted += len(page.promise_ids)
        cursor = page.cursor
        if cursor is None:
            services.ledgers.turn(Generations(generations.writing, generations.writing))
            _log.info("the ledgers were rebuilt as generation %d", generations.writing)
            break
    return Progress(counted, cursor)


def _opened(services: Services) -> Generations:
    """Open a new generation, unless one is open: then this run goes through it once more."""
    generations = services.ledgers.generations()
    if generations.writing == generations.reading:
        generations = replace(generations, writing=generations.writing + 1)
        services.ledgers.turn(generations)
    return generations
