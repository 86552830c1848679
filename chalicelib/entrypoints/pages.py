"""GET and POST /p?t=... and /k?t=... (customers) and /c?t=... (promisers): pages opened from a signed link.

GET and HEAD never change anything; a POST acts only with the nonce of a form of ours.
"""

import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qs

from chalice.app import Blueprint, Request, Response

from chalicelib import bootstrap
from chalicelib.entrypoints.check_in_form import read_check_in
from chalicelib.entrypoints.claim_form import read_claim, read_more
from chalicelib.entrypoints.feedback_form import read_feedback
from chalicelib.entrypoints.html import html_page
from chalicelib.entrypoints.requests import query_field, raw_bytes
from chalicelib.security.links import BadLink
from chalicelib.usecases.check_in import CheckInAnswer, answer_check_in, open_check_in
from chalicelib.usecases.claim_page import ClaimForm, open_claim_page, send_claim, send_more
from chalicelib.usecases.open_page import open_page
from chalicelib.usecases.press import Action, Feedback, FormExpired, TooLate, Unanswered, press, show_again
from chalicelib.usecases.services import Services

pages = Blueprint(__name__)
_log = logging.getLogger(__name__)

# Whatever a scanner calls its body, it gets the page; only our own form can act.
_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/plain"]


def _answers_pages(view: Callable[[], Response]) -> Callable[[], Response]:
    """Wrap a view so that whoever opens a link always gets a page: the same kind one for every link that is dead."""

    @functools.wraps(view)
    def wrapped() -> Response:
        services = bootstrap.services()
        hint = pages.current_request.headers.get("accept-language")
        try:
            return view()
        except BadLink:
            return _page(services.texts.dead_link_page(hint, services.rules.brand), 404, services)
        except FormExpired as expired:
            return _page(services.texts.promise_page(expired.page), 403, services)
        except TooLate as late:
            return _page(services.texts.promise_page(late.page), 409, services)
        except Exception:  # noqa: BLE001 - the last stop before the reader, who must get a page
            _log.exception("a page could not be served")
            return _page(services.texts.unavailable_page(hint, services.rules.brand), 503, services)

    return wrapped


@pages.route("/p", methods=["GET", "HEAD"], content_types=_TYPES)
@_answers_pages
def show() -> Response:
    services = bootstrap.services()
    request = pages.current_request
    view = open_page(query_field(request, "t"), services, preselected=query_field(request, "choose"))
    return _page(services.texts.promise_page(view), 200, services)


@pages.route("/p", methods=["POST"], content_types=_TYPES)
@_answers_pages
def act() -> Response:
    services = bootstrap.services()
    request = pages.current_request
    token, form = query_field(request, "t"), _fields(request)
    action = _action(form)
    if isinstance(action, Unanswered):
        view = show_again(token, action, services)
        return _page(services.texts.promise_page(view), 422 if view.errors else 409, services)
    view = press(token, form.get("nonce", ""), action, services)
    return _page(services.texts.promise_page(view), 200, services)


@pages.route("/c", methods=["GET", "HEAD"], content_types=_TYPES)
@_answers_pages
def show_check_in() -> Response:
    services = bootstrap.services()
    request = pages.current_request
    view = open_check_in(query_field(request, "t"), services, preselected=query_field(request, "answer"))
    return _page(services.texts.check_in_page(view), 200, services)


@pages.route("/c", methods=["POST"], content_types=_TYPES)
@_answers_pages
def act_on_check_in() -> Response:
    services = bootstrap.services()
    request = pages.current_request
    token, form = query_field(request, "t"), _fields(request)
    answer = read_check_in(form, services.rules, services.system.now())
    if not isinstance(answer, CheckInAnswer):
        view = open_check_in(token, services, errors=answer, given=form)
        return _page(services.texts.check_in_page(view), 422, services)
    view = answer_check_in(token, form.get("nonce", ""), answer, services, given=form)
    status = 403 if view.form_expired else 422 if view.errors else 409 if view.over and not view.answered else 200
    return _page(services.texts.check_in_page(view), status, services)


@pages.route("/k", methods=["GET", "HEAD"], content_types=_TYPES)
@_answers_pages
def show_claim() -> Response:
    services = bootstrap.services()
    request = pages.current_request
    view = open_claim_page(query_field(request, "t"), services, more=_is_more(request))
    return _page(services.texts.claim_page(view), 200, services)


@pages.route("/k", methods=["POST"], content_types=_TYPES)
@_answers_pages
def act_on_claim() -> Response:
    services = bootstrap.services()
    request = pages.current_request
    token, given, more = query_field(request, "t"), _fields(request), _is_more(request)
    form = read_more(given) if more else read_claim(given)
    if isinstance(form, dict):
        view = replace(open_claim_page(token, services, more=more), errors=form, given=given)
        return _page(services.texts.claim_page(view), 422, services)
    nonce = given.get("nonce", "")
    if isinstance(form, ClaimForm):
        view = send_claim(token, nonce, form, services)
    else:
        view = send_more(token, nonce, form, services)
    if view.form_expired:
        view = replace(view, given=given)
    return _page(services.texts.claim_page(view), 403 if view.form_expired else 200, services)


def _is_more(request: Request) -> bool:
    """Tell whether the form is the one that adds to the claim behind the link."""
    return query_field(request, "more") == "1"


def _action(form: Mapping[str, str]) -> Action | Feedback | Unanswered | None:
    """Return what was pressed, or None when it is nothing that our form offers."""
    pressed = form.get("action")
    if pressed == "answer":
        return read_feedback(form)
    return Action(pressed) if pressed in set(Action) else None


def _fields(request: Request) -> dict[str, str]:
    """Return the form's fields, the last of each name; a body that is not a form has none."""
    try:
        parsed = parse_qs(raw_bytes(request).decode("ascii"), max_num_fields=30)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in parsed.items()}


def _page(html: str, status: int, services: Services) -> Response:
    body = "" if pages.current_request.method == "HEAD" else html
    return html_page(body, status, services.texts.CSP)
