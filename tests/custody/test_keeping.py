"""Who can get in, who answers, who helps (AP 193 1.6, 1.7, 3.4): kept by those who look after the account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.custody import departures, keeping
from rostrum.custody.labels import names_somebody
from rostrum.custody.models import AccountTie, HelperGroup
from rostrum.custody.queries import helper_groups, holders, supervising, ties
from rostrum.keys.models import ResetCall
from rostrum.registry.models import AccessHolder, Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official

pytestmark = pytest.mark.django_db


def held(account: Account, person: Any) -> AccessHolder:
    return AccessHolder.objects.get(registration=account.registration, person=person)


def test_access_is_added_changed_and_ended(cast: Cast) -> None:
    account = official(cast)
    made = keeping.add_access(account, by=cast.teacher, person=cast.principal, platform_role="viewer")
    keeping.change_access(made, by=cast.principal, platform_role="editor")
    assert made.platform_role == "editor"
    keeping.end_access(made, by=cast.teacher, reason="No longer posts.")
    assert made.until is not None
    assert ResetCall.objects.get().trigger == "role_change"
    with pytest.raises(WrongState):
        keeping.end_access(made, by=cast.teacher)
    with pytest.raises(WrongState):
        keeping.change_access(made, by=cast.teacher, platform_role="owner")
    acts = list(Event.objects.filter(subject_type="accessholder").order_by("seq").values_list("act", flat=True))
    assert acts == ["accessholder:add", "accessholder:change", "accessholder:end"]


def test_a_firm_is_noted_by_its_name_and_nothing_secret_is(cast: Cast) -> None:
    account = official(cast)
    keeping.add_access(account, by=cast.teacher, name="Northland Web Tools", platform_role="editor")
    assert [one.name for one in holders(account) if one.person is None] == ["Northland Web Tools"]
    for bad in ("", "  ", "Kite7!winDow9", "password: kite", "A\u202eB", "x" * 121):
        with pytest.raises(Invalid) as refused:
            keeping.add_access(account, by=cast.teacher, name=bad, platform_role="editor")
        assert list(refused.value.fields) == ["name"]
    with pytest.raises(Invalid):
        keeping.add_access(account, by=cast.teacher, name="northland web TOOLS", platform_role="editor")


@pytest.mark.parametrize("role", ["", "king"])
def test_a_role_that_the_form_does_not_offer_is_refused(cast: Cast, role: str) -> None:
    with pytest.raises(Invalid) as refused:
        keeping.add_access(official(cast), by=cast.teacher, person=cast.principal, platform_role=role)
    assert list(refused.value.fields) == ["platform_role"]


def test_the_last_person_who_can_get_in_stays_noted(cast: Cast) -> None:
    account = official(cast)
    keeping.add_access(account, by=cast.teacher, name="Northland Web Tools", platform_role="editor")
    keeping.end_access(held(account, cast.colleague), by=cast.teacher)
    with pytest.raises(WrongState) as refused:
        keeping.end_access(held(account, cast.teacher), by=cast.teacher)
    assert "only person" in refused.value.message


def test_the_access_of_somebody_who_left_may_always_be_ended(cast: Cast) -> None:
    account = official(cast)
    departures.depart_many([cast.colleague, cast.teacher], by=cast.sysadmin)
    keeping.end_access(held(account, cast.teacher), by=cast.principal)
    keeping.end_access(held(account, cast.colleague), by=cast.principal)


@pytest.mark.parametrize("who", ["charlie", "director", "privacy", "auditor", "sysadmin"])
def test_who_may_not_keep_any_of_it(cast: Cast, who: str) -> None:
    account, by = official(cast), getattr(cast, who)
    group = keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.teacher)
    tie = keeping.tie(account, cast.teacher, "recovery", by=cast.teacher)
    acts: tuple[Any, ...] = (
        lambda: keeping.add_access(account, by=by, person=cast.principal, platform_role="editor"),
        lambda: keeping.change_access(held(account, cast.teacher), by=by, platform_role="viewer"),
        lambda: keeping.end_access(held(account, cast.teacher), by=by),
        lambda: keeping.tie(account, cast.principal, "answers", by=by),
        lambda: keeping.untie(tie, by=by),
        lambda: keeping.add_helpers(account, by=by, label="student council", adult=cast.teacher),
        lambda: keeping.change_helpers(group, by=by, label="press team", adult=cast.teacher),
        lambda: keeping.end_helpers(group, by=by),
        lambda: keeping.change_mailbox(account, "other@lpsd.ca", by=by),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_one_supervising_administrator_at_a_time(cast: Cast) -> None:
    account = official(cast)
    keeping.tie(account, cast.principal, "answers", by=cast.communications)
    keeping.tie(account, cast.superintendent, "answers", by=cast.communications)
    assert supervising(account) == cast.superintendent
    assert AccountTie.objects.filter(kind="answers", until=None).count() == 1
    with pytest.raises(Invalid):
        keeping.tie(account, cast.superintendent, "answers", by=cast.communications)


@pytest.mark.parametrize("note", ["someone@gmail.com", "Kite7!winDow9", "x" * 121])
def test_a_tie_holds_no_address_and_no_secret(cast: Cast, note: str) -> None:
    with pytest.raises(Invalid) as refused:
        keeping.tie(official(cast), cast.teacher, "recovery", by=cast.teacher, note=note)
    assert list(refused.value.fields) == ["note"]


def test_a_tie_ends_once(cast: Cast) -> None:
    account = official(cast)
    tie = keeping.tie(account, cast.teacher, "app_owner", by=cast.teacher, note="business manager")
    keeping.untie(tie, by=cast.teacher)
    with pytest.raises(WrongState):
        keeping.untie(tie, by=cast.teacher)
    assert ties(account) == []


def test_nobody_who_left_or_leaves_is_noted(cast: Cast) -> None:
    account = official(cast)
    departures.plan(cast.superintendent, by=cast.communications, on=clock.today() + timedelta(days=9))
    departures.depart(cast.auditor, by=cast.sysadmin)
    for person in (cast.superintendent, cast.auditor):
        with pytest.raises(Invalid):
            keeping.add_access(account, by=cast.teacher, person=person, platform_role="editor")
        with pytest.raises(Invalid):
            keeping.tie(account, person, "recovery", by=cast.teacher)
        with pytest.raises(Invalid) as refused:
            keeping.add_helpers(account, by=cast.teacher, label="press team", adult=person)
        assert list(refused.value.fields) == ["adult"]


def test_a_group_of_helpers_over_time(cast: Cast) -> None:
    account = official(cast)
    group = keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.teacher, size=6)
    with pytest.raises(Invalid):
        keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.colleague)
    keeping.change_helpers(group, by=cast.teacher, label="Yearbook team", adult=cast.colleague, platform_role="editor")
    assert (group.adult, group.size, group.platform_role) == (cast.colleague, None, "editor")
    keeping.end_helpers(group, by=cast.teacher)
    assert helper_groups(account) == []
    with pytest.raises(WrongState):
        keeping.end_helpers(group, by=cast.teacher)
    with pytest.raises(WrongState):
        keeping.change_helpers(group, by=cast.teacher, label="press team", adult=cast.colleague)


@pytest.mark.parametrize("size", [0, -1, 501])
def test_a_group_has_a_believable_number(cast: Cast, size: int) -> None:
    with pytest.raises(Invalid) as refused:
        keeping.add_helpers(official(cast), by=cast.teacher, label="press team", adult=cast.teacher, size=size)
    assert list(refused.value.fields) == ["size"]


GROUPS = ["yearbook team", "Student council", "Grade 8 press team", "Rendell Park news crew", "comité étudiant",
          "l’équipe de l’annuaire", "broadcast club", "Grad committee", "photo club", "élèves de la radio"]  # fmt: skip
NAMES = ["Emma", "Emma Tremblay", "Emma's team", "Emma’s team", "team of Emma", "liam and noah team", "Team Harpreet",
         "yearbook: Sofia, Mia", "j.doe@lpsd.ca", "press team, Ava", "team", "", "Mohammed and the crew",
         "Zephyrine Bouchard club", "the one who helps"]  # fmt: skip


@pytest.mark.parametrize("label", GROUPS)
def test_a_group_may_be_called_so(label: str) -> None:
    assert not names_somebody(label, ["Rendell Park School", "Grade 4"])


@pytest.mark.parametrize("label", [one for one in NAMES if one != "team"])
def test_no_label_names_anybody(cast: Cast, label: str) -> None:
    with pytest.raises(Invalid) as refused:
        keeping.add_helpers(official(cast), by=cast.teacher, label=label, adult=cast.teacher)
    assert list(refused.value.fields) == ["label"]
    assert not HelperGroup.objects.exists()


def test_1_6_the_work_email_of_an_account_is_changed(cast: Cast) -> None:
    account = official(cast)
    keeping.change_mailbox(account, "room4@lpsd.ca", by=cast.teacher)
    assert account.mailbox == "room4@lpsd.ca"
    for bad in ("room4@gmail.com", "room4", "", "ROOM4@lpsd.ca"):
        with pytest.raises(Invalid) as refused:
            keeping.change_mailbox(account, bad, by=cast.teacher)
        assert list(refused.value.fields) == ["mailbox"]


def test_a_retired_account_is_left_as_it_was(cast: Cast) -> None:
    account = official(cast)
    change_standing(account, "close", by=cast.communications, reason="Over.")
    with pytest.raises(WrongState):
        keeping.add_access(account, by=cast.communications, person=cast.principal, platform_role="editor")
    with pytest.raises(WrongState):
        keeping.end_access(held(account, cast.colleague), by=cast.communications)
