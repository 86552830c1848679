"""The customer's forms for a claim, and for what else there is to show: parsed, or what is wrong with each field."""

from collections.abc import Mapping

from chalicelib.entrypoints.plain_text import plain_text
from chalicelib.messages.form import LONGEST_EVIDENCE, LONGEST_NAME, LONGEST_TITLE
from chalicelib.usecases.claim_page import ClaimForm

_LONGEST = {"what": LONGEST_TITLE, "by_whom": LONGEST_NAME, "when": LONGEST_NAME, "evidence": LONGEST_EVIDENCE}
_LINES = ("what", "by_whom", "when")


def read_claim(form: Mapping[str, str]) -> ClaimForm | dict[str, str]:
    """Return the claim, or by field what is wrong: missing or too_long."""
    said = {name: plain_text(form.get(name, "")) for name in _LONGEST}
    said |= {name: " ".join(said[name].split()) for name in _LINES}
    errors = {name: "too_long" for name, most in _LONGEST.items() if len(said[name]) > most}
    if not said["what"]:
        errors = {"what": "missing"} | errors
    return errors or ClaimForm(**said)


def read_more(form: Mapping[str, str]) -> str | dict[str, str]:
    """Return what else there is to show for a claim, or what is wrong with it: missing or too_long."""
    evidence = plain_text(form.get("evidence", ""))
    if len(evidence) > LONGEST_EVIDENCE:
        return {"evidence": "too_long"}
    return evidence or {"evidence": "missing"}
