"""The timeline: facts in human words, in the customer's language and zone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.messages import feedback_words
from chalicelib.messages.given import begun, clean, sentence, typed
from chalicelib.messages.page_views import TimelineLine
from chalicelib.messages.speech import Speech
from chalicelib.messages.views import Wording

_CHANNELS = {"email", "sms"}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline: when, what happened, and somebody's own words about it, if there are any.

    `is_typed` says that the words are the customer's, to be shown as they typed them.
    """

    when: str
    iso: str
    what: str
    words: str = ""
    is_typed: bool = False


def told(lines: tuple[TimelineLine, ...], speech: Speech) -> list[Told]:
    """Return the timeline, latest first. Facts that have no human words, such as a check-in's, are left out."""
    # Turned around after sorting: of two facts of one moment, the later told then stands first too.
    ordered = sorted(lines, key=lambda line: line.at)[::-1]
    return [_line(line, key, speech) for line in ordered if (key := _key(line, speech.kind))]


def _line(line: TimelineLine, key: str, speech: Speech) -> Told:
    words = "" if line.name in _WITHOUT_WORDS or key in _WITHOUT_WORDS else _words(line, speech)
    what = speech.say_of(line.at)(key, code=clean(str(line.data.get("code", ""))))
    if line.name == "ProgressNoted" and words:
        what, words = words, ""  # the news speak for themselves
    when = begun(speech.calendar.say(line.at).plain)
    iso = line.at.astimezone(speech.calendar.zone).isoformat(timespec="minutes")
    return Told(when, iso, what, words, is_typed=line.name in _TYPED)


def _words(line: TimelineLine, speech: Speech) -> str:
    """Return the customer's words quoted as they typed them, and the company's as full sentences."""
    if line.name not in _TYPED:
        return sentence(line.text)
    words = typed(line.text)
    return speech.say("timeline.quoted", words=words) if words else ""


def _key(line: TimelineLine, kind: str) -> str | None:
    find = _KEYS.get(line.name)
    return find(line, kind) if find else None


def _alone(line: TimelineLine, _: str) -> str:
    return f"fact.{line.name}"


def _by_kind(line: TimelineLine, kind: str) -> str:
    return f"fact.{line.name}.{kind}"


def _by_channel(line: TimelineLine, _: str) -> str:
    return _through(line, f"fact.{line.name}")


def _overdue(line: TimelineLine, kind: str) -> str:
    return _through(line, f"fact.{line.name}.{kind}")


def _update(line: TimelineLine, _: str) -> str:
    news = "news" if line.data.get("wording") == Wording.UPDATE_NEWS else "no_news"
    return _through(line, f"fact.UpdateSent.{news}")


def _unheard(line: TimelineLine, _: str) -> str | None:
    """A message to the customer may be lost; whether one to the promiser was is none of the customer's worries."""
    return None if ":check_in:" in str(line.data.get("notice", "")) else _through(line, "fact.unheard")


def _at_risk(line: TimelineLine, _: str) -> str:
    return f"fact.PromiseAtRisk.{'no_answer' if line.data.get('by') == 'no_answer' else 'promiser'}"


def _broken(line: TimelineLine, kind: str) -> str:
    return "fact.PromiseBroken.promiser" if line.data.get("by") == "promiser" else f"fact.PromiseBroken.{kind}"


def _kept(line: TimelineLine, _: str) -> str:
    return f"fact.PromiseKept{'.customer' if line.data.get('by') == 'customer' else ''}"


def _chosen(line: TimelineLine, _: str) -> str:
    by = line.data.get("by")
    choice = "stay" if line.data.get("choice") == "stay" else "cancel"
    return f"fact.ChoiceRecorded.{choice}.{by if by in {'call', 'silence'} else 'customer'}"


def _with_code(line: TimelineLine, _: str) -> str | None:
    return f"fact.{line.name}" if line.data.get("code") else None


