"""What an email is made of: paragraphs, with a list or a link under them; and the parts that most letters share."""

from dataclasses import dataclass

from chalicelib.messages.given import begun
from chalicelib.messages.speech import LAST_WORDS, Speech, notes
from chalicelib.messages.views import NoticeView, Wording


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its text; several of one letter are of the same size."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, and the list or the links under it if there are any."""

    text: str = ""
    items: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def lead(view: NoticeView, speech: Speech) -> str:
    """Return the first sentence, which is the news."""
    return speech.say(f"{view.wording}.lead.{speech.kind}", what=speech.what)


def news(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Return the latest news as a paragraph, and what else is new as a list under the next."""
    told = notes(view.news)
    if not told:
        return []
    older = tuple(
        speech.say("update_news.older", when=begun(speech.calendar.say(at).plain), note=note) for at, note in told[1:]
    )
    more = [Paragraph(speech.say.counted("update_news.more", len(older)), older)] if older else []
    return [Paragraph(told[0][1]), *more]


def next_word(view: NoticeView, speech: Speech) -> list[Paragraph]:
    """Return when the customer hears from us next: nothing only when no further word will come."""
    if view.next_contact_at is None:
        return [] if view.wording in LAST_WORDS else [Paragraph(speech.say("next.none"))]
    key = "next.first" if view.wording is Wording.CONFIRMATION else "next.again"
    return [Paragraph(speech.dated(key, view.next_contact_at))]
