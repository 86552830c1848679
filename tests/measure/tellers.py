"""A service that tells of promises and lets no failure stop it, and reads them back until each word is on record."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import ACCEPTED, INTERNAL_SERVER_ERROR, OK, HTTPException
from typing import Any

from tests.e2e.outside import Outside, call
from tests.e2e.promises import Told, promise
from tests.measure.words import Accepted, is_settled

TELLERS = 2
TRIALS = 20
PUT_OFF = timedelta(seconds=30)
MOST_REPEATS = 30
REPEAT_SECONDS = 1.0
LOOK_SECONDS = 5.0
SAY_SECONDS = 5.0
# A lease (40 s), a quiet window (30 s) and the sweeps that find what is left of them, several times over.
PATIENCE_SECONDS = 480.0
Say = Callable[[str], None]


def seconds_for_one(outside: Outside) -> float:
    """How long this machine takes just now to tell of one promise among many; those told for it have no updates."""
    tell = partial(_tell, outside)
    with ThreadPoolExecutor(TELLERS) as tellers:
        list(
            tellers.map(tell, [promise() for _ in range(TELLERS)])
        )  # each starts a worker of its own, which takes long
        started = time.monotonic()
        list(tellers.map(tell, [promise() for _ in range(TRIALS)]))
        return (time.monotonic() - started) / TRIALS


def tell_all(outside: Outside, moments: Sequence[datetime], say: Say) -> tuple[list[Accepted], int]:
    """Tell of a promise with one update for each moment; return them, and how often a webhook had to be repeated.

    A moment that is past, or all but past, when its turn comes is put off: nobody may promise in the past.
    """
    accepted: list[Accepted] = []
    repeated = 0
    said_at = time.monotonic()
    with ThreadPoolExecutor(TELLERS) as tellers:
        for each, repeats in tellers.map(lambda at: _promise(outside, at), moments):
            accepted.append(each)
            repeated += repeats
            if time.monotonic() - said_at > SAY_SECONDS:
                said_at = time.monotonic()
                say(f"{len(accepted)} of {len(moments)} promises told")
    return accepted, repeated


def read_settled(outside: Outside, accepted: Sequence[Accepted], say: Say) -> dict[str, Any]:
    """Return the promises as they are read once each word is on record, or once patience is over."""
    histories: dict[str, Any] = {}
    waiting = list(accepted)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waiting and time.monotonic() < deadline:
        with ThreadPoolExecutor(TELLERS) as readers:
            found = list(readers.map(lambda each: _read(outside, each.promise_id), waiting))
        histories |= {each.promise_id: read for each, read in zip(waiting, found, strict=True) if read}
        waiting = [each for each, read in zip(waiting, found, strict=True) if not read or not is_settled(each, read)]
        say(f"{len(waiting)} of {len(accepted)} promises have a word that is not on record yet")
        time.sleep(LOOK_SECONDS if waiting else 0)
    return histories


def _promise(outside: Outside, update_at: datetime) -> tuple[Accepted, int]:
    told = promise(updates=(max(update_at - datetime.now(UTC), PUT_OFF),))
    promise_id, repeats = _tell(outside, told)
    return Accepted(promise_id, told.update_at, datetime.now(UTC)), repeats


def _tell(outside: Outside, told: Told) -> tuple[str, int]:
    """Tell of one promise until that is accepted, as senders do; return its id, and how often it was repeated."""
    told_at = datetime.now(UTC)
    said = ""
    for repeats in range(MOST_REPEATS):
        try:
            answer = outside.post("promise.made", told.data, webhook_id=f"msg_{told.ref}", told_at=told_at)
        except (OSError, HTTPException) as error:
            said = repr(error)
        else:
            if answer.status == ACCEPTED:
                return answer.json["promise"]["id"], repeats
            assert answer.status >= INTERNAL_SERVER_ERROR, answer.body
            said = answer.body
        time.sleep(REPEAT_SECONDS)
    raise AssertionError(f"told {MOST_REPEATS} times and never accepted, but: {said}")


def _read(outside: Outside, promise_id: str) -> Any:
    """A promise as it is read, or None: it is not there, or not to be had just now."""
    answer = call(f"{outside.stack.api}/v1/promises/{promise_id}", headers=outside.read_key())
    return answer.json if answer.status == OK else None