def _called(line: TimelineLine, _: str) -> str:
    return f"fact.CallMade.{'reached' if line.data.get('outcome') == 'reached' else 'no_answer'}"


def _call_required(line: TimelineLine, _: str) -> str:
    reasons = {each: f".{each}" for each in ("no_answer", "no_channel", "not_kept")} | {"silence": ".no_answer"}
    return f"fact.CallRequired{reasons.get(str(line.data.get('reason')), '')}"


def _confirmed(line: TimelineLine, _: str) -> str:
    return _through(line, _ANSWERS.get(str(line.data.get("wording")), f"fact.{line.name}"))


def _finding(line: TimelineLine, _: str) -> str:
    return _through(line, _ANSWERS.get(str(line.data.get("wording")), "fact.claim.found"))


def _settled(line: TimelineLine, _: str) -> str | None:
    """What an investigation found is the company's own matter, unless it is what the customer is told or was told."""
    if line.data.get("finding") == "not_promised":
        return "fact.ClaimSettled.not_promised"
    return "fact.ClaimSettled.reversed" if line.data.get("before") == "not_promised" else None


def _answered(line: TimelineLine, kind: str) -> str | None:
    answer = line.data.get("answer")
    return f"fact.FeedbackGiven.{answer}.{kind}" if answer in feedback_words.ANSWERS else None


def _through(line: TimelineLine, key: str) -> str:
    channel = line.data.get("channel")
    return f"{key}.{channel}" if channel in _CHANNELS else key


# What a message said that answered a claim, whichever word of the promise it was.
_ANSWERS = {
    Wording.CLAIM_RATIFIED.value: "fact.claim.ratified",
    Wording.CLAIM_RIGHT.value: "fact.claim.ratified",
    Wording.CLAIM_REVIEW.value: "fact.claim.review",
    Wording.CLAIM_MISTAKEN.value: "fact.claim.found",
    Wording.CLAIM_MISTAKEN_HONOURED.value: "fact.claim.found",
}
# How a fact's sentence is found.
_KEYS: Mapping[str, Callable[[TimelineLine, str], str | None]] = {
    "PromiseMade": _by_kind,
    "ConfirmationSent": _confirmed,
    "ProgressNoted": _alone,
    "UpdateSent": _update,
    "PromiseAtRisk": _at_risk,
    "DoubtSent": _by_channel,
    "PromiseBroken": _broken,
    "OverdueSent": _overdue,
    "RecoverySent": _by_channel,
    "ReminderSent": _by_channel,
    "CallRequired": _call_required,
    "CallMade": _called,
    "ReplyReceived": _alone,
    "ChoiceRecorded": _chosen,
    "ChoiceConfirmed": _by_channel,
    "ChoiceFinal": _alone,
    "ConcessionGranted": _with_code,
    "ConcessionVoided": _with_code,
    "PromiseKept": _kept,
    "PromiseReopened": _alone,
    "ApologySent": _by_channel,
    "ClosingSent": _confirmed,
    "PromiseWithdrawn": _by_kind,
    "WithdrawalSent": _by_channel,
    "Acknowledged": _alone,
    "ClaimRaised": _alone,
    "ClaimAdded": _alone,
    "ClaimRatified": _alone,
    "ClaimReviewOpened": _alone,
    "ClaimSettled": _settled,
    "FindingSent": _finding,
    "FeedbackGiven": _answered,
    "ExpectationHeard": _alone,
    **dict.fromkeys(("NoticeRefused", "NoticeUnknown", "NoticeGivenUp"), _unheard),
}
# What the customer typed is shown as they typed it.
_TYPED = {"ExpectationHeard", "ClaimRaised", "ClaimAdded", "ReplyReceived"}
# A caller's note is for colleagues, and so is what speaks for the customer.
_WITHOUT_WORDS = {"CallMade", "fact.ClaimSettled.reversed"}
