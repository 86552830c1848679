"""Reading lives from the journal: each kind of event has a rule of its own, one without a rule is an error.

The rules know the published standards by their table in docs/standards.md, not by the product's own reading.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.durations import parse_duration
from tests.simulation.journal import Effect, Journal, Telling
from tests.simulation.lives import Claimed, Life, Term

# When each published standard comes due, and its rhythm.
STANDARDS: dict[str, tuple[str, str | None]] = {
    "as_soon_as_known": ("P30D", "P3D"),
    "answer_within_a_working_day": ("P1B", None),
    "claim_correction": ("P2B", "P1B"),
    "claim_review": ("P5B", "P2B"),
}
# What is told of something else than how a promise goes.
_NO_COURSE = {"choice.final", "call.made", "customer.changed", "concession.redeemed"}
# No source tells of it: a customer's answer at the end, and their choice.
_CONTESTED, _STAYS, _CANCELS = "promise.contested", "choice.stay", "choice.cancel"
_ERASED = "customer.erased"
# Without a date to stay for, the customer hears within a week.
_RENEWAL = timedelta(days=7)
BY_FORM = "form_"
LONGEST_SLEEP_SECONDS = 2 * 3600
_ANSWERS = {"promise.at_risk": "late", "promise.kept": "done", "promise.progressed": "on_track"}


def lives(journal: Journal) -> dict[str, Life]:
    """Return each promise's life, by its id."""
    found: dict[str, Life] = {}
    for telling, effect in _accepted(journal):
        _take(telling, effect, found)
    for effect in journal.effects:
        if life := found.get(effect.commit.promise.id):
            life.effects.append(effect)
    return found


def _accepted(journal: Journal) -> Iterator[tuple[Telling, Effect]]:
    """Yield what was accepted with the effect that it had, in the order of effects."""
    tellings = {each.webhook_id: each for each in (*journal.told, *journal.told_again)}
    taken: set[str] = set()
    for effect in sorted(journal.effects, key=lambda each: each.order):
        answer = effect.commit.answer
        if answer and answer.webhook_id in tellings and answer.webhook_id not in taken:
            taken.add(answer.webhook_id)
            yield tellings[answer.webhook_id], effect
        facts = {fact.name: fact for fact in effect.commit.facts}
        if "CheckInAnswered" in facts:
            yield _form_behind(effect, str(facts["CheckInAnswered"].data["answer"]), journal), effect
        if "PromiseReopened" in facts:
            yield Telling("", _CONTESTED, {}, effect.at), effect
        if "ChoiceRecorded" in facts:
            stays = facts["ChoiceRecorded"].data["choice"] == "stay"
            yield Telling("", _STAYS if stays else _CANCELS, {}, effect.at), effect
        if "CustomerErased" in facts:
            yield Telling("", _ERASED, {"ref": effect.commit.promise.ref}, effect.at), effect


def _form_behind(effect: Effect, answer: str, journal: Journal) -> Telling:
    """Return the form that a promiser's answer came by: the newest of that answer about the promise."""
    return next(
        each
        for each in reversed(journal.told)
        if each.webhook_id.startswith(BY_FORM)
        and each.ref == effect.commit.promise.ref
        and _ANSWERS[each.type] == answer
        and each.at <= effect.at
    )


def _take(telling: Telling, effect: Effect, found: dict[str, Life]) -> None:
    promise = effect.commit.promise.id
    life = found.get(promise)
    if telling.webhook_id.startswith(BY_FORM) and life:
        life.answers.append(effect)
    match telling.type:
        case "promise.made":
            found.setdefault(promise, _born(promise, telling, effect))
        case "claim.raised":
            found.setdefault(promise, _claimed(promise, telling, effect, found))
        case "claim.settled":
            _settle(found[promise], str(telling.data["finding"]), effect)
        case "promise.progressed":
            found[promise].news.append((telling, effect))
        case "promise.at_risk" | "promise.broken":
            _trouble(found[promise], telling, effect)
        case "promise.kept" | "promise.withdrawn":
            if not found[promise].is_over:
                found[promise].end(effect, {"promise.kept": "closing"}.get(telling.type, "withdrawn"))
        case other if other in _BY_CUSTOMERS:
            if life:
                _BY_CUSTOMERS[other](life, effect)
        case other if other not in _NO_COURSE:
            raise NotImplementedError(f"no rule says what is owed after {telling.type}")


