"""The places in the source that call a port: the faults must reach each of them."""

from tests.simulation import sites
from tests.simulation.faults import Kind, Planned
from tests.simulation.run import tell
from tests.simulation.sites import Hit
from tests.simulation.stories import STORIES


def test_a_crash_at_every_place_hits_only_places_that_the_source_shows() -> None:
    hits: set[Hit] = set()
    for story in STORIES:
        ran = tell(story)
        for tick in ran.world.tap.seen.values():
            if tick <= len(ran.calls):
                hits |= tell(story, Planned((tick, Kind.CRASH_AFTER))).world.tap.sites
    assert hits
    assert sites.unknown(hits) == []
    # The others lie on roads of repair: it takes a first fault to get there, and a second one to strike.
    assert {site.file.removeprefix("usecases/") for site in sites.missed(hits)} <= {
        *("change_customer.py", "count_facts.py", "redeem.py", "rescue.py", "ring.py", "say.py", "take_event.py"),
        *("take_receipts.py", "mend.py"),
    }
