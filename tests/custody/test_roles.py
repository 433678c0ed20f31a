"""A role that ends touches accounts: a reset is asked for and a shortage raised in the same transaction (AP 193 3.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rostrum.core import clock
from rostrum.custody import keeping, roles
from rostrum.custody.departures import depart
from rostrum.custody.jobs import roles_over
from rostrum.custody.models import Shortage
from rostrum.keys.models import ResetCall
from rostrum.people.actions import appoint
from rostrum.people.models import Appointment
from rostrum.registry.models import Account
from tests.cast import Cast, official
from tests.custody.holding import third_manager

pytestmark = pytest.mark.django_db


def asked() -> list[tuple[str, str]]:
    """What was asked for: the account and why."""
    calls = ResetCall.objects.filter(state="open").order_by("pk")
    return [(one.account.public_id, one.trigger) for one in calls]


def role(cast: Cast) -> Appointment:
    return Appointment.objects.get(person=cast.principal)


def later(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def account(cast: Cast) -> Account:
    """An account that the principal looks after too."""
    found = official(cast)
    third_manager(cast, found, cast.principal)
    return found


def test_an_ended_role_asks_for_the_reset_in_the_same_transaction(cast: Cast, account: Account) -> None:
    roles.end_appointment(role(cast), by=cast.sysadmin, reason="Goes to another school.")
    call = ResetCall.objects.get()
    assert (call.account, call.trigger, call.asked_by) == (account, "role_change", cast.sysadmin)
    assert call.note == "Ana Petrova: Administrator (principal)"


def test_when_what_follows_fails_the_role_has_not_ended(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("rostrum.custody.roles.follow", fails)
    with pytest.raises(RuntimeError):
        roles.end_appointment(role(cast), by=cast.sysadmin)
    assert role(cast).ends_on is None
    assert asked() == []


@pytest.mark.parametrize("kind", ["recovery", "app_owner", "answers", "helpers"])
def test_every_part_counts_not_only_managing(cast: Cast, kind: str) -> None:
    account = official(cast)
    if kind == "helpers":
        keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.principal, size=4)
    else:
        keeping.tie(account, cast.principal, kind, by=cast.teacher)
    roles.end_appointment(role(cast), by=cast.sysadmin)
    assert asked() == [(account.public_id, "role_change")]
    assert not Shortage.objects.exists()


def test_an_account_with_too_few_managers_is_a_shortage_at_once(cast: Cast, account: Account) -> None:
    from rostrum.custody import managing
    from rostrum.registry.models import Designation

    for person in (cast.teacher, cast.colleague):
        managing.release(Designation.objects.get(registration=account.registration, person=person), by=cast.principal)
    Shortage.objects.all().delete()
    roles.end_appointment(role(cast), by=cast.sysadmin)
    assert Shortage.objects.get().left == 1


def test_nothing_is_asked_where_no_account_is_touched_or_the_place_is_another(cast: Cast, account: Account) -> None:
    appoint(cast.principal, role="supervisor", unit=cast.other_school, by=cast.sysadmin)
    elsewhere = Appointment.objects.get(person=cast.principal, unit=cast.other_school)
    roles.end_appointment(elsewhere, by=cast.sysadmin)
    roles.end_appointment(Appointment.objects.get(person=cast.privacy), by=cast.sysadmin)
    assert asked() == []


def test_a_role_that_goes_on_by_another_appointment_asks_nothing(cast: Cast, account: Account) -> None:
    it = role(cast)
    Appointment.objects.filter(pk=it.pk).update(ends_on=clock.today() + timedelta(days=5))
    appoint(cast.principal, role="administrator", unit=cast.school, by=cast.sysadmin,
            starts_on=clock.today() + timedelta(days=6))  # fmt: skip
    with clock.standing_at(later(6)):
        roles_over()
    assert asked() == []


def test_a_day_to_come_asks_on_the_morning_after_and_once(cast: Cast, account: Account) -> None:
    roles.end_appointment(role(cast), by=cast.sysadmin, on=clock.today() + timedelta(days=3))
    for days, wanted in ((1, 0), (3, 0), (4, 1), (5, 1), (30, 1)):
        with clock.standing_at(later(days)):
            roles_over()
        assert len(asked()) == wanted, days
    call = ResetCall.objects.get()
    assert call.asked_by is None
    assert timezone.localdate(call.asked_at) == clock.today() + timedelta(days=4)


def test_a_term_that_runs_out_during_an_outage_is_not_forgotten(cast: Cast, account: Account) -> None:
    Appointment.objects.filter(person=cast.principal).update(ends_on=clock.today() + timedelta(days=2))
    with clock.standing_at(later(20)):
        roles_over()
    assert asked() == [(account.public_id, "role_change")]


def test_a_departure_asks_as_a_departure_alone(cast: Cast, account: Account) -> None:
    depart(cast.principal, by=cast.sysadmin)
    with clock.standing_at(later(1)):
        roles_over()
    assert asked() == [(account.public_id, "leaver")]


def test_the_page_that_ends_a_role_asks(cast: Cast, account: Account, client: Client) -> None:
    from tests.web.doors import come_in

    come_in(client, cast.sysadmin)
    answer = client.post(f"/staff/appointments/{role(cast).pk}/end/", {"on": clock.today().isoformat(), "reason": "Over."})
    assert answer.status_code == 302
    assert asked() == [(account.public_id, "role_change")]
