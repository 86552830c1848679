"""Reading requests: what Chalice leaves to guess."""

from collections.abc import Sequence
from urllib.parse import unquote

from chalice.app import Request


class NotReadable(ValueError):
    """The body is neither text nor base64, though it says so: it cannot be what anybody signed."""


def raw_bytes(request: Request) -> bytes:
    """Return the body's exact bytes, as they were signed; Chalice types them as text or bytes. Raises NotReadable."""
    try:
        body = request.raw_body
    except ValueError:
        raise NotReadable from None
    return body.encode() if isinstance(body, str) else body


def query_field(request: Request, name: str) -> str:
    """Return a field of the query string, empty when it is missing."""
    return query_fields(request).get(name, "")


def query_fields(request: Request) -> dict[str, str]:
    """Return the fields of the query string, the last of each name."""
    given: dict[str, str] = dict(request.query_params or {})
    return {name: _whole(value) for name, value in given.items()}


def path_field(given: str) -> str:
    """Return a parameter of the path, unescaped: Chalice hands it on as it came."""
    return _whole(unquote(given))


def _whole(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can carry to us, and which no store and no hash can take."""
    return text.encode(errors="replace").decode()


def unknown_fields(request: Request, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names in the query string that are not known: a slip of the pen would ask for something else."""
    return tuple(name for name in query_fields(request) if name not in known)
