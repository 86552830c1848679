"""Text messages: one part wherever possible, by saying the same in fewer words before anything is cut."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.messages.given import clean, sentence, shorten
from chalicelib.messages.gsm import cost, to_gsm
from chalicelib.messages.names import first_name
from chalicelib.messages.speech import LAST_WORDS, Speech, notes, wording_of
from chalicelib.messages.views import NoticeView, Wording

_LIMITS = (160, 306, 459)  # septets in one part, in two and in three
_MARK = "..."
_BRAND = 11  # as much of a brand as a sender's name has room for

# A title or a piece of news cut to less than this says nothing: then a wording without it does better.
_SHORTEST_WHAT = 12
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
    for limit in _LIMITS:
        for named in (brand, shorten(brand, _BRAND, ""), ""):
            for draft in drafts:
                if text := _fitted(draft, named, view.link, limit, speech):
                    return text
    return f"{to_gsm(drafts[-1].around(''))} {view.link}"


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
    following = _next_word(view, speech)
    if wording is Wording.UPDATE_NEWS:
        return [_Draft(lambda words: _joined(words, following), notes(view.news)[0][1], _SHORTEST_NOTE)]
    full = _Draft(lambda words: _joined(_main(view, speech, "full", words), following), speech.what, _SHORTEST_WHAT)
    short = _Draft(lambda _: _joined(_main(view, speech, "short"), following))
    if wording is Wording.UPDATE_NO_NEWS and (promiser := first_name(view.promiser_name)):
        on_it = speech.say("sms.on_it", promiser=promiser)
        fuller = _Draft(
            lambda words: _joined(_main(view, speech, "full", words), on_it, following), speech.what, _SHORTEST_WHAT
        )
        return [fuller, full, short]
    if wording in LAST_WORDS and (note := sentence(view.note)):
        fuller = _Draft(
            lambda words: _joined(_main(view, speech, "full", words), note, following), speech.what, _SHORTEST_WHAT
        )
        noted = _Draft(lambda words: _joined(_main(view, speech, "short"), words, following), note, _SHORTEST_NOTE)
        return [fuller, noted, full, short]
    return [full, short]


def _main(view: NoticeView, speech: Speech, length: str, what: str = "") -> str:
    wording = wording_of(view)
    if wording is Wording.UPDATE_NO_NEWS:
        return speech.say(f"sms.{wording}.{length}", what=what)
    zone_too = view.next_contact_at is None
    return speech.dated_shortly(f"sms.{wording}.{speech.kind}.{length}", view.due_at, zone_too=zone_too, what=what)


def _next_word(view: NoticeView, speech: Speech) -> str:
    if view.next_contact_at is not None:
        return speech.dated_shortly("sms.next", view.next_contact_at, zone_too=True)
    return "" if view.wording in LAST_WORDS else speech.say("next.none")


def _joined(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)
