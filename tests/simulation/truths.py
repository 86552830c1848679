"""What must be true of every word beside that it was said: to whom, how often, with what in it, and who chose."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.facts import Fact
from chalicelib.usecases.ports import EmailMessage
from tests.simulation import recoveries
from tests.simulation.functions import SKEW
from tests.simulation.journal import Heard, Journal, Telling
from tests.simulation.lives import Life
from tests.simulation.verdict import PATIENCE, Verdict
from tests.simulation.world import SimWorld

# An unknown email is sent once more; a text message is never repeated.
_MOST_EMAILS, _MOST_TEXTS = 2, 1
# What the worker knew when it wrote may be a stall old when it is sent.
_STALL = timedelta(seconds=30) + SKEW
_SENDS = {"email.send", "sms.send"}
_TELLS_OF_NEW_DATE = {"recovery", "reminder", "reminder_elsewhere"}


def check_truths(verdict: Verdict, world: SimWorld, lives: dict[str, Life]) -> None:
    """Add to the verdict whatever was told to the wrong one, too often, out of date, or on nobody's choice."""
    journal = world.journal
    _check_often(verdict, journal)
    bounced = [each for each in journal.heard if each.order in journal.failed]
    for said in journal.heard:
        if life := lives.get(said.promise_id):
            _check_addressee(verdict, said, life, journal, bounced)
            _check_dates(verdict, said, life)
            _check_awake(verdict, said, world)
    for promise, life in lives.items():
        _check_choices(verdict, world, promise, life)
        _check_calls(verdict, world, life)
        _check_contests(verdict, world, life)
    _check_refusals(verdict, journal, lives)


def _check_often(verdict: Verdict, journal: Journal) -> None:
    times = Counter((said.notice_id, type(said.message) is EmailMessage) for said in journal.heard)
    for (notice, is_email), number in times.items():
        if number > (_MOST_EMAILS if is_email else _MOST_TEXTS):
            verdict.unexpected.append(f"{notice} was sent {number} times")


def _check_addressee(verdict: Verdict, said: Heard, life: Life, journal: Journal, bounced: list[Heard]) -> None:
    """A message goes to an address of its customer, or of its promiser where they are asked: to none but what stood
    when its worker looked them up, and to none that was known not to exist by then."""
    made: Any = life.made.data
    who = "promised_by" if said.word == "check_in" else "customer"
    ref = (made.get(who) or {}).get("ref")
    people = [
        (journal.taken[each.webhook_id], each.data[who])
        for each in (*journal.told, *_first_told(journal))
        if who in each.data and each.webhook_id in journal.taken
    ]
    standing: dict[str, str] = {}
    for order, person in sorted(people, key=lambda each: each[0]):
        if person["ref"] == ref and order < said.people_order:
            standing |= {name: person[name] for name in ("email", "phone") if person.get(name)}
    if said.message.to not in standing.values():
        verdict.untrue.append(f"{said.word} went to a stranger, or to where its addressee is not any more")
    failed = (each for each in bounced if journal.failed[each.order] < said.people_order)
    if any(each.message.to == said.message.to and _is_noted(each, said.people_order, journal) for each in failed):
        verdict.untrue.append(f"{said.word} went to an address that was known not to exist")


def _first_told(journal: Journal) -> Iterator[Telling]:
    """Yield what was told once more and yet came first: else what it says of people was known, and maybe outdated."""
    for again in journal.told_again:
        twins = (each for each in journal.told if (each.type, each.ref) == (again.type, again.ref))
        taken = journal.taken.get(again.webhook_id, 0)
        if all(journal.taken.get(each.webhook_id, taken + 1) > taken for each in twins):
            yield again


def _is_noted(bounced: Heard, order: int, journal: Journal) -> bool:
    """Tell whether a bounce was noted before: where a worker died before it stored whose message it was, nobody can."""
    noted = (fact for effect in journal.effects if effect.order < order for fact in effect.commit.facts)
    return any(fact.name == "NoticeBounced" and fact.data.get("notice") == bounced.notice_id for fact in noted)


def _check_awake(verdict: Verdict, said: Heard, world: SimWorld) -> None:
    """Nothing is sent on a lease that is over, unless the worker was held up in the very send."""
    if said.at - said.read_at < world.base.rules.lease:
        return
    sending = (each for each in world.tap.struck if each.call in _SENDS and said.promise_id in each.about)
    if not any(said.read_at <= each.at <= said.at for each in sending):
        verdict.unexpected.append(f"{said.word} at {said.at:%d %H:%M:%S} by a worker whose lease was over")


def _check_dates(verdict: Verdict, said: Heard, life: Life) -> None:
    """No message names as yet to come what was past when it was written, and a recovery says why and until when."""
    told = dict(part.split(" ", 1) for part in said.message.text.split(" | ") if part.startswith(("next ", "new ")))
    following = told.get("next")
    if following and datetime.fromisoformat(following) <= said.read_at - _STALL:
        verdict.unexpected.append(f"stale {said.word} at {said.at:%d %H:%M:%S}: the next word was to come before it")
    if said.word not in _TELLS_OF_NEW_DATE:
        return
    if "new" in told and datetime.fromisoformat(told["new"]) <= said.read_at - _STALL:
        verdict.unexpected.append(f"stale {said.word} at {said.at:%d %H:%M:%S}: its new date is past")
    reasons = [str(telling.data["reason"]) for telling, _ in life.troubles]
    if reasons and not any(reason in said.message.text for reason in reasons):
        verdict.untrue.append(f"{said.word} does not say why")


