"""What to say on the phone about a claim, and to somebody who answered that we did not keep our word."""

import re

import pytest

from chalicelib.messages import texts
from chalicelib.messages.texts import call_script
from chalicelib.messages.views import CallView, ClaimView
from chalicelib.usecases.publish import publish
from tests.http import Http
from tests.unit.claims_said import DUE
from tests.unit.notices import EVERY_VOICE, MADRID, NOW, Voice, page
from tests.unit.test_claim_page_http import kept, link_in, shown
from tests.unit.test_messages_claims import UNKIND
from tests.unit.test_messages_mail import PROMISING
from tests.unit.test_pages_http import nonce_in
from tests.world import World

SORRY = r"I am sorry|[Ll]o siento|Siento|Sinto muito|sinto muito|[Pp]eço desculpa"


def script(voice: Voice, word: str, claim: ClaimView | None = None, *, attempt: bool = False, no: bool = False) -> str:
    view = CallView(word, attempt, voice.tag, MADRID, page(voice).brand, NOW, voice.what, DUE, None, claim, no)
    return call_script(view)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_each_answer_to_a_claim_has_its_own_words(voice: Voice) -> None:
    answers = (
        ("confirmation", ClaimView("ratified")),
        ("confirmation", ClaimView("in_review")),
        ("closing", ClaimView("declined", "not_promised")),
        ("finding", ClaimView("ratified", "not_promised")),
    )
    said = [script(voice, word, claim).splitlines() for word, claim in answers]
    assert len({lines[1] for lines in said}) == len(answers)
    for lines in said:
        assert len(lines) == 3
        assert voice.what in lines[0]
        assert not re.search(r"None|call\.claim|\{|§", " ".join(lines))
    for lines in said[2:]:
        assert not re.search(UNKIND[voice.tag[:2]], lines[1], re.IGNORECASE), lines[1]
    assert script(voice, "finding", ClaimView("ratified", "promised")).splitlines() == said[0]


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_other_words_of_a_claim_are_those_of_any_promise(voice: Voice) -> None:
    for word in ("update", "closing"):
        assert script(voice, word, ClaimView("ratified")) == script(voice, word)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("status", ["ratified", "in_review"])
def test_what_is_late_about_a_claim_is_owned_without_a_word_of_cancelling(status: str, voice: Voice) -> None:
    said = script(voice, "overdue", ClaimView(status)).splitlines()[1:]
    assert len(said) == (3 if status == "in_review" else 2), "a review goes on: there are news, and a next word"
    assert re.search(SORRY, said[0])
    assert not re.search(r"cancel|anular|promise|promet", " ".join(said), re.IGNORECASE), said


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("attempt", [False, True])
def test_who_answered_no_is_not_told_that_a_message_did_not_arrive(attempt: bool, voice: Voice) -> None:
    said = script(voice, "closing", attempt=attempt, no=True)
    assert re.search(SORRY, said)
    assert "?" in said
    assert said.splitlines()[1] not in script(voice, "closing", attempt=attempt)
    if attempt:
        assert not re.search(PROMISING[voice.tag[:2]], said, re.IGNORECASE)


def test_a_no_on_the_page_reaches_the_operators_with_what_to_say() -> None:
    http = Http(World(texts=texts))  # type: ignore[arg-type]
    kept(http)
    path = link_in(http, "&choose=no")
    http.press(path, action="answer", kept="no", nonce=nonce_in(shown(http, path)))
    publish(sorted(http.world.store.noted), http.world)
    assert "¿Qué nos faltó y qué podemos hacer ahora por ti?" in str(http.world.operators.told)
