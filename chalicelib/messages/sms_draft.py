"""A way to say a text message: our words around the company's own, which alone may be cut."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.messages.given import sentence, title
from chalicelib.messages.gsm import sayable
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView

# A title cut to less than this says nothing: then a wording without it does better.
_SHORTEST_WHAT = 20
# A piece of news cut to less than this says nothing.
SHORTEST_NOTE = 24


@dataclass(frozen=True, slots=True)
class Draft:
    """A way to say it around `words`, the company's own, which may be cut to `shortest` characters.

    Where `shortest` is given, words that are none are no way to say it.
    """

    around: Callable[[str], str]
    words: str = ""
    shortest: int = 0


def about(around: Callable[[str], str], speech: Speech) -> Draft:
    """Return a draft around the company's title, which text messages may have no letters for."""
    return Draft(around, title(sayable(speech.what)), _SHORTEST_WHAT)


def plain(*sentences: str) -> Draft:
    """Return a draft of our words alone."""
    said = joined(*sentences)
    return Draft(lambda _: said)


def noted(note: str | None) -> str:
    """Return a note as full sentences, or an empty text where text messages have no letters for it."""
    return sayable(sentence(note))


def next_word(view: NoticeView, speech: Speech, *, tersely: bool = False, zoned: bool = True) -> str:
    """Return when the customer hears from us next, with the zone if it is not the brand's."""
    at, zone = view.next_contact_at, speech.zone if zoned else None
    if at is None:
        return "" if tersely else speech.say("next.none")
    return speech.dated_shortly("sms.next.terse" if tersely else "sms.next", at, zone=zone)


def next_words(view: NoticeView, speech: Speech) -> tuple[str, str, str]:
    """Return the ways to say when the customer hears from us next, the fullest first; the shortest names no zone.

    The time is the customer's own, so that a zone may be left out where it would cost a second part.
    """
    shortest = next_word(view, speech, tersely=True, zoned=False)
    return next_word(view, speech), next_word(view, speech, tersely=True), shortest


def joined(*sentences: str) -> str:
    """Return the sentences one after the other, without the empty ones."""
    return " ".join(each for each in sentences if each)
