"""Addresses at the test domains that behave on purpose, as real mailboxes and providers now and then do."""

from dataclasses import dataclass

MADE_BAD_REQUEST = 400
UNAVAILABLE = 503
ERROR_STATUSES = range(400, 600)


@dataclass(frozen=True)
class Behaviour:
    """What sending to one kind of address leads to.

    `status` is the answer to the sender; `delay_seconds` passes before it is given; `events` are what the Event Webhook
    reports, in order, from `events_after_seconds` after the mail was taken.
    """

    name: str
    explanation: str
    status: int = 202
    delay_seconds: float = 0.0
    events: tuple[str, ...] = ("processed", "delivered")
    events_after_seconds: float = 0.0

    @property
    def accepts(self) -> bool:
        return self.status < MADE_BAD_REQUEST


ORDINARY = Behaviour("", "Accepted and delivered.")
SPECIAL = (
    Behaviour("bounce", "Accepted; the mailbox then turns it away.", events=("processed", "bounce")),
    Behaviour("drop", "Accepted; never tried, as for an address that bounced before.", events=("dropped",)),
    Behaviour(
        "defer",
        "Accepted; delivered at the second attempt.",
        events=("processed", "deferred", "processed", "delivered"),
    ),
    Behaviour("slow", "Accepted after 1.5 seconds, inside the sender's time-out.", delay_seconds=1.5),
    Behaviour(
        "unknown",
        "Accepted, but answered after 8 seconds, when the sender has given up; its events come soon after that.",
        delay_seconds=8.0,
        events_after_seconds=10.0,
    ),
    Behaviour(
        "silent",
        "Accepted, but answered after 8 seconds, when the sender has given up; no event ever comes.",
        delay_seconds=8.0,
        events=(),
    ),
    Behaviour("refuse", "Refused with 400.", status=MADE_BAD_REQUEST, events=()),
    Behaviour("down", "Not taken: the provider answers 503.", status=UNAVAILABLE, events=()),
)
_BY_NAME = {behaviour.name: behaviour for behaviour in SPECIAL}


def is_test_domain(domain: str) -> bool:
    """example.com, and every name under .example (RFC 2606)."""
    domain = domain.lower()
    return domain in {"example.com", "example"} or domain.endswith(".example")


def behaviour_of(address: str) -> Behaviour:
    """The behaviour of an address; a plus tag is ignored, except that refuse+NNN@ and down+NNN@ answer NNN."""
    local, _, domain = address.rpartition("@")
    name, _, tag = local.lower().partition("+")
    behaviour = _BY_NAME.get(name) if is_test_domain(domain) else None
    if behaviour is None:
        return ORDINARY
    if not behaviour.accepts and tag.isascii() and tag.isdigit() and int(tag) in ERROR_STATUSES:
        return Behaviour(behaviour.name, behaviour.explanation, status=int(tag), events=())
    return behaviour
