"""Reading one version of a standard, and what must hold between its fields."""

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

from chalicelib.domain.durations import FARTHEST, Duration
from chalicelib.domain.offers import Offers
from chalicelib.domain.promise import Kind, Leads
from chalicelib.domain.recovery import AfterNo, Ladder, OfferKind, Silence
from chalicelib.domain.standards import Standard, StandardText
from chalicelib.standards.faults import Fault
from chalicelib.standards.fields import Fields

# The languages that we speak: a customer must not be shown a text in another than theirs.
LANGUAGES = ("en", "es", "pt-BR", "pt-PT")
_FIELDS = (
    *("kind", "due", "no_later_than", "every", "check_in_before", "warn_before"),
    *("ladder", "silence", "offers", "after_no", "texts"),
)
# The standards by which claims are answered.
_OF_CLAIMS = {"claim_correction", "claim_review"}
# A beat shorter than a minute is no rhythm for people.
_SHORTEST_BEAT = timedelta(minutes=1)
_CURRENCY = re.compile("[A-Z]{3}")
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 300
_NO_PLAIN_TEXT = re.compile(r"[{}<>\x00-\x1f]")
# Kinds whose texts may not speak of a promise, and how promises are spoken of in the languages that we speak.
_NO_PROMISES = {Kind.ATTEMPT, Kind.EXPECTATION}
_PROMISING = re.compile(r"\b(promis|guarant|commit|promet|promes|garant|compromet|compromis)\w*", re.IGNORECASE)


def read_version(name: str, number: int, given: Mapping[str, object], faults: list[Fault]) -> Standard | None:
    """Return a version of the standard `name`; None when something is wrong with it, which is added to `faults`."""
    before = len(faults)
    fields = Fields(f"{name}@{number}", given, faults)
    kind = fields.one_of("kind", Kind)
    if name in _OF_CLAIMS:
        _check_claim(fields, kind)
    due, every = _times(fields, kind)
    leads = _leads(fields, kind, due)
    ladder = _ladder(fields, kind)
    first, later = _silence(fields, kind)
    offers = _offers(fields, kind)
    after_no = _after_no(fields, kind)
    texts = _texts(fields, kind)
    fields.close(_FIELDS)
    if len(faults) > before or kind is None or due is None:
        return None
    is_limit = fields.take("no_later_than") is not None
    return Standard(name, number, kind, due, every, leads, ladder, first, later, offers, texts, is_limit, after_no)


def _check_claim(fields: Fields, kind: Kind | None) -> None:
    """What a claim is answered with is promised by a date, and a no at its end is for a person."""
    if kind and kind is not Kind.COMMITMENT:
        fields.wrong("kind", "must be commitment: the answer to a claim is promised by a date")
    if fields.take("after_no") is not None:
        fields.wrong("after_no", "does not fit the answer to a claim, as a no to it is always a call: leave it out")


def _times(fields: Fields, kind: Kind | None) -> tuple[Duration | None, Duration | None]:
    due, limit, every = fields.duration("due"), fields.duration("no_later_than"), fields.duration("every")
    if fields.take("due") is not None and fields.take("no_later_than") is not None:
        fields.wrong("no_later_than", "stands beside due: give one of the two")
    elif fields.take("due") is None and fields.take("no_later_than") is None:
        fields.wrong(
            "due",
            "is needed, such as P2B; a word given without a date has no_later_than instead, its outermost limit, as "
            "otherwise it could never be broken",
        )
    elif limit and kind is Kind.COMMITMENT:
        fields.wrong("no_later_than", "does not fit a commitment, which has a date: give due")
    if limit and fields.take("every") is None:
        fields.wrong("every", "is needed beside no_later_than: without a date, updates are all that the customer hears")
    end = due or limit
    for name, length in (("due", due), ("no_later_than", limit)):
        if length and length.shortest() > FARTHEST:
            fields.wrong(name, "is longer than ten years")
    if every and every.shortest() < _SHORTEST_BEAT:
        fields.wrong("every", "is too often: at most one update a minute")
    elif every and end and every.longest() >= end.shortest():
        fields.wrong("every", f"leaves no update before {end}: write a shorter one, or leave it out")
    return end, every


