"""POST /v1/receipts/sendgrid: what became of our emails, by SendGrid's signed Event Webhook."""

from chalice.app import Blueprint, Response

from chalicelib import bootstrap
from chalicelib.entrypoints.problems import Problem, answers_problems
from chalicelib.entrypoints.requests import raw_bytes
from chalicelib.security.webhook_signatures import BadSignature
from chalicelib.usecases.store_port import StoreUnavailable
from chalicelib.usecases.take_receipts import take_receipts

receipts = Blueprint(__name__)

# SendGrid posts batches of up to 768 kB.
MOST_BYTES = 1024 * 1024
_TOO_LARGE = Problem(413, "too-large", "The body is too large", f"Send at most {MOST_BYTES} bytes (1 MB).")
_BAD_SIGNATURE = Problem(
    401,
    "bad-signature",
    "The signature does not verify",
    "Events are taken only when signed by a key that is known here, with a clock that is right within 300 seconds.",
)


# Verified before it is parsed, so it is the signature that counts, not what the content is called.
@receipts.route(
    "/v1/receipts/sendgrid",
    methods=["POST"],
    content_types=["application/json", "text/plain", "application/x-www-form-urlencoded"],
)
@answers_problems
def take() -> Response:
    # Elliptic curves take a tenth of a second to import, and no other route needs them.
    from chalicelib.entrypoints.wire_receipts import read_sendgrid  # noqa: PLC0415
    from chalicelib.security.receipt_signatures import verify  # noqa: PLC0415

    request = receipts.current_request
    services = bootstrap.services()
    body = raw_bytes(request)
    if len(body) > MOST_BYTES:
        raise _TOO_LARGE
    try:
        verify(request.headers, body, services.secrets.sendgrid_event_keys(), services.system.now())
    except BadSignature:
        raise _BAD_SIGNATURE from None
    if not take_receipts(read_sendgrid(body), services):
        raise StoreUnavailable("some receipts could not be stored")
    return Response("", status_code=204)
