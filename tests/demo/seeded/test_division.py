"""What the seeded division holds: every platform and state, an ordered log, letters that are all accounted for."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_q.models import OrmQ

from rostrum.audit import chain
from rostrum.audit.models import Event
from rostrum.audit.queries import entries, head
from rostrum.demo import people_who_can_sign_in
from rostrum.demo.build import FULL_MAILBOX, beginning, seed
from rostrum.demo.people import roles
from rostrum.jobs.models import JobRun
from rostrum.monitoring.queries import queue
from rostrum.notices.models import Delivery, MailState, Notice
from rostrum.people.models import Person
from rostrum.people.queries import by_email
from rostrum.policies.queries import settings_states
from rostrum.registry import actions, registering
from rostrum.registry.directory import directory, verify
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.queries import status_of, waiting_for
from rostrum.registry.states import RegistrationState, RequestState, Standing

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("division")]
NAMED = {"blog", "facebook", "flickr", "instagram", "linkedin", "pinterest", "x", "youtube"}


def whoever(key: str) -> Person:
    person = by_email(f"{key}@lpsd.ca")
    assert person
    return person


def test_every_state_and_every_platform_that_the_procedure_names() -> None:
    assert set(AccountRequest.objects.values_list("state", flat=True)) == set(RequestState.values)
    assert set(Registration.objects.values_list("state", flat=True)) == set(RegistrationState.values)
    assert set(Account.objects.values_list("state", flat=True)) == set(Standing.values)
    official = Counter(Account.objects.values_list("platform", flat=True))
    assert set(official) == NAMED
    assert 55 <= AccountRequest.objects.count() <= 80
    assert official.total() > AccountRequest.objects.exclude(state=RequestState.REGISTERED).count()
    assert 45 <= Person.objects.count() <= 50


def test_seeding_again_changes_nothing() -> None:
    before = head()
    seed()
    assert head() == before


def test_the_log_is_in_order_of_time_and_verifies() -> None:
    report = chain.verify(entries())
    assert report.fault is None, report
    assert report.entries > 600
    moments = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[0] == beginning()
    assert moments[-1] < timezone.now()
    assert timezone.now() - moments[0] > timedelta(days=300)


def test_no_letter_of_the_past_is_left_to_be_sent() -> None:
    left = Notice.objects.filter(mail__in=[MailState.OWED, MailState.FAILED]).select_related("person")
    assert {(one.person.email, one.mail) for one in left} == {(FULL_MAILBOX, MailState.FAILED)}
    assert Delivery.objects.filter(delivered=True).count() > 500
    assert mail.outbox == []  # nothing left this machine while seeding
    assert OrmQ.objects.count() == 0
    assert not JobRun.objects.exclude(state="done").exists()
    assert Notice.objects.filter(read_at=None).count() < 60


def test_a_vacancy_a_stand_in_and_own_requests_go_where_the_procedure_sends_them() -> None:
    def waits_for(name: str, platform: str) -> set[str]:
        request = AccountRequest.objects.get(name=name, platform=platform, state=RequestState.SUBMITTED)
        turn = status_of(request).turn
        return {person.name for person in turn.people} if turn else set()

    assert waits_for("Queen Elizabeth School", "x") == {"Ruth Okafor"}  # nobody is principal there
    assert waits_for("Jack Kemp Grade 1", "blog") == {"Ben Okemow"}  # the principal is away
    assert waits_for("Rendell Park School", "youtube") == {"Ruth Okafor"}  # the principal's own
    assert waits_for("Lloydminster Public Leadership", "linkedin") == {"Dana Whitford"}  # the Superintendent's own


def test_some_numbers_are_set_with_a_reason_and_others_stay_unset() -> None:
    states = {state.setting.key: state for state in settings_states()}
    assert states["decision_days.endorse"].value == 5
    chosen = states["lapse_days"].chosen
    assert chosen
    assert chosen.reason
    assert states["review_days"].source == "not_set"


def test_a_day_s_queue_of_fifty_findings_waits_on_accounts_and_on_kept_posts() -> None:
    """Communications clears it by keyboard: tests/browser/test_findings.py."""
    office = whoever("m.laurent")
    waiting = queue(office)
    assert waiting.count() >= 50
    assert waiting.filter(post=None).count() >= 15
    assert waiting.exclude(post=None).count() >= 25
    assert waiting.values("rule").distinct().count() >= 12


def test_each_role_has_something_to_look_at() -> None:
    offered = roles()
    assert len(offered) == 9
    assert [one["email"] for one in people_who_can_sign_in()] == [role.email for role in offered]
    for role in offered:
        person = by_email(role.email)
        assert person
        assert not person.has_usable_password()
        assert str(role.words)
        if role.role != "Auditor":
            assert waiting_for(person), role.name


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        ("https://www.instagram.com/rendellparkschool/", "official"),
        ("https://twitter.com/LPSDschools", "official"),
        ("https://barrfieldnotes.wordpress.com/2026/01/hello", "retired"),
        ("https://x.com/LPSDschoo1s", "look_alike"),
        ("https://www.instagram.com/rendell_park_schooll/", "look_alike"),
        ("https://laird-room-seven.wordpress.com", "not_ours"),  # approved, not registered: not official
        ("https://www.instagram.com/someone.elsewhere/", "not_ours"),
        ("not an address", "unreadable"),
    ],
)
def test_verify_has_an_example_of_every_answer(typed: str, result: str) -> None:
    assert verify(typed).result == result


def test_the_newcomers_journey() -> None:
    teacher, principal, office = whoever("s.nguyen"), whoever("a.petrova"), whoever("m.laurent")
    request = actions.draft(
        teacher,
        {
            "unit": ["rendell-gr4"], "entity_kind": ["classroom"], "existing": ["new"],
            "purpose": ["Families see what we learn."], "audience": ["families"], "ages": ["under_13"],
            "platform": ["blog"], "page_kind": ["blog"], "name": ["Rendell Park School Grade 4"],
            "handle": ["https://rendellpark-grade4.wordpress.com"], "mailbox": ["grade4.rendellpark@lpsd.ca"],
            "primary_manager": [teacher.email], "second_manager": ["o.clarke@lpsd.ca"], "update_plan": ["weekly"],
            "parents_told": ["yes"], "permission_promise": ["yes"], "terms_read": ["yes"], "rules_accepted": ["yes"],
        },
    )  # fmt: skip
    actions.submit(request, by=teacher)
    actions.endorse(request, by=principal)
    actions.approve(request, by=office)
    registration = Registration.objects.get(request=request)
    managers = [teacher.email, "o.clarke@lpsd.ca"]
    registering.save(
        registration,
        {
            "address": ["https://rendellpark-grade4.wordpress.com"], "name": [request.name], "visibility": ["public"],
            "comment_mode": ["moderated"], "logo_permission": ["none"], "mailbox": ["grade4.rendellpark@lpsd.ca"],
            "recovery": ["shared_mailbox"], "second_factor": ["yes"], "custody": ["Office vault, entry 99"],
            "managers": managers, "access": managers, "access__role": ["owner", "editor"], "directory_link": ["no"],
            "no_personal_address": ["yes"], "correct": ["yes"],
        },
        by=teacher,
    )  # fmt: skip
    registering.send(registration, by=teacher)
    named = next(w for w in waiting_for(whoever("o.clarke")) if w.act == "accept" and w.request.pk == request.pk)
    assert named.designation
    registering.answer_designation(named.designation, by=whoever("o.clarke"), accept=True)
    account = registering.confirm(registration, by=office)
    assert account in directory(text="grade 4 rendell")
    assert verify("rendellpark-grade4.wordpress.com").result == "official"
