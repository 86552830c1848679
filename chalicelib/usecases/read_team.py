"""Read a team: its record over all time and month by month, which is that of those who are in it now, and what they
keep promising."""

from collections import Counter
from typing import Any

from chalicelib.domain.figures import Figures
from chalicelib.domain.ledgers import Book, Row
from chalicelib.usecases.read_promiser import months_until, recurring
from chalicelib.usecases.services import Services


def read_team(team: str, services: Services) -> dict[str, Any] | None:
    """Return a team's members and ledger; None for a team that nobody is in.

    Who is in it stands in the profiles: those who were ever said to be are looked up, and those who have left are
    passed over. Only its members' rows are read. Raises StoreUnavailable.
    """
    profiles = services.store.promisers(services.store.ever_in(team))
    members = sorted((each for each in profiles.values() if each.team == team), key=lambda each: each.ref)
    if not members:
        return None
    today = services.system.now().astimezone(services.rules.brand.time_zone).date()
    rows = [Row(Book.PROMISER, month, each.ref) for month in months_until(today) for each in members]
    found = services.ledgers.at(services.ledgers.generations().reading, rows)
    by_month: dict[str, Counter[str]] = {}
    by_member: dict[str, Counter[str]] = {}
    for row, numbers in found.items():
        by_month.setdefault(row.period, Counter()).update(numbers)
        by_member.setdefault(row.group, Counter()).update(numbers)
    total = sum(by_month.values(), Counter[str]())
    return {
        "team": team,
        "members": [{"ref": each.ref, "name": each.name} for each in members],
        "ledger": Figures(total).to_json(),
        "recurring": recurring(by_member, services),
        "months": [{"month": month, "ledger": Figures(by_month[month]).to_json()} for month in sorted(by_month)],
    }
