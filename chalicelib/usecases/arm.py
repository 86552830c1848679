"""Arm: store a change with the clock that it needs; a clock that no sweep would see in time takes the fast path."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.clocks import clock_of
from chalicelib.domain.facts import Change
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Commit, Committed, StoreUnavailable

_log = logging.getLogger(__name__)

# A sweep comes every minute, give or take the few seconds by which a schedule may be late.
FAST_PATH = timedelta(seconds=70)
# How often a change is made anew on a promise that another has changed meanwhile; so many lost races in a row mean that
# something is wrong.
MOST_RACES = 8


def store(change: Change, commit: Commit, now: datetime, services: Services) -> Committed:
    """Store `change`, made to `commit.promise`, and whatever else `commit` brings, whole or not at all; ring soon if
    something is owed soon.

    1. The promise, its facts and its clock are stored in one transaction; the facts say that they were noted `now`.
    2. What reopens a promise takes back its expiry first, as the time for which it was to be kept had begun at its end.
       One that is given meanwhile makes the commit stale.
    3. A clock sooner than the next sweep is queued at once. Should that fail, or we crash before it, the next sweep
       finds the clock: it is late then, but not lost.
    """
    clock = clock_of(change.promise)
    reopened = commit.promise.is_over and not change.promise.is_over
    facts = tuple(replace(each, noted_at=now) for each in change.facts)
    changed = replace(commit, promise=change.promise, facts=facts, concession=change.concession)
    if reopened:
        services.store.keep(commit.promise.id)
    outcome = services.store.commit(replace(changed, clock=clock, reopened=reopened))
    if outcome is Committed.DONE and clock and clock.ring_at <= now + FAST_PATH:
        try:
            services.rings.put([clock], now)
        except StoreUnavailable:
            _log.warning("fast path failed, the next sweep will ring promise %s", clock.promise_id)
    return outcome
