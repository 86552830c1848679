"""Text messages: one part wherever possible, by saying the same in fewer words before anything is cut."""

import re
from collections.abc import Callable, Mapping

from chalicelib.messages import sms_claims, sms_course, sms_trouble
from chalicelib.messages.given import clean, shorten
from chalicelib.messages.gsm import cost, to_gsm
from chalicelib.messages.phrases import MissingPhrase
from chalicelib.messages.sms_draft import Draft
from chalicelib.messages.speech import RECOVERIES, Speech
from chalicelib.messages.views import NoticeView, Wording

_LIMITS = (160, 306, 459)  # septets in one part, in two and in three
_MARK = "..."
_BRAND = 11  # characters that networks give to a sender's name
_HANGING = re.compile(r"( (y|e|&|and|of|de|do|da|del|the|la|los|las))+$", re.IGNORECASE)

# Promisers are asked by email, so a check-in has no text message.
_DRAFTS: Mapping[Wording, Callable[[NoticeView, Speech], list[Draft]]] = {
    Wording.CONFIRMATION: sms_course.course,
    Wording.UPDATE_NEWS: sms_course.course,
    Wording.UPDATE_NO_NEWS: sms_course.course,
    Wording.OVERDUE: sms_course.course,
    Wording.DOUBT: sms_trouble.doubt,
    Wording.APOLOGY: sms_trouble.apology,
    **dict.fromkeys(RECOVERIES, sms_trouble.recovery),
    Wording.REMINDER: sms_trouble.reminder,
    Wording.STAY_CONFIRMED: sms_trouble.stay,
    Wording.STAY_BY_SILENCE: sms_trouble.stay,
    Wording.CANCEL_CONFIRMED: sms_trouble.cancel,
    Wording.CANCEL_BY_SILENCE: sms_trouble.cancel,
    **sms_claims.DRAFTS,
    Wording.CLOSING: sms_course.ending,
    Wording.CLOSING_LATE: sms_course.ending,
    Wording.WITHDRAWN: sms_course.ending,
}


def sms(view: NoticeView) -> str:
    """Return the text message that says a notice, in the GSM alphabet; the link stands last and is never cut.

    With a link of up to 90 characters it takes one part: 160 septets. Only a recovery whose new date is in another
    year, or in another zone than the brand's, may take two. Raises MissingPhrase for a check-in, and for a recovery
    without its parts.
    """
    if view.wording not in _DRAFTS:
        raise MissingPhrase(f"no text message is written for {view.wording}")
    speech = Speech(view)
    drafts = _DRAFTS[view.wording](view, speech)
    brand = clean(to_gsm(view.brand.name))
    signed = [(draft, named) for draft in drafts for named in (brand, _shortened(brand))]
    for limit in _LIMITS:
        for draft, named in (*signed, *((draft, "") for draft in drafts)):
            if text := _fitted(draft, named, view.link, limit, speech):
                return text
    return f"{to_gsm(drafts[-1].around(''))} {view.link}"


def _shortened(brand: str) -> str:
    """Return as much of a brand as a sender's name has room for, without a little word left hanging at its end."""
    return _HANGING.sub("", shorten(brand, _BRAND, ""))


def _fitted(draft: Draft, brand: str, link: str, limit: int, speech: Speech) -> str | None:
    """Return the draft signed and followed by its link within `limit` septets, or None when it cannot be."""

    def whole(words: str) -> str:
        text = draft.around(words)
        return to_gsm(speech.say("sms.from", brand=brand, text=text) if brand else text) + f" {link}"

    words = to_gsm(draft.words)
    if draft.shortest and not words:
        return None
    room = min(len(words), limit - cost(whole("")))
    while room >= min(draft.shortest, len(words)):
        text = whole(shorten(words, room, _MARK))
        if cost(text) <= limit:
            return text
        room -= 1  # some of the words cost two septets a letter
    return None
