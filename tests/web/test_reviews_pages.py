"""The pages of reviews: asked for, answered on one screen, pictures veiled, ended, put right, judged, drawn, compared."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.reviews import planning, reviewing
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewAnswer, ReviewEvidence, ReviewSample
from rostrum.reviews.reviewing import items_of
from tests.cast import Cast, official
from tests.core.test_pictures import exif, jpeg, png
from tests.reviews.made import answered, done, end, found, manages, pair, picture, planned, reviewer_of, started

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Person, name: str, *args: Any, status: int = 200) -> str:
    answer = as_(person).get(reverse(name, args=args))
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def sheet(review: Review, bad: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """What the form of the checklist sends: everything in order but the questions named."""
    typed: dict[str, Any] = {}
    for one in items_of(review).items.questions:
        wrong = one.key in bad
        typed |= {
            f"answer-{one.key}": "not_in_order" if wrong else "in_order", f"note-{one.key}": "",
            f"found-{one.key}": "The name says LPSD only." if wrong else "", f"fix-{one.key}": "Name the school.",
            f"severity-{one.key}": "minor" if wrong else "", f"clause-{one.key}": one.clause, f"due_on-{one.key}": "",
        }  # fmt: skip
    return {**typed, **more}


def test_a_review_from_the_account_to_the_closed_finding(cast: Cast) -> None:
    account = official(cast)
    ask = reverse("web:review_ask", args=[account.public_id])
    assert ask in page(cast.communications, "web:account", account.public_id)
    assert ask not in page(cast.principal, "web:account", account.public_id)
    said = (
        as_(cast.communications)
        .post(
            ask,
            {"reason": "A parent asked.", "due_on": "", "reviewer": cast.communications2.email, "_key": "1"},
            follow=True,
        )
        .content.decode()
    )
    assert "The review is planned" in said
    review = Review.objects.get()
    desk = page(cast.communications2, "web:today")
    assert reverse("web:review", args=[review.ref]) in desk
    assert "A parent asked." in desk
    start = reverse("web:review_move", args=[review.ref, "start"])
    assert start in page(cast.communications2, "web:review", review.ref)
    client = as_(cast.communications2)
    assert client.get(start).status_code == 200
    answer = client.post(start, {"seen": 1, "_key": "2"})
    check = reverse("web:review_check", args=[review.ref])
    assert answer["Location"] == check
    screen = client.get(check).content.decode()
    for beside in (account.name, account.mailbox, account.address, "Sofia Nguyen", "0 of 12 questions answered"):
        assert beside in screen
    answer = client.post(check, {**sheet(review, ("name",)), "_go": "end"})
    assert answer["Location"] == reverse("web:review_end", args=[review.ref])
    last = client.get(answer["Location"]).content.decode()
    assert "One finding" in last
    said = client.post(answer["Location"], {"summary": "Thank you.", "_key": "3"}, follow=True).content.decode()
    assert "The review is done." in said
    it = ReviewFinding.objects.get()
    assert "The name says LPSD only." in page(cast.teacher, "web:today")
    record = page(cast.teacher, "web:account", account.public_id)
    assert reverse("web:review_finding", args=[it.ref]) in record
    assert "With findings" in record
    fix = reverse("web:review_finding_move", args=[it.ref, "fix"])
    assert fix in page(cast.teacher, "web:review_finding", it.ref)
    said = as_(cast.teacher).post(fix, {"reason": "Renamed.", "seen": 1, "_key": "4"}, follow=True).content.decode()
    assert "The reviewer has been told" in said
    assert "Renamed." in page(cast.communications2, "web:today")
    settle = reverse("web:review_finding_move", args=[it.ref, "settle"])
    it.refresh_from_db()
    said = client.post(settle, {"reason": "", "seen": it.version, "_key": "5"}, follow=True).content.decode()
    assert "The finding is closed." in said
    assert "confirmed that" in page(cast.teacher, "web:account", account.public_id)


def test_the_answers_are_kept_quietly_as_they_are_given(cast: Cast) -> None:
    review = started(cast)
    check = reverse("web:review_check", args=[review.ref])
    client = as_(reviewer_of(review))
    answer = client.post(check, {"answer-name": "in_order"}, headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["saved"].startswith("Kept at")
    assert "1 of 12 questions answered" in answer.json()["help"]["progress"]
    assert ReviewAnswer.objects.get(review=review, question="name").answer == "in_order"
    answer = client.post(check, {"found-name": "password: Kite47!xx", "answer-avatar": "in_order"},
                         headers={"accept": "application/json"})  # fmt: skip
    assert "looks like a password" in answer.json()["saved"]
    assert ReviewAnswer.objects.get(review=review, question="avatar").answer == "in_order", "the rest is kept"
    assert "Kite47" not in str(list(ReviewAnswer.objects.values()))


def test_nothing_typed_is_lost_where_something_is_missing(cast: Cast) -> None:
    review = started(cast)
    check = reverse("web:review_check", args=[review.ref])
    client = as_(reviewer_of(review))
    typed = sheet(review, ("name",), **{"found-name": "", "answer-rest": "", "note-avatar": "A crest.", "_go": "end"})
    answer = client.post(check, typed, follow=True)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Say what you saw" in said
    assert "Answer this question" in said
    assert "A crest." in said
    assert Review.objects.get(pk=review.pk).state == "under_way"


def test_a_day_that_is_no_day_and_a_field_that_is_none(cast: Cast) -> None:
    review = started(cast)
    check = reverse("web:review_check", args=[review.ref])
    client = as_(reviewer_of(review))
    answer = client.post(check, {**sheet(review, ("name",)), "due_on-name": "soon"})
    assert answer.status_code == 422
    assert "Write the day as in" in answer.content.decode()
    assert client.post(check, {**sheet(review), "state": "done"}).status_code == 422
    assert client.post(check, {**sheet(review), "answer-name": "perhaps"}).status_code == 422


def test_a_picture_is_kept_cleaned_and_veiled(cast: Cast) -> None:
    review = started(cast)
    check = reverse("web:review_check", args=[review.ref])
    reviewer = reviewer_of(review)
    shot = SimpleUploadedFile("Emma Smith 4B.jpg", jpeg(exif(6)), "image/jpeg")
    typed = {**sheet(review), "picture-avatar": shot, "caption-avatar": "The banner", "_go": "picture-avatar"}
    answer = as_(reviewer).post(check, typed)
    assert answer["Location"].endswith("#question-avatar")
    it = ReviewEvidence.objects.get()
    assert "Emma" not in str(ReviewEvidence.objects.values().get())
    assert (it.kind, it.question, it.caption) == ("jpg", "avatar", "The banner")
    assert it.received != it.sha256, "where it was taken was left behind"
    screen = as_(reviewer).get(check).content.decode()
    assert it.sha256 in screen
    assert 'class="veil"' in screen
    seen = as_(reviewer).get(reverse("web:review_evidence", args=[it.pk]))
    data = seen.getvalue()
    assert b"53.2783" not in data
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen["Content-Security-Policy"]
    assert "no-store" in seen["Cache-Control"]
    assert seen["Content-Disposition"].startswith("inline")
    for other in (cast.teacher, cast.principal, cast.director, cast.privacy, cast.charlie, cast.sysadmin):
        assert as_(other).get(reverse("web:review_evidence", args=[it.pk])).status_code == 404, "not before it is done"
    reviewing.finish(review, by=reviewer)
    for other in (cast.teacher, cast.principal, cast.director):
        assert as_(other).get(reverse("web:review_evidence", args=[it.pk])).status_code == 200
    for other in (cast.charlie, cast.sysadmin):
        assert as_(other).get(reverse("web:review_evidence", args=[it.pk])).status_code == 404
    assert Client().get(reverse("web:review_evidence", args=[it.pk])).status_code == 302


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg onload=alert(1)>", "not a whole PNG"), (b"GIF89a", "not a whole PNG"), (png()[:-6], "not a whole PNG"),
        (b"%PDF-1.7\n%%EOF", "not a whole PNG"), (png() + b"\x00" * 60_000_000, "larger than 5 MB"), (b"", "not a whole PNG"),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_too_large_is_refused_and_the_answers_stay(cast: Cast, data: bytes, said: str) -> None:
    review = started(cast)
    check = reverse("web:review_check", args=[review.ref])
    upload = SimpleUploadedFile("shot.png", data, "image/png")
    typed = {**sheet(review), "note-name": "Looked twice.", "picture-name": upload, "_go": "picture-name"}
    answer = as_(reviewer_of(review)).post(check, typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Looked twice." in answer.content.decode()
    assert ReviewAnswer.objects.get(review=review, question="name").note == "Looked twice."
    assert not ReviewEvidence.objects.exists()


def test_a_picture_and_a_program_in_one_file_becomes_a_picture_only(cast: Cast) -> None:
    review = started(cast)
    both = png(end=b"<html><script>alert(1)</script></html>")
    typed = {**sheet(review), "picture-name": SimpleUploadedFile("p.html", both, "text/html"), "_go": "picture-name"}
    as_(reviewer_of(review)).post(reverse("web:review_check", args=[review.ref]), typed)
    it = ReviewEvidence.objects.get()
    seen = as_(reviewer_of(review)).get(reverse("web:review_evidence", args=[it.pk]))
    assert b"script" not in seen.getvalue()
    assert seen["Content-Type"] == "image/png"


def test_a_picture_is_taken_out_while_the_review_is_under_way(cast: Cast) -> None:
    review = answered(cast)
    it = picture(review)
    out = reverse("web:review_evidence_out", args=[it.pk])
    assert as_(cast.teacher).post(out).status_code == 404
    said = as_(reviewer_of(review)).post(out, follow=True).content.decode()
    assert "out of the review" in said
    assert as_(reviewer_of(review)).get(reverse("web:review_evidence", args=[it.pk])).status_code == 404
    other = picture(review, width=4)
    reviewing.finish(review, by=reviewer_of(review))
    assert as_(reviewer_of(review)).post(reverse("web:review_evidence_out", args=[other.pk])).status_code == 409


def test_who_may_see_inside_a_review(cast: Cast) -> None:
    review = answered(cast)
    other = cast.communications if review.reviewer == cast.communications2 else cast.communications2
    assert "Answers show once the review is done" in page(other, "web:review", review.ref)
    for who in (cast.teacher, cast.principal, cast.charlie, cast.sysadmin):
        page(who, "web:review", review.ref, status=404)
    reviewing.finish(review, by=reviewer_of(review))
    for who in (cast.teacher, cast.principal, cast.auditor, other):
        assert "Questions and answers" in page(who, "web:review", review.ref)
    for who in (cast.charlie, cast.sysadmin):
        page(who, "web:review", review.ref, status=404)


def test_two_reviewers_see_nothing_of_each_other_until_both_have_ended(cast: Cast) -> None:
    account = official(cast)
    first, second = pair(cast, account)
    end(first, ["name"])
    blind = reviewer_of(second)
    said = page(blind, "web:review", first.ref)
    assert "once both have ended" in said
    assert "Questions and answers" not in said
    it = ReviewFinding.objects.get()
    page(blind, "web:review_finding", it.ref, status=404)
    for name in ("web:review_findings", "web:today"):
        assert it.found not in page(blind, name)
    assert it.found not in page(blind, "web:account", account.public_id)
    page(blind, "web:review_pair", first.ref, status=404)
    assert it.found in page(cast.teacher, "web:today"), "the managers wait for nobody"
    end(second, ["avatar"])
    for who in (blind, reviewer_of(first), cast.director, cast.auditor):
        said = page(who, "web:review_pair", second.ref)
        assert "They differ" in said
        assert "They gave the same answer 10 times out of 12 (83%)." in said
        assert "Two reviewers" in page(who, "web:review_agreement")
    for who in (cast.teacher, cast.principal):
        page(who, "web:review_pair", first.ref, status=404)
        page(who, "web:review", second.ref, status=404)
    page(cast.privacy, "web:review_pair", second.ref, status=404)
    assert "for the two, the Director and the auditor" in page(cast.privacy, "web:review", second.ref)
    page(cast.principal, "web:review_agreement", status=403)


def test_a_reviewer_who_is_tied_is_told_why_and_what_to_do(cast: Cast) -> None:
    account = official(cast)
    review = started(cast, account, reviewer=cast.communications)
    manages(cast, account, cast.communications)
    client = as_(cast.communications)
    answer = client.get(reverse("web:review_check", args=[review.ref]))
    assert answer.status_code == 403
    assert "looks after this account" in answer.content.decode()
    assert "I should not do this one" in answer.content.decode()
    url = reverse("web:review_move", args=[review.ref, "decline"])
    said = client.post(url, {"reason": "It is mine now.", "_key": "1"}, follow=True).content.decode()
    assert "Somebody else does this review." in said


def test_the_page_for_naming_a_reviewer_says_who_is_free_and_why_others_are_not(cast: Cast) -> None:
    account = official(cast)
    manages(cast, account, cast.communications)
    review = planned(cast, account)
    said = page(cast.director, "web:review_assign", review.ref)
    assert "Tied to it, so not asked: Marc Laurent." in said
    url = reverse("web:review_assign", args=[review.ref])
    answer = as_(cast.director).post(url, {"reviewer": cast.communications.email, "reason": ""})
    assert answer.status_code == 422
    assert "Marc Laurent looks after this account" in answer.content.decode()
    answer = as_(cast.director).post(url, {"reviewer": "nobody@lpsd.ca", "reason": ""})
    assert "Nobody here has this work e-mail" in answer.content.decode()
    typed = f"{cast.auditor.name} <{cast.auditor.email}>"
    said = as_(cast.director).post(url, {"reviewer": typed, "reason": ""}, follow=True).content.decode()
    assert "Harpreet Singh has been asked." in said
    assert "without the role of Communications" in said


def test_a_sample_is_drawn_on_one_page_and_explains_itself(cast: Cast) -> None:
    for _n in range(4):
        official(cast)
    new = reverse("web:review_sample_new")
    said = page(cast.communications, "web:review_sample_new")
    assert "the procedure gives no number" in said
    assert "one manager: +1" in said
    answer = as_(cast.communications).post(new, {"starts_on": "2026-01-01", "ends_on": "2026-01-31", "wanted": "2"})
    assert answer.status_code == 422, "that month is over"
    today = planning.clock.today().isoformat()
    typed = {"starts_on": today, "ends_on": today, "wanted": "3", "note": "First one.", "_key": "1"}
    said = as_(cast.communications).post(new, typed, follow=True).content.decode()
    assert "3 accounts are drawn" in said
    assert "the same accounts come out" in said
    it = ReviewSample.objects.get()
    assert it.seed in said
    assert "never reviewed" in said
    assert Review.objects.filter(sample=it).count() == 3
    every = as_(cast.auditor).get(reverse("web:review_sample", args=[it.pk]) + "?all=1").content.decode()
    assert "not drawn" in every
    assert "Rendell Park School" in page(cast.director, "web:review_samples")
    page(cast.principal, "web:review_sample", it.pk, status=404)
    page(cast.principal, "web:review_samples", status=403)
    again = as_(cast.communications).post(new, {**typed, "_key": "2"})
    assert again.status_code == 409
    off = reverse("web:review_sample_off", args=[it.pk])
    said = as_(cast.communications).post(off, {"reason": "Too early.", "_key": "3"}, follow=True).content.decode()
    assert "The sample is called off." in said
    assert as_(cast.communications).get(off).status_code == 409


def test_the_lists_filter_and_are_taken_away(cast: Cast) -> None:
    it = found(cast)
    review = it.review
    planned(cast)
    lists = page(cast.communications, "web:reviews")
    assert "2 reviews" in lists
    assert (
        "One review" in as_(cast.communications).get(reverse("web:reviews") + "?state=done-findings").content.decode()
    )
    assert "One review" in as_(cast.communications).get(reverse("web:reviews") + f"?q={review.ref}").content.decode()
    assert "No review fits" in as_(cast.communications).get(reverse("web:reviews") + "?q=zebra").content.decode()
    assert "1 finding" in as_(cast.teacher).get(reverse("web:review_findings") + "?which=mine").content.decode()
    assert "No finding fits" in as_(cast.teacher).get(reverse("web:review_findings") + "?which=late").content.decode()
    assert "Nothing was found" in page(cast.charlie, "web:review_findings")
    table = as_(cast.communications).get("/staff/lists/reviews/table.csv").getvalue().decode()
    assert review.ref in table
    assert "With findings" in table
    table = as_(cast.teacher).get("/staff/lists/findings-of-reviews/table.csv").getvalue().decode()
    assert it.ref in table


def test_an_account_whose_manager_has_left_is_answered_for_by_the_principal(cast: Cast) -> None:
    it = found(cast)
    for one in (cast.teacher, cast.colleague):
        note_departure(one, by=cast.communications)
    said = page(cast.principal, "web:today")
    assert it.found in said
    assert "It is waiting for Ana Petrova." in page(cast.principal, "web:review_finding", it.ref)
    url = reverse("web:review_finding_move", args=[it.ref, "fix"])
    said = as_(cast.principal).post(url, {"reason": "The office did it.", "_key": "1"}, follow=True).content.decode()
    assert "The reviewer has been told" in said


def test_a_refused_act_shows_what_was_typed(cast: Cast) -> None:
    it = found(cast)
    url = reverse("web:review_finding_move", args=[it.ref, "fix"])
    answer = as_(cast.teacher).post(url, {"reason": "My long words", "seen": 7})
    assert answer.status_code == 409
    assert "My long words" in answer.content.decode()
    answer = as_(cast.teacher).post(url, {"reason": "password: Kite47!xx", "seen": 1})
    assert answer.status_code == 422
    assert "Kite47" not in answer.content.decode()
    assert as_(cast.teacher).get(reverse("web:review_finding_move", args=[it.ref, "open"])).status_code == 404


@pytest.mark.parametrize(("name", "most"), [("web:reviews", 30), ("web:review_findings", 30), ("web:review_samples", 30),
                                            ("web:today", 75), ("web:oversight", 60)])  # fmt: skip
def test_pages_cost_no_more_for_many(cast: Cast, name: str, most: int) -> None:
    for _n in range(2):
        found(cast)
        planned(cast)
    client = as_(cast.communications)
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(name))
    for _n in range(3):
        found(cast)
        planned(cast)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(name))
    assert len(many) <= len(few), [q["sql"][:120] for q in many][-5:]
    assert len(many) <= most


def test_the_checklist_costs_few_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    review = answered(cast)
    client = as_(reviewer_of(review))
    url = reverse("web:review_check", args=[review.ref])
    client.get(url)
    with django_assert_max_num_queries(60):
        client.get(url)


def test_a_review_that_is_done_can_be_looked_at_again_or_taken_to_the_standing(cast: Cast) -> None:
    review = done(cast, bad=["name"])
    said = page(cast.communications, "web:review", review.ref)
    again = reverse("web:review_again", args=[review.ref])
    assert again in said
    assert reverse("web:account_move", args=[review.account.public_id, "review"]) in said
    said = (
        as_(cast.communications)
        .post(again, {"reason": "After the fix.", "due_on": "", "reviewer": "", "_key": "1"}, follow=True)
        .content.decode()
    )
    assert "The review is planned" in said
    assert review.ref in said, "it says after which review"
    assert not ReviewSample.objects.exists()


def test_file_fields_that_a_browser_sends_empty_are_no_unknown_fields(cast: Cast) -> None:
    """A browser sends every file field of the page, those without a file as empty texts."""
    review = started(cast, reviewer=cast.communications)
    there, client = reverse("web:review_check", args=[review.ref]), as_(cast.communications)
    sent = {"picture-name": "", "caption-name": "", "answer-name": "in_order", "_go": "later"}
    assert client.post(there, sent).status_code == 302
    assert client.post(there, {**sent, "picture-nothing": ""}).status_code == 422


def test_what_is_missing_at_the_end_is_named_on_top_with_a_way_there(cast: Cast) -> None:
    review = answered(cast, reviewer=cast.communications)
    review.answers.filter(question="avatar").delete()
    end_of = reverse("web:review_end", args=[review.ref])
    shown = as_(cast.communications).get(end_of, follow=True).content.decode()
    assert "There is 1 problem" in shown
    assert 'href="#id_answer-avatar_0"' in shown
    assert "<title>Error:" in shown
