"""Pages as they are answered: nothing is cached or framed, no address is passed on, and only the given policy loads."""

from chalice.app import Response


def html_page(html: str, status: int, policy: str, *, vary: str = "") -> Response:
    """Return a page under a Content-Security-Policy; `vary` names the request headers that choose it, if any do."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": policy,
        "Strict-Transport-Security": "max-age=31536000",
    }
    return Response(html, status_code=status, headers=headers | ({"Vary": vary} if vary else {}))
