"""Fifty workers at one notice, and one that wakes up after its lease: one provider call, and nothing written."""

from threading import Barrier, Thread

from chalicelib.domain.clocks import Clock
from chalicelib.usecases.ring import ring
from tests.simulation.faults import Kind, Planned
from tests.simulation.run import Ran, tell
from tests.simulation.stories import TEXT_BEFORE_MAIL
from tests.simulation.story import START, Story, hours, made, minutes
from tests.world import World

CLAIMERS = 50
WAITING = Story(
    "a confirmation, and then nothing for hours",
    (made(due=hours(9)),),
    hears=("confirmation",),
    lasts=minutes(50),
)


def claimers() -> tuple[int, int]:
    """Let fifty threads ring one promise at once; return how often the provider was called, and the facts of it."""
    world = World()
    promise = world.make()
    world.rings.queued.clear()
    start = Barrier(CLAIMERS)

    def claim() -> None:
        start.wait()
        ring([Clock(promise.id, world.system.time)], world)

    threads = [Thread(target=claim) for _ in range(CLAIMERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(world.email.tried), world.facts().count("ConfirmationSent")


def stale_holder() -> tuple[Ran, int]:
    """Let a worker fall asleep just before it records, and wake up after another has taken its notice over.

    Return the run, and how many writes of the sleeper were accepted.
    """
    calls = tell(WAITING).calls
    record = calls.index("store.commit", calls.index("email.send")) + 1
    ran = tell(WAITING, Planned((record, Kind.SLEEP_BEFORE)))
    woke_up = START + minutes(31)
    late = [each for each in ran.world.journal.effects if each.at >= woke_up and each.commit.notice]
    return ran, len(late)


def sleeping_texter() -> Ran:
    """Let a worker fall asleep just before it sends a text message, which nobody may repeat."""
    call = tell(TEXT_BEFORE_MAIL).calls.index("sms.send") + 1
    return tell(TEXT_BEFORE_MAIL, Planned((call, Kind.SLEEP_BEFORE)))
