"""Take a reply: the digit that a customer sends back by text message."""

import logging
import re

from chalicelib.domain.changes import NotPossibleAnyMore
from chalicelib.domain.choices import choose, heard_otherwise
from chalicelib.domain.facts import Change
from chalicelib.domain.recovery import Choice, ChosenBy
from chalicelib.security.reply_keys import reply_key
from chalicelib.usecases import arm
from chalicelib.usecases.services import Services
from chalicelib.usecases.store_port import Answer, Commit, Committed, ReplyRoute, StoreUnavailable
from chalicelib.usecases.take_event import ACCEPTED, ANSWERS_KEPT

_log = logging.getLogger(__name__)

# Replies are answered as under a source of their own, whose name no source can have.
SOURCE = "sms:reply"
# Digits only: words such as CANCEL or STOP make a carrier unsubscribe the customer.
CHOICES = {"1": Choice.STAY, "2": Choice.CANCEL}
_LONGEST_REPLY = 1000
# "2 please", "1." and the digit as an emoji are answers; "12" and "1st" are not.
_DIGIT = re.compile(r"\s*([12])(?![\w])")


def take_reply(phone: str, text: str, message_id: str, services: Services) -> bool:
    """Record what a phone (E.164) replied to the promise it was last asked about; tell whether there is one.

    Each message is taken once, however often it is delivered: `message_id` names it.

    Anything that does not begin with 1 or 2, and a digit that comes too late, is kept in the timeline as it was said,
    for a person to read; whoever wrote was not silent, so that a call decides instead of silence. Raises
    StoreUnavailable when it may be worth a retry.
    """
    route = _route(phone, services)
    if route is None:
        _log.warning("a text message came from a phone that was asked nothing")
        return False
    digit = _DIGIT.match(text)
    choice = CHOICES[digit[1]] if digit else None
    taken = Answer(SOURCE, message_id, ACCEPTED, "", services.system.now() + ANSWERS_KEPT)
    for _ in range(arm.MOST_RACES):
        promise = services.store.load([route.promise_id]).get(route.promise_id)
        if promise is None or promise.is_erased:
            return False
        now = services.system.now()
        said = text.strip()[:_LONGEST_REPLY]
        try:
            change = choose(promise, choice, ChosenBy.CUSTOMER, now) if choice else Change(promise)
        except NotPossibleAnyMore:
            choice = None
            change = Change(promise)
        if choice is None:
            change = heard_otherwise(promise).told("ReplyReceived", now, said, channel="sms")
        if arm.store(change, Commit(promise, None, answer=taken), now, services) in {
            Committed.DONE,
            Committed.REPEATED,
        }:
            return True
    raise StoreUnavailable("the promise kept changing under this reply")


def _route(phone: str, services: Services) -> ReplyRoute | None:
    """Look under each key, the newest first: the question may be older than the latest rotation."""
    for secret in reversed(services.secrets.link_keys()):
        if route := services.store.reply_route(reply_key(secret, phone)):
            return route
    return None
