"""What the database itself refuses, whoever writes: forged rows that no act of ours could make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from rostrum.core import clock
from rostrum.hooks.models import HookEndpoint
from rostrum.intake.accounts_models import AccountList, AccountRow
from rostrum.intake.models import SourceRecord
from rostrum.intake.post_models import PostList
from rostrum.people.list_models import ChosenColumns
from rostrum.people.lists import keep_filter
from rostrum.people.models import Appointment, Person, StandIn, Unit
from rostrum.registry.change_models import AccountChange, AccountSplit, FormerDetails
from rostrum.registry.closing_models import Closing, ClosingAnswer, ParkedHandle
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.models import Account, AccountRequest, AccountStanding, Designation, Endorsement, Registration
from rostrum.registry.splitting import split
from rostrum.tokens.actions import make
from rostrum.tokens.models import Token
from rostrum.workflow.models import Submission
from tests.cast import Cast, approved, endorsed, official, submitted
from tests.registry.seeing import nothing_changes
from tests.web.everywhere import (
    a_change,
    a_closing,
    a_known_account,
    a_message,
    a_parked_handle,
    a_post_list,
    a_staged_list,
)


def _copy(thing: models.Model, **changes: Any) -> None:
    """Insert a second row like the first, with something forged."""
    thing.pk = None
    thing._state.adding = True
    for name, value in changes.items():
        setattr(thing, name, value)
    thing.save(force_insert=True)


def _change(model: type[models.Model], pk: int, **changes: Any) -> None:
    model._default_manager.filter(pk=pk).update(**changes)


def _twin_account(cast: Cast) -> None:
    account, other = official(cast), approved(cast)
    _copy(account, public_id="ZZZZZZ", registration=Registration.objects.get(request=other))


def _same_public_id(cast: Cast) -> None:
    account, other = official(cast), approved(cast)
    _copy(account, registration=Registration.objects.get(request=other), canonical_id="handle:other")


def _confirmed(cast: Cast, **changes: Any) -> None:
    _change(Registration, official(cast).registration_id, **changes)


def _designated(cast: Cast, **changes: Any) -> None:
    designation = Designation.objects.filter(registration=official(cast).registration).first()
    assert designation is not None
    _copy(designation, **changes)


def _appointment(cast: Cast) -> Appointment:
    return Appointment.objects.get(person=cast.principal)


def _known(cast: Cast, **changes: Any) -> None:
    _change(KnownAccount, a_known_account(cast).pk, **changes)


def _columns_twice(cast: Cast) -> None:
    for _n in range(2):
        ChosenColumns.objects.create(person=cast.teacher, listing="accounts", columns=[])


def _split(cast: Cast) -> AccountSplit:
    """A part of an account that its manager asked for as an account of its own."""
    return AccountSplit.objects.get(request=split(official(cast), by=cast.teacher, reason="The band."))


def _former(change: AccountChange) -> None:
    """What an account was called until a moment before it was called so."""
    account, now = change.account, clock.now()
    FormerDetails.objects.create(
        account=account, change=change, unit=account.unit, name="Old", handle="old", canonical_id="handle:old",
        address="https://example.ca", since=now, until=now - timedelta(days=1),
    )  # fmt: skip


def _held_twice(cast: Cast) -> None:
    account = official(cast)
    for _n in range(2):
        AccountHold.objects.create(account=account, kind="case", ref="1", since=clock.now())


def _sourced(**names: Any) -> None:
    """A source that says the same thing twice, or a thing that is no one thing."""
    for _n in range(2):
        SourceRecord.objects.create(source="oneroster", source_id="17", **names)


def _token(cast: Cast) -> Token:
    return make(cast.teacher, name="Site", scopes=["read:requests"], last_day=clock.today() + timedelta(days=9))[0]


FORGERIES: dict[str, Callable[[Cast], None]] = {
    "one_open_request_per_handle": lambda c: _copy(submitted(c), ref="2020-0001"),
    "a_sent_request_names_its_unit": lambda c: _change(AccountRequest, submitted(c).pk, unit=None),
    "approved_means_endorsed_and_approved": lambda c: _change(AccountRequest, submitted(c).pk, state="approved"),
    "nobody_endorses_their_own_request": lambda c: _change(AccountRequest, submitted(c).pk, endorsed_by=c.teacher),
    "requester_endorser_approver_are_apart": lambda c: _change(AccountRequest, approved(c).pk, approved_by=c.principal),
    "each_step_is_given_once": lambda c: _copy(Endorsement.objects.get(request=endorsed(c)), person=c.director),
    "confirmed_means_by_someone_with_an_address": lambda c: _confirmed(c, confirmed_by=None),
    "one_live_account_per_address": _twin_account,
    "an_account_has_an_address": lambda c: _change(Account, official(c).pk, canonical_id=""),
    "one_current_standing": lambda c: _copy(AccountStanding.objects.get(account=official(c))),
    "named_once_per_account": lambda c: _designated(c),
    "accepted_or_declined_not_both": lambda c: _designated(c, declined_at=clock.now()),
    "one_open_unit_of_a_name_under_a_parent": lambda c: _copy(c.school, code="second", path="/0/"),
    "one_division": lambda c: _copy(c.division, code="second", name="Second"),
    "only_the_division_is_a_root": lambda c: _change(Unit, c.school.pk, parent=None),
    "one_person_per_work_email": lambda c: _copy(c.teacher, email="S.NGUYEN@LPSD.CA"),
    "one_open_appointment_of_a_person_to_a_role": lambda c: _copy(_appointment(c)),
    "an_appointment_ends_after_it_starts": lambda c: _change(
        Appointment, _appointment(c).pk, ends_on=clock.today() - timedelta(days=400)
    ),
    "an_absence_ends_after_it_starts": lambda c: _copy(
        StandIn(
            appointment=_appointment(c), starts_on=clock.today(), ends_on=clock.today() - timedelta(days=1), reason="x"
        )
    ),
    "one_saved_filter_of_a_name": lambda c: _copy(keep_filter(c.teacher, "accounts", "Ours", "q=a"), name="OURS"),
    "a_saved_filter_has_a_name": lambda c: _copy(keep_filter(c.teacher, "accounts", "Ours", "q=a"), name=""),
    "columns_chosen_once_per_list": lambda c: _columns_twice(c),
    "held_once_by_one_thing": lambda c: _held_twice(c),
    "only_a_suspension_has_an_end_or_a_condition": lambda c: _change(
        AccountStanding, AccountStanding.objects.get(account=official(c)).pk, condition="Something"
    ),
    "what_was_merged_is_retired_into_another": lambda c: _change(Account, official(c).pk, merged_into=official(c)),
    "one_open_closing_per_account": lambda c: _copy(a_closing(c)),
    "a_closed_account_says_who_retired_it": lambda c: _change(Closing, a_closing(c).pk, state="done"),
    "only_an_owed_checklist_is_due": lambda c: _change(Closing, a_closing(c).pk, due_on=clock.today()),
    "a_closing_says_why": lambda c: _change(Closing, a_closing(c).pk, reason=""),
    "each_item_is_answered_once": lambda c: _copy(ClosingAnswer.objects.get(closing=a_closing(c), item="told")),
    "an_answer_is_to_a_known_item": lambda c: _copy(
        ClosingAnswer.objects.get(closing=a_closing(c), item="told"), item="crest"
    ),
    "an_account_is_parked_once": lambda c: _copy(a_parked_handle(c)),
    "a_parked_handle_is_looked_after_again": lambda c: _change(ParkedHandle, a_parked_handle(c).pk, renew_on=None),
    "one_open_change_per_account": lambda c: _copy(a_change(c)),
    "a_change_takes_two_yeses": lambda c: _change(AccountChange, a_change(c).pk, state="approved"),
    "nobody_approves_a_change_of_their_own": lambda c: _change(
        AccountChange, a_change(c).pk, state="approved", agreed_by=c.principal, decided_by=c.principal
    ),
    "an_offered_change_names_who_gives": lambda c: _change(AccountChange, a_change(c).pk, state="offered"),
    "no_school_loses_an_account_unasked": lambda c: _change(AccountChange, a_change(c).pk, gives=c.school),
    "nothing_is_merged_into_itself": lambda c: _change(AccountChange, (it := a_change(c)).pk, into=it.account),
    "a_split_says_why": lambda c: _change(AccountSplit, _split(c).pk, reason=""),
    "a_change_leaves_an_address": lambda c: _change(AccountChange, a_change(c).pk, canonical_id=""),
    "a_former_stretch_ends_after_it_begins": lambda c: _former(a_change(c)),
    "known_once_per_handle_while_open": lambda c: _copy(a_known_account(c)),
    "a_known_account_has_a_handle": lambda c: _known(c, handle_key=""),
    "claimed_means_requested": lambda c: _known(c, state="claimed", request=None),
    "settled_as_official_names_it": lambda c: _known(c, outcome="official", account=None),
    "a_list_that_ended_says_when": lambda c: _change(
        AccountList, a_staged_list(c).pk, state="done", finished_at=None
    ),
    "a_post_list_that_ended_says_when": lambda c: _change(
        PostList, a_post_list(c).pk, state="done", finished_at=None
    ),
    "one_row_per_number": lambda c: _copy(AccountRow.objects.filter(batch=a_staged_list(c)).earliest("pk")),
    "a_source_record_names_one_thing": lambda c: _sourced(person=c.teacher, unit=c.school),
    "one_person_per_source_id": lambda c: _sourced(person=c.teacher),
    "one_unit_per_source_id": lambda c: _sourced(unit=c.school),
    "one_source_record_per_appointment": lambda c: _sourced(appointment=_appointment(c)),
    "a_token_ends_after_it_starts": lambda c: _change(
        Token, _token(c).pk, expires_at=clock.now() - timedelta(days=400)
    ),
    "a_stopped_webhook_says_since_when": lambda c: _change(
        HookEndpoint, a_message(c).endpoint_id, state="off", stopped_at=None
    ),
    "a_message_is_owed_once": lambda c: _copy(a_message(c)),
    "an_owed_message_has_its_turn": lambda c: _change(type(a_message(c)), a_message(c).pk, next_at=None),
    "one_answer_per_idempotency_key": lambda c: [  # type: ignore[func-returns-value]
        Submission.objects.create(person=c.teacher, key="k", fingerprint="a", answer="/") for _n in range(2)
    ],
}
# Tested in those folders.
ELSEWHERE = {
    "archive", "monitoring", "keys", "upkeep", "reviews", "cases", "audit", "policies", "notices", "jobs", "schoolyear",
    "guidance", "custody", "orders",
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_the_database_refuses(name: str, cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FORGERIES[name](cast)


def test_every_constraint_of_these_packages_has_its_forgery() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("rostrum").get_models()
        for constraint in model._meta.constraints
        if model.__module__.split(".")[1] not in ELSEWHERE
    }
    assert declared == set(FORGERIES)


def test_unique_columns_hold_too(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _same_public_id(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        _copy(Unit.objects.get(pk=cast.school.pk), name="Other", path="/0/")
    request = submitted(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        _copy(request, handle_key="handle:elsewhere")


@pytest.mark.parametrize("state", ["approved", "registered", "lapsed"])
def test_no_state_after_approval_without_both_names(state: str, cast: Cast) -> None:
    request = submitted(cast)
    for names in ({}, {"endorsed_by": cast.principal}, {"approved_by": cast.communications}):
        with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
            _change(AccountRequest, request.pk, state=state, **names)


def test_whoever_has_acted_cannot_be_deleted(cast: Cast) -> None:
    official(cast)
    for person in (cast.teacher, cast.principal, cast.communications):
        with pytest.raises(models.ProtectedError):
            Person.objects.get(pk=person.pk).delete()


def test_a_retired_handle_may_be_registered_again_and_two_live_ones_may_not(cast: Cast) -> None:
    account, other = official(cast), approved(cast)
    _change(Account, account.pk, state="retired")
    _copy(
        Account.objects.get(pk=account.pk),
        public_id="ZZZZZZ",
        state="recognised",
        registration=Registration.objects.get(request=other),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        _change(Account, account.pk, state="recognised")