def _check_choices(verdict: Verdict, world: SimWorld, promise_id: str, life: Life) -> None:
    """A choice is somebody's: pressed, sent back, told on the phone, or what silence was said to mean."""
    pressed = _pressed(world, promise_id)
    chosen = [fact for effect in life.effects for fact in effect.commit.facts if fact.name == "ChoiceRecorded"]
    for fact in chosen:
        # The stories tell of first and short delays alone, where silence is consent.
        known = {"stay"} if fact.data["by"] == "silence" else pressed.get(str(fact.data["by"]), set())
        if fact.data["choice"] not in known:
            verdict.untrue.append(f"nobody chose {fact.data['choice']}, recorded as chosen by {fact.data['by']}")
    stands = recoveries.choices(life)
    if not stands or any(end.word != "choice" for end in life.ends):
        return
    effect, choice = stands[-1]
    granted = [each for each in world.base.store.granted.values() if each.promise_id == promise_id]
    if choice == "stay" and all(each.void for each in granted):
        verdict.lost.append("what was offered for staying is not granted")
    recovery = effect.commit.promise.recovery
    # What was granted for staying before, for a date that was not kept either, was earned.
    if choice == "cancel" and any(recovery and each.recovery_n == recovery.n and not each.void for each in granted):
        verdict.untrue.append("what was offered for staying stands after a cancellation")
    telling = next(told for told, opened in reversed(life.troubles) if opened.order < effect.order)
    new = datetime.fromisoformat(str(telling.data["new_due_at"]))
    if choice == "stay" and new > effect.at and effect.commit.promise.due_at != new:
        verdict.untrue.append("staying did not bring the new date")


def _pressed(world: SimWorld, promise_id: str) -> dict[str, set[str]]:
    """Return what was chosen by whom, as far as anybody did something."""
    journal = world.journal
    by_customer = {each.action for each in journal.tried if each.promise_id == promise_id}
    by_customer |= {_DIGITS[each.what] for each in journal.asked if each.what in _DIGITS and each.about == promise_id}
    on_phone = {str(each.data.get("choice")) for each in journal.told if each.type == "call.made"}
    return {"customer": by_customer, "call": on_phone}


_DIGITS = {"reply 1": "stay", "reply 2": "cancel"}


# What makes a call needless, besides a word that was sent.
_RELIEVES = {"CallMade", "ChoiceRecorded", "Acknowledged", "FeedbackGiven", "PromiseKept", "PromiseWithdrawn"}


def _check_calls(verdict: Verdict, world: SimWorld, life: Life) -> None:
    """Of each call that is required the operators are told, unless the customer was to be forgotten, or what followed
    made it needless while they were being woken."""
    told = sum(f"called ({life.promise_id})" in subject for subject, _ in world.base.operators.told)
    erased = any(end.word is None for end in life.ends)
    facts: list[Fact] = [fact for effect in life.effects for fact in effect.commit.facts]
    # Where nothing struck, they are told within the second.
    struck = bool(world.tap.struck)
    relieved = [each for each in facts if struck and (each.name in _RELIEVES or "wording" in each.data)]
    calls = sum(each.name == "CallRequired" and not _is_relieved(each, relieved) for each in facts)
    if told < calls and not erased:
        verdict.lost.append(f"{calls} calls are required, and the operators were told of {told}")


def _is_relieved(call: Fact, by: Iterable[Fact]) -> bool:
    return any(each.seq > call.seq and each.at <= call.at + PATIENCE for each in by)


def _check_contests(verdict: Verdict, world: SimWorld, life: Life) -> None:
    """Where nobody tells what comes of a "no", a person must call when its time is up."""
    calls = [each for each in life.effects if any(fact.name == "CallRequired" for fact in each.commit.facts)]
    for effect in life.contests:
        latest = effect.at + world.base.rules.policy.ladder.call + PATIENCE
        answers = [*life.ends, *calls, *(each for _, each in life.troubles)]
        answered = any(effect.order < each.order and each.at <= latest for each in answers)
        if latest <= world.time and not answered:
            verdict.lost.append("nobody is asked to call who said no, and heard nothing of it")


def _check_refusals(verdict: Verdict, journal: Journal, lives: dict[str, Life]) -> None:
    """A telling is refused only for what had happened before: an end, a choice to cancel, another's redemption."""
    for telling in journal.told:
        if telling.status // 100 == 4 and not _is_right(telling, journal, lives):
            verdict.untrue.append(f"{telling.type} was refused with {telling.status}")


def _is_right(telling: Telling, journal: Journal, lives: dict[str, Life]) -> bool:
    before = telling.answered_at
    life = next((each for each in lives.values() if each.made.ref == telling.ref), None)
    if telling.type == "concession.redeemed":
        granted = _noted(lives, {"ConcessionGranted"})
        if telling.status == 404:
            return not any(at < telling.at for at in granted)
        return any(each.status == 202 for each in journal.told if each.type == telling.type and each is not telling)
    if telling.status != 409 or life is None or telling.type == "promise.made":
        return False
    chosen = [effect.at for effect, _ in recoveries.choices(life)]
    if telling.type == "choice.final":
        return not any(at < telling.at for at in chosen)
    if telling.type == "promise.kept" and life.claim and _was_in_review(life, before):
        return True
    return any(at <= before for at in (*chosen, *(each.at for each in life.ends)))


def _noted(lives: dict[str, Life], names: set[str]) -> list[datetime]:
    """Return when any of some facts was noted, of whatever promise."""
    effects = (effect for life in lives.values() for effect in life.effects)
    return [effect.at for effect in effects if any(fact.name in names for fact in effect.commit.facts)]


def _was_in_review(life: Life, moment: datetime) -> bool:
    """Tell whether a claim was looked into at a moment: from a review on until something was found."""
    opened = _noted({"": life}, {"ClaimReviewOpened"})
    return bool(opened) and not any(opened[-1] <= each < moment for each in _noted({"": life}, {"ClaimSettled"}))
