"""What others wrote fits into our sentences, and cannot break them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.messages.given import clean, sentence, shorten, title, typed
from chalicelib.messages.names import first_name


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Gemma", "Gemma"),
        ("Gemma Puig Serra", "Gemma"),
        ("María José Ruiz", "María José"),
        ("João Pedro", "João Pedro"),
        ("Ana Souza", "Ana"),
        ("Sra. Inês Vaz", "Inês"),
        ("Dr. Luis Miguel Soto", "Luis Miguel"),
        ("D.ª Carmen Gil", "Carmen"),
        ("Don", "Don"),
        ("  ", ""),
        (None, ""),
        ("Ana\r\nBcc: x@example.com", "Ana"),
    ],
)
def test_people_are_greeted_by_their_given_name(name: str | None, greeted: str) -> None:
    assert first_name(name) == greeted


@pytest.mark.parametrize(
    ("what", "quoted"),
    [
        ("We will call you on Friday.", "We will call you on Friday"),
        ("“Your order arrives”", "Your order arrives"),
        ("«Tu pedido llega».", "Tu pedido llega"),
        ("Your order\n1234   arrives", "Your order 1234 arrives"),
        ("¿Llega hoy?", "¿Llega hoy?"),
        ("The “new” one", "The “new” one"),
    ],
)
def test_a_title_is_ready_to_be_quoted(what: str, quoted: str) -> None:
    assert title(what) == quoted


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("it left", "It left."),
        ("It left!", "It left!"),
        ("iPhone repaired", "iPhone repaired."),
        ("one\n\ntwo.", "One. Two."),
        ("", ""),
        (None, ""),
    ],
)
def test_a_note_becomes_full_sentences(note: str | None, said: str) -> None:
    assert sentence(note) == said


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\x00", "\x1b", "\u2028", "\ufeff", "\ud800"])
def test_characters_that_could_turn_or_break_a_line_are_taken_out(hidden: str) -> None:
    assert clean(f"a{hidden}b") == "a b"


@given(st.text(max_size=80), st.integers(min_value=1, max_value=60))
def test_a_shortened_text_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_a_text_is_shortened_between_words() -> None:
    assert shorten("The parcel left our warehouse", 20) == "The parcel left our…"
    assert shorten("The parcel left our warehouse", 19) == "The parcel left…"
    assert shorten("Donaudampfschiff", 8) == "Donauda…"


def test_what_was_typed_stays_as_it_was_typed() -> None:
    assert typed(" one.\r\n\n  two\tthree \u202e\n") == "one.\n\n  two three"
    assert typed(None) == ""
