"""The judge cannot be fooled: each way to lose a word, or to say it too often, that it must see, is blamed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import choices, obligations
from chalicelib.domain.facts import Change
from chalicelib.domain.people import Customer
from chalicelib.domain.promise import Word
from chalicelib.domain.recovery import Choice
from chalicelib.messages.views import Wording
from chalicelib.usecases import arm, claim_page, compose, say, wordings
from chalicelib.usecases.ports import SmsMessage
from chalicelib.usecases.store_port import Commit
from tests.fakes import FakeOperators
from tests.simulation import histories
from tests.simulation.doubts import were_in_doubt
from tests.simulation.faults import Kind, Planned, Strike
from tests.simulation.guards import taken_for_said
from tests.simulation.journal import Heard
from tests.simulation.people import GEMMA
from tests.simulation.run import Ran, tell
from tests.simulation.stories import (
    A_PERSON_MUST_CALL,
    CANCELLED_FOR_GOOD,
    NO_NEWS,
    STAYED_FOR_NOTHING,
    STORIES,
    TOLD_FIRST,
)
from tests.simulation.stories_of_channels import BOUNCED
from tests.simulation.stories_of_claims import BELIEVED_ALL_ALONG, CLAIMED_BY_FORM
from tests.simulation.stories_of_keeping import MOVED
from tests.simulation.story import START, Story, hours, made
from tests.world import World

TWO_MOMENTS = Story(
    "two moments, nineteen hours apart, and nobody can be written to",
    (made(due=hours(30), at=(hours(1), hours(20)), customer=GEMMA | {"channels": ["email"]}),),
    hears=(),
    lasts=hours(25),
    refuses=("g@example.com",),
)


def has_eaten(ran: Ran) -> bool:
    """Tell whether a word was left claimed: nobody said it, and nobody will."""
    return any(each.status == "claimed" for each in ran.world.base.store.notices.values())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_word_that_is_taken_for_said_after_a_crash_is_lost(story: Story) -> None:
    claims = [tick for tick, call in enumerate(tell(story).calls, 1) if call == "store.claim"]
    with taken_for_said():
        ran = [tell(story, Planned((tick, Kind.CRASH_AFTER))) for tick in claims]
    assert [each.struck[0].tick for each in ran if has_eaten(each) and not each.verdict.lost] == []


def test_a_later_word_does_not_make_up_for_an_earlier_one() -> None:
    first = tell(NO_NEWS).calls.index("store.claim", 30) + 1
    with taken_for_said():
        lost = tell(NO_NEWS, Planned((first, Kind.CRASH_AFTER))).verdict.lost
    assert [each[:26] for each in lost] == ["update owed at 24 09:05:07"]


def test_a_later_call_does_not_make_up_for_one_that_was_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = say.unreachable

    def silent_at_first(promise: Any, obligation: Any, at: Any) -> Change:
        change = asked(promise, obligation, at)
        if obligation.word is not Word.UPDATE or promise.heard_until > promise.made_at:
            return change
        return Change(replace(change.promise, seq=promise.seq))

    assert tell(TWO_MOMENTS).verdict.wrong == []
    monkeypatch.setattr(say, "unreachable", silent_at_first)
    assert [each[:26] for each in tell(TWO_MOMENTS).verdict.lost] == ["update owed at 24 10:00:07"]


def test_operators_must_be_told_of_each_call() -> None:
    class ToldOnce(FakeOperators):
        def tell(self, subject: str, message: str) -> None:
            if not self.told:
                super().tell(subject, message)

    wrong = tell(A_PERSON_MUST_CALL, base=World(operators=ToldOnce())).verdict.wrong
    assert wrong == ["3 calls are required, and the operators were told of 1"]


def test_who_has_moved_must_not_be_written_to_at_the_old_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Customer, "updated_by", lambda self, newer: self)
    assert "stranger" in tell(MOVED).verdict.untrue[0]


def test_an_address_that_is_known_not_to_exist_must_not_be_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Customer, "reachable", lambda self, now: self)
    assert "known not to exist" in tell(BOUNCED).verdict.untrue[0]


def test_whoever_heard_what_was_found_must_hear_of_its_reversal(monkeypatch: pytest.MonkeyPatch) -> None:
    owed = obligations.upcoming

    def without_reversal(promise: Any) -> Any:
        return tuple(each for each in owed(promise) if (each.word, each.n) != (Word.FINDING, 2))

    monkeypatch.setattr(obligations, "upcoming", without_reversal)
    assert [each[:27] for each in tell(BELIEVED_ALL_ALONG).verdict.lost] == ["finding owed at 24 12:00:07"]


def test_a_concession_must_not_stand_after_a_cancellation(monkeypatch: pytest.MonkeyPatch) -> None:
    grant = choices._grant_or_void

    def never_void(change: Change, recovery: Any, now: Any) -> Change:
        return change if recovery.choice is Choice.CANCEL else grant(change, recovery, now)

    monkeypatch.setattr(choices, "_grant_or_void", never_void)
    assert tell(TOLD_FIRST).verdict.untrue == ["what was offered for staying stands after a cancellation"]


def test_a_choice_must_be_confirmed_as_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    wording = wordings.wording_of

    def always_stay(promise: Any, word: Word) -> Any:
        return Wording.STAY_CONFIRMED if word is Word.CHOICE else wording(promise, word)

    monkeypatch.setattr(say, "wording_of", always_stay)
    monkeypatch.setattr(compose, "wording_of", always_stay)
    assert tell(CANCELLED_FOR_GOOD).verdict.unexpected == ["choice at 24 09:20:07 confirms what was not chosen"]


def test_a_sleep_in_the_very_send_is_all_that_excuses_a_choice_that_does_not_stand_any_more() -> None:
    third = [tick for tick, call in enumerate(tell(TOLD_FIRST).calls, 1) if call == "email.send"][2]
    verdict = tell(TOLD_FIRST, Planned((third, Kind.SLEEP_BEFORE))).verdict
    assert (verdict.wrong, verdict.crossed) == ([], 1)


def test_a_form_for_a_claim_must_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_page, "_is_ours", lambda nonce, subject, services: False)
    assert "a claim by form was never done" in tell(CLAIMED_BY_FORM).verdict.lost


def test_whoever_cancelled_must_hear_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "_cancel", lambda promise, now: promise)
    unexpected = tell(CANCELLED_FOR_GOOD).verdict.unexpected
    assert unexpected
    assert all(each.endswith("after the end") for each in unexpected)


def test_a_date_that_somebody_stayed_for_must_not_pass_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    renew = choices._renew

    def without_new_date(promise: Any, recovery: Any, now: Any) -> Any:
        return replace(renew(promise, recovery, now), due_at=promise.due_at + timedelta(days=9))

    monkeypatch.setattr(choices, "_renew", without_new_date)
    lost = tell(STAYED_FOR_NOTHING).verdict.lost
    assert [each.partition(" was")[0] for each in lost[:2]] == [
        "overdue owed at 26 09:00:07",
        "update owed at 27 09:00:07",
    ]


def forgets(number: Callable[[int], bool]) -> Any:
    """Return a record that is left out for the updates of some numbers, which come again under the next one."""
    record = say._record

    def forgetful(commit: Commit, spoken: Any, sent: Any, sending: Any, services: Any, route: Any = None) -> bool:
        word, n = spoken.obligation.word, spoken.obligation.n
        if word is not Word.UPDATE or not number(n):
            return record(commit, spoken, sent, sending, services, route)
        promise = services.store.load([commit.promise.id])[commit.promise.id]
        unsaid = replace(promise, notices={**promise.notices, word: n})
        arm.store(Change(unsaid), Commit(promise, None), services.system.now(), services)
        return False

    return forgetful


def test_a_doubt_excuses_no_repeat_of_another_word(monkeypatch: pytest.MonkeyPatch) -> None:
    doubt = Planned((tell(NO_NEWS).calls.index("email.send") + 1, Kind.UNKNOWN_AFTER))
    monkeypatch.setattr(say, "_record", forgets(lambda n: n == 3))
    lasting = replace(NO_NEWS, steps=(made(due=hours(9), every="PT1H"),), lasts=hours(5))
    unexpected = tell(lasting, doubt).verdict.unexpected
    assert unexpected == ["update at 24 12:00:07 came 2 times, and not so much was in doubt"]


def heard(order: int, notice: str, read_order: int) -> Heard:
    at = START + timedelta(seconds=order)
    message = SmsMessage("+351912345678", "text", notice, "p1")
    return Heard(order, at, read_order, START + timedelta(seconds=read_order), "update", message, read_order)


@pytest.mark.parametrize(
    ("second", "stalled", "excused"),
    [
        (heard(30, "p1:update:2", 1), 2, True),
        (heard(30, "p1:update:1", 1), 2, False),
        (heard(30, "p1:update:2", 11), 12, False),
        (heard(30, "p1:update:2", 1), 40, False),
        (heard(30, "p1:update:2", 5), 2, False),
    ],
    ids=["another notice", "the same notice", "it had read of the first", "it stalled later", "it stalled before"],
)
def test_a_stall_excuses_only_what_crossed_another_notice(second: Heard, stalled: int, excused: bool) -> None:
    at = START + timedelta(seconds=stalled)
    stall = Strike(9, "store.load", Kind.STALL_AFTER, at, frozenset({"p1"}))
    first = heard(10, "p1:update:1", 8)
    assert were_in_doubt([first, second], [stall]) is excused
    assert not were_in_doubt([first, second], [replace(stall, about=frozenset({"p2"}))])


def test_in_a_long_history_no_repeat_without_a_doubt_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(say, "_record", forgets(lambda n: n == 12))
    monkeypatch.setattr(histories, "DAYS", 6)
    ran = histories.live(0)
    # A few of them fell into a true doubt.
    assert len(ran.verdict.unexpected) >= ran.verdict.unrecorded * 0.85 > histories.PROMISES / 2
    assert ran.verdict.latest < timedelta(hours=5)
