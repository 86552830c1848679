"""The timeline: facts in human words, in the customer's language and zone."""

from dataclasses import dataclass

from chalicelib.messages.given import begun, sentence
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import TimelineLine, Wording

# How a fact's sentence is found: by whether anything was promised, by the channel of the message, or by both.
_ALONE = {"PromiseKept", "ProgressNoted", "Acknowledged", "CallRequired"}
_BY_KIND = {"PromiseMade", "PromiseBroken", "PromiseWithdrawn"}
_BY_CHANNEL = {"ConfirmationSent", "ClosingSent", "WithdrawalSent"}
_BY_KIND_AND_CHANNEL = {"OverdueSent"}
_UNHEARD = {"NoticeRefused", "NoticeUnknown", "NoticeGivenUp"}

_CHANNELS = {"email", "sms"}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline: when, what happened, and somebody's own words about it, if there are any."""

    when: str
    iso: str
    what: str
    words: str = ""


def told(lines: tuple[TimelineLine, ...], speech: Speech) -> list[Told]:
    """Return the timeline, latest first. Facts that have no human words are left out."""
    # Turned around after sorting: of two facts of one moment, the later told then stands first too.
    ordered = sorted(lines, key=lambda line: line.at)[::-1]
    return [_line(line, key, speech) for line in ordered if (key := _key(line, speech.kind))]


def _line(line: TimelineLine, key: str, speech: Speech) -> Told:
    words = sentence(line.text)
    what = speech.say(key)
    if line.name == "ProgressNoted" and words:
        what, words = words, ""  # the news speak for themselves
    when = begun(speech.calendar.say(line.at).plain)
    return Told(when, line.at.astimezone(speech.calendar.zone).isoformat(timespec="minutes"), what, words)


def _key(line: TimelineLine, kind: str) -> str | None:
    channel = line.data.get("channel")
    name = f"fact.{line.name}"
    if line.name in _ALONE:
        return name
    if line.name in _BY_KIND:
        return f"{name}.{kind}"
    if line.name == "UpdateSent":
        news = "news" if line.data.get("wording") == Wording.UPDATE_NEWS else "no_news"
        return f"{name}.{news}.{channel}" if channel in _CHANNELS else f"{name}.{news}"
    if line.name in _UNHEARD:
        return f"fact.unheard.{channel}" if channel in _CHANNELS else "fact.unheard"
    if line.name in _BY_CHANNEL:
        return f"{name}.{channel}" if channel in _CHANNELS else name
    if line.name in _BY_KIND_AND_CHANNEL:
        return f"{name}.{kind}.{channel}" if channel in _CHANNELS else f"{name}.{kind}"
    return None
