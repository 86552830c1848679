"""The customer's form for a claim: parsed, or what is wrong with each field."""

from collections.abc import Mapping

from chalicelib.entrypoints.check_in_form import LONGEST_TEXT, plain_text
from chalicelib.usecases.claim_page import ClaimForm

LONGEST_WHAT = 200


def read_claim(form: Mapping[str, str]) -> ClaimForm | dict[str, str]:
    """Return the claim, or by field what is wrong: missing or too_long."""
    what = " ".join(plain_text(form.get("what", "")).split())
    by_whom, when, evidence = (plain_text(form.get(name, "")) for name in ("by_whom", "when", "evidence"))
    errors = {}
    if not what:
        errors["what"] = "missing"
    if len(what) > LONGEST_WHAT:
        errors["what"] = "too_long"
    told = "\n".join(line for line in (by_whom, when, evidence) if line)
    if len(told) > LONGEST_TEXT:
        errors["evidence"] = "too_long"
    return errors or ClaimForm(what, told)
