"""POST /v1/events/{source}: what other services tell us, by signed webhook."""

from chalice.app import Blueprint, Response

from chalicelib import bootstrap
from chalicelib.entrypoints.problems import Problem, answers_problems
from chalicelib.entrypoints.requests import raw_bytes
from chalicelib.security.webhook_signatures import verify
from chalicelib.usecases.redeem import redeem
from chalicelib.usecases.take_event import ConcessionRedeemed, take_event

webhooks = Blueprint(__name__)

MOST_BYTES = 256 * 1024
_TOO_LARGE = Problem(
    413, "too-large", "The body is too large", f"Send at most {MOST_BYTES} bytes (256 kB); this was more."
)


# Bodies are verified before they are parsed, so it is the signature that counts, not what the content is called.
@webhooks.route(
    "/v1/events/{source}",
    methods=["POST"],
    content_types=["application/json", "text/plain", "application/x-www-form-urlencoded"],
)
@answers_problems
def take(source: str) -> Response:
    from chalicelib.entrypoints.wire import parse_event  # noqa: PLC0415 - pydantic is slow to import: no page needs it

    request = webhooks.current_request
    services = bootstrap.services()
    body = raw_bytes(request)
    if len(body) > MOST_BYTES:
        raise _TOO_LARGE
    now = services.system.now()
    webhook_id = verify(request.headers, body, services.secrets.webhook_secrets(source), now)
    event = parse_event(source, body, services.rules, now)
    if isinstance(event, ConcessionRedeemed):
        answer = redeem(event.code, event.order, source, webhook_id, services)
    else:
        answer = take_event(event, source, webhook_id, services)
    return Response(answer.body, status_code=answer.status, headers={"Content-Type": "application/json"})
