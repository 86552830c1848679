"""The words to a customer who answered that we did not keep our word: the same by email and on the page."""

from chalicelib.messages.given import clean
from chalicelib.messages.page_views import PageView
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import NoticeView


def asking(view: NoticeView | PageView, speech: Speech) -> str:
    """Return whom we are asking what happened: by name, where a promiser's is known."""
    name = clean(view.promiser_name)
    return speech.say("apology.asking.named", promiser=name) if name else speech.say("apology.asking.unnamed")
