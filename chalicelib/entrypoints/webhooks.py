"""POST /v1/events/{source}: what other services tell us, by signed webhook."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from chalicelib import bootstrap
from chalicelib.entrypoints.problems import Problem, answers_problems
from chalicelib.entrypoints.requests import raw_bytes
from chalicelib.security.webhook_signatures import verify
from chalicelib.usecases.change_customer import CustomerChanged, CustomerErased, change_customer, erase_customer
from chalicelib.usecases.redeem import redeem
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Answer
from chalicelib.usecases.take_event import ConcessionRedeemed, take_event

if TYPE_CHECKING:
    from chalicelib.entrypoints.wire import Event

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
    # pydantic is slow to import, and no page needs it.
    from chalicelib.entrypoints.wire import parse_event  # noqa: PLC0415
    from chalicelib.entrypoints.wire_people import People  # noqa: PLC0415

    request = webhooks.current_request
    services = bootstrap.services()
    body = raw_bytes(request)
    if len(body) > MOST_BYTES:
        raise _TOO_LARGE
    now = services.system.now()
    webhook_id = verify(request.headers, body, services.secrets.webhook_secrets(source), now)
    event = parse_event(source, body, People(services), services.rules, now)
    answer = _take(event, source, webhook_id, services)
    return Response(answer.body, status_code=answer.status, headers={"Content-Type": "application/json"})


def _take(event: "Event", source: str, webhook_id: str, services: Services) -> Answer:
    match event:
        case ConcessionRedeemed(code=code, order=order):
            return redeem(code, order, source, webhook_id, services)
        case CustomerChanged():
            return change_customer(event, source, webhook_id, services)
        case CustomerErased():
            return erase_customer(event, source, webhook_id, services)
    return take_event(event, source, webhook_id, services)
