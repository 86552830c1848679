"""The customer's answer to the question at the end: parsed, or what is wrong with each field."""

from collections.abc import Mapping

from chalicelib.domain.feedback import Perceived
from chalicelib.entrypoints.plain_text import plain_text
from chalicelib.messages.form import LONGEST_TEXT
from chalicelib.usecases.press import Feedback, Unanswered


def read_feedback(form: Mapping[str, str]) -> Feedback | Unanswered:
    """Return the answer; or what was typed, with what is wrong by field: kept missing, expected too_long."""
    kept, expected = form.get("kept"), plain_text(form.get("expected", ""))
    perceived = Perceived(kept) if kept in set(Perceived) else None
    errors = {}
    if perceived is None:
        errors["kept"] = "missing"
    if len(expected) > LONGEST_TEXT:
        errors["expected"] = "too_long"
    if perceived is None or errors:
        return Unanswered(perceived, expected, errors)
    return Feedback(perceived, expected or None)