def _born(promise: str, telling: Telling, effect: Effect) -> Life:
    data: dict[str, Any] = telling.data
    standard, rhythm = STANDARDS.get(str(data.get("standard")), (None, None))
    length = data.get("due_in") or standard
    due = datetime.fromisoformat(data["due_at"]) if "due_at" in data else _counted(str(length), effect)
    every = (data.get("updates") or {}).get("every") or rhythm
    return Life(promise, telling, effect, [Term(effect.at, effect.order, due, every)])


def _claimed(promise: str, telling: Telling, effect: Effect, found: dict[str, Life]) -> Life:
    """Believed at once, or looked into first, when an earlier claim of this customer's stands as a mistaken one."""
    customer = _customer(telling)
    mistaken = any(
        each.claim and each.claim.finding == "not_promised" and _customer(each.made) == customer
        for each in found.values()
    )
    life = Life(promise, telling, effect, claim=Claimed("in_review" if mistaken else "ratified"))
    life.renew(_answering("claim_review" if mistaken else "claim_correction", effect))
    return life


def _settle(life: Life, finding: str, effect: Effect) -> None:
    """What is found in the customer's favour is ratified, unless it was; what is not is told, and ends a review.

    A finding that was told and does not stand any more is taken back.
    """
    if life.claim is None or life.claim.finding == finding:
        return
    before, life.claim.finding = life.claim.finding, finding
    if finding != "not_promised" and life.claim.status == "ratified":
        if before == "not_promised":
            life.reversals.append(effect)
        return
    if finding != "not_promised":
        life.claim.status = "ratified"
        life.reopen(effect)
        life.renew(_answering("claim_correction", effect))
    elif life.claim.status != "ratified":
        life.claim.status = "declined"
        life.end(effect, "closing")
        return
    life.findings.append(effect)


def _trouble(life: Life, telling: Telling, effect: Effect) -> None:
    """The same trouble told once more, while it is still to be decided on, is told already."""
    told = life.troubles[-1][0].data if life.troubles else None
    if told != telling.data:
        life.troubles.append((telling, effect))


def _stay(life: Life, effect: Effect) -> None:
    """Who stays is promised the new date, or else the one that stands, if it is to come; the rhythm goes on."""
    term = life.terms[-1]
    new = life.troubles[-1][0].data.get("new_due_at")
    dates = [*([datetime.fromisoformat(str(new))] if new else []), term.due_at]
    life.reopen(effect)
    recovery = effect.commit.promise.recovery
    # Counted from when the choice came in, which a worker that stalled before it stored it knows better.
    chosen_at = (recovery and recovery.chosen_at) or effect.at
    due = next((each for each in dates if each > chosen_at), chosen_at + _RENEWAL)
    life.renew(Term(effect.at, effect.order, due, term.every, length=due - chosen_at))


def _answering(standard: str, effect: Effect) -> Term:
    due, every = STANDARDS[standard]
    return Term(effect.at, effect.order, _counted(due, effect), every)


def _counted(length: str, effect: Effect) -> datetime:
    """Count a due time from when the event was taken, in the customer's time zone.

    The product counts from when the event came in: a worker that sleeps before it stores it makes these differ, and
    then what was stored stands.
    """
    promise = effect.commit.promise
    counted = parse_duration(length).after(effect.at, ZoneInfo(promise.time_zone))
    slept = counted - promise.due_at
    return promise.due_at if abs(slept.total_seconds()) <= LONGEST_SLEEP_SECONDS else counted


def _customer(telling: Telling) -> str:
    customer: Any = telling.data["customer"]
    return str(customer["ref"])


# What customers themselves make of a promise: a "no" at the end, a choice, and to be forgotten.
_BY_CUSTOMERS: dict[str, Callable[[Life, Effect], None]] = {
    _CONTESTED: Life.contest,
    _STAYS: _stay,
    _CANCELS: lambda life, effect: life.end(effect, "choice"),
    _ERASED: lambda life, effect: life.end(effect, None),
}
