"""What is owed of a recovery: the notice, a word on each choice, reminders while nobody answers; and silence."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.simulation.journal import Effect
from tests.simulation.lives import Life, Owed

# Parts of the time to decide after which a reminder comes, here and elsewhere, when there are hours to decide.
_REMINDER, _ELSEWHERE = 0.4, 0.6
_LONGEST = (timedelta(hours=24), timedelta(hours=40))
# After these nobody is reminded any more: the customer has answered, or a person sees to it.
_ANSWERED = {"Acknowledged", "CallRequired", "CallMade", "ChoiceRecorded"}


def words(life: Life) -> Iterator[Owed]:
    """Yield the words owed of the recoveries of a promise."""
    chosen = choices(life)
    for number, (_, effect) in enumerate(life.troubles):
        later = [each.at for _, each in life.troubles[number + 1 :]]
        over = [*later, *(each.at for each, _ in chosen if each.order > effect.order)]
        until = min(over, default=None)
        yield Owed(life.promise_id, "recovery", effect.at, frozenset({"recovery"}), effect.order, "", until=until)
        yield from _reminders(life, number, until)
    for number, (effect, choice) in enumerate(chosen):
        until = chosen[number + 1][0].at if number + 1 < len(chosen) else None
        # The wording says which choice it confirms.
        note = f"{choice}_"
        yield Owed(life.promise_id, "choice", effect.at, frozenset({"choice"}), effect.order, note, until=until)


def choices(life: Life) -> list[tuple[Effect, str]]:
    """Return the choices that were recorded, with what was chosen."""
    noted = ((effect, fact) for effect in life.effects for fact in effect.commit.facts if fact.name == "ChoiceRecorded")
    return [(effect, str(fact.data["choice"])) for effect, fact in noted]


def undecided(life: Life, now: datetime, patience: timedelta) -> bool:
    """Tell whether silence should have decided by now, and has not."""
    if not life.troubles or life.is_over:
        return False
    telling, effect = life.troubles[-1]
    told, _ = _told(life, effect)
    if told is None or "decide_by" not in telling.data or _is_handed_over(life, effect):
        return False
    decide_by = _decide_by(life, len(life.troubles) - 1, told)
    if decide_by - told <= (_given(life, len(life.troubles) - 1) - effect.at) / 2:
        # Whoever heard so late is called instead.
        return False
    return decide_by + patience < now and not any(each.order > effect.order for each, _ in choices(life))


def _is_handed_over(life: Life, opened: Effect) -> bool:
    """Tell whether a person must tell of a recovery: silence then says nothing."""
    later = (fact for each in life.effects if each.order > opened.order for fact in each.commit.facts)
    return any(fact.name == "CallRequired" and ":recovery:" in str(fact.data.get("notice")) for fact in later)


def _reminders(life: Life, number: int, until: datetime | None) -> Iterator[Owed]:
    _, effect = life.troubles[number]
    told, _ = _told(life, effect)
    if told is None:
        return
    window = max(_decide_by(life, number, told) - told, timedelta())
    answered = [
        each.at
        for each in life.effects
        if each.order > effect.order and any(fact.name in _ANSWERED for fact in each.commit.facts)
    ]
    over = min([*answered, *filter(None, [until])], default=None)
    for what, share, longest in (("reminder", _REMINDER, _LONGEST[0]), ("reminder_elsewhere", _ELSEWHERE, _LONGEST[1])):
        at = told + min(longest, window * share)
        must = over is None or over > at
        yield Owed(life.promise_id, what, at, frozenset({what}), effect.order, must=must, until=over if must else None)


def first_told(life: Life) -> datetime | None:
    """Return when a recovery was first on record as told to the customer, even if it reached nobody: it comes again."""
    told = (each.commit.promise.recovery.told_at for each in life.effects if each.commit.promise.recovery)
    return next(filter(None, told), None)


def _told(life: Life, opened: Effect) -> tuple[datetime | None, datetime | None]:
    """Return when the recovery that an effect opened was told, as it is on record, and when a bounce last took that
    back, if ever."""
    told, taken_back = None, None
    for each in life.effects:
        recovery = each.commit.promise.recovery
        if each.order > opened.order and recovery and recovery.opened_at == _opened_at(opened):
            taken_back = each.at if told is not None and recovery.told_at is None else taken_back
            told = recovery.told_at
    return told, taken_back


def _opened_at(opened: Effect) -> datetime | None:
    recovery = opened.commit.promise.recovery
    return recovery.opened_at if recovery else None


def _decide_by(life: Life, number: int, told: datetime) -> datetime:
    """Return by when to decide: whoever was told again or late has all their time, as far as the new date allows."""
    telling, effect = life.troubles[number]
    given = _given(life, number)
    # Counted from when it came in, which a worker that stalled before it stored it knows better.
    length = given - (_opened_at(effect) or effect.at)
    _, again = _told(life, effect)
    new_due_at = telling.data.get("new_due_at")
    latest = datetime.fromisoformat(str(new_due_at)) if new_due_at else datetime.max.replace(tzinfo=UTC)
    if again:
        given = max(given, min(again + length, latest))
    return given if given - told > length / 2 else max(given, min(told + length, latest))


def _given(life: Life, number: int) -> datetime:
    """Return by when the customer was to decide: never after the new date."""
    data = life.troubles[number][0].data
    given = (data["decide_by"], data.get("new_due_at", data["decide_by"]))
    return min(datetime.fromisoformat(str(each)) for each in given)
