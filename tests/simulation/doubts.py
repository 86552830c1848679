"""Whether a word that came again had been left in doubt: a fault struck a worker at that promise, not long before."""

from collections.abc import Sequence
from datetime import timedelta

from tests.simulation.faults import LEAVES_DOUBT, STALLS, Kind, Strike
from tests.simulation.journal import Heard
from tests.simulation.strikes import SLEEP

# A worker that sleeps keeps a word in doubt for as long; then come its lease and the quiet window.
_BEFORE = SLEEP + timedelta(minutes=2)
# A word in doubt may wait for providers and stores that fail as well.
_LONGEST = timedelta(hours=5)
# An email is sent once more at most, and then the other channel takes over.
MOST_COPIES = 3


def were_in_doubt(copies: Sequence[Heard], strikes: Sequence[Strike]) -> bool:
    """Tell whether each copy of a word but the first is excused by a doubt of its own, and there are not too many."""
    first, last = copies[0], copies[-1]
    doubts = [
        each
        for each in strikes
        if each.kind in LEAVES_DOUBT
        and max(first.at, last.at - _LONGEST) - _BEFORE <= each.at <= last.at
        and (first.promise_id in each.about or _fails_anybody(each))
    ]
    crossed = [each for number, each in enumerate(copies) if number and _crosses(each, copies[:number], strikes)]
    return len(copies) <= min(MOST_COPIES, len(doubts) + len(crossed) + 1)


def _crosses(copy: Heard, earlier: Sequence[Heard], strikes: Sequence[Strike]) -> bool:
    """Tell whether its worker stalled between its last look and its send, while other notices told the same.

    No look can be the last one before a send; one notice has one holder, however long that stalls.
    """
    stalled = any(
        each.kind in STALLS and copy.promise_id in each.about and copy.read_at <= each.at <= copy.at for each in strikes
    )
    return stalled and all(each.order > copy.read_order and each.notice_id != copy.notice_id for each in earlier)


def _fails_anybody(strike: Strike) -> bool:
    """Tell whether a fault also strikes others: a throttled store takes no record of anybody's."""
    return strike.kind is Kind.THROTTLED and strike.call.startswith("store.")
