"""The stories: short scripts of what happens to a promise, each with what its customer hears."""

from datetime import timedelta

from tests.simulation import stories_of_channels, stories_of_claims, stories_of_keeping, stories_of_promisers
from tests.simulation.intruder import intrude
from tests.simulation.people import ANA, GEMMA
from tests.simulation.story import Step, Story, hours, kept, made, minutes, news, presses, tells, trouble

_DAYS = timedelta(days=1)

PHONE_BY_THE_WALL = Story(
    "the phone by the wall: repaired at noon, the word still goes out at the promised time",
    (
        made(due=hours(9), at=(minutes(5),), kind="personal", promised_by=ANA),
        news(minutes(3), "la línea está reparada"),
        presses(minutes(8)),
        kept(minutes(12), "la línea funciona"),
    ),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(15),
)
NO_NEWS = Story(
    "no news yet, said at the promised time all the same",
    (made(due=hours(9), at=(minutes(5), minutes(20)), promised_by=ANA),),
    hears=("confirmation", "update", "update"),
    lasts=minutes(25),
)
WE_WILL_TRY = Story(
    "we'll try: an attempt's moments are kept, and its time passes",
    (
        made(due=minutes(40), at=(minutes(20),), kind="attempt"),
        tells(minutes(60), "promise.withdrawn", reason="no hay existencias"),
    ),
    hears=("confirmation", "update", "overdue", "withdrawn"),
    lasts=minutes(65),
)
TOLD_AT_ONCE = Story(
    "news that cannot wait, then kept",
    (
        made(due=hours(9), at=(minutes(50),)),
        news(minutes(4), "ya salió", tell="now"),
        presses(minutes(6)),
        kept(minutes(30)),
    ),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(35),
)
NEVER_KEPT = Story(
    "the due time passes, and the silence is broken daily",
    (made(due=minutes(30)), kept(2 * _DAYS + hours(2))),
    hears=("confirmation", "overdue", "update", "update", "closing"),
    lasts=2 * _DAYS + hours(3),
)
EVERY_DAY = Story(
    "a rhythm beats until the promise is kept",
    (made(due=4 * _DAYS, every="P1D"), news(_DAYS + hours(2), "a medio camino"), kept(3 * _DAYS + hours(1))),
    hears=("confirmation", "update", "update", "update", "closing"),
    lasts=3 * _DAYS + hours(2),
)
BY_TEXT_ONLY = Story(
    "a customer who reads text messages only",
    (made(due=hours(9), at=(minutes(5),), customer=GEMMA | {"channels": ["sms"]}), kept(minutes(15))),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(20),
)
BAD_ADDRESS = Story(
    "the email address is refused, the text message comes",
    (made(due=hours(9), at=(minutes(5),)), kept(minutes(15))),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(20),
    refuses=("g@example.com",),
)
NOBODY_ANSWERS_THE_MAIL = Story(
    "the email provider stays down, the other channel takes over",
    (made(due=hours(9), at=(minutes(40),)), kept(minutes(80))),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(100),
    down=("g@example.com",),
    late_by=minutes(10),
)
A_PERSON_MUST_CALL = Story(
    "no channel is left, so that a person must call",
    (made(due=hours(9), at=(minutes(5),), customer=GEMMA | {"channels": ["email"]}), kept(minutes(15))),
    hears=(),
    lasts=minutes(20),
    calls=3,
    refuses=("g@example.com",),
)
SWEEP_IS_OFF = Story(
    "the sweep is switched off, expired clocks are rescued",
    (made(due=hours(9), at=(minutes(30),)), kept(minutes(50))),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(55),
    sweeps=False,
    rescued=1,
    late_by=minutes(11),
)
TTL_NEVER_FIRES = Story(
    "expired clocks are never deleted, and nothing is missed",
    (made(due=hours(9), at=(minutes(5), minutes(30))), tells(minutes(45), "promise.withdrawn", reason="agotado")),
    hears=("confirmation", "update", "update", "withdrawn"),
    lasts=minutes(50),
    ttl=None,
)
TTL_IS_SLOW = Story(
    "the sweep is switched off, and expired clocks go late: they are rescued all the same",
    (made(due=hours(9), at=(minutes(30),)), kept(minutes(65))),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(70),
    sweeps=False,
    ttl=minutes(10),
    rescued=1,
    late_by=minutes(21),
)
SEVERAL_AT_ONCE = Story(
    "three promises of one customer, all at the same moment",
    (
        *(made(ref=f"order-{n}", due=hours(9), at=(minutes(5),)) for n in (1, 2, 3)),
        *(kept(minutes(10), ref=f"order-{n}") for n in (1, 2, 3)),
    ),
    hears=(*["confirmation"] * 3, *["update"] * 3, *["closing"] * 3),
    lasts=minutes(15),
)
TEXT_BEFORE_MAIL = Story(
    "a customer who prefers text messages to mail",
    (made(due=hours(9), at=(minutes(5),), customer=GEMMA | {"channels": ["sms", "email"]}), kept(minutes(15))),
    hears=("confirmation", "update", "closing"),
    lasts=minutes(20),
)
INTRUDERS = Story(
    "somebody tries forged, borrowed and old forms, links and webhooks",
    (
        made(due=hours(9), at=(minutes(5),)),
        made(ref="order-2", due=hours(9), at=(minutes(5),)),
        Step(minutes(8), intrude),
        presses(minutes(9)),
        kept(minutes(15)),
    ),
    hears=("confirmation", "confirmation", "update", "update", "closing"),
    lasts=minutes(20),
)
TOLD_FIRST = Story(
    "late, told before it breaks: she stays, and thinks again",
    (
        made(due=hours(6)),
        trouble(minutes(5), decide=hours(5)),
        presses(minutes(20), "stay"),
        presses(minutes(40), "cancel"),
    ),
    hears=("confirmation", "recovery", "choice", "choice"),
    lasts=minutes(45),
)
COOKIES = Story(
    "cookies without the chips: she stays for what makes up for it",
    (
        made(due=hours(2)),
        trouble(minutes(10), decide=hours(5), event="promise.broken", case="wrong_item"),
        presses(minutes(15)),
        presses(minutes(30), "stay"),
        kept(minutes(50)),
    ),
    hears=("confirmation", "recovery", "choice", "closing"),
    lasts=minutes(55),
)
NOBODY_ANSWERS = Story(
    "nobody answers: reminded here and elsewhere, to be called, and silence decides",
    (made(due=hours(6)), trouble(minutes(5), decide=minutes(185))),
    hears=("confirmation", "recovery", "reminder", "reminder_elsewhere", "choice"),
    lasts=minutes(190),
)

