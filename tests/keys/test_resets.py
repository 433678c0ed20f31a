"""A reset is a witnessed statement (AP 193 3.4): made by one person, confirmed by another, never by oneself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.keys import queries, stating
from rostrum.keys.actions import call_for_reset
from rostrum.keys.models import PARTS, Reset
from rostrum.keys.states import RESET_MOVES, RETURN
from rostrum.notices.models import Notice
from rostrum.people.actions import name_stand_in, note_departure
from rostrum.people.models import Appointment, Person
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account, Designation
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.keys.made import ENTRY, RESETS, asked, confirmed, returned, stated, statement

pytestmark = pytest.mark.django_db
WHO = {"confirm": "colleague", "return": "colleague", "restate": "teacher", "withdraw": "teacher"}
EVERYONE = ("teacher", "colleague", "principal", "superintendent", "communications", "privacy", "director", "auditor",
            "sysadmin", "charlie")  # fmt: skip


def moved(reset: Reset, move: str, by: Person) -> Reset:
    if move == "restate":
        return stating.restate(reset, statement(), by=by)
    return stating.ACTS[move](reset, by=by, reason="Looked at it.")


def alone(cast: Cast) -> Account:
    """An account with one manager left."""
    account = official(cast)
    left(account, cast.colleague)
    return account


def left(account: Account, person: Person) -> None:
    """The person manages the account no more."""
    for designation in Designation.objects.filter(registration__account=account, person=person):
        Designation.objects.filter(pk=designation.pk).update(released_at=timezone.now())


@pytest.mark.parametrize("move", RESET_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(RESETS))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = RESETS[state](cast)
    by = getattr(cast, WHO[move.name])
    events = Event.objects.count()
    if state in move.sources:
        assert move in queries.allowed(by, it)
        moved(it, move.name, by)
        assert Reset.objects.get(pk=it.pk).state == move.target
        assert Event.objects.count() == events + 1
        last = Event.objects.latest("seq")
        assert last.act == f"reset:{move.name}"
        assert last.kept.payload["citations"] == ["ap-193@2015-09#3.4"]
    else:
        assert move not in queries.allowed(by, it)
        with pytest.raises(Refusal):
            moved(it, move.name, by)
        assert Reset.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


@pytest.mark.parametrize("who", EVERYONE)
def test_who_may_state_a_reset(cast: Cast, who: str) -> None:
    account = official(cast)
    if who in {"teacher", "colleague", "principal", "superintendent"}:
        assert stated(cast, account, getattr(cast, who)).made_by == getattr(cast, who)
    else:
        with pytest.raises(NotAllowed):
            stated(cast, account, getattr(cast, who))


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("move", ["confirm", "return"])
def test_3_4_only_the_second_manager_confirms(cast: Cast, move: str, who: str) -> None:
    it = stated(cast)
    if who == "colleague":
        assert moved(it, move, cast.colleague).state in {"confirmed", "returned"}
    else:
        with pytest.raises(NotAllowed):
            moved(it, move, getattr(cast, who))


def test_3_4_where_there_is_no_second_manager_the_principal_confirms(cast: Cast) -> None:
    it = stated(cast, alone(cast))
    assert queries.witnesses(it) == [cast.principal]
    assert [one.pk for one in queries.resets_waiting_for(cast.principal)] == [it.pk]
    assert queries.resets_waiting_for(cast.superintendent) == []
    with pytest.raises(NotAllowed):
        stating.confirm(it, by=cast.teacher)
    assert stating.confirm(it, by=cast.principal).confirmed_by == cast.principal


def test_what_the_principal_stated_the_only_manager_confirms(cast: Cast) -> None:
    it = stated(cast, alone(cast), cast.principal)
    assert queries.witnesses(it) == [cast.teacher]
    assert stating.confirm(it, by=cast.teacher).state == "confirmed"


def test_what_the_principal_stated_with_nobody_else_goes_to_the_next_above(cast: Cast) -> None:
    account = alone(cast)
    note_departure(cast.teacher, by=cast.communications)
    it = stated(cast, account, cast.principal)
    assert queries.witnesses(it) == [cast.superintendent]


def test_nobody_confirms_their_own_also_not_in_the_database(cast: Cast) -> None:
    it = stated(cast)
    with pytest.raises(NotAllowed) as refused:
        stating.confirm(it, by=cast.teacher)
    assert "Owen Clarke" in refused.value.message
    now = timezone.now()
    for wrong in ({"confirmed_by": cast.teacher, "confirmed_at": now}, {"confirmed_by": None}, {"changed": "could_not"},
                  {"vault_entry": ""}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Reset.objects.filter(pk=it.pk).update(**{"state": "confirmed", **wrong})


def test_one_open_statement_per_account(cast: Cast) -> None:
    it = stated(cast)
    with pytest.raises(WrongState):
        stated(cast, it.account, cast.colleague)
    stating.send_back(it, by=cast.colleague, reason="Look again.")
    with pytest.raises(WrongState):
        stated(cast, it.account, cast.colleague)
    stating.withdraw(it, by=cast.teacher)
    assert stated(cast, it.account, cast.colleague).state == "made"


def test_two_people_confirming_at_once(cast: Cast) -> None:
    account = official(cast)
    it = stated(cast, account, cast.principal)
    first, second = Reset.objects.get(pk=it.pk), Reset.objects.get(pk=it.pk)
    stating.confirm(first, by=cast.teacher, seen=1)
    with pytest.raises(Overtaken):
        stating.confirm(second, by=cast.colleague, seen=1)
    with pytest.raises(WrongState):
        stating.confirm(Reset.objects.get(pk=it.pk), by=cast.colleague)
    assert Reset.objects.get(pk=it.pk).confirmed_by == cast.teacher


def test_confirming_after_leaving_the_account_or_the_division(cast: Cast) -> None:
    it = stated(cast)
    left(it.account, cast.colleague)
    with pytest.raises(NotAllowed) as refused:
        stating.confirm(it, by=cast.colleague)
    assert "Ana Petrova" in refused.value.message, "it says who can"
    other = stated(cast)
    note_departure(cast.colleague, by=cast.communications)
    gone = Person.objects.get(pk=cast.colleague.pk)
    with pytest.raises(NotAllowed):
        stating.confirm(other, by=gone)
    assert stating.confirm(other, by=cast.principal).state == "confirmed"


def test_a_statement_stands_when_its_maker_has_left_and_can_be_cleared_away(cast: Cast) -> None:
    first, second = stated(cast), returned(cast)
    for it in (first, second):
        with pytest.raises(NotAllowed):
            stating.withdraw(it, by=cast.colleague)
    note_departure(cast.teacher, by=cast.communications)
    for it in (first, second):
        it.made_by.refresh_from_db()
    assert stating.confirm(first, by=cast.colleague).state == "confirmed"
    assert stating.withdraw(second, by=cast.colleague, reason="Sofia has left.").state == "withdrawn"


def test_nothing_is_returned_to_somebody_who_has_left(cast: Cast) -> None:
    it = stated(cast)
    assert RETURN in queries.allowed(cast.colleague, it)
    note_departure(cast.teacher, by=cast.communications)
    it = Reset.objects.get(pk=it.pk)
    assert RETURN not in queries.allowed(cast.colleague, it)
    with pytest.raises(WrongState) as refused:
        stating.send_back(it, by=cast.colleague, reason="It is not so.")
    assert "Withdraw it" in refused.value.message
    assert stating.withdraw(it, by=cast.colleague, reason="I reset it anew.").state == "withdrawn"


def test_a_reset_of_a_retired_account_is_neither_stated_nor_confirmed(cast: Cast) -> None:
    it = stated(cast)
    change_standing(it.account, "close", by=cast.communications, reason="The class is over.")
    with pytest.raises(WrongState):
        stating.confirm(it, by=cast.colleague)
    assert queries.resets_waiting_for(cast.colleague) == []
    assert stating.withdraw(it, by=cast.teacher).state == "withdrawn"
    with pytest.raises(WrongState):
        stated(cast, it.account)
    back = returned(cast)
    change_standing(back.account, "close", by=cast.communications, reason="The class is over.")
    with pytest.raises(WrongState):
        stating.restate(back, statement(), by=cast.teacher)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"changed": ""}, ["changed"]),
        ({"changed": "perhaps"}, ["changed"]),
        ({"changed": "could_not", "why_not": {"changed": "No idea how."}}, ["changed"]),
        ({"second_factor": "not_offered"}, ["second_factor_why"]),
        ({"apps": "not_applicable", "why_not": {"apps": " "}}, ["apps_why"]),
        ({"vault_entry": ""}, ["vault_entry"]),
        ({"vault_entry": "Right \u202eleft"}, ["vault_entry"]),
        ({"note": "x" * 2001}, ["note"]),
        ({"access": "could_not", "why_not": {"access": "x" * 301}}, ["access_why"]),
        ({"changed": "", "vault_entry": "", "mailbox": "could_not"}, ["changed", "mailbox_why", "vault_entry"]),
    ],
)
def test_a_statement_that_cannot_be_says_why_beside_each_field(cast: Cast, wrong: Any, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        stated(cast, **wrong)
    assert list(refused.value.fields) == fields
    assert not Reset.objects.exists()


def test_what_could_not_be_done_is_answered_with_a_word_why(cast: Cast) -> None:
    why = {"second_factor": "No second factor on this platform.", "vault": "The page has no password of its own.",
           "changed": "The page is reached through our own profiles.", "apps": "kept although done"}  # fmt: skip
    it = stated(
        cast, changed="not_applicable", second_factor="not_offered", vault="not_applicable", why_not=why, vault_entry="x y"
    )
    assert it.why_not == {part: why[part] for part in ("changed", "second_factor", "vault")}
    assert it.vault_entry == "", "no entry where there is none"


def test_a_call_that_came_while_writing_is_shown_before_anything_counts(cast: Cast) -> None:
    account = official(cast)
    saw = stating.asked_of(account)
    asked(cast, account, by=cast.colleague)
    with pytest.raises(Invalid) as refused:
        stating.make(account, statement(), by=cast.teacher, asked=saw)
    assert "another reset" in refused.value.message
    assert stating.make(account, statement(), by=cast.teacher, asked=stating.asked_of(account)).state == "made"


def test_a_returned_statement_counts_from_when_it_is_made_again(cast: Cast) -> None:
    account, start = official(cast), timezone.now()
    it = stated(cast, account)
    stating.send_back(it, by=cast.colleague, reason="The old phone is on the list.")
    assert list(queries.resets_sent_back_to(cast.teacher)) == [it]
    with clock.standing_at(start + timedelta(hours=3)):
        call = call_for_reset(account, trigger="leaver", by=None)
        with pytest.raises(NotAllowed):
            stating.restate(it, statement(), by=cast.colleague)
        stating.restate(it, statement(access="could_not", why_not={"access": "Locked for a day."}), by=cast.teacher)
        stating.confirm(it, by=cast.colleague)
    call.refresh_from_db()
    assert (call.state, call.answered_by) == ("answered", it)
    assert it.access == "could_not"


def test_the_principal_may_confirm_too_once_the_divisions_days_have_passed(cast: Cast) -> None:
    it, start = stated(cast), timezone.now()
    with clock.standing_at(start + timedelta(days=60)):
        assert queries.witnesses(it) == [cast.colleague], "not set by the procedure: only the second manager"
    set_setting("reset_confirm_days", 3, by_name="Marc", reason="Board decision.", by=cast.communications)
    assert queries.witnesses(it) == [cast.colleague]
    with clock.standing_at(start + timedelta(days=10)):
        assert queries.witnesses(it) == [cast.colleague, cast.principal]
        assert [one.pk for one in queries.resets_waiting_for(cast.principal)] == [it.pk]
        assert stating.confirm(it, by=cast.principal).state == "confirmed"


def test_a_stand_in_confirms_for_a_principal_who_is_away(cast: Cast) -> None:
    it = stated(cast, alone(cast))
    name_stand_in(
        Appointment.objects.get(person=cast.principal), person=cast.privacy, by=cast.principal, starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=5), reason="Family leave.",
    )  # fmt: skip
    assert queries.witnesses(it) == [cast.privacy]
    assert stating.confirm(it, by=Person.objects.get(pk=cast.privacy.pk)).state == "confirmed"


def test_everyone_with_a_part_in_it_is_told(cast: Cast) -> None:
    def told(kind: str) -> list[str]:
        found = Notice.objects.filter(kind=kind, about_id=it.pk, about_type="reset")
        return sorted(found.values_list("person__name", flat=True))

    it = stated(cast)
    assert told("keys.confirm_asked") == ["Owen Clarke"]
    stating.send_back(it, by=cast.colleague, reason="Look again.")
    assert told("keys.returned") == ["Sofia Nguyen"]
    stating.restate(it, statement(), by=cast.teacher)
    stating.confirm(it, by=cast.colleague, reason="Seen on my phone.")
    assert told("keys.confirmed") == ["Sofia Nguyen"]
    assert Notice.objects.filter(kind="keys.confirmed").latest("pk").context["comment"] == "Seen on my phone."


def test_communications_hears_when_an_alarm_is_answered(cast: Cast) -> None:
    call = asked(cast)
    confirmed(cast, call.account)
    told = set(Notice.objects.filter(kind="keys.confirmed").values_list("person__name", flat=True))
    assert {"Marc Laurent", "Julie Gagnon"} <= told


def test_the_log_keeps_the_outcomes_and_no_free_text_but_the_note(cast: Cast) -> None:
    it = stated(cast)
    payload = Event.objects.latest("seq").kept.payload
    assert {part: payload["after"][part] for part in PARTS} == dict.fromkeys(PARTS, "done")
    assert ENTRY not in str(payload)
    assert it.vault_entry == ENTRY
