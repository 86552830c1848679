"""Text messages: one part wherever possible, by saying the same in fewer words before anything is cut."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.messages.clock import zone_offset
from chalicelib.messages.given import clean, sentence, shorten
from chalicelib.messages.gsm import cost, to_gsm
from chalicelib.messages.names import first_name
from chalicelib.messages.speech import LAST_WORDS, Speech, notes, wording_of
from chalicelib.messages.views import NoticeView, Wording

_LIMITS = (160, 306, 459)  # septets in one part, in two and in three
_MARK = "..."
_BRAND = 11  # characters that networks give to a sender's name
_HANGING = re.compile(r"( (y|e|&|and|of|de|do|da|del|the|la|los|las))+$", re.IGNORECASE)

# A title or a piece of news cut to less than this says nothing: then a wording without it does better.
_SHORTEST_WHAT = 20
_SHORTEST_NOTE = 24


@dataclass(frozen=True, slots=True)
class _Draft:
    """A way to say it around `words`, the company's own, which may be cut to `shortest` characters."""

    around: Callable[[str], str]
    words: str = ""
    shortest: int = 0


def sms(view: NoticeView) -> str:
    """Return the text message that says a notice, in the GSM alphabet; the link stands last and is never cut.

    With a link of up to 90 characters it takes one part: 160 septets.
    """
    speech = Speech(view)
    drafts = _drafts(view, speech)
    brand = to_gsm(clean(view.brand.name))
    signed = [(draft, named) for draft in drafts for named in (brand, _shortened(brand))]
    for limit in _LIMITS:
        for draft, named in (*signed, *((draft, "") for draft in drafts)):
            if text := _fitted(draft, named, view.link, limit, speech):
                return text
    return f"{to_gsm(drafts[-1].around(''))} {view.link}"


def _shortened(brand: str) -> str:
    """Return as much of a brand as a sender's name has room for, without a little word left hanging at its end."""
    return _HANGING.sub("", shorten(brand, _BRAND, ""))


def _fitted(draft: _Draft, brand: str, link: str, limit: int, speech: Speech) -> str | None:
    """Return the draft signed and followed by its link within `limit` septets, or None when it cannot be."""

    def whole(words: str) -> str:
        text = draft.around(words)
        return to_gsm(speech.say("sms.from", brand=brand, text=text) if brand else text) + f" {link}"

    words = to_gsm(draft.words)
    room = min(len(words), limit - cost(whole("")))
    while room >= min(draft.shortest, len(words)):
        text = whole(shorten(words, room, _MARK))
        if cost(text) <= limit:
            return text
        room -= 1  # some of the words cost two septets a letter
    return None


def _drafts(view: NoticeView, speech: Speech) -> list[_Draft]:
    """Return the ways to say a notice, the fullest first."""
    wording = wording_of(view)
    if wording in LAST_WORDS:
        return _last_words(view, speech)
    following, tersely = _next_word(view, speech), _next_word(view, speech, tersely=True)
    if wording is Wording.UPDATE_NEWS:
        latest = notes(view.news)[0][1]
        return [
            _Draft(lambda words: _joined(words, following), latest, _SHORTEST_NOTE),
            _Draft(lambda words: _joined(words, tersely), latest, 1),
        ]
    fullest = []
    if wording is Wording.UPDATE_NO_NEWS and (promiser := first_name(view.promiser_name)):
        on_it = speech.say("sms.on_it", promiser=promiser)
        fullest = [_about(lambda what: _joined(_main(view, speech, "full", what), on_it, following), speech)]
    return [
        *fullest,
        _about(lambda what: _joined(_main(view, speech, "full", what), following), speech),
        _Draft(lambda _: _joined(_main(view, speech, "short"), following)),
        _Draft(lambda _: _joined(_main(view, speech, "terse"), following)),
        _Draft(lambda _: _joined(_main(view, speech, "terse"), tersely)),
        # Two moments of another year beside a long link: the one when the next word comes is the one to keep.
        *(
            [_Draft(lambda _: _joined(_main(view, speech, "least"), tersely))]
            if wording is Wording.CONFIRMATION
            else []
        ),
    ]


def _last_words(view: NoticeView, speech: Speech) -> list[_Draft]:
    note = sentence(view.note)
    noted = [
        _about(lambda what: _joined(_main(view, speech, "full", what), note), speech),
        _Draft(lambda words: _joined(_main(view, speech, "short"), words), note, _SHORTEST_NOTE),
    ]
    return [
        *(noted if note else []),
        _about(lambda what: _main(view, speech, "full", what), speech),
        _Draft(lambda _: _main(view, speech, "short")),
    ]


def _about(around: Callable[[str], str], speech: Speech) -> _Draft:
    return _Draft(around, speech.what, _SHORTEST_WHAT)


def _main(view: NoticeView, speech: Speech, length: str, what: str = "") -> str:
    wording = wording_of(view)
    if wording is Wording.UPDATE_NO_NEWS:
        return speech.say(f"sms.{wording}.{length}", what=what)
    # Where a next word follows, it names the zone for both.
    zone = speech.zone if view.next_contact_at is None else None
    return speech.dated_shortly(f"sms.{wording}.{speech.kind}.{length}", view.due_at, zone=zone, what=what)


def _next_word(view: NoticeView, speech: Speech, *, tersely: bool = False) -> str:
    at = view.next_contact_at
    if at is None:
        return "" if tersely else speech.say("next.none")
    if tersely:
        return speech.dated_shortly("sms.next.terse", at, zone=speech.zone and zone_offset(at, view.zone))
    return speech.dated_shortly("sms.next", at, zone=speech.zone)


def _joined(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)
