"""A share of the forged links and forms, to the pages themselves; and every press that comes too late."""

import pytest

from tests.simulation import forged_links, outdated_forms


@pytest.mark.parametrize(("page", "ref"), [("/p", "at-risk"), ("/c", "broken"), ("/k", "chosen")])
def test_no_forged_link_shows_anything_and_no_forged_form_changes_anything(page: str, ref: str) -> None:
    tried = forged_links.links((page, ref))
    assert tried.accepted == []
    assert tried.unhandled == []
    assert tried.tried > 1_500


def test_no_press_that_comes_too_late_changes_anything() -> None:
    tried = outdated_forms.outdated()
    assert tried.accepted == []
    assert tried.unhandled == []
    assert tried.tried > 50
