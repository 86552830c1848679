"""The key that opens the reads: borne by each request, or shown once for a browser's session."""

import hmac

from chalice.app import Request

from chalicelib.entrypoints.problems import Problem
from chalicelib.security import report_sessions
from chalicelib.usecases.services import Services

NO_KEY = Problem(
    401,
    "no-read-key",
    "A read key is needed",
    "Send the header Authorization: Bearer <read key>.",
    headers=(("WWW-Authenticate", 'Bearer realm="kept"'),),
)


def verify(request: Request, services: Services) -> None:
    """Raise NO_KEY unless the request bears a read key."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_read_key(key.strip(), services):
        raise NO_KEY


def is_read_key(key: str, services: Services) -> bool:
    """Tell whether this is one of the read keys; all are compared, each in constant time."""
    # Whatever a header carries must be comparable, halves of surrogate pairs too.
    given = key.encode(errors="surrogatepass")
    known = [hmac.compare_digest(each.encode(), given) for each in services.secrets.read_keys()]
    return any(known)


def opened_by_read_key(session: str, services: Services) -> bool:
    """Tell whether a browser's session was opened by a key that is still a read key, and still lasts."""
    return report_sessions.is_open(session, services.secrets.read_keys(), services.system.now())
