"""Schedules that once lost a word: each is told again, so that it never will."""

from datetime import timedelta

from tests.simulation.faults import Kind, Planned
from tests.simulation.run import tell
from tests.simulation.stories import NO_NEWS
from tests.simulation.story import Story


def struck(story: Story, call: str, kind: Kind) -> list[str]:
    """Tell a story once for each time that `call` is made, with one fault there; return all that was wrong."""
    calls = tell(story).calls
    wrong: list[str] = []
    for tick, each in enumerate(calls, 1):
        if each == call:
            wrong += tell(story, Planned((tick, kind))).verdict.wrong
    return wrong


def test_news_that_comes_in_while_an_update_is_being_written_is_told_at_once_too() -> None:
    assert struck(NO_NEWS, "secrets.link_keys", Kind.NEWS_BEFORE) == []
    assert struck(NO_NEWS, "store.load", Kind.NEWS_AFTER) == []


def test_a_clock_that_is_removed_before_it_expired_is_armed_again() -> None:
    assert struck(NO_NEWS, "store.commit", Kind.CLOCK_EXPIRED) == []


def test_the_word_after_a_lost_clock_is_not_late() -> None:
    last = [tick for tick, call in enumerate(tell(NO_NEWS).calls, 1) if call == "store.commit"][1]
    assert tell(NO_NEWS, Planned((last, Kind.CLOCK_EXPIRED))).verdict.latest < timedelta(seconds=2)
