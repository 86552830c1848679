"""Claims to be said: each of their notices and pages in every voice, changed where a test asks."""

from datetime import timedelta
from typing import Any

from chalicelib.messages.page_views import ClaimPageView, PageView, TimelineLine
from chalicelib.messages.views import ClaimView, NoticeView, Wording
from tests.unit.notices import NOW, Voice, notice, page

ANSWERS = (
    *(Wording.CLAIM_RATIFIED, Wording.CLAIM_RIGHT, Wording.CLAIM_REVIEW),
    *(Wording.CLAIM_MISTAKEN, Wording.CLAIM_MISTAKEN_HONOURED),
)
LATE = (Wording.CLAIM_REVIEW_LATE, Wording.CLAIM_LATE)
CLOSED = (Wording.CLAIM_CLOSED, Wording.CLAIM_CLOSED_LATE)
OVER = (*CLOSED, Wording.CLAIM_DROPPED)
UPDATES = (Wording.UPDATE_NEWS, Wording.UPDATE_NO_NEWS)
CLAIMS = (*ANSWERS, *LATE, *OVER)
DUE = NOW + timedelta(days=10, hours=3)


def claimed(wording: Wording, voice: Voice, **changed: Any) -> NoticeView:
    """A notice about a claim; the next word comes with its answer or its correction."""
    last = wording in {Wording.CLAIM_MISTAKEN, *OVER}
    parts: dict[str, Any] = {"next_contact_at": None if last else DUE, "claim": ClaimView("ratified")}
    if last:
        parts |= {"note": voice.note}
    if wording in LATE:
        parts |= {"due_at": NOW - timedelta(days=3), "next_contact_at": NOW + timedelta(days=1)}
    return notice(wording, voice, **parts | changed)


def claim_on_page(voice: Voice, answer: str, finding: str | None = None, **changed: Any) -> PageView:
    """The page of a promise that began as a claim; `answer` is how the claim stands."""
    over = answer == "declined"
    answered = "ClaimRatified" if answer == "ratified" else "ClaimReviewOpened"
    timeline = (
        TimelineLine("ClaimRaised", NOW - timedelta(days=2), {}, voice.what),
        TimelineLine(answered, NOW - timedelta(days=2)),
        *((TimelineLine("ClaimSettled", NOW, {"finding": finding}, voice.note),) if finding else ()),
    )
    parts: dict[str, Any] = {
        "claim": ClaimView(answer, finding),
        "status": "kept" if over else "open",
        "may_answer": over,
        "due_at": DUE,
        "next_contact_at": None if over else DUE,
        "timeline": timeline,
        "claim_link": "k?t=abc.def",
    }
    return page(voice, **parts | changed)


def claim_form(voice: Voice, **changed: Any) -> ClaimPageView:
    """The form for what else was promised, in a voice."""
    parts: dict[str, Any] = {
        "locale": voice.tag,
        "brand": page(voice).brand,
        "about": voice.what,
        "form_nonce": "nonce-1",
    }
    return ClaimPageView(**parts | changed)
