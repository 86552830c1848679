"""A share of the forgeries: one bit flipped, cut short, borrowed or old. None is accepted, and none is a 5xx."""

from tests.simulation import flips


def test_no_webhook_with_a_bit_flipped_is_accepted() -> None:
    tried = flips.webhooks((0, 20_000))
    assert tried.accepted == []
    assert tried.tried == 20_000


def test_no_receipt_with_a_bit_flipped_is_accepted() -> None:
    assert flips.receipts((0, 1_000)).accepted == []


def test_no_forged_link_is_accepted() -> None:
    tried = flips.links((0, 30))
    assert tried.accepted == []
    assert tried.tried > 10_000
