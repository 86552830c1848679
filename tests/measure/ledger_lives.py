"""Lives of promises through the real use cases, each with what it must add to the report: reckoned by script alone."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.changes import Making, keep, withdraw
from chalicelib.domain.choices import choose
from chalicelib.domain.claims import Answering, Claiming, settle_claim
from chalicelib.domain.clocks import Clock
from chalicelib.domain.feedback import Answer, Perceived, answer
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Finding, Kind, Leads, promise_id
from chalicelib.domain.recovery import AfterNo, Case, Choice, ChosenBy, Offer, OfferKind, Parts, concession_code
from chalicelib.domain.risks import Policy, Trouble, open_recovery
from chalicelib.usecases.redeem import redeem
from chalicelib.usecases.ring import ring
from chalicelib.usecases.take_event import ClaimRaised, PromiseMade, PromiseNews
from tests.world import SOURCE, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EUROS = 500
OFFER = Offer(OfferKind.AMOUNT_OFF, "5 euros", minor_units=EUROS, currency="EUR")
PARTS = Parts(Case.DELAY, "a truck broke down", "we changed the carrier", "it comes later", OFFER)
REOPENING = Policy(after_no=AfterNo.RECOVERY)
STANDARDS = (None, "delivery@1", "call_back@1")
SAID = ("El precio incluye el IVA", "La instalación es gratis", "El primer mes no se paga")


class Lives:
    """Lets promises live, and keeps by month and promiser what the report must say of each."""

    def __init__(self, world: World, chance: random.Random, promisers: int, days: int) -> None:
        """Promises are made within so many days from the world's now, by so many promisers in seven teams."""
        self.world = world
        self.expected: dict[str, Counter[str]] = {}
        self.confirmed: Counter[tuple[str, str]] = Counter()
        self._chance = chance
        self._start = world.system.now()
        self._promisers = promisers
        self._days = days
        self._ways: tuple[Callable[[str, str, datetime], None], ...] = (
            self._kept, self._kept, self._kept, self._late, self._stays, self._cancels, self._silent, self._withdrawn,
            self._claimed, self._contested,
        )  # fmt: skip

    def one(self, n: int) -> None:
        """Let the `n`th promise live its whole life; the world forgets what only time would need."""
        ref, by = f"r-{n}", f"seller-{self._chance.randint(1, self._promisers)}"
        at = self._start + self._chance.randint(0, self._days * 24 - 1) * HOUR
        self.world.system.time = at
        self._chance.choice(self._ways)(ref, by, at)
        self.world.rings.queued.clear()
        self.world.email.delivered.clear()
        self.world._outbox.clear()
        self.world.store.answers.clear()

    def _kept(self, ref: str, by: str, at: datetime) -> None:
        self._made(ref, by, at)
        self._tell(ref, at + DAY, lambda promise, now: keep(promise, None, now))
        self._add(by, "kept_on_time")
        if self._chance.random() < 0.5:
            perceived = self._chance.choice(list(Perceived))
            expected = "a call before noon" if self._chance.random() < 0.3 else None
            self._answer(ref, at + DAY + HOUR, Answer(perceived, expected, "es"))
            self._add(by, f"perceived_{perceived}")
            self._add(by, "expectations_heard", 1 if expected else 0)

    def _contested(self, ref: str, by: str, at: datetime) -> None:
        """Kept in time by the record; the customer says no, and perhaps something else to what is kept anew, late."""
        self._made(ref, by, at, Leads(12 * HOUR, 6 * HOUR))
        self._tell(ref, at + DAY, lambda promise, now: keep(promise, None, now))
        self._answer(ref, at + DAY + HOUR, Answer(Perceived.NO))
        self._ring(ref, at + DAY + HOUR)
        self._tell(ref, at + 3 * DAY, lambda promise, now: keep(promise, None, now))
        again = self._chance.choice(list(Perceived))
        if again is not Perceived.NO:
            self._answer(ref, at + 3 * DAY + HOUR, Answer(again))
        self._add(by, "kept_on_time")
        self._add(by, f"perceived_{again}")

    def _late(self, ref: str, by: str, at: datetime) -> None:
        self._made(ref, by, at)
        self._ring(ref, at + 2 * DAY)
        self._add(by, "broken_untold")
        self._tell(ref, at + 3 * DAY, lambda promise, now: keep(promise, None, now))
        self._add(by, "kept_late")

    def _stays(self, ref: str, by: str, at: datetime) -> None:
        self._told_before(ref, by, at)
        self._choose(ref, by, at + DAY, Choice.STAY)
        self._granted(by)
        self._tell(ref, at + 4 * DAY, lambda promise, now: keep(promise, None, now))
        self._add(by, "kept_on_time")
        if self._chance.random() < 0.5:
            for _ in range(2):
                redeem(
                    concession_code(promise_id(SOURCE, ref), 1), "o-1", SOURCE, self.world.system.token(), self.world
                )
            self._add(by, "concessions_redeemed")
            self._add(by, "redeemed:EUR", EUROS)

    def _cancels(self, ref: str, by: str, at: datetime) -> None:
        self._told_before(ref, by, at)
        self._choose(ref, by, at + DAY, Choice.CANCEL)

    def _silent(self, ref: str, by: str, at: datetime) -> None:
        self._told_before(ref, by, at)
        self._ring(ref, at + 36 * HOUR)
        for measure in ("stay", "by_silence", "renewed"):
            self._add(by, measure)
        self._granted(by)
        self._ring(ref, at + 6 * DAY)
        self._add(by, "broken_untold")

    def _withdrawn(self, ref: str, by: str, at: datetime) -> None:
        self._made(ref, by, at)
        self._tell(ref, at + HOUR, lambda promise, now: withdraw(promise, "no longer needed", now))
        self._add(by, "withdrawn")

    def _claimed(self, ref: str, by: str, at: datetime) -> None:
        said, finding = self._chance.choice(SAID), self._chance.choice(list(Finding))
        customer = self._customer(f"c-{ref}")
        claiming = Claiming(SOURCE, ref, said, customer.ref, customer.time_zone, by, digest=ref)
        self.world.tell(ClaimRaised(claiming, customer, Promiser(by, f"Name of {by}", team=self._team(by))))
        answering = Answering(at + DAY, at + 2 * DAY)
        self._tell(ref, at + HOUR, lambda promise, now: settle_claim(promise, finding, None, answering, now))
        self._tell(ref, at + 2 * HOUR, lambda promise, now: keep(promise, None, now))
        for measure in ("claims_raised", "claims_ratified", f"found_{finding}"):
            self._add(by, measure)
        if finding is Finding.PROMISED:
            self.confirmed[by, said] += 1
        self._add("", "given")
        self._add("", "kept_on_time")

    def _told_before(self, ref: str, by: str, at: datetime) -> None:
        """The customer reads it twelve hours after the making, a day and a half ahead of the due time."""
        self._made(ref, by, at)
        trouble = Trouble(PARTS, at + 5 * DAY, at + 36 * HOUR)
        policy = self.world.rules.policy
        self._tell(ref, at + 12 * HOUR, lambda promise, now: open_recovery(promise, trouble, policy, now))
        self._ring(ref, at + 12 * HOUR)
        self._add(by, "told_before_it_broke")
        self._add(by, "warning_seconds", 36 * 3600)

    def _made(self, ref: str, by: str, at: datetime, leads: Leads | None = None) -> None:
        customer = self._customer(f"c-{self._chance.randint(1, 10_000)}")
        making = Making(
            source=SOURCE, ref=ref, kind=self._chance.choice((Kind.COMMITMENT, Kind.PERSONAL, Kind.EXPECTATION)),
            what="Tu pedido llega", due_at=at + 2 * DAY, customer_ref=customer.ref, time_zone=customer.time_zone,
            promiser_ref=by, standard=self._chance.choice(STANDARDS), digest=ref, leads=leads,
        )  # fmt: skip
        self.world.tell(PromiseMade(making, customer, Promiser(by, f"Name of {by}", team=self._team(by))))
        self._ring(ref, at)
        self._add(by, "given")

    def _answer(self, ref: str, at: datetime, given: Answer) -> None:
        self._tell(ref, at, lambda promise, now: answer(promise, given, REOPENING, now))

    def _choose(self, ref: str, by: str, at: datetime, choice: Choice) -> None:
        self._tell(ref, at, lambda promise, now: choose(promise, choice, ChosenBy.CUSTOMER, now))
        self._add(by, choice.value)
        self._add(by, "renewed", 1 if choice is Choice.STAY else 0)

    def _granted(self, by: str) -> None:
        self._add(by, "concessions_granted")
        self._add(by, "granted:EUR", EUROS)

    def _tell(self, ref: str, at: datetime, change: object) -> None:
        self.world.system.time = at
        self.world.tell(PromiseNews(ref, change))  # type: ignore[arg-type]

    def _ring(self, ref: str, at: datetime) -> None:
        self.world.system.time = at
        assert ring([Clock(promise_id(SOURCE, ref), at)], self.world) == frozenset()

    def _add(self, by: str, measure: str, n: int = 1) -> None:
        self.expected.setdefault(by, Counter())[measure] += n

    def _customer(self, ref: str) -> Customer:
        return Customer(ref, "es", "Europe/Madrid", "Gemma", "g@example.com")

    def _team(self, by: str) -> str:
        return f"team-{int(by.rpartition('-')[2]) % 7}"
