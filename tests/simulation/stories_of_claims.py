"""Stories of claims, and of what nobody put a date to: a standard, or the customer's own words, make the promise."""

from datetime import timedelta

from tests.simulation.people import ANA, CARLA, GEMMA, INES
from tests.simulation.story import START, Step, Story, hours, kept, made, minutes, presses, raised, settled, tells

_DAYS = timedelta(days=1)
_GIFT = {"kind": "gift", "text": "um vale de oferta"}


def _answers(after: timedelta, said: str, ref: str) -> Step:
    return Step(after, lambda world: world.visitors.press(ref, "answer", kept=said, expected="una llamada antes"))


def _heard(after: timedelta) -> Step:
    """Those who write the standards read what customers had expected."""
    return Step(after, lambda world: world.visitors.read("/v1/expectations", {}, {}, in_browser=False))


def _looked_up(after: timedelta) -> Step:
    """The promiser's history is read, and with it what they keep promising."""
    path = {"ref": ANA["ref"]}
    return Step(after, lambda world: world.visitors.read("/v1/promisers/{ref}", path, {}, in_browser=False))


VAT_INCLUDED = Story(
    "VAT included: believed at once, corrected in time, and a week later the seller confirms it",
    (
        raised(minutes(0), GEMMA),
        kept(_DAYS + hours(3), "la factura está corregida", ref="claim-1"),
        _answers(_DAYS + hours(4), "yes", "claim-1"),
        _heard(_DAYS + hours(5)),
        settled(8 * _DAYS, "promised"),
        _looked_up(8 * _DAYS + minutes(30)),
    ),
    hears=("confirmation", "update", "closing"),
    lasts=8 * _DAYS + hours(1),
)
NOT_CORRECTED = Story(
    "a claim is not corrected in time: who corrects it is told ahead, the customer that it is late, and when it is",
    (raised(minutes(0), GEMMA), kept(2 * _DAYS + hours(2), ref="claim-1")),
    hears=("confirmation", "update", "overdue", "closing"),
    lasts=2 * _DAYS + hours(3),
)
MISTAKEN_CLAIM = Story(
    "a mistaken claim: told kindly and honoured; the next one is looked into first, and favours the customer",
    (
        raised(minutes(0), CARLA),
        settled(hours(4), "not_promised"),
        raised(hours(6), CARLA, ref="claim-2"),
        kept(hours(20), ref="claim-1"),
        settled(_DAYS, "unclear", ref="claim-2"),
        kept(_DAYS + hours(3), ref="claim-2"),
    ),
    hears=("confirmation", "finding", "confirmation", "closing", "finding", "closing"),
    lasts=_DAYS + hours(4),
)
REVERSED = Story(
    "a review that finds nothing ends kindly; a finding that is reversed opens it again; and she says no at the end",
    (
        raised(minutes(0), CARLA),
        settled(hours(1), "not_promised"),
        raised(hours(2), CARLA, ref="claim-2"),
        settled(hours(4), "not_promised", ref="claim-2"),
        settled(hours(6), "promised", ref="claim-2"),
        kept(hours(8), ref="claim-2"),
        _answers(hours(9), "no", "claim-2"),
    ),
    hears=("confirmation", "finding", "confirmation", "closing", "finding", "closing"),
    lasts=hours(10),
)
BELIEVED_ALL_ALONG = Story(
    "a claim that is believed, then not found, and then found after all: each is told, and the correction is closed",
    (
        raised(minutes(0), GEMMA),
        settled(hours(1), "not_promised"),
        settled(hours(3), "promised"),
        kept(hours(5), ref="claim-1"),
    ),
    hears=("confirmation", "finding", "finding", "closing"),
    lasts=hours(6),
)
CLAIMED_BY_FORM = Story(
    "a customer tells us on a page what else was promised to them, and is believed",
    (
        made(due=hours(9), at=(minutes(5),)),
        Step(minutes(10), lambda world: world.visitors.claim("order-1", "El envío era gratis", GEMMA)),
        kept(minutes(80)),
    ),
    hears=("confirmation", "update", "confirmation", "closing"),
    lasts=minutes(85),
)
AS_SOON_AS_I_KNOW = Story(
    "I will tell you as soon as I know: a word without a date gets its rhythm from a standard",
    (
        tells(
            minutes(0),
            "promise.made",
            # Neither what is promised nor in which language: the standard says the one, the house the other.
            standard="as_soon_as_known",
            promised_by=ANA,
            customer={name: known for name, known in CARLA.items() if name != "locale"},
        ),
        kept(7 * _DAYS, "a peça chega na sexta"),
    ),
    hears=("confirmation", "update", "update", "closing"),
    lasts=7 * _DAYS + hours(1),
)
WHAT_EVERYBODY_EXPECTS = Story(
    "what everybody expects: nobody promised it, a standard does; missed, it is treated like a broken promise",
    (
        tells(
            minutes(0),
            "promise.made",
            standard="answer_within_a_working_day",
            what="Respondemos ao seu pedido",
            customer=INES,
        ),
        tells(
            _DAYS + hours(2),
            "promise.broken",
            case="other",
            reason="a resposta ficou por enviar",
            done_so_far="já a escrevemos",
            solution="segue amanhã",
            new_due_at=(START + 3 * _DAYS).isoformat(),
            decide_by=(START + 2 * _DAYS).isoformat(),
            offer=_GIFT,
        ),
        presses(_DAYS + hours(3), "stay"),
    ),
    hears=("confirmation", "overdue", "recovery", "choice"),
    lasts=_DAYS + hours(4),
)
# The story begins on a Tuesday: two days later is a Thursday.
IN_A_COUPLE_OF_DAYS = Story(
    "in a couple of days: two working days from a Thursday end on a Monday",
    (
        tells(
            2 * _DAYS,
            "promise.made",
            kind="commitment",
            what="Contestamos a tu reclamación",
            due_in="P2B",
            customer=GEMMA,
        ),
        kept(6 * _DAYS - hours(1)),
    ),
    hears=("confirmation", "closing"),
    lasts=6 * _DAYS,
)
STORIES = (
    *(VAT_INCLUDED, NOT_CORRECTED, MISTAKEN_CLAIM, REVERSED, BELIEVED_ALL_ALONG, CLAIMED_BY_FORM),
    *(AS_SOON_AS_I_KNOW, WHAT_EVERYBODY_EXPECTS, IN_A_COUPLE_OF_DAYS),
)
