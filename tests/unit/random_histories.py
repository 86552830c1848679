"""Lives of promises by chance: what services tell, customers press and time brings, through the real use cases."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain.changes import Making, NotPossibleAnyMore, keep, withdraw
from chalicelib.domain.choices import choose
from chalicelib.domain.claimed import Finding
from chalicelib.domain.claims import Answering, Claiming
from chalicelib.domain.facts import Change
from chalicelib.domain.feedback import Answer, Perceived, answer
from chalicelib.domain.findings import settle_claim
from chalicelib.domain.people import Customer, Promiser
from chalicelib.domain.promise import Kind, Leads, Promise, Status
from chalicelib.domain.recovery import AfterNo, Case, Choice, ChosenBy, Offer, OfferKind, Parts
from chalicelib.domain.risks import Policy, Trouble, call_made, open_recovery
from chalicelib.usecases.redeem import NotRedeemable, redeem
from chalicelib.usecases.take_event import ClaimRaised, PromiseMade, PromiseNews
from tests.world import GEMMA, SOURCE, World

HOUR = timedelta(hours=1)
TEAMS = ("sales", "repairs", "billing")
STANDARDS = (None, "delivery@1", "delivery@2", "call_back@1")


def live(world: World, chance: random.Random, promises: int) -> None:
    """Make promises and let anything happen to them, with time passing between."""
    for n in range(promises):
        (claimed if chance.random() < 0.2 else made)(world, chance, f"r-{n}")
        for _ in range(chance.randint(1, 3)):
            happen(world, chance, f"r-{chance.randint(0, n)}")
    for _ in range(promises * 3):
        happen(world, chance, f"r-{chance.randint(0, promises - 1)}")


def made(world: World, chance: random.Random, ref: str, promisers: int = 5, customers: int = 4) -> None:
    """Make a promise of any kind, by somebody or nobody, to one of a few customers."""
    n = chance.randint(0, promisers - 1)
    by = Promiser(f"seller-{n}", f"Name {n}", f"s{n}@shop.example", TEAMS[n % 3]) if chance.random() < 0.9 else None
    customer = Customer(f"c-{chance.randint(1, customers)}", "es", "Europe/Madrid", "G", "g@example.com", GEMMA.phone)
    due_at = world.system.now() + chance.randint(1, 96) * HOUR
    making = Making(
        source=SOURCE,
        ref=ref,
        kind=chance.choice(list(Kind)),
        what="Tu pedido llega",
        due_at=due_at,
        customer_ref=customer.ref,
        time_zone=customer.time_zone,
        leads=Leads(12 * HOUR, 6 * HOUR) if by and chance.random() < 0.5 else None,
        promiser_ref=by.ref if by else None,
        standard=chance.choice(STANDARDS),
        digest=ref,
    )
    world.tell(PromiseMade(making, customer, by))


def claimed(world: World, chance: random.Random, ref: str) -> None:
    """Claim that somebody promised one of a few things; it is believed, or looked into first."""
    claiming = Claiming(
        source=SOURCE,
        ref=ref,
        what=chance.choice(("El precio incluye el IVA", "La instalación es gratis")),
        customer_ref=GEMMA.ref,
        time_zone=GEMMA.time_zone,
        promiser_ref=f"seller-{chance.randint(0, 2)}",
        digest=ref,
    )
    world.tell(ClaimRaised(claiming, GEMMA, None))


def happen(world: World, chance: random.Random, ref: str) -> None:
    """Let one thing happen to a promise, if it can, or let time pass."""
    if chance.random() < 0.4:
        world.pass_time(chance.choice((timedelta(minutes=1), HOUR, 12 * HOUR, 30 * HOUR)))
        return
    if chance.random() < 0.1 and world.store.granted:
        code = chance.choice(sorted(world.store.granted))
        with suppress(NotRedeemable):
            redeem(code, f"o-{chance.randint(1, 2)}", SOURCE, f"redeemed-{world.system.token()}", world)
        return
    with suppress(NotPossibleAnyMore):
        world.tell(PromiseNews(ref, lambda promise, now: _anything(promise, now, chance, world)))
    world.drain()


def _anything(promise: Promise, now: datetime, chance: random.Random, world: World) -> Change:
    if promise.status is Status.KEPT and chance.random() < 0.3:
        given = Answer(chance.choice(list(Perceived)), chance.choice((None, "a call before noon")), "es")
        return answer(promise, given, Policy(after_no=AfterNo.RECOVERY), now)
    match 6 if promise.claim and chance.random() < 0.3 else chance.randint(0, 7):
        case 0 | 1:
            return keep(promise, None, now)
        case 2:
            return withdraw(promise, "no longer needed", now)
        case 3 | 4:
            return open_recovery(promise, _trouble(now, chance), world.rules.policy, now)
        case 5:
            return call_made(promise, chance.random() < 0.6, None, None, now)
        case 6 if promise.claim:
            answering = Answering(now + 24 * HOUR, now + 48 * HOUR)
            of = f"seller-{chance.randint(0, 4)}" if chance.random() < 0.4 else None
            return settle_claim(promise, chance.choice(list(Finding)), None, answering, now, of)
    return choose(promise, chance.choice(list(Choice)), chance.choice((ChosenBy.CUSTOMER, ChosenBy.CALL)), now)


def _trouble(now: datetime, chance: random.Random) -> Trouble:
    offer = chance.choice(
        (
            Offer(OfferKind.FREE_SHIPPING, "el envío es gratis"),
            Offer(OfferKind.DISCOUNT, "10 %", percent=Decimal(10)),
            Offer(OfferKind.AMOUNT_OFF, "5 euros", minor_units=500, currency="EUR"),
            Offer(OfferKind.AMOUNT_OFF, "20 reais", minor_units=2000, currency="BRL"),
        )
    )
    parts = Parts(Case.DELAY, "a truck broke down", "we changed the carrier", "it comes later", offer)
    new_due = now + chance.randint(24, 240) * HOUR if chance.random() < 0.8 else None
    return Trouble(parts, new_due, now + chance.randint(6, 48) * HOUR, broken=chance.random() < 0.3)
