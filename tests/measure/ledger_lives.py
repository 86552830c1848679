"""Lives of promises through the real use cases, each with what it must add to the report: reckoned by script alone."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.changes import Making, keep, withdraw
from chalicelib.domain.choices import choose
from chalicelib.domain.clocks import Clock
from chalicelib.domain.facts import Change
from chalicelib.domain.feedback import Answer, Perceived, answer
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Kind, Leads, Promise, promise_id
from chalicelib.domain.recovery import AfterNo, Case, Choice, ChosenBy, Offer, OfferKind, Parts, concession_code
from chalicelib.domain.risks import Policy, Trouble, open_recovery
from chalicelib.standards.published import published
from chalicelib.usecases.change_customer import CustomerErased, erase_customer
from chalicelib.usecases.redeem import redeem
from chalicelib.usecases.ring import ring
from chalicelib.usecases.take_event import PromiseMade, PromiseNews
from tests.measure.hand_count import HandCount, Line, team_of
from tests.world import SOURCE, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EUROS = 500
OFFER = Offer(OfferKind.AMOUNT_OFF, "5 euros", minor_units=EUROS, currency="EUR")
PARTS = Parts(Case.DELAY, "a truck broke down", "we changed the carrier", "it comes later", OFFER)
REOPENING = Policy(after_no=AfterNo.RECOVERY)
KINDS = (Kind.COMMITMENT, Kind.PERSONAL, Kind.EXPECTATION)
STANDARDS = (None, "a label of the sender's", *(each.id for (*_, each) in published().versions.values()))
EXPECTED = ("a call before noon", "that somebody says sorry")


@dataclass(frozen=True, slots=True)
class Life:
    """One promise of a life: its reference, its customer, when it was made, and on whose account it is counted."""

    ref: str
    customer: Customer
    at: datetime
    line: Line


class Lives:
    """Lets promises live, and counts by hand what the report must say of each."""

    def __init__(self, world: World, chance: random.Random, promisers: int, days: int) -> None:
        """Promises are made within so many days from the world's now, by so many promisers in seven teams."""
        world.rules = replace(world.rules, standards=published)
        self.world = world
        self.chance = chance
        self.counted = HandCount()
        self._start = world.system.now()
        self._promisers = promisers
        self._days = days
        self._ways: tuple[Callable[[Life], None], ...] = (
            self._kept, self._kept, self._kept, self._late, self._stays, self._cancels, self._thinks_again,
            self._silent, self._withdrawn, self._tried, self._forgotten, self._contested,
        )  # fmt: skip

    def one(self, n: int) -> None:
        """Let the `n`th promise live its whole life."""
        self.chance.choice(self._ways)(self.begun(f"r-{n}"))

    def begun(self, ref: str) -> Life:
        """Choose when a life begins, with whom and by whose word."""
        at = self._start + self.chance.randint(0, self._days * 24 - 1) * HOUR
        self.world.system.time = at
        by = f"seller-{self.chance.randint(1, self._promisers)}"
        line = Line(by, self.chance.choice(KINDS).value, self.chance.choice(STANDARDS) or "")
        return Life(ref, customer(f"c-{self.chance.randint(1, 10_000)}"), at, line)

    def tell(self, life: Life, at: datetime, change: Callable[[Promise, datetime], Change]) -> None:
        """Tell something of the promise at a moment."""
        self.world.system.time = at
        self.world.tell(PromiseNews(life.ref, change))

    def add(self, life: Life, *measures: str, n: int = 1) -> None:
        """Count by hand what the life adds."""
        for measure in measures:
            self.counted.add(life.line, life.customer.ref, measure, n)

    def keep(self, life: Life, at: datetime) -> None:
        """Keep the promise, by whatever measure that counts."""
        self.tell(life, at, lambda promise, now: keep(promise, None, now))

    def forget(self, life: Life, at: datetime) -> None:
        """Forget the life's customer, of whom nothing else may be known."""
        self.world.system.time = at
        erase_customer(CustomerErased(life.customer.ref), SOURCE, self.world.system.token(), self.world)

    def _kept(self, life: Life) -> None:
        self._made(life)
        self.keep(life, life.at + DAY)
        self.add(life, "kept_on_time")
        self._answered(life, life.at + DAY + HOUR)

    def _answered(self, life: Life, at: datetime) -> None:
        """The question is answered up to three times, in other words each time or in the same: the last one counts."""
        perceived, expected = None, False
        for n in range(self.chance.choice((0, 0, 1, 1, 2, 3))):
            perceived, words = self.chance.choice(list(Perceived)), self.chance.choice((None, None, *EXPECTED))
            self._answer(life, at + n * HOUR, Answer(perceived, words, "es"))
            expected = expected or words is not None
        if perceived and life.line.kind != Kind.ATTEMPT:
            self.add(life, f"perceived_{perceived}")
        if expected:
            self.add(life, "expectations_heard")

    def _contested(self, life: Life) -> None:
        """Kept in time by the record; the customer says no, and perhaps something else to what is kept anew, late."""
        self._made(life, leads=Leads(12 * HOUR, 6 * HOUR))
        self.keep(life, life.at + DAY)
        self._answer(life, life.at + DAY + HOUR, Answer(Perceived.NO))
        self._ring(life, life.at + DAY + HOUR)
        self.keep(life, life.at + 3 * DAY)
        again = self.chance.choice(list(Perceived))
        if again is not Perceived.NO:
            self._answer(life, life.at + 3 * DAY + HOUR, Answer(again))
        self.add(life, "kept_on_time", f"perceived_{again}")

    def _late(self, life: Life) -> None:
        self._made(life)
        self._ring(life, life.at + 2 * DAY)
        self.keep(life, life.at + 3 * DAY)
        self.add(life, "broken_untold", "kept_late")
        self._answered(life, life.at + 3 * DAY + HOUR)

    def _stays(self, life: Life) -> None:
        self._told_before(life)
        self._choose(life, life.at + DAY, Choice.STAY)
        self.keep(life, life.at + 4 * DAY)
        self.add(life, "stay", "renewed", "kept_on_time")
        self._granted(life)
        if self.chance.random() < 0.5:
            code = concession_code(promise_id(SOURCE, life.ref), 1)
            for _ in range(2):
                redeem(code, "o-1", SOURCE, self.world.system.token(), self.world)
            self.add(life, "concessions_redeemed")
            self.add(life, "redeemed:EUR", n=EUROS)

    def _cancels(self, life: Life) -> None:
        self._told_before(life)
        self._choose(life, life.at + DAY, Choice.CANCEL)
        self.add(life, "cancel")

    def _thinks_again(self, life: Life) -> None:
        """Stay takes the place of cancel or the other way round; what was granted for staying goes with it."""
        self._told_before(life)
        last, first = self.chance.sample(list(Choice), 2)
        for n, choice in enumerate((first, last)):
            self._choose(life, life.at + DAY + n * HOUR, choice)
        self.add(life, last.value)
        if last is Choice.STAY:
            self.add(life, "renewed")
            self._granted(life)

    def _silent(self, life: Life) -> None:
        self._told_before(life)
        self._ring(life, life.at + 36 * HOUR)
        self._granted(life)
        self._ring(life, life.at + 6 * DAY)
        self.add(life, "stay", "by_silence", "renewed", "broken_untold")

    def _withdrawn(self, life: Life) -> None:
        self._made(life)
        self.tell(life, life.at + HOUR, lambda promise, now: withdraw(promise, "no longer needed", now))
        self.add(life, "withdrawn")

    def _tried(self, life: Life) -> None:
        """No word was given, so what became of it is no word kept or broken."""
        life = replace(life, line=replace(life.line, kind=Kind.ATTEMPT.value))
        self._made(life, "attempts")
        self.keep(life, life.at + self.chance.choice((1, 3)) * DAY)
        self._answered(life, life.at + 4 * DAY)

    def _forgotten(self, life: Life) -> None:
        """Forgotten before the end, what was promised is withdrawn; after it, every number stays."""
        life = replace(life, customer=customer(f"c-{life.ref}"))
        if self.chance.random() < 0.5:
            self._kept(life)
        else:
            self._made(life)
            self.add(life, "withdrawn")
        self.forget(life, life.at + 36 * HOUR)

    def _told_before(self, life: Life) -> None:
        """The customer reads it twelve hours after the making, a day and a half ahead of the due time."""
        self._made(life)
        trouble = Trouble(PARTS, life.at + 5 * DAY, life.at + 36 * HOUR)
        policy = self.world.rules.policy
        self.tell(life, life.at + 12 * HOUR, lambda promise, now: open_recovery(promise, trouble, policy, now))
        self._ring(life, life.at + 12 * HOUR)
        self.add(life, "told_before_it_broke")
        self.add(life, "warning_seconds", n=36 * 3600)

    def _made(self, life: Life, measure: str = "given", leads: Leads | None = None) -> None:
        making = Making(
            source=SOURCE, ref=life.ref, kind=Kind(life.line.kind), what="Tu pedido llega", due_at=life.at + 2 * DAY,
            customer_ref=life.customer.ref, time_zone=life.customer.time_zone, promiser_ref=life.line.promiser,
            standard=life.line.standard or None, digest=life.ref, leads=leads,
        )  # fmt: skip
        self.world.tell(PromiseMade(making, life.customer, promiser(life.line.promiser)))
        self._ring(life, life.at)
        self.add(life, measure)

    def _answer(self, life: Life, at: datetime, given: Answer) -> None:
        self.tell(life, at, lambda promise, now: answer(promise, given, REOPENING, now))

    def _choose(self, life: Life, at: datetime, choice: Choice) -> None:
        self.tell(life, at, lambda promise, now: choose(promise, choice, ChosenBy.CUSTOMER, now))

    def _granted(self, life: Life) -> None:
        self.add(life, "concessions_granted")
        self.add(life, "granted:EUR", n=EUROS)

    def _ring(self, life: Life, at: datetime) -> None:
        self.world.system.time = at
        assert ring([Clock(promise_id(SOURCE, life.ref), at)], self.world) == frozenset()


def customer(ref: str) -> Customer:
    """Return somebody by that reference."""
    return Customer(ref, "es", "Europe/Madrid", "Gemma", "g@example.com")


def promiser(ref: str) -> Promiser:
    """Return somebody by that reference, in their team."""
    return Promiser(ref, f"Name of {ref}", team=team_of(ref))
