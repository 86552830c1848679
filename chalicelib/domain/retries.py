"""When a word that its provider certainly did not take is tried again on the same channel, and when no more."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.promise import Trying

# Five tries with doubling waits span some five minutes: past that, another channel serves the customer better.
MOST_TRIES = 5
# With no other channel: three to five hours, as their waits are spread. An outage is mostly over by then, and until
# then a message that is late serves the customer better than a call that takes a person, for each of them at once.
MOST_TRIES_ALONE = 36
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=5)
# A rate that is used up is renewed within minutes, and a burst of thousands drains meanwhile. Past this, spread over as
# long again so that a hold of the whole account does not move everybody at once, the other channel takes over.
LONGEST_HELD = timedelta(minutes=15)
# With no other channel: as long as an outage is waited out.
LONGEST_HELD_ALONE = timedelta(hours=4)


def next_try(trying: Trying, at: datetime, *, jitter: float, hold: timedelta | None, elsewhere: bool) -> Trying | None:
    """Return how far the word is tried once a send at `at` was not taken, or None when its channel is given up.

    `hold` is how long the provider asks to be left alone: what it turned away so is no try, but is waited for no longer
    than is said above. `elsewhere` tells whether the word could go by another channel. Each wait is spread by `jitter`,
    from 0 to 1, over as long again.
    """
    if hold is not None:
        return _held(trying, at, jitter, hold, elsewhere=elsewhere)
    if trying.tries + 1 >= (MOST_TRIES if elsewhere else MOST_TRIES_ALONE):
        return None
    wait = min(FIRST_WAIT * 2**trying.tries, LONGEST_WAIT) * (1 + jitter)
    return replace(trying, tries=trying.tries + 1, retry_at=at + wait)


def _held(trying: Trying, at: datetime, jitter: float, hold: timedelta, *, elsewhere: bool) -> Trying | None:
    since = at if trying.held_since is None or _is_over(trying, at) else trying.held_since
    longest = LONGEST_HELD * (1 + jitter) if elsewhere else LONGEST_HELD_ALONE
    if at - since >= longest:
        return None
    # Spread over as long again, so that what was held back does not come back as one herd.
    spread = max(hold, FIRST_WAIT) * jitter
    return replace(trying, held_since=since, retry_at=at + hold + spread)


def _is_over(trying: Trying, at: datetime) -> bool:
    """Tell whether the hold was over long before `at`: another word has met the moment, and this is a later one."""
    return trying.retry_at is not None and at - trying.retry_at > LONGEST_HELD
