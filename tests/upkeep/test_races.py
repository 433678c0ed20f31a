"""Two at once, with real threads: certifying, closing, nudging, noting, the nightly round, a list taken twice."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core.errors import Overtaken, Refusal, WrongState
from rostrum.intake import posts
from rostrum.intake.post_models import PostList
from rostrum.notices.models import Notice
from rostrum.registry import closing
from rostrum.registry.closing_models import Closing
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.schoolyear import actions as calendar_actions
from rostrum.schoolyear.actions import Entry
from rostrum.schoolyear.models import NamedDays, SchoolYear
from rostrum.upkeep import certifying, liveness, nightly, pausing, settling
from rostrum.upkeep.jobs import nightly_round
from rostrum.upkeep.models import Certification, SuspensionProposal
from tests.cast import Cast, build_cast, official
from tests.registry.test_closing import filled, ready, started
from tests.upkeep.conftest import all_right, asked, choose, on, proposed
from tests.workflow.test_races import together, won_and_lost

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast in a database that several threads share."""
    return build_cast()


def mine(it: Certification) -> Certification:
    return Certification.objects.select_related("account__unit").get(pk=it.pk)


def test_two_managers_certify_at_once(cast: Cast) -> None:
    it = asked(cast)
    one, two = mine(it), mine(it)
    won, refused = won_and_lost(
        together(
            lambda: certifying.answer(one, all_right(), by=cast.teacher, seen=1),
            lambda: certifying.answer(two, all_right(), by=cast.colleague, seen=1),
        )
    )
    assert won == 1
    assert isinstance(refused[0], Overtaken | WrongState)
    assert Event.objects.filter(act="certification:certify").count() == 1


def test_one_certifies_while_another_retires_the_account(cast: Cast) -> None:
    it = asked(cast)
    one, account = mine(it), Account.objects.get(pk=it.account_id)
    results = together(
        lambda: certifying.answer(one, all_right(), by=cast.teacher),
        lambda: change_standing(account, "close", by=cast.communications, reason="Over."),
    )
    assert not isinstance(results[1], Refusal), "closing never waits for a certification"
    nightly.follow()
    it.refresh_from_db()
    assert it.state == ("over" if isinstance(results[0], Refusal) else "certified")


def test_one_suspends_while_a_manager_certifies(cast: Cast) -> None:
    it = proposed(cast)
    proposal = SuspensionProposal.objects.select_related("account__unit", "certification").get(pk=it.pk)
    certification = mine(it.certification)
    results = together(
        lambda: settling.suspend(proposal, by=cast.communications, reason="Late."),
        lambda: certifying.answer(certification, all_right(), by=cast.teacher),
    )
    assert not isinstance(results[1], Refusal)
    it.refresh_from_db()
    account = Account.objects.get(pk=it.account_id)
    assert (it.state, account.state) in {("suspended", "suspended"), ("over", "recognised")}
    assert isinstance(results[0], Refusal) == (account.state == "recognised")


def test_the_round_twice_at_once_asks_everyone_once(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(3)]
    choose("certification_days", 60)
    choose("certification_answer_days", 5)
    choose("certification_consequence", "suspend")
    day = timezone.localdate()
    for later in range(60, 130):
        with on(day + timedelta(days=later), hour=4):
            if Certification.objects.filter(state="open").exists():
                break
            nightly.open_windows()

    def round_() -> None:
        with on(day + timedelta(days=later), hour=4):
            nightly_round()

    together(round_, round_)
    assert Certification.objects.count() == len(accounts)
    assert Notice.objects.filter(kind="certify.asked").count() == 2
    later += 31
    together(round_, round_)
    assert Notice.objects.filter(kind="certify.reminder").count() == 2
    assert Notice.objects.filter(kind="certify.late").count() == 1
    assert SuspensionProposal.objects.count() == len(accounts)


