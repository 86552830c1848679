"""How often a promise rings when nothing gets through: each ring costs, so there is one for each try and few more."""

from datetime import datetime, timedelta

from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import Outcome
from chalicelib.domain.people import Channel
from tests.fakes import FakeRingQueue
from tests.world import World, only_by

# With no other channel to go to, a word is tried for hours before a person must call.
TRIES_OF_A_WORD = 36
# A sweep finds a waiting clock once or twice before its moment, and the fast path queues it too.
RINGS_OF_A_TRY = 3


class CountedRings(FakeRingQueue):
    """A queue that counts what is received from it."""

    received = 0

    def receive(self, now: datetime) -> list[Clock]:
        clocks = super().receive(now)
        self.received += len(clocks)
        return clocks


def test_two_words_that_cannot_be_sent_do_not_undo_each_others_waiting() -> None:
    rings = CountedRings()
    world = World(rings=rings)
    world.email.always_answer("g@example.com", Outcome.UNAVAILABLE)
    world.make(at=(timedelta(seconds=8),), due=timedelta(days=2), customer=only_by(Channel.EMAIL))

    world.pass_time(timedelta(hours=8))

    words = [message.notice_id.split(":")[1] for message in world.email.tried]
    assert sorted(words) == ["confirmation"] * TRIES_OF_A_WORD + ["update"] * TRIES_OF_A_WORD
    assert rings.received <= RINGS_OF_A_TRY * len(words)
    assert world.heard() == []
    assert world.facts().count("CallRequired") == len(set(words))
