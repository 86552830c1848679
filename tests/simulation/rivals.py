"""Fifty workers at one notice, and one that wakes up after its lease: one provider call, and nothing written."""

from threading import Barrier, Thread, current_thread
from time import sleep

from chalicelib.domain.clocks import Clock
from chalicelib.usecases.ring import ring
from tests.fakes.store import FakeStore
from tests.simulation.faults import Kind, Planned
from tests.simulation.run import Ran, tell
from tests.simulation.stories import TEXT_BEFORE_MAIL
from tests.simulation.story import START, Story, hours, made, minutes
from tests.world import World

CLAIMERS = 50
MEETING_SECONDS = 60.0
SENDING_SECONDS = 0.5
WAITING = Story(
    "a confirmation, and then nothing for hours",
    (made(due=hours(9)),),
    hears=("confirmation",),
    lasts=minutes(50),
)


def claimers(store: FakeStore | None = None) -> tuple[int, int]:
    """Let fifty threads ring one promise, and go on together from their first claim of its notice.

    Return how often the provider was called, and the facts of it.
    """
    world = World(store=store or FakeStore())
    promise = world.make()
    world.rings.queued.clear()
    together, met = Barrier(CLAIMERS), set[str]()

    def meet(call: str) -> None:
        if call == "claim" and current_thread().name not in met:
            met.add(current_thread().name)
            together.wait(MEETING_SECONDS)

    world.store.before = meet
    # Long enough for all the others to come as far as they are let.
    world.email.on_send = lambda _: sleep(SENDING_SECONDS)

    def claim() -> None:
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
