"""A whole review in a real browser: asked for, answered by keyboard, a screenshot, a finding put right and closed."""

from __future__ import annotations

import pytest

from rostrum.core.evidence import path_of
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewEvidence
from tests.browser.conftest import Opener
from tests.browser.looking import follow, look, said, send
from tests.cast import Cast, official
from tests.core.test_pictures import png

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_review_with_a_finding_and_a_screenshot_is_made_put_right_and_closed(
    live_cast: Cast, open_as: Opener, scripts: bool
) -> None:
    cast, faults = live_cast, list[str]()
    see = (lambda page, name: look(page, "reviews", name)) if scripts else lambda page, name: []
    account = official(cast)
    keeper = open_as(cast.communications, scripts=scripts)
    keeper.goto(f"/staff/accounts/{account.public_id}/review-it/")
    faults += see(keeper, "ask")
    keeper.locator("[name=reason]").fill("A parent asked about a picture.")
    keeper.locator("[name=reviewer]").fill(cast.communications.email)
    with keeper.expect_navigation():
        keeper.locator("main form button.btn-primary").click()
    review = Review.objects.get()
    assert review.reviewer == cast.communications

    keeper.goto(f"/staff/reviews/{review.ref}/")
    faults += see(keeper, "planned")
    send(keeper, "Start") if keeper.get_by_role("button", name="Start", exact=True).count() else follow(keeper, "Start")
    if "/check/" not in keeper.url:
        send(keeper, "Start")
    keeper.goto(f"/staff/reviews/{review.ref}/check/")
    faults += see(keeper, "questions")
    questions = keeper.locator("[data-question]")
    keys = [(one.get_attribute("id") or "").removeprefix("question-") for one in questions.all()]
    if scripts:  # one key answers, one goes on
        keeper.keyboard.press("j")
        for _one in keys:
            keeper.keyboard.press("1")
            keeper.keyboard.press("j")
    for key in keys:
        box = keeper.locator(f'[name="answer-{key}"][value="in_order"]')
        assert box.is_checked() is scripts
        if key != keys[-1]:
            box.check()
    keeper.locator('[name="answer-avatar"][value="not_in_order"]').check()
    keeper.locator('[name="found-avatar"]').fill("The banner shows a class from close by.")
    keeper.locator("#question-avatar details summary").click()
    keeper.locator("#picture-avatar").set_input_files(
        {"name": "class 4.png", "mimeType": "image/png", "buffer": png(width=3)}
    )
    keeper.locator("#caption-avatar").fill("The banner today.")
    with keeper.expect_navigation():
        keeper.locator("#question-avatar button", has_text="Attach it").click()
    kept = ReviewEvidence.objects.get()
    assert path_of(kept.sha256, kept.kind).is_file()
    faults += see(keeper, "picture")
    if not scripts:  # without scripts the last question was left open: the page names it on top
        keeper.locator('button[name=_go][value=end]').click()
        assert "There is 1 problem" in said(keeper)
        keeper.locator(f'[name="answer-{keys[-1]}"][value="in_order"]').check()
    with keeper.expect_navigation():
        keeper.locator('button[name=_go][value=end]').click()
    assert "One finding" in said(keeper)
    faults += see(keeper, "end")
    send(keeper, "End the review")
    it = ReviewFinding.objects.get()
    assert (it.question, it.severity, it.clause) == ("avatar", "minor", "1.2")
    faults += see(keeper, "done")

    manager = open_as(cast.teacher, phone=True, scripts=scripts)
    manager.goto("/staff/")
    faults += see(manager, "today")
    manager.goto(f"/staff/reviews/findings/{it.ref}/")
    faults += see(manager, "finding")
    follow(manager, "It is put right")
    faults += see(manager, "fix")
    manager.locator("[name=reason]").fill("The crest of the school is there now.")
    send(manager, "It is put right")
    assert "The reviewer has been told" in said(manager)

    keeper.goto(f"/staff/reviews/findings/{it.ref}/")
    assert "The crest of the school is there now." in said(keeper)
    follow(keeper, "Confirm that it is put right")
    faults += see(keeper, "settle")
    send(keeper, "Confirm that it is put right")
    it.refresh_from_db()
    assert it.state == "settled"
    keeper.goto(f"/staff/reviews/{review.ref}/")
    assert "Findings settled" in said(keeper)
    faults += see(keeper, "record")
    assert faults == [], "\n".join(faults)
