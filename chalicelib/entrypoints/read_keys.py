"""The bearer key that opens the reads."""

import hmac

from chalice.app import Request

from chalicelib.entrypoints.problems import Problem
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
    known = [hmac.compare_digest(each.encode(), key.encode()) for each in services.secrets.read_keys()]
    return any(known)
