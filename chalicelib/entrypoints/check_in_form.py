"""The promiser's form: parsed into their answer, or into what is wrong with each field."""

from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.domain.durations import FARTHEST
from chalicelib.domain.recovery import Case, Offer, OfferKind, Parts
from chalicelib.domain.risks import Trouble
from chalicelib.entrypoints.plain_text import plain_text
from chalicelib.messages.form import LONGEST_TEXT
from chalicelib.usecases.check_in import AnswerKind, CheckInAnswer
from chalicelib.usecases.services import Rules


def read_check_in(form: Mapping[str, str], rules: Rules, now: datetime) -> CheckInAnswer | dict[str, str]:
    """Return the answer, or by field what is wrong: missing, too_long, bad_date, past or too_far.

    A new date is read in the brand's time zone, as the form says beside it.
    """
    errors: dict[str, str] = {}
    if form.get("answer") not in set(AnswerKind):
        return {"answer": "missing"}
    kind = AnswerKind(form["answer"])
    if kind is not AnswerKind.LATE:
        word = _text(form, "word", errors, needed=False)
        return errors or CheckInAnswer(kind, word or None)
    reason, done_so_far, solution, offer = (
        _text(form, name, errors) for name in ("reason", "done_so_far", "solution", "offer_text")
    )
    new_due_at = _moment(form, "new_due_at", rules, now, errors)
    case = form.get("case", Case.DELAY)
    offer_kind = form.get("offer_kind", OfferKind.SPECIAL)
    for name, value, known in (("case", case, set(Case)), ("offer_kind", offer_kind, set(OfferKind))):
        if value not in known:
            errors[name] = "missing"
    if errors:
        return errors
    parts = Parts(Case(case), reason, done_so_far, solution, Offer(OfferKind(offer_kind), offer))
    return CheckInAnswer(kind, trouble=Trouble(parts, new_due_at))


def _text(form: Mapping[str, str], name: str, errors: dict[str, str], *, needed: bool = True) -> str:
    text = plain_text(form.get(name, ""))
    if needed and not text:
        errors[name] = "missing"
    if len(text) > LONGEST_TEXT:
        errors[name] = "too_long"
    return text


def _moment(form: Mapping[str, str], name: str, rules: Rules, now: datetime, errors: dict[str, str]) -> datetime | None:
    text = form.get(name, "").strip()
    if not text:
        errors[name] = "missing"
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=rules.brand.time_zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        errors[name] = "bad_date"
        return None
    if moment <= now:
        errors[name] = "past"
    if moment > now + FARTHEST:
        errors[name] = "too_far"
    return moment
