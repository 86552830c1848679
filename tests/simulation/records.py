"""Whether the records tell the truth: timeline, bus, answers, clocks, ledgers, concessions, and what was forgotten."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.domain.clocks import clock_of
from chalicelib.domain.notices import CLAIMED
from chalicelib.usecases.count_facts import recount
from tests.fakes import FakeLedgers
from tests.simulation.faults import SLEEPS
from tests.simulation.journal import Journal, Telling
from tests.simulation.sources import AGAIN
from tests.simulation.verdict import ANSWERED_WITHIN, PATIENCE, Verdict
from tests.simulation.world import SimWorld

# Half a day past the retention of a personal word.
LONGEST_KEPT = timedelta(days=365, hours=12)
_PRESSED = {"acknowledge": "Acknowledged", "answer": "FeedbackGiven"}


def check_records(verdict: Verdict, world: SimWorld) -> None:
    """Add to the verdict whatever in the records is missing, untrue or left over."""
    journal = world.journal
    _check_facts(verdict, world, journal)
    _check_answers(verdict, world, journal)
    _check_clocks(verdict, world)
    _check_ledgers(verdict, world)
    for telling in journal.told:
        if telling.status == 202 and telling.type == "customer.erased":
            _check_forgotten(verdict, world, telling)
        if telling.status == 202 and telling.type == "concession.redeemed":
            _check_redeemed(verdict, world, telling)
    for name, dead in (("queue", world.queue.dead), ("facts", world.facts.dead), ("removals", world.removals.dead)):
        verdict.lost += [f"{len(dead)} dead letters of the {name}"] if dead else []
    verdict.untrue += [f"an intruder {each}" for each in journal.intrusions]
    verdict.untrue += [f"a function failed: {each}" for each in journal.surprises]
    verdict.lost += [f"{each.what} was never done" for each in journal.asked if not each.done]


def _check_facts(verdict: Verdict, world: SimWorld, journal: Journal) -> None:
    on_bus = {event.id for event in world.base.bus.events}
    said = {each.notice_id for each in journal.heard}
    recorded: set[object] = set()
    for fact in world.base.store.noted.values():
        if fact.id not in on_bus:
            verdict.lost.append(f"fact {fact.seq} {fact.name} did not reach the bus")
        if "wording" not in fact.data:
            continue
        if fact.data["notice"] not in said:
            verdict.untrue.append(f"the timeline has {fact.name}, which was not sent")
        if fact.data["notice"] in recorded:
            verdict.untrue.append(f"the timeline has {fact.name} twice for one notice")
        recorded.add(fact.data["notice"])
    told = {str(fact.data.get("notice")) for fact in world.base.store.noted.values()}
    verdict.unrecorded += len(said - told)


def _check_answers(verdict: Verdict, world: SimWorld, journal: Journal) -> None:
    """What was answered with 2xx must be stored, once; a press that was answered must be in the timeline."""
    times = journal.answered
    slept = any(each.kind in SLEEPS for each in world.tap.struck)
    patience = ANSWERED_WITHIN if slept else PATIENCE
    for telling in journal.told:
        stored = telling.webhook_id in times or _leaves_no_answer(telling)
        if telling.status == 202 and not stored:
            verdict.lost.append(f"{telling.type} was accepted and is not stored")
        if telling.status == 0 and telling.at + patience < world.time:
            verdict.lost.append(f"{telling.type} was never answered")
    ours = {telling.webhook_id for telling in journal.told} | {each.id for each in journal.asked} | _by_form(journal)
    strangers = [each for each in times if each not in ours and not each.startswith(AGAIN)]
    verdict.untrue += [f"webhook {each} was applied, which nobody told" for each in strangers]
    verdict.untrue += [f"webhook {each} was applied {number} times" for each, number in times.items() if number > 1]
    noted = {(fact.promise_id, fact.name) for fact in world.base.store.noted.values()}
    pressed = {(each.promise_id, _PRESSED.get(each.action, "ChoiceRecorded")) for each in journal.presses}
    verdict.lost += [f"a press on {promise} is not recorded as {fact}" for promise, fact in pressed - noted]


def _by_form(journal: Journal) -> set[str]:
    """Return the ids under which the promiser's answers were stored: their forms are judged by the facts they left."""
    commits = (each.commit for each in journal.effects)
    answered = (each for each in commits if any(fact.name == "CheckInAnswered" for fact in each.facts))
    return {each.answer.webhook_id for each in answered if each.answer}