def test_two_nudge_note_and_pause_at_once(cast: Cast) -> None:
    account = official(cast)
    liveness.row_of(account)
    one, two = Account.objects.get(pk=account.pk), Account.objects.get(pk=account.pk)
    won, _refused = won_and_lost(
        together(lambda: liveness.nudge(one, by=cast.principal), lambda: liveness.nudge(two, by=cast.communications))
    )
    assert won == 1
    assert Notice.objects.filter(kind="quiet.nudge").count() == 2  # its two managers, once
    today = timezone.localdate()
    won, refused = won_and_lost(
        together(
            lambda: pausing.pause(one, by=cast.teacher, reason="Rest.", ends_on=today),
            lambda: pausing.pause(two, by=cast.colleague, reason="Rest.", ends_on=today),
        )
    )
    assert (won, [type(r) for r in refused]) == (1, [WrongState])


def test_a_list_of_last_posts_is_taken_once(cast: Cast) -> None:
    account = official(cast)
    body = f"Account,Last post\n{account.public_id},{timezone.localdate().isoformat()}\n"
    it = posts.stage("posts.csv", io.BytesIO(body.encode()), by=cast.communications)
    one, two = PostList.objects.get(pk=it.pk), PostList.objects.get(pk=it.pk)
    won, refused = won_and_lost(
        together(lambda: posts.take(one, by=cast.communications), lambda: posts.take(two, by=cast.communications2))
    )
    assert (won, len(refused)) == (1, 1)
    assert Event.objects.filter(act="postlist:bring_in").count() == 1


def test_two_change_one_school_year_at_once(cast: Cast) -> None:
    year = calendar_actions.add_year(date(2026, 9, 1), date(2027, 6, 29), by=cast.communications)
    one, two = SchoolYear.objects.get(pk=year.pk), SchoolYear.objects.get(pk=year.pk)
    day = date(2026, 10, 12)
    won, refused = won_and_lost(
        together(
            lambda: calendar_actions.add_days(one, [Entry("holiday", "A", day, day)], by=cast.communications, seen=1),
            lambda: calendar_actions.add_days(two, [Entry("break", "B", day, day)], by=cast.sysadmin, seen=1),
        )
    )
    assert (won, [type(r) for r in refused]) == (1, [Overtaken])
    assert NamedDays.objects.count() == 1


def test_one_closes_with_its_checklist_while_another_certifies(cast: Cast) -> None:
    """Closing never waits for a certification; whichever came first, nothing is left to certify of a retired account."""
    it = asked(cast)
    found = Account.objects.get(pk=it.account_id)
    closing_ = closing.hand_in(filled(cast, started(cast, found)), by=cast.teacher)
    one, ready = mine(it), Closing.objects.select_related("account__unit").get(pk=closing_.pk)
    results = together(
        lambda: certifying.answer(one, all_right(), by=cast.teacher),
        lambda: closing.retire(ready, by=cast.communications, reason="The class has ended."),
    )
    assert not isinstance(results[1], Refusal)
    nightly.follow()
    it.refresh_from_db()
    assert it.state == ("over" if isinstance(results[0], Refusal) else "certified")
    assert Account.objects.get(pk=found.pk).state == "retired"


def test_two_close_and_a_third_certifies_at_once(cast: Cast) -> None:
    it = asked(cast)
    first, second = Account.objects.get(pk=it.account_id), Account.objects.get(pk=it.account_id)
    one = mine(it)
    results = together(
        lambda: closing.start(first, by=cast.teacher, reason="The class has ended."),
        lambda: closing.start(second, by=cast.principal, reason="Nobody posts."),
        lambda: certifying.answer(one, all_right(), by=cast.colleague),
    )
    assert not isinstance(results[2], Refusal), "what is being closed is still ours, and may still be certified"
    assert [isinstance(one, Refusal) for one in results[:2]].count(True) == 1
    assert Closing.objects.count() == 1


def test_a_closing_is_retired_twice_at_once(cast: Cast) -> None:
    it = ready(cast)
    one, two = (Closing.objects.select_related("account__unit").get(pk=it.pk) for _n in range(2))
    won, refused = won_and_lost(
        together(
            lambda: closing.retire(one, by=cast.communications, reason="Over."),
            lambda: closing.retire(two, by=cast.communications2, reason="Over."),
        )
    )
    assert won == 1
    assert isinstance(refused[0], Overtaken | WrongState)
    assert Event.objects.filter(act="account:close").count() == 1
