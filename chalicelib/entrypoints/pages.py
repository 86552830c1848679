"""GET and POST /p?t=...: the pages that customers open from a signed link. GET and HEAD never change anything."""

import functools
import logging
from collections.abc import Callable
from urllib.parse import parse_qs

from chalice.app import Blueprint, Request, Response

from chalicelib import bootstrap
from chalicelib.entrypoints.requests import raw_bytes
from chalicelib.messages.views import PageView
from chalicelib.security.links import BadLink
from chalicelib.usecases.open_page import FormExpired, open_page, press_acknowledge
from chalicelib.usecases.services import Services

pages = Blueprint(__name__)
_log = logging.getLogger(__name__)

# Whatever a scanner calls its body, it gets the page; only our own form can act.
_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/plain"]


def _answers_pages(view: Callable[[], Response]) -> Callable[[], Response]:
    """Wrap a view so that a customer always gets a page: the same kind one for every link that opens nothing."""

    @functools.wraps(view)
    def wrapped() -> Response:
        services = bootstrap.services()
        try:
            return view()
        except BadLink:
            return _page(_dead_link(pages.current_request, services), 404, services)
        except FormExpired as expired:
            return _page(services.texts.promise_page(expired.page), 403, services)

    return wrapped


@pages.route("/p", methods=["GET", "HEAD"], content_types=_TYPES)
@_answers_pages
def show() -> Response:
    services = bootstrap.services()
    view = open_page(_token(pages.current_request), services)
    return _page(services.texts.promise_page(view), 200, services)


@pages.route("/p", methods=["POST"], content_types=_TYPES)
@_answers_pages
def act() -> Response:
    services = bootstrap.services()
    request = pages.current_request
    form = _fields(request)
    view: PageView
    if form.get("action") == "acknowledge":
        view = press_acknowledge(_token(request), form.get("nonce", ""), services)
    else:
        raise FormExpired(open_page(_token(request), services))
    return _page(services.texts.promise_page(view), 200, services)


def _token(request: Request) -> str:
    query: dict[str, str] = dict(request.query_params or {})
    return query.get("t", "")


def _fields(request: Request) -> dict[str, str]:
    """Return the form's fields, the last of each name; a body that is not a form has none."""
    try:
        parsed = parse_qs(raw_bytes(request).decode("ascii"), max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in parsed.items()}


def _dead_link(request: Request, services: Services) -> str:
    return services.texts.dead_link_page(request.headers.get("accept-language"), services.rules.brand)


def _page(html: str, status: int, services: Services) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": services.texts.CSP,
        "Strict-Transport-Security": "max-age=31536000",
    }
    body = "" if pages.current_request.method == "HEAD" else html
    return Response(body, status_code=status, headers=headers)
