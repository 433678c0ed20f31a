"""Whose a review is (AP 193 1.5, 1.10): never somebody's own account, shared out evenly, and what if nobody is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.custody import keeping
from rostrum.notices.models import Notice
from rostrum.people.actions import appoint, end_appointment, name_stand_in, note_departure
from rostrum.people.models import Appointment, Person
from rostrum.registry.models import AccessHolder, Account, AccountRequest
from rostrum.registry.standing import change_standing
from rostrum.reviews import planning, reviewing
from rostrum.reviews.conflicts import Conflicts, conflict
from rostrum.reviews.models import Review
from rostrum.reviews.queries import visible_to
from rostrum.reviews.reviewers import Reviewers
from tests.cast import Cast, official
from tests.reviews.made import WHY, chosen, end, manages, pair, planned, reviewer_of, started

pytestmark = pytest.mark.django_db


def told(person: Person, kind: str) -> int:
    return Notice.objects.filter(person=person, kind=kind).count()


def test_1_10_an_account_is_reviewed_when_there_is_a_reason(cast: Cast) -> None:
    account = official(cast)
    review = planned(cast, account)
    assert review.ref == f"RV-{clock.today().year}-{review.pk:04d}"
    assert (review.kind, review.reason, review.due_on) == ("ad_hoc", WHY, None)
    assert told(reviewer_of(review), "reviews.assigned") == (reviewer_of(review) != cast.communications)
    with pytest.raises(Invalid) as refusal:
        planning.ask(official(cast), by=cast.communications, reason=" ")
    assert list(refusal.value.fields) == ["reason"]
    with pytest.raises(NotAllowed):
        planning.ask(official(cast), by=cast.principal, reason=WHY)


def test_an_account_is_reviewed_once_at_a_time(cast: Cast) -> None:
    review = planned(cast)
    with pytest.raises(WrongState, match="being reviewed already"):
        planned(cast, review.account)
    planning.drop(review, by=cast.communications, reason="Asked twice.")
    planned(cast, review.account)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(account=review.account, kind="sampled", asked_at=clock.now(), moved_at=clock.now())


def test_a_retired_account_is_not_reviewed(cast: Cast) -> None:
    account, review = official(cast), planned(cast)
    for one in (account, review.account):
        change_standing(one, "close", by=cast.communications, reason="Not used any more.")
    with pytest.raises(WrongState, match="retired"):
        planned(cast, account)
    with pytest.raises(WrongState, match="retired"):
        reviewing.start(review, by=reviewer_of(review))
    assert planning.drop(review, by=cast.communications, reason="Retired meanwhile.").state == "dropped"


def test_the_day_comes_from_the_division_or_from_whoever_asks(cast: Cast) -> None:
    chosen("review_done_days", 10)
    assert planned(cast).due_on == clock.today() + timedelta(days=10)
    day = clock.today() + timedelta(days=3)
    assert planned(cast, due_on=day).due_on == day
    with pytest.raises(Invalid) as refusal:
        planned(cast, due_on=clock.today())
    assert list(refusal.value.fields) == ["due_on"]


def test_reviews_are_shared_out_evenly(cast: Cast) -> None:
    who = [reviewer_of(planned(cast)).pk for _n in range(6)]
    assert {who.count(cast.communications.pk), who.count(cast.communications2.pk)} == {3}


def has_access(cast: Cast, account: Account, person: Person) -> None:
    AccessHolder.objects.create(registration=account.registration, person=person, name=person.name, since=clock.now())


def asked_for_it(cast: Cast, account: Account, person: Person) -> None:
    AccountRequest.objects.filter(pk=account.registration.request_id).update(
        requester=person, approved_by=cast.communications2
    )


def endorsed_it(cast: Cast, account: Account, person: Person) -> None:
    AccountRequest.objects.filter(pk=account.registration.request_id).update(
        endorsed_by=person, approved_by=cast.communications2
    )


def leads_the_school(cast: Cast, account: Account, person: Person) -> None:
    appoint(person, role="administrator", unit=cast.school, by=None)


def answers_for_it(cast: Cast, account: Account, person: Person) -> None:
    keeping.tie(account, person, kind="answers", by=cast.principal)


def answers_for_helpers(cast: Cast, account: Account, person: Person) -> None:
    keeping.add_helpers(account, label="Yearbook team", adult=person, by=cast.principal)


TIED: dict[str, Callable[[Cast, Account, Person], None]] = {
    "manages": manages, "access": has_access, "requested": asked_for_it, "endorsed": endorsed_it,
    "leads": leads_the_school, "tied": answers_for_it, "helpers": answers_for_helpers,
}  # fmt: skip


@pytest.mark.parametrize("tie", sorted(TIED))
def test_nobody_reviews_an_account_that_something_ties_them_to(cast: Cast, tie: str) -> None:
    account = official(cast)
    TIED[tie](cast, account, cast.communications)
    assert conflict(cast.communications, account) == tie
    assert conflict(cast.communications2, account) == ""
    for _n in range(3):  # however busy the other is, the tied one is passed over
        planned(cast, reviewer=cast.communications2)
    review = planned(cast, account)
    assert review.reviewer == cast.communications2
    with pytest.raises(Invalid) as refusal:
        planning.assign(review, by=cast.communications, reviewer=cast.communications)
    assert "Marc Laurent" in refusal.value.fields["reviewer"][0]


@pytest.mark.parametrize("tie", sorted(TIED))
def test_a_reviewer_who_becomes_tied_cannot_go_on(cast: Cast, tie: str) -> None:
    account = official(cast)
    review = started(cast, account, reviewer=cast.communications)
    TIED[tie](cast, account, cast.communications)
    with pytest.raises(NotAllowed, match="Somebody who is not tied"):
        reviewing.keep_answers(review, {}, by=cast.communications)
    with pytest.raises(NotAllowed):
        reviewing.finish(review, by=cast.communications)
    planning.decline(review, by=cast.communications, reason="I look after it now.")
    assert (review.state, review.reviewer) == ("planned", cast.communications2)


def test_the_teacher_the_principal_and_whoever_stands_in_are_tied(cast: Cast) -> None:
    account = official(cast)
    appointment = Appointment.objects.get(person=cast.principal)
    name_stand_in(
        appointment,
        person=cast.charlie,
        starts_on=clock.today(),
        ends_on=clock.today(),
        reason="Away.",
        by=cast.principal,
    )
    ties = Conflicts([account])
    assert {ties.tie(one, account) for one in (cast.teacher, cast.colleague)} == {"manages"}
    assert ties.tie(cast.principal, account) == "endorsed"
    assert ties.tie(cast.charlie, account) == "leads"
    assert ties.tie(cast.communications, account) == "", "approving it rules nobody out"


def test_where_only_one_person_keeps_communications_the_director_does_their_account(cast: Cast) -> None:
    note_departure(cast.communications2, by=cast.communications)
    account = official(cast)
    manages(cast, account, cast.communications)
    review = planned(cast, account)
    assert (review.reviewer, review.detour) == (cast.director, "upward")
    assert told(cast.director, "reviews.assigned") == 1
    planning.assign(review, by=cast.director, reviewer=cast.privacy, reason="She knows nobody there.")
    assert (review.reviewer, review.detour) == (cast.privacy, "by_grant")
    assert review in visible_to(cast.privacy)
    reviewing.start(review, by=cast.privacy)


def test_anyone_may_be_asked_for_one_review_and_then_reads_only_that_one(cast: Cast) -> None:
    account = official(cast)
    review = planned(cast, account, reviewer=cast.charlie)
    assert (review.reviewer, review.detour) == (cast.charlie, "by_grant")
    other = planned(cast)
    assert set(visible_to(cast.charlie)) == {review}
    with pytest.raises(NotAllowed):
        reviewing.start(other, by=cast.charlie)
    assert reviewing.start(review, by=cast.charlie).state == "under_way"


def test_where_nobody_is_left_communications_is_asked_to_name_somebody(cast: Cast) -> None:
    account = official(cast)
    for one in (cast.communications, cast.communications2, cast.director):
        manages(cast, account, one)
    review = planned(cast, account)
    assert (review.reviewer, review.detour) == (None, "nobody")
    assert told(cast.communications, "reviews.nobody") == 1
    planning.assign(review, by=cast.communications, reviewer=cast.auditor)
    assert review.reviewer == cast.auditor


def test_where_nobody_holds_communications_the_director_reviews(cast: Cast) -> None:
    account = official(cast)
    for one in Appointment.objects.filter(role="communications"):
        end_appointment(one, by=cast.sysadmin, reason="Reorganized.")
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert Reviewers([account]).choose(account).detour == "vacant"
        assert Reviewers([account]).choose(account).person == cast.director


def test_somebody_who_has_left_is_not_asked(cast: Cast) -> None:
    review = planned(cast)
    note_departure(cast.colleague, by=cast.communications)
    with pytest.raises(Invalid, match="has left"):
        planning.assign(review, by=cast.communications, reviewer=Person.objects.get(pk=cast.colleague.pk))


def test_a_second_reviewer_is_never_the_first(cast: Cast) -> None:
    first, second = pair(cast)
    assert {first.reviewer, second.reviewer} == {cast.communications, cast.communications2}
    assert second.kind == "second"
    for review, other in ((first, second), (second, first)):
        review = planning.the_review(review.pk)
        with pytest.raises(Invalid, match="review"):
            planning.assign(review, by=cast.communications, reviewer=reviewer_of(other))
    with pytest.raises(WrongState, match="already"):
        planning.ask_second(first, by=cast.communications)
    planning.decline(planning.the_review(first.pk), by=reviewer_of(first), reason="Too much at once.")
    first.refresh_from_db()
    assert first.reviewer == cast.director, "not the one who does the second"
    planning.drop(planning.the_review(first.pk), by=cast.communications, reason="Not needed.")
    second.refresh_from_db()
    assert second.state == "dropped"


def test_a_second_reviewer_is_refused_where_nobody_else_is_free(cast: Cast) -> None:
    account = official(cast)
    for one in (cast.communications2, cast.director):
        manages(cast, account, one)
    with pytest.raises(Invalid, match="Nobody else is free"):
        planned(cast, account, twice=True)
    assert not Review.objects.exists()
    review = planned(cast, account)
    with pytest.raises(WrongState, match="Nobody is free"):
        planning.ask_second(review, by=cast.communications)


def test_another_look_follows_a_review_that_is_done(cast: Cast) -> None:
    review = planned(cast)
    with pytest.raises(WrongState):
        planning.look_again(review, by=cast.communications, reason="After the holidays.")
    end(review)
    again = planning.look_again(review, by=reviewer_of(review), reason="After the holidays.")
    assert (again.kind, again.follows, again.account) == ("again", review, review.account)
    with pytest.raises(NotAllowed):
        planning.look_again(review, by=cast.teacher, reason="Please.")
    with pytest.raises(WrongState, match="already"):
        planning.look_again(review, by=cast.communications, reason="Once more.")


def test_the_constraints_hold_without_the_acts(cast: Cast) -> None:
    first, second = pair(cast)
    for changes in (
        {"state": "done"}, {"outcome": "in_order"}, {"state": "under_way"}, {"state": "dropped"}, {"reason": ""},
        {"first": second},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=first.pk).update(**changes)


def test_whose_it_is_costs_no_more_for_many(cast: Cast) -> None:
    few, many = [official(cast) for _n in range(2)], [official(cast) for _n in range(6)]
    counts = []
    for accounts in (few, many):
        with CaptureQueriesContext(connection) as seen:
            crew = Reviewers(accounts)
            for one in accounts:
                crew.choose(one)
        counts.append(len(seen))
    assert counts[0] == counts[1]
