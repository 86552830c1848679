"""`kill -9` for workers at work: python -m tests.measure.killed_workers [--updates 500] [--spread 20] [--no-receipts]

On a local stack of its own, tells of as many promises, each with one update, all due within so many seconds. While the
webhooks come in, and again while the updates are due, one worker of the stack is killed about every second. A sender
repeats its webhook until it is accepted; nothing else is mended by hand. Once every word is on record, what the inbox
holds is counted. Exit code 1 when a word was lost, early, or heard a third time, or when a record is not true.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local import ports, stack
from infra.local.stack import Stack
from tests.e2e.bus import Bus
from tests.e2e.outside import Outside
from tests.measure.strikes import Strikes, died_at_work
from tests.measure.tellers import SAY_SECONDS, Say, read_settled, seconds_for_one, tell_all
from tests.measure.words import Accepted, Words, count

# All are told before the first moment comes: confirmations go out beside them, and what a kill adds is a cold start.
TIMES_SLOWER = 1.5
COLD_START = 10  # in webhooks told
START_SECONDS = 10.0
# A kill a second on an idle machine. A slow one would come to nothing but cold starts, and no kill would hit a send.
LONGEST_GAP_SECONDS = 2.0
LONGEST_GAP = 15  # in webhooks told
# What was cut off comes again with a sweep, a minute later: no need to strike at nothing until then.
STILL_SECONDS = 30.0
BUS_SECONDS = 120.0
LOOK_SECONDS = 3.0


@dataclass(frozen=True)
class Killed:
    """What was killed, and what became of the words: `at_work` counts the invocations that were cut off."""

    words: Words
    killed: Counter[str]
    at_work: Counter[str]
    repeats: int
    unpublished: int

    def lines(self) -> list[tuple[str, str, str, bool]]:
        """Figure, value, bar, and whether the bar is met."""
        words = self.words
        return [
            ("killed", _listed(self.killed), "", True),
            ("of these, in the middle of an invocation", _listed(self.at_work), "some", bool(self.at_work)),
            ("webhooks that the sender repeated", str(self.repeats), "", True),
            ("words owed", f"{words.owed:,}", "", True),
            ("lost", str(words.lost), "0", not words.lost),
            ("early", str(words.early), "0", not words.early),
            ("said twice", f"{words.twice} ({words.twice / words.owed:.2%} of words)", "", True),
            ("times that one word was heard", f"at most {words.most}", "at most 2", words.most <= 2),
            ("handed over to a person", str(words.handed_over), "", True),
            ("records that do not tell the truth", str(words.untrue), "0", not words.untrue),
            ("facts that never reached the bus", str(self.unpublished), "0", not self.unpublished),
            ("sends on record by their receipt alone", str(words.by_receipt), "", True),
            ("sends that left neither record nor receipt", str(words.vanished), "", True),
        ]


@contextmanager
def own_stack(say: Say, *, receipts: bool = True) -> Iterator[Stack]:
    """A stack that nobody else uses, and that is gone afterwards; `say` hears how it starts."""

    def heard(line: str) -> None:
        if line.endswith("..."):
            say(line.strip())

    aws_port, inbox_port = ports.free_ports(2)
    with tempfile.TemporaryDirectory(prefix="kept-killed-") as folder:
        started = stack.start(Path(folder), aws_port, inbox_port, {"KEPT_RECEIPTS": "on" if receipts else "off"}, heard)
        try:
            yield started
        finally:
            started.stop()


def measure(outside: Outside, updates: int, spread_seconds: float, say: Say, *, strikes: int = 60) -> Killed:
    """Tell of promises; kill up to so many workers while updates are due, and a quarter as many before; count."""
    chance, few, one = random.Random(), strikes // 4, seconds_for_one(outside)
    longest_gap = max(LONGEST_GAP_SECONDS, LONGEST_GAP * one)
    lead = START_SECONDS + (updates * TIMES_SLOWER + few * COLD_START) * one
    first = datetime.now(UTC) + timedelta(seconds=lead)
    moments = [first + timedelta(seconds=spread_seconds * place / updates) for place in range(updates)]
    with Bus.listening(outside.stack) as bus:
        say(f"Telling of {updates} promises; their updates come from {first:%H:%M:%S} UTC on.")
        with Strikes(outside.stack, chance, longest_gap, few) as before:
            accepted, repeats = tell_all(outside, moments, say)
        say(f"All are told, with {before.killed.total()} workers killed meanwhile.")
        while (left := (first - datetime.now(UTC)).total_seconds()) > 0:
            say(f"{left:.0f} s until the first update is due")
            time.sleep(min(left, SAY_SECONDS))
        with Strikes(outside.stack, chance, longest_gap, strikes) as meanwhile:
            _while_due(outside, accepted, spread_seconds + strikes * longest_gap / 2, meanwhile, say)
        histories = read_settled(outside, accepted, say)
        unpublished = bus.never_heard(histories.values(), BUS_SECONDS)
    words = count(accepted, outside.inbox(""), histories)
    at_work = died_at_work(outside.stack)
    return Killed(words, before.killed + meanwhile.killed, at_work, repeats, len(unpublished))


def _while_due(outside: Outside, accepted: Sequence[Accepted], seconds: float, strikes: Strikes, say: Say) -> None:
    """Return once each update was heard, or no more come, or there were strikes for long enough: the rest must heal."""
    wanted = {f"{each.promise_id}:update:1" for each in accepted if "update" in each.words}
    heard: set[str] = set()
    deadline = time.monotonic() + seconds
    still_until = time.monotonic() + STILL_SECONDS
    while heard != wanted and time.monotonic() < min(deadline, still_until) and not strikes.are_over:
        time.sleep(LOOK_SECONDS)
        before, heard = heard, wanted & {each["custom_args"]["notice_id"] for each in outside.inbox("")}
        if heard != before:
            still_until = time.monotonic() + STILL_SECONDS
        say(f"{len(heard)} of {len(wanted)} updates heard, {strikes.killed.total()} workers killed while they are due")


def _listed(counted: Counter[str]) -> str:
    parts = ", ".join(f"{name} {times}" for name, times in counted.most_common())
    return f"{counted.total()} ({parts})" if parts else "0"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.measure.killed_workers", description=__doc__)
    parser.add_argument("--updates", type=int, default=500)
    parser.add_argument("--spread", type=float, default=20.0, help="seconds")
    parser.add_argument("--no-receipts", action="store_true", help="the inbox reports nothing, so no send is settled")
    asked = parser.parse_args(arguments)
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"  {time.monotonic() - started:4.0f} s  {text}", flush=True)

    with own_stack(say, receipts=not asked.no_receipts) as running:
        found = measure(Outside(running), asked.updates, asked.spread, say)
    print("| figure | measured | bar |\n|---|---|---|")
    for figure, value, bar, _ in found.lines():
        print(f"| {figure} | {value} | {bar} |")
    return 0 if all(good for *_, good in found.lines()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
