"""What brings the official helpers down, or fools them: it does, and here it is a plain 401 or 400."""

from datetime import UTC, datetime

import pytest
from sendgrid.helpers.eventwebhook import EventWebhook
from standardwebhooks import Webhook, WebhookVerificationError

from chalicelib.security import receipt_signatures
from tests.simulation.fuzzing.corpus import Case, receipt_cases, webhook_cases
from tests.simulation.fuzzing.footprint import Footprint
from tests.simulation.fuzzing.gateway import Request, ask
from tests.simulation.fuzzing.signing import EVENTS, RECEIPTS, SECRET
from tests.world import EVENT_KEYS, SOURCE, World

# The helpers ask the machine's own clock, so a case is made anew for the moment at which it is tried.
WEBHOOKS = [each.name for each in webhook_cases(SECRET, datetime.now(UTC))]
REPORTS = [each.name for each in receipt_cases(datetime.now(UTC))]


def named(name: str, cases: list[Case]) -> Case:
    return next(each for each in cases if each.name == name)


def world_of_now() -> World:
    world = World()
    world.system.time = datetime.now(UTC)
    return world


@pytest.mark.parametrize("name", WEBHOOKS)
def test_what_standardwebhooks_cannot_take_is_refused_here(name: str) -> None:
    world = world_of_now()
    case = named(name, webhook_cases(SECRET, world.system.time))
    helper = Webhook(SECRET)
    if case.helper_raises is None:
        helper.verify(case.body, case.headers)
    else:
        with pytest.raises(case.helper_raises) as crash:
            helper.verify(case.body, case.headers)
        assert not isinstance(crash.value, WebhookVerificationError)
    refused(world, Request("POST", EVENTS, case.headers, case.body, path={"source": SOURCE}), case.ours)


@pytest.mark.parametrize("name", REPORTS)
def test_what_sendgrids_helper_cannot_take_is_refused_here(name: str) -> None:
    world = world_of_now()
    case = named(name, receipt_cases(world.system.time))
    if case.helper_raises is None:
        assert helped(case, case.body.decode())
    else:
        with pytest.raises(case.helper_raises):
            helped(case, case.body if case.ours == 400 else case.body.decode())
    refused(world, Request("POST", RECEIPTS, case.headers, case.body), case.ours)


def test_without_a_key_sendgrids_helper_crashes_and_here_nothing_is_taken() -> None:
    world = world_of_now()
    case = receipt_cases(world.system.time)[-1]
    signature = case.headers[receipt_signatures.SIGNATURE]
    with pytest.raises(AttributeError):
        EventWebhook("").verify_signature("[]", signature, "1")
    world.secrets.sendgrid_event_keys = list  # type: ignore[method-assign]
    refused(world, Request("POST", RECEIPTS, case.headers, case.body), 401)


def helped(case: Case, body: str | bytes) -> bool:
    """Ask SendGrid's helper, as its documentation says."""
    signature = case.headers.get(receipt_signatures.SIGNATURE)
    timestamp = case.headers.get(receipt_signatures.TIMESTAMP)
    return bool(EventWebhook(EVENT_KEYS[1]).verify_signature(body, signature, timestamp))


def refused(world: World, request: Request, status: int) -> None:
    """See that a request is refused with this status, in the way in which every other one is, and changes nothing."""
    before = Footprint(world)
    answer = ask(request, world)
    assert answer.status == status, answer.body
    assert before.is_unchanged()
