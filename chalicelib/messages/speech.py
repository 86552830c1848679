"""What every text of one notice or page shares: the language, the calendar, the company's title, who is speaking."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.messages.clock import zone_name
from chalicelib.messages.dates import Calendar, Moment
from chalicelib.messages.given import clean, sentence, shorten, title
from chalicelib.messages.locales import resolve
from chalicelib.messages.page_views import CheckInView, PageView
from chalicelib.messages.phrases import Phrases, phrases_among_colleagues, phrases_for
from chalicelib.messages.views import CallView, NewsLine, NoticeView, Wording

# After these no further word comes.
LAST_WORDS = frozenset({
    *(Wording.CLOSING, Wording.CLOSING_LATE, Wording.WITHDRAWN),
    *(Wording.CANCEL_CONFIRMED, Wording.CANCEL_BY_SILENCE),
    *(Wording.CLAIM_CLOSED, Wording.CLAIM_CLOSED_LATE, Wording.CLAIM_DROPPED),
})  # fmt: skip
RECOVERIES = tuple(each for each in Wording if each.value.startswith("recovery_"))
_TO_PROMISER = {Wording.CHECK_IN, Wording.CHECK_IN_BROKEN, Wording.CHECK_IN_CONTESTED}
# What nobody has told us: the promiser least of all, so that they do not sign it.
_UNASKED = {Wording.DOUBT, Wording.APOLOGY}

SUBJECT_WHAT = 60


class Speech:
    """One text being said. It names the customer's zone with the first moment it says, if it is not the brand's.

    `signed` is person when it speaks as the promiser, team otherwise: for what nobody has told us, the promiser least
    of all, the team speaks. A page names the zone once, at its foot.
    """

    def __init__(self, view: NoticeView | PageView | CallView | CheckInView) -> None:
        wording = view.wording if isinstance(view, NoticeView) else None
        is_attempt = not isinstance(view, CheckInView) and view.is_attempt
        unasked = wording in _UNASKED or (wording is Wording.OVERDUE and not is_attempt)
        promiser = "" if unasked or isinstance(view, CallView) else clean(view.promiser_name)
        self.to_promiser = isinstance(view, CheckInView) or wording in _TO_PROMISER
        self.tag = resolve(view.locale, view.brand)
        self.kind = "attempt" if is_attempt else "promise"
        self.signed = "person" if promiser else "team"
        twins, stayed = _twins(view, self.signed), _stayed(view)
        now_said = () if stayed else twins
        self.say = (
            phrases_among_colleagues(self.tag, now_said)
            if self.to_promiser
            else phrases_for(self.tag, view.brand, now_said)
        )
        self._say_before = phrases_for(self.tag, view.brand, twins)
        self._stayed_at = view.chosen_at if isinstance(view, PageView) and stayed else None
        self.calendar = Calendar(self.tag, view.zone, view.now)
        self.what = title(view.what)
        self.is_claim = not isinstance(view, CheckInView) and view.claim is not None
        self.zone = zone_name(view.zone, self.tag, self.say) if view.zone.key != view.brand.time_zone.key else None
        self._zone_unsaid = None if isinstance(view, PageView) else self.zone

    @property
    def what_in_subject(self) -> str:
        """The company's title, in the length that a subject has for it."""
        return shorten(self.what, SUBJECT_WHAT)

    def moment(self, at: datetime) -> Moment:
        """Return a moment in words."""
        return self._in_zone(self.calendar.say(at))

    def dated(self, key: str, at: datetime, **values: str) -> str:
        """Return the sentence called `key`, which speaks of a moment in whichever form it needs."""
        return self.say(key, **_forms(self.moment(at)), **values)

    def dated_shortly(self, key: str, at: datetime, *, zone: str | None = None, **values: str) -> str:
        """Return the sentence called `key` with its moment in few characters, and with its zone if given."""
        said = self.calendar.say_shortly(at)
        return self.say(key, **_forms(said.in_zone(zone) if zone else said), **values)

    def say_of(self, at: datetime) -> Phrases:
        """Return the sentences for what happened at a moment: what is promised now was but expected before the stay."""
        return self._say_before if self._stayed_at and at < self._stayed_at else self.say

    def _in_zone(self, said: Moment) -> Moment:
        if self._zone_unsaid is None:
            return said
        name, self._zone_unsaid = self._zone_unsaid, None
        return said.in_zone(name)


def notes(news: Iterable[NewsLine]) -> list[tuple[datetime, str]]:
    """Return the news as sentences with their times, latest first, without empty ones."""
    told = [(line.at, sentence(line.note)) for line in news]
    return sorted([(at, note) for at, note in told if note], key=lambda line: line[0])[::-1]


def wording_of(view: NoticeView) -> Wording:
    """Return the wording to be said: news that turn out to be empty are said for what they are, no news."""
    if view.wording is Wording.UPDATE_NEWS and not notes(view.news):
        return Wording.UPDATE_NO_NEWS
    return view.wording


def _twins(view: NoticeView | PageView | CallView | CheckInView, signed: str) -> tuple[str, ...]:
    """Return which sentences are said before the usual ones, where there are any."""
    if view.is_expectation:
        late = isinstance(view, CheckInView) and view.is_broken
        return ("expected.late", "expected") if late else ("expected",)
    if isinstance(view, CheckInView):
        return ()
    # Trying has sentences of its own, in which no date is promised anyway.
    return (f"limit.{signed}", "limit") if view.is_limit and not view.is_attempt else ()


def _stayed(view: NoticeView | PageView | CallView | CheckInView) -> bool:
    """Tell whether the customer stayed with a new date: whatever it was before, somebody promised that date."""
    recovery = None if isinstance(view, CheckInView) else view.recovery
    return recovery is not None and recovery.choice == "stay"


def _forms(said: Moment) -> dict[str, str]:
    return {"by": said.by, "on": said.on, "plain": said.plain}
