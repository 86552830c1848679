"""Stories of channels: receipts that settle, addresses that bounce, choices by text message and on the phone."""

from datetime import timedelta

from tests.simulation.people import CARLA, GEMMA
from tests.simulation.story import REPORTED, Step, Story, hours, kept, made, minutes, news, presses, tells, trouble

_BY_TEXT = GEMMA | {"channels": ["sms"]}


def _replies(after: timedelta, text: str) -> Step:
    return Step(after, lambda world: world.visitors.reply("order-1", text))


RECEIPTED = Story(
    "every message is reported as delivered, which settles whatever was in doubt",
    (made(due=hours(9), at=(minutes(5), minutes(20))), kept(minutes(30))),
    hears=("confirmation", "update", "update", "closing"),
    lasts=minutes(40),
    reports=True,
)
BOUNCED = Story(
    "the email bounces, so that the word comes by text message, and what follows too",
    (made(due=hours(9), at=(minutes(5),)), kept(minutes(15))),
    hears=("confirmation", "confirmation", "update", "closing"),
    lasts=minutes(20),
    bounces=("g@example.com",),
    late_by=REPORTED,
)
NO_SUCH_PHONE = Story(
    "the phone does not exist, so that the word comes by email",
    (made(due=hours(9), at=(minutes(5),), customer=GEMMA | {"channels": ["sms", "email"]}), kept(minutes(15))),
    hears=("confirmation", "confirmation", "update", "closing"),
    lasts=minutes(20),
    bounces=("+34600000000",),
    late_by=REPORTED,
)
NEWS_BOUNCED = Story(
    "an update with news bounces, and its news come by text message",
    (
        made(due=hours(9), at=(minutes(30),)),
        tells(minutes(5), "customer.changed", customer=GEMMA | {"email": "moved@example.com"}),
        news(minutes(10), "la pieza ya llegó al taller"),
        kept(minutes(60)),
    ),
    hears=("confirmation", "update", "update", "closing"),
    lasts=minutes(65),
    bounces=("moved@example.com",),
    late_by=REPORTED,
)
NOBODY_ANSWERS_AT_ALL = Story(
    "nobody answers: the recovery bounces and comes by text message; a person calls, and the customer stays",
    (
        made(due=hours(6), customer=CARLA),
        tells(minutes(2), "customer.changed", customer=CARLA | {"email": "moved@example.com"}),
        trouble(minutes(5), decide=hours(4)),
        tells(hours(3), "call.made", outcome="no_answer"),
        tells(hours(3.5), "call.made", outcome="reached", choice="stay", note="prefiere esperar"),
    ),
    hears=("confirmation", "recovery", "recovery", "reminder", "choice"),
    lasts=hours(3.8),
    bounces=("moved@example.com",),
    late_by=REPORTED,
)
BY_DIGIT = Story(
    "she stays by text message, thinks again, and it is final; what comes after is kept as it was said",
    (
        made(due=hours(9), customer=_BY_TEXT),
        trouble(minutes(5), decide=hours(8)),
        _replies(minutes(20), "1"),
        _replies(minutes(70), "2, por favor"),
        tells(minutes(130), "choice.final"),
        _replies(minutes(190), "1"),
    ),
    hears=("confirmation", "recovery", "choice", "choice"),
    lasts=minutes(200),
)
REFUSED_FINAL = Story(
    "a choice that is final stays as it is, whoever presses",
    (
        made(due=hours(9)),
        trouble(minutes(5), decide=hours(8)),
        presses(minutes(20), "stay"),
        tells(minutes(80), "choice.final"),
        presses(minutes(140), "cancel"),
    ),
    hears=("confirmation", "recovery", "choice"),
    lasts=minutes(150),
)
HELD_ALL_DAY = Story(
    "the email provider asks to be left alone all day: each word waits a while, and comes by text message",
    (made(due=hours(9), at=(minutes(40),)), kept(minutes(80))),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(120),
    holds=("g@example.com",),
    # A quarter of an hour, spread over as long again, and the wait that was going on by then.
    late_by=minutes(35),
)
STORIES = (
    RECEIPTED,
    HELD_ALL_DAY,
    BOUNCED,
    NEWS_BOUNCED,
    NO_SUCH_PHONE,
    NOBODY_ANSWERS_AT_ALL,
    BY_DIGIT,
    REFUSED_FINAL,
)
