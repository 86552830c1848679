"""The guards of the product, each with a way to take it out: without it, the verdict on some story must turn red.

They are taken out of fakes by subclasses, and of the product by setting a name of a module for as long as a run lasts.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from chalicelib.domain import obligations
from chalicelib.domain.delivery import Spoken, heard
from chalicelib.domain.facts import Change
from chalicelib.domain.notices import CLAIMED, Notice
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.promise import Word
from chalicelib.security import links, webhook_signatures
from chalicelib.usecases import arm, press, say
from chalicelib.usecases.store_port import Answer, Commit, Committed
from tests.fakes import FakeStore
from tests.simulation.faults import Kind, Planned, repertoire
from tests.simulation.run import tell
from tests.simulation.stories import GUARDED, STORIES
from tests.simulation.story import Story
from tests.world import World


class EveryClaimWins(FakeStore):
    """A store whose claim has no condition."""

    def claim(self, notice: Notice) -> Notice | None:
        with self.calling("claim"):
            self.notices[notice.id] = replace(notice, status=CLAIMED)
            return None


class NobodyIsFenced(FakeStore):
    """A store that lets any holder record, the one of an old lease too."""

    def commit(self, commit: Commit) -> Committed:
        if commit.notice and (stored := self.notices.get(commit.notice.id)):
            commit = replace(commit, notice=replace(commit.notice, token=stored.token), notice_was=None)
        return super().commit(commit)


class EveryVersionFits(FakeStore):
    """A store that overwrites whatever another writer has stored meanwhile."""

    def commit(self, commit: Commit) -> Committed:
        stored = self.promises.get(commit.promise.id)
        version = stored.version if stored else 0
        return super().commit(replace(commit, promise=replace(commit.promise, version=version)))


class NoWebhookIsRemembered(FakeStore):
    """A store that forgets the answers it gave."""

    def answer(self, source: str, webhook_id: str) -> Answer | None:
        return None

    def commit(self, commit: Commit) -> Committed:
        if commit.answer:
            self.answers.pop((commit.answer.source, commit.answer.webhook_id), None)
        return super().commit(commit)


@contextmanager
def instead(place: ModuleType | type, name: str, value: object) -> Iterator[None]:
    """Set a name of a module, or of a class, for a while."""
    before = getattr(place, name)
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, before)


def _lease(length: timedelta) -> World:
    world = World()
    world.rules = replace(world.rules, lease=length)
    return world


def _any_purpose(keys: Any, purpose: object) -> Any:
    return _SIGNER(keys, links.Purpose.PAGE)


_SIGNER = links._signer


def _owing_still(promise_id: str, obligation: object, services: Any) -> Any:
    return services.store.load([promise_id]).get(promise_id)


def _form_of_anybody(nonce: str, now: object, services: object) -> links.Subject:
    return links.Subject("", "")


@contextmanager
def _any_nonce() -> Iterator[None]:
    """Take whatever comes for a fresh form of ours."""
    with instead(press, "_form", _form_of_anybody), instead(press, "same", lambda one, other: True):
        yield


def taken_for_said() -> AbstractContextManager[None]:
    """Take the word of a worker that vanished for said, and say nothing of it."""
    return instead(say, "_meet_holder", _takes_for_said)


_MEET_HOLDER = say._meet_holder


def _takes_for_said(held: Notice, now: datetime, services: Any) -> say.Said:
    if not held.lapsed(now):
        return _MEET_HOLDER(held, now, services)
    promise = services.store.load([held.promise_id])[held.promise_id]
    spoken = Spoken(
        Obligation(promise.id, held.word, held.n, held.due_at), held.channel, now, promise.seq, held.wording
    )
    silently = replace(heard(promise, spoken, now).promise, seq=promise.seq)
    arm.store(Change(silently), Commit(promise, None), now, services)
    return say.Said()


def never_owed(word: Word) -> AbstractContextManager[None]:
    """Owe nobody a kind of word."""
    owed = obligations.upcoming
    return instead(obligations, "upcoming", lambda promise: tuple(each for each in owed(promise) if each.word != word))


@dataclass(frozen=True)
class Guard:
    """A guard, how to do without it, and which faults then show that it is missing (none: it shows by itself). One of
    `stories` must show it; each of them, where it shows `in_each`."""

    name: str
    shown_by: tuple[Kind, ...] = ()
    base: Callable[[], World] = World
    without: Callable[[], AbstractContextManager[Any]] = field(default=nullcontext)
    stories: tuple[Story, ...] = GUARDED
    in_each: bool = False


def _says(word: Word) -> Guard:
    stories = tuple(each for each in STORIES if word in each.hears)
    return Guard(f"the word: {word}", without=lambda: never_owed(word), stories=stories, in_each=True)


_RIVAL = (Kind.RIVAL_RING_BEFORE, Kind.RIVAL_RING_AFTER)
GUARDS = (
    Guard("claim condition", shown_by=_RIVAL, base=lambda: World(store=EveryClaimWins())),
    Guard(
        "lease: a live holder is left alone",
        shown_by=_RIVAL,
        without=lambda: instead(Notice, "lapsed", lambda held, now: held.status == CLAIMED),
    ),
    Guard("lease: a dead holder is succeeded", shown_by=(Kind.CRASH_AFTER,), base=lambda: _lease(timedelta(days=99))),
    Guard(
        "lease: looked at once more before a send",
        shown_by=(Kind.SLEEP_AFTER,),
        without=lambda: instead(say, "_is_over", lambda notice, services: False),
    ),
    Guard("fencing", shown_by=(Kind.SLEEP_BEFORE,), base=lambda: World(store=NobodyIsFenced())),
    Guard("version check", shown_by=(Kind.NEWS_AFTER, Kind.END_AFTER), base=lambda: World(store=EveryVersionFits())),
    Guard("webhook de-duplication", shown_by=(Kind.DUPLICATED,), base=lambda: World(store=NoWebhookIsRemembered())),
    Guard(
        "state read again before sending",
        shown_by=(Kind.END_AFTER,),
        without=lambda: instead(say, "_still_owing", _owing_still),
    ),
    Guard("form nonce", without=_any_nonce),
    Guard("link purpose", without=lambda: instead(links, "_signer", _any_purpose)),
    Guard("webhook tolerance", without=lambda: instead(webhook_signatures, "TOLERANCE", timedelta(days=9999))),
    Guard("a vanished worker's word is not taken for said", shown_by=(Kind.CRASH_AFTER,), without=taken_for_said),
    *map(_says, Word),
)


def red_without(guard: Guard) -> str | None:
    """Return what the verdict blames when a guard is out, from the first schedule that shows it; None where it stays
    green."""
    blamed: str | None = None
    with guard.without():
        for story in guard.stories:
            blamed = _red_in(story, guard)
            if (blamed is None) is guard.in_each:
                break
    return blamed


def _red_in(story: Story, guard: Guard) -> str | None:
    for plan in _plans(story, guard.shown_by):
        ran = tell(story, plan, base=guard.base())
        # A stand-in that merely crashes shows nothing.
        if ran.verdict.wrong and not ran.world.journal.surprises:
            struck = "".join(f", {each.kind} at {each.call}" for each in ran.struck)
            return f"{ran.verdict.wrong[0]} ({story.name}{struck})"
    return None


def _plans(story: Story, kinds: tuple[Kind, ...]) -> Iterator[Planned | None]:
    """Yield no fault, then one of the kinds at every call of the story."""
    yield None
    for tick, call in enumerate(tell(story).calls, 1):
        for kind in (each for each in kinds if each in repertoire(call)):
            yield Planned((tick, kind))


def red_without_number(number: int) -> str | None:
    """Return what the verdict blames without the guard of this number, for a process of its own."""
    return red_without(GUARDS[number])
