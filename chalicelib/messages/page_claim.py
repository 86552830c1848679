"""The claim page: the form by which a customer tells us of a promise that nobody wrote down."""

from chalicelib.messages.form import Field
from chalicelib.messages.given import clean, title
from chalicelib.messages.locales import resolve
from chalicelib.messages.page_views import ClaimPageView
from chalicelib.messages.pages import STYLE
from chalicelib.messages.phrases import Phrases, phrases_for
from chalicelib.messages.rendering import render

# What was promised and what there is to show for it may take several lines; a name and a day take one.
_FIELDS = ("what", "by_whom", "when", "evidence")
_LINES = {"by_whom", "when"}


def claim_page(view: ClaimPageView) -> str:
    """Return the form with what was typed and what is wrong with it, or the thanks once the claim was taken."""
    tag = resolve(view.locale, view.brand)
    say = phrases_for(tag, view.brand)
    fields = [] if view.sent else [_field(name, view, say) for name in _FIELDS]
    heading = say("claim_page.sent.title" if view.sent else "claim_page.title")
    brand = clean(view.brand.name)
    return render(
        "claim.html",
        style=STYLE,
        tag=tag,
        say=say,
        brand=brand,
        heading=heading,
        title=say("page.title", what=heading, brand=brand),
        about=say("claim_page.about", what=title(view.about)),
        alert=say("claim_page.expired") if view.form_expired else None,
        faults=[(field.id, field.fault) for field in fields if field.fault],
        fields=fields,
        form_nonce=view.form_nonce,
        sent=view.sent,
    )


def _field(name: str, view: ClaimPageView, say: Phrases) -> Field:
    code = view.errors.get(name)
    fault = say(f"claim_page.error.{name}.{code}") if code else None
    label, hint = say(f"claim_page.{name}"), say(f"claim_page.{name}.hint")
    return Field(name, name, label, view.given.get(name, ""), fault, hint, is_line=name in _LINES)
