"""Schedules that once lost a word: each is told again, so that it never will."""

from datetime import timedelta

from tests.simulation.faults import Kind, Planned
from tests.simulation.run import tell
from tests.simulation.stories import NO_NEWS
from tests.simulation.story import Story, hours, made, news, presses, trouble


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


def test_news_that_came_before_a_cancellation_is_told_to_whoever_thinks_again() -> None:
    story = Story(
        "she cancels, thinks again, and hears at the next moment what came in before",
        (
            made(due=hours(12), every="PT8H"),
            news(hours(1), "ya está en camino"),
            trouble(hours(1.5), decide=hours(9)),
            presses(hours(2), "cancel"),
            presses(hours(3), "stay"),
        ),
        hears=("confirmation", "recovery", "choice", "choice", "update"),
        lasts=hours(9),
    )
    ran = tell(story)
    assert ran.verdict.wrong == []
    assert [each.word for each in ran.world.journal.heard] == list(story.hears)
    assert "ya está en camino" in ran.world.journal.heard[-1].message.text


def test_nobody_is_reminded_as_if_they_could_decide_after_the_new_date() -> None:
    late = trouble(hours(0.1), decide=hours(20), new=hours(10))
    assert tell(Story("decided by the new date", (made(due=hours(6)), late), (), hours(11))).verdict.wrong == []
