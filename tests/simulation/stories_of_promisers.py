"""Stories in which the promiser is asked ahead of the due time: late, silent, or on track."""

from datetime import timedelta

from chalicelib.domain.notices import Outcome
from chalicelib.domain.recovery import AfterNo, Ladder
from chalicelib.domain.risks import Policy
from tests.simulation.people import MARTA
from tests.simulation.story import (
    REPORTED,
    START,
    Step,
    Story,
    hours,
    kept,
    made,
    minutes,
    on_track,
    presses,
    tells,
    trouble,
)

_ASKED = {"promised_by": MARTA, "check_in_before": "PT2H", "warn_before": "PT1H"}
# A "no" at the end takes the promise up again, and a person calls when nothing has come of that after two hours.
_TAKEN_UP_AGAIN = Policy(after_no=AfterNo.RECOVERY, ladder=Ladder(call=hours(2)))
_NEW_DATE = (START + timedelta(days=2)).isoformat()
_LATE = {
    "case": "delay",
    "reason": "the carrier lost a van",
    "done_so_far": "another carrier has it",
    "solution": "it arrives two days later",
}
_TROUBLE = {**_LATE, "new_due_at": _NEW_DATE, "decide_by": _NEW_DATE}
_LATE_FORM = {**_LATE, "answer": "late", "new_due_at": _NEW_DATE, "offer_text": "free shipping"}


def _late(after: timedelta) -> Step:
    form = _LATE_FORM | {"offer_kind": "free_shipping"}
    return Step(
        after, lambda world: world.visitors.answer_check_in("order-1", "promise.at_risk", dict(_TROUBLE), **form)
    )


def _says_no(after: timedelta) -> Step:
    return Step(after, lambda world: world.visitors.press("order-1", "answer", kept="no", expected="the parcel itself"))


LATE_DELIVERY = Story(
    "late delivery, told first: the promiser is asked, says so, and the customer hears it from us before the due time",
    (made(due=hours(6), **_ASKED), _late(hours(4.5)), presses(hours(5), "stay")),
    hears=("confirmation", "check_in", "recovery", "choice"),
    lasts=hours(5.5),
)
ASKED_AGAIN = Story(
    "late, and she stays: the promiser is asked again before the new date, says nothing, and it breaks once more",
    (
        made(due=hours(6), **_ASKED),
        trouble(minutes(5), decide=hours(5), new=hours(12)),
        presses(minutes(20), "stay"),
        kept(hours(14)),
    ),
    hears=("confirmation", "recovery", "choice", "check_in", "doubt", "check_in", "overdue", "closing"),
    lasts=hours(14.5),
)
NOBODY_AT_THE_DESK = Story(
    "the promiser does not answer: the customer hears of the doubt, then of the broken promise, and it is kept late",
    (made(due=hours(6), **_ASKED), kept(hours(7))),
    hears=("confirmation", "check_in", "doubt", "check_in", "overdue", "closing"),
    lasts=hours(7.5),
)
ON_TRACK = Story(
    "the promiser says that all is well, with a word for the customer, and keeps it",
    (made(due=hours(6), **_ASKED), on_track(hours(4.5), "the van has left the yard"), kept(hours(5.5))),
    hears=("confirmation", "check_in", "update", "closing"),
    lasts=hours(5.8),
)
NO_SUCH_PROMISER = Story(
    "the promiser's address bounces, so that nobody can be asked: the customer hears of the doubt all the same",
    (made(due=hours(6), **_ASKED), kept(hours(5.5))),
    hears=("confirmation", "check_in", "doubt", "closing"),
    lasts=hours(5.8),
    bounces=("marta@shop.example",),
    late_by=REPORTED,
)
HELD_AT_THE_DESK = Story(
    "the promiser's mail is held up past the warning time: the customer hears of the doubt before they are asked",
    (
        made(due=hours(6), **_ASKED | {"warn_before": "PT1H55M"}),
        Step(minutes(248), lambda world: world.base.email.always_answer(str(MARTA["email"]), Outcome.ACCEPTED)),
        kept(hours(5.5)),
    ),
    hears=("confirmation", "doubt", "check_in", "closing"),
    lasts=hours(5.8),
    holds=("marta@shop.example",),
    late_by=minutes(12),
)
NOT_KEPT_AT_ALL = Story(
    "said to be kept, and it was not: she says so, hears that we are sorry, then why, and stays",
    (
        made(due=hours(6), **_ASKED),
        kept(hours(1)),
        _says_no(hours(2)),
        _late(hours(3.5)),
        presses(hours(4.5), "stay"),
        kept(hours(5.6)),
    ),
    hears=("confirmation", "closing", "apology", "check_in", "recovery", "choice", "closing"),
    lasts=hours(5.8),
    policy=_TAKEN_UP_AGAIN,
)
NOBODY_SAYS_WHY = Story(
    "said to be kept, and it was not: nobody says why, so that a person must call, and does",
    (
        made(due=hours(6), **_ASKED),
        kept(hours(1)),
        _says_no(hours(2)),
        tells(hours(5), "call.made", outcome="reached", note="lo espera mañana"),
        kept(hours(5.6)),
    ),
    hears=("confirmation", "closing", "apology", "check_in", "closing"),
    lasts=hours(5.8),
    policy=_TAKEN_UP_AGAIN,
)
STORIES = (
    LATE_DELIVERY,
    ASKED_AGAIN,
    NOBODY_AT_THE_DESK,
    ON_TRACK,
    NO_SUCH_PROMISER,
    HELD_AT_THE_DESK,
    NOT_KEPT_AT_ALL,
    NOBODY_SAYS_WHY,
)
