"""Any order of webhooks, rings, choices, acknowledgements, calls, silence and answers, over the domain alone."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.domain.changes import Making, NotPossibleAnyMore, acknowledge, keep, make, progress, withdraw
from chalicelib.domain.choices import choose, make_final
from chalicelib.domain.delivery import Sending, Spoken, after_sending, choose_channel, unreachable
from chalicelib.domain.facts import Change, Fact
from chalicelib.domain.feedback import Answer, Perceived, answer
from chalicelib.domain.lapses import lapse
from chalicelib.domain.notices import Outcome
from chalicelib.domain.obligations import next_ring, owed
from chalicelib.domain.people import Channel
from chalicelib.domain.promise import OF_RECOVERY, Kind, Leads, Rhythm, Status, Word
from chalicelib.domain.recovery import (
    MOST_CALLS,
    AfterNo,
    Case,
    Choice,
    ChosenBy,
    Concession,
    Offer,
    OfferKind,
    Parts,
    Silence,
)
from chalicelib.domain.risks import Policy, Trouble, call_made, on_track, open_recovery
from chalicelib.domain.unheard import unhear
from tests.world import ANA, GEMMA, NINE

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OFFER = Offer(OfferKind.GIFT, "una galleta")
SPANS = st.sampled_from([timedelta(seconds=1), timedelta(minutes=10), HOUR, 5 * HOUR, DAY, 3 * DAY])
SILENCES = st.sampled_from(Silence)
_MAY_ARRIVE = {Outcome.ACCEPTED, Outcome.UNKNOWN}


class Promised(RuleBasedStateMachine):
    """One promise, and everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NINE
        leads = Leads(DAY, DAY / 2)
        making = Making(
            "shop", "order-1", Kind.COMMITMENT, "Llega", NINE + 3 * DAY, GEMMA.ref, "UTC", Rhythm(), leads, ANA.ref
        )
        self.facts: list[Fact] = []
        self.said: list[tuple[Word, Status]] = []
        self.accepted: list[Spoken] = []
        self.sends: Counter[tuple[str, Channel]] = Counter()
        self.bounced: Counter[Word] = Counter()
        self.granted: dict[str, Concession] = {}
        self.promise = make(making, NINE).promise

    def take(self, change: Change) -> None:
        """Store a change, as a commit would."""
        before = self.promise.recovery
        if before and before.time_to_decide and any(fact.data.get("by") == ChosenBy.SILENCE for fact in change.facts):
            assert before.told_at
            assert self.now - before.told_at >= before.time_to_decide / 2
        self.promise = replace(change.promise, version=self.promise.version + 1)
        self.facts += change.facts
        if change.concession:
            self.granted[change.concession.code] = change.concession

    def attempt(self, change: object) -> None:
        """Make a change unless the domain refuses it."""
        try:
            self.take(change())  # type: ignore[operator]
        except NotPossibleAnyMore:
            return

    def ring(self, outcome: Outcome = Outcome.ACCEPTED) -> None:
        """Meet all that is owed now, as the ring does; the first send may go wrong."""
        for _ in range(20):
            self.take(lapse(self.promise, self.now))
            due = owed(self.promise, self.now)
            if not due:
                return
            channel = choose_channel(self.promise, due[0].word, GEMMA, ANA)
            if channel is None:
                self.take(unreachable(self.promise, due[0], self.now))
                continue
            spoken = Spoken(due[0], channel, self.now, self.promise.seq, "")
            if outcome in _MAY_ARRIVE:
                self.names_no_past_date(due[0].word)
                self.sends[due[0].notice_id, channel] += 1
            if outcome is Outcome.ACCEPTED:
                self.said.append((due[0].word, self.promise.status))
                self.accepted.append(spoken)
            self.take(after_sending(self.promise, spoken, Sending(outcome, self.now, timedelta(minutes=10))))
            outcome = Outcome.ACCEPTED
        raise AssertionError("ringing does not come to an end")

    @initialize(is_kept=st.sampled_from([False, False, True]))
    def chance_alone_would_seldom_come_to_the_question(self, is_kept: bool) -> None:
        if is_kept:
            self.ring()
            self.take(keep(self.promise, "ya", self.now))
            self.ring()

    def names_no_past_date(self, word: Word) -> None:
        recovery = self.promise.recovery
        assert word is not Word.CONFIRMATION or self.now < self.promise.due_at
        if word in OF_RECOVERY and recovery and recovery.new_due_at:
            assert self.now < recovery.new_due_at

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        """Let time pass, ringing at every moment at which the clock says so."""
        end = self.now + span
        while (at := next_ring(self.promise)) and at <= end:
            self.now = max(self.now, at)
            self.ring()
        self.now = end

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def a_message_bounces(self, data: st.DataObject) -> None:
        spoken = self.accepted.pop(data.draw(st.integers(0, len(self.accepted) - 1)))
        self.bounced[spoken.obligation.word] += 1
        self.promise = unhear(self.promise, spoken, (), self.now, give_up_channel=True)

    @rule(outcome=st.sampled_from(Outcome))
    def a_ring_too_many(self, outcome: Outcome) -> None:
        self.ring(outcome)

    @rule(now=st.booleans())
    def news(self, now: bool) -> None:
        self.attempt(lambda: progress(self.promise, "nota", self.now, tell_now=now))

    @rule(broken=st.booleans(), date=st.none() | SPANS, window=st.none() | SPANS, first=SILENCES, later=SILENCES)
    def trouble(
        self, broken: bool, date: timedelta | None, window: timedelta | None, first: Silence, later: Silence
    ) -> None:
        said = Trouble(
            Parts(Case.DELAY, "a", "b", "c", OFFER),
            self.now + date if date else None,
            self.now + window if window else None,
            broken=broken,
        )
        self.attempt(
            lambda: open_recovery(self.promise, said, Policy(first_silence=first, later_silence=later), self.now)
        )

    @rule(choice=st.sampled_from(Choice), by=st.sampled_from([ChosenBy.CUSTOMER, ChosenBy.CALL]))
    def chooses(self, choice: Choice, by: ChosenBy) -> None:
        self.attempt(lambda: choose(self.promise, choice, by, self.now))

    @rule()
    def acknowledges(self) -> None:
        self.attempt(lambda: acknowledge(self.promise, self.now))

    @rule(reached=st.booleans(), choice=st.none() | st.sampled_from(Choice))
    def is_called(self, reached: bool, choice: Choice | None) -> None:
        self.attempt(lambda: call_made(self.promise, reached, choice if reached else None, None, self.now))

    @rule()
    def promiser_says_all_is_well(self) -> None:
        self.attempt(lambda: on_track(self.promise, None, self.now))

    @rule()
    def choice_is_final(self) -> None:
        self.attempt(lambda: make_final(self.promise, self.now))

    @precondition(lambda self: self.now > NINE + DAY)
    @rule(kept=st.booleans())
    def ends(self, kept: bool) -> None:
        end = keep if kept else withdraw
        self.attempt(lambda: end(self.promise, "fin", self.now))

    @precondition(lambda self: self.promise.status is Status.KEPT or self.promise.contested)
    @rule(perceived=st.sampled_from(Perceived), after_no=st.sampled_from(AfterNo))
    def answers_the_question(self, perceived: Perceived, after_no: AfterNo) -> None:
        self.take(answer(self.promise, Answer(perceived), Policy(after_no=after_no), self.now))

    @precondition(lambda self: self.promise.status is Status.KEPT)
    @rule()
    def says_no(self) -> None:
        self.take(answer(self.promise, Answer(Perceived.NO), Policy(after_no=AfterNo.RECOVERY), self.now))

    @precondition(lambda self: self.promise.contested)
    @rule()
    def is_kept_anew(self) -> None:
        self.take(keep(self.promise, "ya", self.now))

    @invariant()
    def no_due_time_passes_untold(self) -> None:
        self.ring()
        if self.promise.status is Status.BROKEN:
            recovery = self.promise.recovery
            told_late = not {Word.OVERDUE, Word.APOLOGY}.isdisjoint(self.promise.told)
            assert told_late or (recovery and recovery.parts and (recovery.told_at or recovery.calls))

    @invariant()
    def a_no_is_never_left_alone(self) -> None:
        self.ring()
        ends = [number for number, each in enumerate(self.facts) if each.name == "PromiseKept"]
        since = self.facts[ends[-1] :] if ends else []
        answers = [each.data["answer"] for each in since if each.name == "FeedbackGiven"]
        # Whoever wavers while the first "no" is still looked into is seen to by that.
        if answers and answers[-1] == "no":
            assert {"CallRequired", "PromiseReopened"} & {each.name for each in since}
        if self.promise.contested:
            names = [each.name for each in self.facts]
            after = names[names.index("PromiseReopened") :]
            assert {"ApologySent", "CheckInSent"} <= set(after)

    @invariant()
    def a_no_takes_a_promise_up_again_once_at_most(self) -> None:
        names = [each.name for each in self.facts]
        assert names.count("PromiseReopened") <= 1
        assert names.count("ApologySent") <= names.count("PromiseReopened") + self.bounced[Word.APOLOGY]

    @invariant()
    def whatever_is_kept_is_closed_by_a_word_of_its_own(self) -> None:
        self.ring()
        if self.promise.status is Status.KEPT:
            ends = [each for each in self.facts if each.name in {"PromiseKept", "ClosingSent"}]
            assert ends[-1].name == "ClosingSent" or ends[-1].data.get("by") == "customer"

    @invariant()
    def nobody_both_stays_and_cancels(self) -> None:
        recovery = self.promise.recovery
        cancelled = self.promise.status is Status.CANCELLED
        assert not cancelled or (recovery is not None and recovery.choice is Choice.CANCEL)
        if recovery and recovery.choice is Choice.CANCEL:
            assert cancelled

    @invariant()
    def nothing_but_the_choice_is_confirmed_after_cancelling(self) -> None:
        assert {word for word, status in self.said if status is Status.CANCELLED} <= {Word.CHOICE}

    @invariant()
    def one_concession_at_most_for_each_recovery(self) -> None:
        per_recovery = Counter(concession.recovery_n for concession in self.granted.values())
        assert all(count == 1 for count in per_recovery.values())
        recovery = self.promise.recovery
        for concession in self.granted.values():
            if recovery and concession.recovery_n == recovery.n:
                assert concession.void == (recovery.choice is Choice.CANCEL)

    @invariant()
    def no_notice_goes_out_more_often_than_an_unknown_send_excuses(self) -> None:
        for (_, channel), times in self.sends.items():
            assert times <= (2 if channel is Channel.EMAIL else 1)

    @invariant()
    def the_clock_is_set_for_later_or_not_at_all(self) -> None:
        self.ring()
        at = next_ring(self.promise)
        assert at is None or at > self.now
        assert not self.promise.is_over or at is None

    @invariant()
    def every_choice_is_confirmed(self) -> None:
        self.ring()
        recovery = self.promise.recovery
        if recovery and recovery.choice and self.promise.status not in {Status.KEPT, Status.WITHDRAWN}:
            assert Word.CHOICE in self.promise.told

    def teardown(self) -> None:
        """Leave the promise alone for two months: the ladder ends."""
        reminders, calls = self._count()
        for _ in range(60):
            self.time_passes(DAY)
        later_reminders, later_calls = self._count()
        assert later_reminders - reminders <= 2
        assert later_calls - calls <= MOST_CALLS + 1
        recovery = self.promise.recovery
        assert recovery is None or not recovery.is_open or recovery.decide_by is None or self.promise.is_over

    def _count(self) -> tuple[int, int]:
        reminders = sum(word in {Word.REMINDER, Word.REMINDER_ELSEWHERE} for word, _ in self.said)
        return reminders, sum(fact.name == "CallRequired" for fact in self.facts)


TestPromised = Promised.TestCase
TestPromised.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)