STAYED_FOR_NOTHING = Story(
    "she stays, the new date passes as well, and she is spoken to daily until it is kept",
    (
        made(due=hours(6)),
        trouble(minutes(5), decide=hours(5)),
        presses(minutes(20), "stay"),
        news(hours(30), "sigue en el almacén"),
        kept(3 * _DAYS + hours(2)),
    ),
    hears=("confirmation", "recovery", "choice", "overdue", "update", "closing"),
    lasts=3 * _DAYS + hours(3),
)
CANCELLED_FOR_GOOD = Story(
    "she cancels, and hears no more of it; what comes for her still is refused",
    (
        made(due=hours(6), every="PT2H"),
        trouble(minutes(5), decide=hours(5)),
        presses(minutes(20), "cancel"),
        news(hours(3), "sale mañana"),
        kept(hours(7)),
    ),
    hears=("confirmation", "recovery", "choice"),
    lasts=hours(9),
)

STORIES = (
    STAYED_FOR_NOTHING,
    CANCELLED_FOR_GOOD,
    PHONE_BY_THE_WALL,
    NO_NEWS,
    WE_WILL_TRY,
    TOLD_AT_ONCE,
    NEVER_KEPT,
    EVERY_DAY,
    BY_TEXT_ONLY,
    BAD_ADDRESS,
    NOBODY_ANSWERS_THE_MAIL,
    A_PERSON_MUST_CALL,
    SWEEP_IS_OFF,
    TTL_NEVER_FIRES,
    TTL_IS_SLOW,
    SEVERAL_AT_ONCE,
    TEXT_BEFORE_MAIL,
    INTRUDERS,
    TOLD_FIRST,
    COOKIES,
    NOBODY_ANSWERS,
    *stories_of_promisers.STORIES,
    *stories_of_claims.STORIES,
    *stories_of_channels.STORIES,
    *stories_of_keeping.STORIES,
)
# Between them these need every guard.
GUARDED = (INTRUDERS, TEXT_BEFORE_MAIL, NO_NEWS)
