"""The tables of a FakeStore, read from end to end; and a stream that can give things up."""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.domain.clocks import Clock
from chalicelib.domain.notices import CLAIMED
from chalicelib.usecases.survey_port import Page, Round, Span
from tests.fakes.store import FakeStore

PROMISES, CLOCKS = "promises", "clocks"


class FakeSurvey:
    """A Survey, as a view of a FakeStore's: pages of `page_items` promises or clocks, in the order of their ids."""

    def __init__(self, store: FakeStore, page_items: int = 100) -> None:
        self.store = store
        self.page_items = page_items
        self.round: Round | None = None

    @property
    def parts(self) -> Sequence[str]:
        return [PROMISES, CLOCKS]

    def page(self, part: str, after: str, spans: Sequence[Span]) -> Page:
        with self.store.calling("page"):
            known: Iterable[str] = self.store.promises if part == PROMISES else self.store.clocks
            ids = sorted(each for each in known if each > after)
            here = set(ids[: self.page_items])
            following = max(here) if len(ids) > len(here) else None
            if part == CLOCKS:
                return Page(clocks=tuple(self.store.clocks[each] for each in sorted(here)), after=following)
            claimed = (each for each in self.store.notices.values() if each.status == CLAIMED)
            early = (
                (self.store.sent[each], kept) for each, kept in self.store.early.items() if each in self.store.sent
            )
            broken = self.store.unreadable
            facts = {key for key, each in self.store.noted.items() if any(span.holds(each) for span in spans)}
            facts |= broken & self.store.noted.keys() if spans else set()
            return Page(
                promises=tuple(self.store.promises[each] for each in sorted(here - broken)),
                claimed=tuple(each for each in claimed if each.promise_id in here),
                facts=tuple(each for each in sorted(facts) if each[0] in here),
                early=tuple(each for each in early if each[0].partition(":")[0] in here),
                unreadable=len(here & broken) + sum(key in broken for key in facts if key[0] in here),
                after=following,
            )

    def latest(self) -> Round | None:
        with self.store.calling("latest"):
            return self.round

    def keep(self, latest: Round, read: Round | None) -> bool:
        with self.store.calling("keep"):
            known = {each.token for each in (latest, read) if each}
            is_known = self.round is None or self.round.token in known
            if is_known:
                self.round = latest
            return is_known

    def remove_clock(self, clock: Clock) -> bool:
        with self.store.calling("remove_clock"):
            is_there = self.store.clocks.get(clock.promise_id) == clock
            if is_there:
                del self.store.clocks[clock.promise_id]
            return is_there


class FakeGivenUp:
    """A GivenUp whose spans the test says."""

    def __init__(self) -> None:
        self.lying: dict[str, Span] = {}

    def spans(self) -> Mapping[str, Span]:
        return dict(self.lying)

    def remove(self, receipts: Iterable[str]) -> None:
        for each in receipts:
            self.lying.pop(each, None)
