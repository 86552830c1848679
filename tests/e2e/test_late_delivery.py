"""Late delivery, told first: "it arrives in two weeks"; five days before, the carrier says it will not.

The customer reads it from us before the due time, with a new date, free shipping and the choice. Told in English.
"""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, expect

from tests.e2e.outside import Outside, moment
from tests.e2e.promises import promise
from tests.e2e.troubles import DAY, link, trouble


def test_the_customer_reads_it_from_us_before_the_due_time(outside: Outside, browser: Browser) -> None:
    told = promise("Your sofa arrives", locale="en-US", name="Gemma", due=5 * DAY)
    outside.tell("promise.made", told.data)
    outside.hears(told.email)
    said = trouble(
        told,
        case="delay",
        reason="The carrier lost a day at customs",
        done_so_far="We have booked the next truck",
        solution="It comes with the truck on the new date",
        offer={"kind": "free shipping", "text": "your shipping is free"},
        new_due=8 * DAY,
    )
    answer = outside.tell("promise.at_risk", said)
    assert answer["status"] == "at_risk"

    recovery = outside.hears(told.email, 2)
    assert moment(recovery["received_at"]) < moment(told.data["due_at"])
    assert "late" in recovery["subject"].lower()
    assert "shipping is free" in recovery["text"]

    page = browser.new_context(locale="en-US", java_script_enabled=False).new_page()
    page.goto(link(recovery, "stay"))
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_text("shipping is free").first).to_be_visible()
    renewed = outside.read(told.ref)["promise"]
    assert renewed["status"] == "open"
    assert moment(renewed["due_at"]) == moment(said["new_due_at"])


def test_the_promiser_is_asked_and_their_answer_tells_the_customer(outside: Outside, browser: Browser) -> None:
    told = promise("Your desk arrives", locale="en-GB", name="Gemma", due=timedelta(minutes=10))
    mailbox = f"promiser+{told.ref}@example.com"
    told.data["promised_by"] |= {"ref": f"agent-{told.ref}", "email": mailbox}
    told.data.update(check_in_before="PT9M54S", warn_before="PT1M")
    outside.tell("promise.made", told.data)
    check_in = outside.hears(mailbox)
    assert outside.hears(told.email)["subject"]

    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(next(each for each in check_in["links"] if "answer=late" in each))
    page.locator("[name=reason]").fill("The lorry broke down")
    page.locator("[name=done_so_far]").fill("We hired another one")
    page.locator("[name=solution]").fill("It arrives on the new date")
    page.locator("[name=offer_text]").fill("assembly is on us")
    late = datetime.now(UTC) + 3 * DAY
    page.locator("[name=new_due_at]").fill(late.strftime("%Y-%m-%dT%H:%M"))
    page.locator("button[name=answer][value=late], form:has([name=reason]) button[type=submit]").first.click()

    outside.has_fact(told.ref, "CheckInAnswered")
    recovery = outside.hears(told.email, 2)
    assert "lorry broke down" in recovery["text"]
    assert "ssembly is on us" in recovery["text"]
