"""What becomes of a claim, in words: on the way, late, put right, right after all; none of them speaks of a promise."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.messages.texts import email, segments, sms
from chalicelib.messages.views import ClaimView, NewsLine, Wording
from tests.unit.claims_said import CLOSED, DUE, UPDATES, claimed
from tests.unit.notices import EVERY_VOICE, LINK, NOW, Voice, troubled
from tests.unit.test_messages_claims import BY_DUE, paragraphs
from tests.unit.test_messages_sms import LINK_OF_90


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("status", ["ratified", "in_review"])
@pytest.mark.parametrize("wording", UPDATES)
def test_an_update_says_what_we_are_doing_about_the_claim_and_that_nobody_promised(
    wording: Wording, status: str, voice: Voice
) -> None:
    view = claimed(wording, voice, claim=ClaimView(status), what="VAT", due_at=DUE, next_contact_at=DUE)
    text = email(view).text
    assert re.search(BY_DUE, text)
    assert not re.search(r"we promised|te lo prometimos|se lo prometimos|prometemos|o prazo que", text, re.IGNORECASE)
    stands = r"right to expect|Tienes? razón|(Tem|Tens|tem) razão"
    assert bool(re.search(stands, text)) is (status == "ratified")


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_late_correction_is_owned_and_offers_nothing_to_cancel(voice: Voice) -> None:
    view = claimed(Wording.CLAIM_LATE, voice, news=(NewsLine(NOW, voice.note),))
    text = email(view).text
    assert re.search(r"21 November|November 21|21 de noviembre|21 de novembro", text)
    assert re.search(r"sorry|lo sentimos|sentimos muito|pedimos desculpa", text)
    assert f"{voice.note}." in text
    assert not re.search(r"cancel|anular", text, re.IGNORECASE), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", CLOSED)
def test_a_closing_says_that_it_is_put_right_and_nothing_of_a_promise_kept(wording: Wording, voice: Voice) -> None:
    view = claimed(wording, voice, what="VAT", due_at=NOW - timedelta(days=3))
    said = [*paragraphs(view), sms(view)]
    assert re.search(r"put right|corregido|corrigido", said[0])
    assert f"{voice.note}." in said
    for text in said[:3]:
        assert not re.search(r"promise|promesa|promessa|promet", text, re.IGNORECASE), text
    late = bool(re.search(r"sorry|lo sentimos|sentimos muito|pedimos desculpa", " ".join(said), re.IGNORECASE))
    assert late is (wording is Wording.CLAIM_CLOSED_LATE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_was_right_after_all_is_told_what_had_been_said_before(voice: Voice) -> None:
    text = email(claimed(Wording.CLAIM_RIGHT, voice)).text
    assert re.search(r"did not find|no habíamos encontrado|não (tínhamos|havíamos) encontrado", text)
    assert re.search(BY_DUE, text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
@pytest.mark.parametrize("wording", [Wording.CLAIM_RIGHT, Wording.CLAIM_RATIFIED])
def test_what_is_done_or_late_is_not_promised_anew(wording: Wording, voice: Voice) -> None:
    done = claimed(wording, voice, next_contact_at=None)
    late = claimed(wording, voice, due_at=NOW - timedelta(days=1), next_contact_at=NOW + timedelta(days=1))
    for view in (done, late):
        for text in (email(view).text, sms(view)):
            assert not re.search(r"will be done|Estará corregido|Vai estar|Fica corrigido|4 Dec|4/12", text), text
    assert re.search(r"has been put right|Ya está corregido|Já está corrigido", email(done).text)
    assert re.search(r"we are late|con retraso|atrasados", email(late).text, re.IGNORECASE)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_is_believed_after_a_review_is_told_that_we_looked_and_that_we_were_late(voice: Voice) -> None:
    def said(review: str | None) -> str:
        return email(claimed(Wording.CLAIM_RATIFIED, voice, claim=ClaimView("ratified", review=review))).text

    looked = r"looked into it|Ya lo revisamos|Analis[aá]mos"
    slow = r"longer than we said|Tardamos más|Demor[aá]mos mais"
    assert not re.search(looked, said(None))
    assert re.search(looked, said("done"))
    assert not re.search(slow, said("done"))
    assert re.search(slow, said("late"))


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_who_is_told_late_that_it_was_not_found_is_told_that_we_were_late(voice: Voice) -> None:
    late, done = (
        claimed(Wording.CLAIM_MISTAKEN, voice, claim=ClaimView("declined", "not_promised", review=review))
        for review in ("late", "done")
    )
    slow = r"longer than we said, and we are sorry|Tardamos más .* lo sentimos|Demor[aá]mos mais .* (sentimos|desculpa)"
    assert re.search(slow, email(late).text)
    assert not re.search(slow, email(done).text)
    sorry = r"[Ss]orry|lo sentimos|Perdon|[Ss]entimos muito|[Pp]edimos desculpa|Desculp[ea]"
    assert re.search(sorry, sms(late)), sms(late)
    assert not re.search(sorry, sms(done)), sms(done)
    assert re.search(sorry, sms(replace(late, link=LINK.ljust(85, "x"))))
    for view in (late, replace(late, link=LINK_OF_90), replace(late, what="palabra " * 40, link=LINK_OF_90)):
        assert segments(sms(view)) == 1


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_review_that_began_anew_says_with_what(voice: Voice) -> None:
    text = email(claimed(Wording.CLAIM_REVIEW, voice, claim=ClaimView("in_review", again=True))).text
    assert re.search(r"what you sent us|lo que nos mand(aste|ó)|o que (você|nos) envi(ou|aste)", text)
    assert re.search(BY_DUE, text)


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_a_review_that_is_given_up_says_nothing_of_a_promise(voice: Voice) -> None:
    view = claimed(Wording.CLAIM_DROPPED, voice, what="VAT")
    for text in (email(view).subject, email(view).text, sms(view)):
        assert not re.search(r"promise|promesa|promessa|promet", text, re.IGNORECASE), text


@pytest.mark.parametrize("voice", EVERY_VOICE, ids=str)
def test_the_choice_of_a_recovery_speaks_of_the_claim_and_not_of_an_order(voice: Voice) -> None:
    text = email(troubled(Wording.RECOVERY_TERMS, voice, claim=ClaimView("ratified"), order="1234")).text
    assert re.search(r"Let it go|Prefiero dejarlo|Prefiro deixar assim", text)
    assert not re.search(r"Cancel my order|Cancelar mi pedido|Cancelar meu pedido|Cancelar a encomenda", text)