def _leads(fields: Fields, kind: Kind | None, due: Duration | None) -> Leads | None:
    check_in, warn = fields.elapsed("check_in_before"), fields.elapsed("warn_before")
    given = {name for name in ("check_in_before", "warn_before") if fields.take(name) is not None}
    if given and kind is Kind.ATTEMPT:
        fields.wrong(sorted(given)[0], "does not fit an attempt, whose promiser is not asked: leave it out")
    elif len(given) == 1:
        (other,) = {"check_in_before", "warn_before"} - given
        fields.wrong(other, f"is needed beside {given.pop()}")
    if check_in and due and check_in >= due.shortest():
        fields.wrong("check_in_before", f"must be shorter than {due}: nothing can be asked before the promise is made")
    if check_in and warn and warn >= check_in:
        fields.wrong("warn_before", "must be shorter than check_in_before: the promiser needs time to answer")
    return Leads(check_in, warn) if check_in and warn else None


def _ladder(fields: Fields, kind: Kind | None) -> Ladder | None:
    part = _of_recoveries(fields, "ladder", kind)
    if part is None:
        return None
    steps = [(name, part.elapsed(name)) for name in ("reminder", "other_channel", "call")]
    between_calls = part.elapsed("between_calls")
    part.close(("reminder", "other_channel", "call", "between_calls"))
    for name, _ in steps:
        if part.take(name) is None:
            part.wrong(name, "is needed: a ladder has its three steps, such as PT24H, PT40H and PT56H")
    for (lower, sooner), (name, later) in pairwise(steps):
        if sooner and later and later <= sooner:
            part.wrong(name, f"must come after {lower}: write a longer time")
    reminder, other_channel, call = (length or timedelta() for _, length in steps)
    ladder = Ladder(reminder, other_channel, call)
    return Ladder(reminder, other_channel, call, between_calls) if between_calls else ladder


def _silence(fields: Fields, kind: Kind | None) -> tuple[Silence | None, Silence | None]:
    part = _of_recoveries(fields, "silence", kind)
    if part is None:
        return None, None
    first, later = part.one_of("first", Silence), part.one_of("later", Silence)
    part.close(("first", "later"))
    return first, later


def _offers(fields: Fields, kind: Kind | None) -> Offers:
    part = _of_recoveries(fields, "offers", kind)
    if part is None:
        return Offers()
    kinds, percent, amounts = part.some_of("kinds", OfferKind), part.percent("most_percent"), part.part("most_amount")
    part.close(("kinds", "most_percent", "most_amount"))
    if percent and kinds and OfferKind.DISCOUNT not in kinds:
        part.wrong("most_percent", "limits discounts, but discount is not among the kinds: add it, or leave this out")
    most = _most_amount(amounts) if amounts else {}
    return Offers(kinds or frozenset(OfferKind), percent, most)


def _most_amount(amounts: Fields) -> dict[str, int]:
    most = {}
    for currency in amounts.names():
        units = amounts.take(currency)
        if not _CURRENCY.fullmatch(currency):
            amounts.wrong(currency, "must be an ISO 4217 currency code such as EUR")
        elif not isinstance(units, int) or isinstance(units, bool) or units <= 0:
            amounts.wrong(currency, f"must be a whole number of minor units, such as 2500 for 25 euros; not {units!r}")
        else:
            most[currency] = units
    return most


def _after_no(fields: Fields, kind: Kind | None) -> AfterNo | None:
    if fields.take("after_no") is None:
        return None
    if kind is Kind.ATTEMPT:
        fields.wrong(
            "after_no", "does not fit an attempt, which cannot be broken, so that a no is a call: leave it out"
        )
        return None
    return fields.one_of("after_no", AfterNo)


def _of_recoveries(fields: Fields, name: str, kind: Kind | None) -> Fields | None:
    part = fields.part(name)
    if part and kind is Kind.ATTEMPT:
        fields.wrong(name, "does not fit an attempt, which is no promise and cannot be broken: leave it out")
    return part


def _texts(fields: Fields, kind: Kind | None) -> dict[str, StandardText]:
    part = fields.part("texts")
    if part is None:
        return {}
    texts = {}
    for language in LANGUAGES:
        words = part.part(language)
        if words is None:
            if part.take(language) is None:
                part.wrong(language, f"is needed: texts are in {', '.join(LANGUAGES)}, or in none")
            continue
        name, said = words.text("name", at_most=_LONGEST_NAME), words.text("description", at_most=_LONGEST_DESCRIPTION)
        words.close(("name", "description"))
        for field, text in (("name", name), ("description", said)):
            if text and _NO_PLAIN_TEXT.search(text):
                words.wrong(field, "must be plain text, without braces, tags and line ends")
            if text and kind in _NO_PROMISES and (word := _PROMISING.search(text)):
                words.wrong(field, f"says {word[0]!r}, but nobody has promised anything here: say what is done")
        if name and said:
            texts[language] = StandardText(name, said)
    part.close(LANGUAGES)
    return texts