def _leaves_no_answer(telling: Telling) -> bool:
    """A promiser's form leaves its fact, an erasure nothing: what each did is checked by itself."""
    return telling.type == "customer.erased" or telling.webhook_id.startswith("form_")


def _check_clocks(verdict: Verdict, world: SimWorld) -> None:
    store = world.base.store
    for promise in store.promises.values():
        if clock_of(promise) and promise.id not in store.clocks:
            verdict.lost.append(f"promise {promise.ref} owes something and has no clock")
    if not world.nights.begun:
        return
    for promise in store.promises.values():
        if promise.ended_at and promise.ended_at + LONGEST_KEPT < world.time and promise.id not in store.expiring:
            verdict.lost.append(f"promise {promise.ref} has no expiry, though it ended on {promise.ended_at:%d %B}")
    for promise_id in store.clocks:
        owing = store.promises.get(promise_id)
        if owing is None or clock_of(owing) is None:
            verdict.untrue.append(f"the clock of {promise_id} still rings for nothing after a nightly round")
    for notice in store.notices.values():
        if notice.status == CLAIMED and notice.lapsed(world.time):
            verdict.untrue.append(f"the claim of {notice.id} is still forgotten after a nightly round")


@dataclass(slots=True)
class _Counting:
    """As much of the services as counting needs, with ledgers that are empty."""

    store: Any
    ledgers: FakeLedgers
    system: Any
    rules: Any


def _check_ledgers(verdict: Verdict, world: SimWorld) -> None:
    """The rows that are read must be what all facts add up to, each counted once."""
    base = world.base
    anew = FakeLedgers(base.store)
    generation = base.ledgers.turned.reading
    recount(sorted(base.store.promises), generation, _Counting(base.store, anew, base.system, base.rules))  # type: ignore[arg-type]
    for row in {row for ledgers in (anew, base.ledgers) for number, row in ledgers.numbers if number == generation}:
        counted, right = (+ledgers.numbers.get((generation, row), Counter()) for ledgers in (base.ledgers, anew))
        if counted != right:
            verdict.untrue.append(f"the ledger {row} has {dict(counted)}, and its facts come to {dict(right)}")


def _check_forgotten(verdict: Verdict, world: SimWorld, telling: Telling) -> None:
    """Nothing that tells who an erased customer was may be left anywhere in the store."""
    store = world.base.store
    customer: Any = telling.data["customer"]
    known = [each.data["customer"] for each in _profiles(world) if each.data["customer"]["ref"] == customer["ref"]]
    kept = repr(
        [store.promises, store.noted, store.notices, store.profiles, store.answers, store.granted, store.routes]
    )
    for name in ("name", "email", "phone"):
        for value in {str(each[name]) for each in known if name in each}:
            if value in kept:
                verdict.untrue.append(f"the {name} of an erased customer is still stored")
    texts = [
        fact.text
        for fact in store.noted.values()
        if fact.text and store.promises[fact.promise_id].customer_ref == customer["ref"]
    ]
    if texts:
        verdict.untrue.append(f"words about an erased customer are still stored: {texts[0]!r}")


def _profiles(world: SimWorld) -> list[Any]:
    """Return what was told with a customer's whole profile."""
    return [each for each in world.journal.told if len(each.data.get("customer", ())) > 1]  # type: ignore[arg-type]


def _check_redeemed(verdict: Verdict, world: SimWorld, telling: Telling) -> None:
    granted = world.base.store.granted.get(str(telling.data["code"]))
    if granted is None or granted.order != telling.data["order"]:
        verdict.lost.append(f"the concession used for {telling.data['order']} is not recorded as used for it")
