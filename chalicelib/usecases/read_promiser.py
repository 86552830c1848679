"""Read a promiser: what they promised, their record over all time and month by month, and what they keep promising."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.figures import Figures
from chalicelib.domain.ledgers import Book, Row
from chalicelib.domain.listings import Party
from chalicelib.usecases.list_promises import Asked, list_promises
from chalicelib.usecases.services import Services
from chalicelib.usecases.suppressions import channels

# Nothing was counted before Kept was; a ledger of ten years is 120 rows of well under 1 kB, two reads.
FIRST_YEAR = 2026


def read_promiser(ref: str, asked: Asked, services: Services) -> dict[str, Any] | None:
    """Return a promiser's profile, ledger and a page of their promises and the claims on them; None when unknown.

    Raises StoreUnavailable.
    """
    profile = services.store.promisers([ref]).get(ref)
    now = services.system.now()
    today = now.astimezone(services.rules.brand.time_zone).date()
    reading = services.ledgers.generations().reading
    found = services.ledgers.at(reading, [Row(Book.PROMISER, month, ref) for month in months_until(today)])
    if profile is None and not found:
        return None
    total: Counter[str] = Counter()
    for numbers in found.values():
        total.update(numbers)
    return {
        "promiser": {
            "ref": ref,
            "name": profile.name if profile else None,
            "team": profile.team if profile else None,
        },
        "channels": channels(profile, now),
        **list_promises(Party.PROMISER, ref, asked, services),
        "ledger": Figures(total).to_json(),
        "recurring": recurring({ref: total}, services),
        "months": [
            {"month": row.period, "ledger": Figures(found[row]).to_json()} for row in sorted(found) if found[row]
        ],
    }


def recurring(confirmed: Mapping[str, Counter[str]], services: Services) -> list[dict[str, Any]]:
    """Return what was confirmed to have been promised, and how often, by all of these promisers' numbers together.

    With each comes a wording of it: None once the promise that has it is erased, or removed by retention.
    """
    latest: dict[str, str] = {}
    for ref, numbers in confirmed.items():
        if subjects := [each["subject"] for each in Figures(numbers).confirmed()]:
            latest |= services.store.confirmed(ref, subjects)
    promises = services.store.load(list(set(latest.values()))) if latest else {}
    said = {subject: promises[id_].what or None for subject, id_ in latest.items() if id_ in promises}
    total = sum(confirmed.values(), Counter[str]())
    return [each | {"what": said.get(each["subject"])} for each in Figures(total).confirmed()]


def months_until(until: date) -> list[str]:
    """Return every month for which there may be rows."""
    every = [f"{year}-{month:02d}" for year in range(FIRST_YEAR, until.year + 1) for month in range(1, 13)]
    return [month for month in every if month <= f"{until:%Y-%m}"]
