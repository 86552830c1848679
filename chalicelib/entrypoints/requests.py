"""Reading requests: what Chalice leaves to guess."""

from collections.abc import Sequence

from chalice.app import Request


def raw_bytes(request: Request) -> bytes:
    """Return the body's exact bytes, as they were signed; Chalice types them as text or bytes."""
    body = request.raw_body
    return body.encode() if isinstance(body, str) else body


def query_field(request: Request, name: str) -> str:
    """Return a field of the query string, empty when it is missing."""
    query: dict[str, str] = dict(request.query_params or {})
    return query.get(name, "")


def unknown_fields(request: Request, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names in the query string that are not known: a slip of the pen would ask for something else."""
    return tuple(name for name in dict(request.query_params or {}) if name not in known)
