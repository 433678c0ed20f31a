"""Doing a review (AP 193 1.3 to 3.6): kept as it is answered, ended once, told to the right people, judged fairly."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import IntegrityError, transaction

from rostrum.audit.models import Event, EventPayload
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.notices.models import Notice
from rostrum.notices.render import letter
from rostrum.people.actions import note_departure
from rostrum.policies.actions import load_edition
from rostrum.policies.queries import in_force
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.reviews import drawing, planning, reviewing, settling
from rostrum.reviews.checklist import checklist
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewAnswer, ReviewEvidence
from rostrum.reviews.queries import finding, finding_moves, findings_of, judges_of, to_fix, to_judge
from rostrum.reviews.reviewing import Said, items_of
from tests.cast import Cast, official
from tests.registry.other_division import build_other_division
from tests.reviews.made import (
    BAD,
    answered,
    answers,
    chosen,
    contested,
    done,
    end,
    fixed,
    found,
    judge,
    manages,
    pair,
    picture,
    reviewer_of,
    started,
)

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=f"reviews.{kind}").values_list("person__name", flat=True))


def test_the_checklist_is_the_editions_and_every_question_has_its_clause(cast: Cast) -> None:
    items = checklist(in_force())
    assert not items.general
    assert items.items.minutes == 7
    assert {one.key: one.clause for one in items.items.questions} == {
        "name": "1.3", "profile": "1.2", "contact": "1.6", "notice": "3.2", "avatar": "1.2", "privacy": "1.8",
        "captions": "3.3", "location": "1.1", "comments": "3.4", "copyright": "1.8", "last_post": "1.7", "rest": "3.6",
    }  # fmt: skip
    assert [one.key for one in items.items.severities] == ["note", "minor", "serious", "urgent"]
    assert [items.grave(one.key) for one in items.items.severities] == [False, False, True, True]


def test_a_review_ends_in_order_and_the_account_stays_as_it_is(cast: Cast) -> None:
    account = official(cast)
    change_standing(account, "review", by=cast.communications, reason="A look.")
    review = done(cast, account)
    assert (review.state, review.outcome) == ("done", "in_order")
    assert Account.objects.get(pk=account.pk).state == "review", "only a person ends it"
    assert told("in_order") == {"Sofia Nguyen", "Owen Clarke", "Ana Petrova"}
    assert not ReviewFinding.objects.exists()


def test_what_is_not_in_order_becomes_findings_that_people_are_told_of_once(cast: Cast) -> None:
    review = end(
        answered(cast), ["name"], captions=Said("not_in_order", "", "A name.", "Take it down.", "urgent", "3.3")
    )
    assert review.outcome == "findings"
    first, second = review.findings.order_by("pk")
    assert (first.ref, second.ref) == (f"{review.ref}-1", f"{review.ref}-2")
    assert (first.citation, second.citation) == ("ap-193@2015-09#1.3", "ap-193@2015-09#3.3")
    assert told("found") == {"Sofia Nguyen", "Owen Clarke"}
    assert told("found_told") == {"Ana Petrova"}
    said = letter(Notice.objects.get(kind="reviews.found", person=cast.teacher))
    for part in (first.ref, "The name says LPSD only.", "Take it down.", "(Urgent)"):
        assert part in said.text
    assert "evidence" not in said.html


def test_a_picture_never_goes_by_mail(cast: Cast) -> None:
    review = answered(cast, bad=["avatar"])
    it = picture(review)
    reviewing.finish(review, by=reviewer_of(review))
    for notice in Notice.objects.filter(kind__startswith="reviews."):
        ready = letter(notice)
        assert it.sha256 not in ready.html + ready.text
        assert "<img" not in ready.html


def test_the_log_tells_no_answer_and_no_text_of_a_finding(cast: Cast) -> None:
    found(cast)
    payloads = str(list(EventPayload.objects.filter(event__act__startswith="review").values_list("payload", flat=True)))
    assert "LPSD only" not in payloads
    assert Event.objects.filter(act="reviewfinding:raise").count() == 1


def test_the_day_is_the_reviewers_else_the_divisions_else_none(cast: Cast) -> None:
    assert found(cast).due_on is None
    chosen("finding_days.minor", 10)
    assert found(cast).due_on == clock.today() + timedelta(days=10)
    day = clock.today() + timedelta(days=3)
    review = end(answered(cast), name=Said("not_in_order", "", "x", "y", "minor", "1.3", day))
    assert review.findings.get().due_on == day


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(), "answer-name"), (Said("not_in_order", fix="y", severity="minor"), "found-name"),
        (Said("not_in_order", found="x", severity="minor"), "fix-name"),
        (Said("not_in_order", found="x", fix="y"), "severity-name"),
        (Said("not_in_order", "", "x", "y", "minor", "1.3", clock.today() - timedelta(days=1)), "due_on-name"),
    ],
)  # fmt: skip
def test_a_review_cannot_end_before_everything_is_said(cast: Cast, said: Said, field: str) -> None:
    review = started(cast)
    reviewing.keep_answers(review, answers(review, name=said), by=reviewer_of(review))
    with pytest.raises(Invalid) as refusal:
        reviewing.finish(review, by=reviewer_of(review))
    assert list(refusal.value.fields) == [field]
    assert not ReviewFinding.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said("maybe"), "answer-name"), (Said(severity="awful"), "severity-name"), (Said(clause="9.9"), "clause-name"),
        (Said(clause="2.1"), "clause-name"), (Said(found="x\u202ey"), "found-name"), (Said(note="y" * 501), "note-name"),
        (Said(fix="password: Kite47!xx"), "fix-name"),
        (Said(due_on=clock.today() + timedelta(days=9000)), "due_on-name"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_named_and_the_rest_is_kept(cast: Cast, said: Said, field: str) -> None:
    review = started(cast)
    progress = reviewing.keep_answers(
        review, {"name": said, "avatar": Said("in_order"), "nothing": Said("in_order")}, by=reviewer_of(review)
    )
    assert list(progress.problems) == [field]
    assert (progress.answered, progress.of) == (1, 12)
    assert list(ReviewAnswer.objects.values_list("question", flat=True)) == ["avatar"]


def test_only_the_reviewer_answers_and_only_while_it_is_under_way(cast: Cast) -> None:
    review = answered(cast)
    other = cast.communications if review.reviewer == cast.communications2 else cast.communications2
    for who in (other, cast.director, cast.teacher):
        with pytest.raises(NotAllowed):
            reviewing.keep_answers(review, {"name": BAD}, by=who)
    reviewing.finish(review, by=reviewer_of(review))
    with pytest.raises(WrongState):
        reviewing.keep_answers(review, {"name": BAD}, by=reviewer_of(review))
    assert ReviewAnswer.objects.get(review=review, question="name").answer == "in_order"


def test_two_windows_end_a_review_once(cast: Cast) -> None:
    review = answered(cast, bad=["name"])
    copy = Review.objects.get(pk=review.pk)
    reviewing.finish(review, by=reviewer_of(review), seen=review.version)
    with pytest.raises(Overtaken):
        reviewing.finish(copy, by=reviewer_of(review), seen=copy.version)
    assert ReviewFinding.objects.count() == 1


def test_a_review_taken_over_while_it_was_open_is_not_ended_by_the_first(cast: Cast) -> None:
    review = answered(cast)
    old = reviewer_of(review)
    other = cast.communications if old == cast.communications2 else cast.communications2
    planning.assign(Review.objects.get(pk=review.pk), by=cast.director, reviewer=other, reason="She is ill.")
    with pytest.raises((Overtaken, NotAllowed, WrongState)):
        reviewing.finish(review, by=old, seen=review.version)
    review.refresh_from_db()
    reviewing.start(review, by=other)
    assert reviewing.answered(review) == 12, "what was answered stays"


def test_what_both_reviewers_found_is_told_once_whoever_ends_first(cast: Cast) -> None:
    first, second = pair(cast)
    end(second, ["name", "avatar"])
    assert told("found") == {"Sofia Nguyen", "Owen Clarke"}, "the managers wait for nobody"
    count = Notice.objects.filter(kind="reviews.found").count()
    end(first, ["name", "rest"])
    same = ReviewFinding.objects.get(review=first, question="name")
    assert same.state == "same"
    assert same.same_as == ReviewFinding.objects.get(review=second, question="name")
    assert ReviewFinding.objects.get(review=first, question="rest").state == "open"
    assert Notice.objects.filter(kind="reviews.found").count() == count + 2
    assert findings_of(first.account).count() == 3, "the same thing counts once"


def test_a_second_review_without_news_tells_nobody(cast: Cast) -> None:
    first, second = pair(cast)
    end(first, ["name"])
    before = Notice.objects.count()
    end(second)
    assert Notice.objects.count() == before


def test_the_account_may_be_retired_while_it_is_reviewed(cast: Cast) -> None:
    review = answered(cast, bad=["name"])
    change_standing(review.account, "close", by=cast.communications, reason="Not used.")
    reviewing.finish(review, by=reviewer_of(review))
    it = ReviewFinding.objects.get()
    assert not to_fix(cast.teacher).exists(), "nobody is asked any more"
    assert settling.take_back(it, by=judge(it), reason="It is retired.").state == "taken_back"


def test_a_finding_waits_for_the_principal_where_nobody_looks_after_the_account(cast: Cast) -> None:
    account = official(cast)
    for one in (cast.teacher, cast.colleague):
        note_departure(one, by=cast.communications)
    it = found(cast, account)
    assert told("found") == {"Ana Petrova"}
    assert [one.pk for one in to_fix(cast.principal)] == [it.pk]
    settling.fix(it, by=cast.principal, reason="The office renamed it.")
    assert told("answered") == {judge(it).name}


def test_whoever_answered_never_judges_and_a_tied_reviewer_does_not_either(cast: Cast) -> None:
    it = fixed(cast)
    reviewer = judge(it)
    manages(cast, it.account, reviewer)
    assert finding_moves(reviewer, it) == []
    with pytest.raises(NotAllowed, match="looks after this account"):
        settling.settle(it, by=reviewer)
    other = cast.communications if reviewer == cast.communications2 else cast.communications2
    assert judges_of(it) == [other]
    assert settling.settle(it, by=other).state == "settled"
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewFinding.objects.filter(pk=it.pk).update(judged_by=it.answered_by)


def test_somebody_else_judges_when_the_reviewer_has_left(cast: Cast) -> None:
    it = contested(cast)
    reviewer = judge(it)
    other = cast.communications if reviewer == cast.communications2 else cast.communications2
    assert [one.pk for one in to_judge(reviewer)] == [it.pk]
    assert to_judge(other) == []
    note_departure(reviewer, by=other)
    it = ReviewFinding.objects.select_related("review__reviewer").get(pk=it.pk)
    assert judges_of(it) == [other]
    assert [one.pk for one in to_judge(other)] == [it.pk]
    assert settling.uphold(it, by=other, reason="The clause is clear.").state == "open"
    assert told("upheld") == {"Sofia Nguyen", "Owen Clarke", "Ana Petrova"}


def test_the_managers_read_what_is_missing_and_answer_again(cast: Cast) -> None:
    it = fixed(cast)
    settling.send_back(it, by=judge(it), reason="The banner still says LPSD.")
    assert told("sent_back") == {"Sofia Nguyen", "Owen Clarke", "Ana Petrova"}
    assert [one.pk for one in to_fix(cast.colleague)] == [it.pk]
    settling.fix(it, by=cast.colleague, reason="The banner too.")
    settling.settle(it, by=judge(it), reason="Seen.")
    assert (it.state, it.answered_by, it.answer) == ("settled", cast.colleague, "The banner too.")


def test_another_day_must_be_still_to_come(cast: Cast) -> None:
    it = found(cast)
    for day in (None, clock.today(), clock.today() + timedelta(days=9000)):
        with pytest.raises(Invalid) as refusal:
            settling.extend(it, by=judge(it), reason="Holidays.", due_on=day)
        assert list(refusal.value.fields) == ["due_on"]
    day = clock.today() + timedelta(days=5)
    assert settling.extend(it, by=judge(it), reason="Holidays.", due_on=day).due_on == day


def test_an_answer_like_a_password_is_refused_and_kept_nowhere(cast: Cast) -> None:
    it = found(cast)
    with pytest.raises(Invalid, match="looks like a password"):
        settling.fix(it, by=cast.teacher, reason="Renamed. password: Kite47!xx")
    assert "Kite47" not in str(list(EventPayload.objects.values())) + str(list(ReviewFinding.objects.values()))


def test_pictures_are_attached_once_by_the_reviewer_under_way(cast: Cast) -> None:
    review = answered(cast)
    it = picture(review)
    assert picture(review).pk == it.pk, "the same picture beside the same question is one"
    assert picture(review, "name").pk != it.pk
    assert "Emma" not in str(ReviewEvidence.objects.values())
    kept = reviewing.Kept(it.sha256, it.kind, it.size, it.received, it.width, it.height)
    with pytest.raises(Invalid):
        reviewing.attach(review, kept, question="nothing", caption="", by=reviewer_of(review))
    with pytest.raises(NotAllowed):
        reviewing.attach(review, kept, question="name", caption="", by=cast.teacher)
    reviewing.withdraw_picture(it, by=reviewer_of(review))
    assert picture(review).pk != it.pk, "taken out by mistake, it can be attached again"
    reviewing.finish(review, by=reviewer_of(review))
    with pytest.raises(WrongState):
        reviewing.attach(review, kept, question="rest", caption="", by=reviewer_of(review))


def test_a_review_holds_only_so_many_pictures(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "MOST_PICTURES", 2)
    review = answered(cast)
    for width in (3, 4):
        picture(review, width=width)
    with pytest.raises(Invalid, match="at most 2 pictures"):
        picture(review, width=5)


def test_another_package_cites_a_finding_by_its_number(cast: Cast) -> None:
    it = found(cast)
    cited = finding(it.pk)
    assert cited is not None
    assert (cited.ref, cited.account, cited.clause) == (it.ref, it.account, "1.3")
    assert finding(2**70) is None
    assert list(findings_of(it.account)) == [it]


def without_checklist(tmp_path: Path) -> None:
    """Publish another edition of AP 193 that has no checklist."""
    source = conf.DEMO_PROCEDURE.read_text(encoding="utf-8")
    source = source[: source.index("[review]\n")].replace('label = "2015-09"', 'label = "2026-01"')
    file = tmp_path / "2026-01.toml"
    file.write_text(source.replace("effective_from = 2015-09-01", "effective_from = 2026-01-01"), encoding="utf-8")
    load_edition(file)


def test_an_edition_without_a_checklist_gets_a_general_one_that_says_so(cast: Cast, tmp_path: Path) -> None:
    account = official(cast)
    without_checklist(tmp_path)
    review = started(cast, account)
    items = items_of(review)
    assert items.general
    assert "has no checklist of its own" in items.note
    known = {one.number for one in in_force().clauses.all()}
    assert {one.clause for one in items.items.questions} <= known
    end(review, [items.items.questions[0].key])
    assert review.findings.get().citation == "ap-193@2026-01#1.3"


def test_another_divisions_procedure_without_a_checklist_is_reviewed_by_the_general_one(settings: Any) -> None:
    cast = build_other_division(settings)
    items = checklist(in_force())
    assert items.general
    known = {one.number for one in in_force().clauses.all()}
    assert {one.clause for one in items.items.questions} <= known
    assert all(number in known for number, _title in items.clauses())
    assert items.due_days(clock.today()) == dict.fromkeys(["note", "minor", "serious", "urgent"])
    assert drawing.size_is_set() is False
    assert cast.division.name


def test_a_review_keeps_the_questions_it_started_with(cast: Cast, tmp_path: Path) -> None:
    account = official(cast)
    review = started(cast, account)
    edition = review.edition
    without_checklist(tmp_path)
    assert in_force() != edition
    assert items_of(review).edition == edition
    assert not items_of(review).general
