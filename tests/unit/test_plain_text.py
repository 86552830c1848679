"""What people write into forms is kept as they wrote it, but for what no text of theirs holds on purpose."""

import pytest

from chalicelib.entrypoints.plain_text import plain_text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("uno\tdos\rtres\r\ncuatro\ncinco", "uno dos\ntres\ncuatro\ncinco"),
        (" \t a\x00b\x7fc\u202ed \r\n", "abcd"),
        ("\r\n\t", ""),
    ],
)
def test_words_stay_apart_and_control_characters_go(given: str, kept: str) -> None:
    assert plain_text(given) == kept
