"""The Registration Form: managers who accept, the mailbox, the vault pointer, the address, and the public id (AP 193 3.2)."""

from __future__ import annotations

import re

import pytest

from rostrum.audit.models import EventPayload
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.people.actions import note_departure
from rostrum.policies.actions import set_setting
from rostrum.policies.queries import form
from rostrum.registry import actions, directory, queries, registering
from rostrum.registry import answers as reading
from rostrum.registry.answers import HIDDEN, looks_secret
from rostrum.registry.models import AccessHolder, Account, Designation, Registration
from rostrum.registry.registering import ID_LETTERS, free_public_id
from rostrum.registry.standing import change_standing
from tests.cast import Cast, approved, drafted, official, sent_registration, typed_registration
from tests.registry.reached import accepted_registration, filled
from tests.registry.seeing import nothing_changes, watching


def problems(registration: Registration, cast: Cast, **changes: object) -> dict[str, list[str]]:
    """Fill in the form with something changed and try to send it."""
    registering.save(registration, typed_registration(registration, cast, **changes), by=cast.teacher)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        registering.send(registration, by=cast.teacher)
    return refused.value.fields


def asked(registration: Registration, person: object) -> Designation:
    return Designation.objects.get(registration=registration, person=person, released_at=None, declined_at=None)


def minimum(count: int) -> None:
    set_setting("managers_min", count, by_name="Board", reason="Two pairs of eyes.")


def test_approving_opens_the_form_with_what_is_known(cast: Cast) -> None:
    registration = Registration.objects.get(request=approved(cast))
    assert registration.answers["mailbox"] == ["grade4.rendellpark@lpsd.ca"]
    assert registration.answers["managers"] == [cast.teacher.email, cast.colleague.email]
    assert registration.state == "draft"


def test_whoever_sends_the_form_and_names_themself_has_accepted(cast: Cast) -> None:
    registration = sent_registration(cast)
    assert asked(registration, cast.teacher).accepted_at is not None
    assert asked(registration, cast.colleague).accepted_at is None
    with nothing_changes(), pytest.raises(WrongState):
        registering.answer_designation(asked(registration, cast.teacher), by=cast.teacher, accept=False, reason="No")


def test_a_manager_accepts_and_the_requester_is_told(cast: Cast) -> None:
    registration = sent_registration(cast)
    with watching() as seen:
        designation = registering.answer_designation(
            asked(registration, cast.colleague), by=cast.colleague, accept=True
        )
    assert designation.accepted_at is not None
    assert seen.acts == ["designation:accept"]
    assert seen.told(cast) == {"teacher": "registration.designation_answered"}
    with nothing_changes(), pytest.raises(WrongState):
        registering.answer_designation(designation, by=cast.colleague, accept=True)


def test_a_manager_declines_with_a_reason_that_the_requester_reads(cast: Cast) -> None:
    registration = sent_registration(cast)
    with nothing_changes(), pytest.raises(Invalid):
        registering.answer_designation(asked(registration, cast.colleague), by=cast.colleague, accept=False)
    with watching() as seen:
        registering.answer_designation(
            asked(registration, cast.colleague), by=cast.colleague, accept=False, reason="No time."
        )
    assert seen.acts == ["designation:decline"]
    assert seen.notices == {(cast.teacher.pk, "registration.designation_answered", "No time.")}
    registration.refresh_from_db()
    assert registration.state == "sent"  # the teacher accepted, and one is enough


@pytest.mark.parametrize("who", ["teacher", "principal", "communications", "director", "sysadmin", "charlie"])
def test_nobody_answers_for_another(who: str, cast: Cast) -> None:
    registration = sent_registration(cast)
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        registering.answer_designation(asked(registration, cast.colleague), by=getattr(cast, who), accept=True)
    assert "Owen Clarke" in refused.value.message


def test_confirming_waits_until_enough_managers_have_accepted(cast: Cast) -> None:
    minimum(2)
    registration = sent_registration(cast)
    assert [w.act for w in queries.waiting_for(cast.communications)] == []
    with nothing_changes(), pytest.raises(WrongState) as refused:
        registering.confirm(registration, by=cast.communications)
    assert "O. Clarke" in refused.value.message
    assert not Account.objects.exists()
    with watching() as seen:
        registering.answer_designation(asked(registration, cast.colleague), by=cast.colleague, accept=True)
    assert seen.told(cast) == {
        "teacher": "registration.designation_answered",
        "communications": "registration.confirm_asked",
        "communications2": "registration.confirm_asked",
    }
    assert [w.act for w in queries.waiting_for(cast.communications)] == ["confirm"]
    assert registering.confirm(registration, by=cast.communications).state == "recognised"


def test_communications_is_asked_to_confirm_once_not_at_every_answer(cast: Cast) -> None:
    registration = sent_registration(cast)
    with watching() as seen:
        registering.answer_designation(asked(registration, cast.colleague), by=cast.colleague, accept=True)
    assert "communications" not in seen.told(cast)


def test_when_the_only_manager_declines_the_form_goes_back_to_be_changed(cast: Cast) -> None:
    registration = filled(cast, managers=[cast.colleague.email])
    registering.send(registration, by=cast.teacher)
    with watching() as seen:
        registering.answer_designation(
            asked(registration, cast.colleague), by=cast.colleague, accept=False, reason="No time."
        )
    registration.refresh_from_db()
    assert (registration.state, registration.last_comment) == ("returned", "No time.")
    assert seen.acts == ["designation:decline", "registration:return"]
    assert seen.notices == {(cast.teacher.pk, "registration.returned", "No time.")}
    registering.save(registration, {"managers": [cast.teacher.email]}, by=cast.teacher)
    registering.send(registration, by=cast.teacher)
    assert registering.missing(registration) == []


def test_a_manager_who_has_left_no_longer_counts(cast: Cast) -> None:
    registration = filled(cast, managers=[cast.colleague.email])
    registering.send(registration, by=cast.teacher)
    registering.answer_designation(asked(registration, cast.colleague), by=cast.colleague, accept=True)
    note_departure(cast.colleague, by=None)
    registration.refresh_from_db()
    assert not queries.ready_to_confirm(registration)
    with nothing_changes(), pytest.raises(WrongState):
        registering.confirm(registration, by=cast.communications)


def test_fewer_managers_than_the_minimum_are_refused_and_more_than_the_most_too(cast: Cast) -> None:
    minimum(2)
    registration = filled(cast)
    assert "at least 2" in problems(registration, cast, managers=[cast.teacher.email])["managers"][0]
    set_setting("managers_max", 2, by_name="Board", reason="No crowds.")
    three = [cast.teacher.email, cast.colleague.email, cast.principal.email]
    assert "at most 2" in problems(registration, cast, managers=three)["managers"][0]


def test_one_manager_is_enough_for_3_4_and_warned_about_under_1_7(cast: Cast) -> None:
    registration = filled(cast, managers=[cast.teacher.email])
    result = reading.read(form(registration.request.edition, registering.FORM), registration.answers)
    warned = [n for n in registering.notes_for(registration, result) if n.field == "managers"]
    assert [(n.level, n.clause) for n in warned] == [("flag", "1.7")]
    registering.send(registration, by=cast.teacher)
    assert registering.missing(registration) == []


@pytest.mark.parametrize(
    "managers", [[], ["nobody@lpsd.ca"], ["s.nguyen@lpsd.ca", "S.NGUYEN@lpsd.ca"], ["Nobody At All"]]
)
def test_managers_must_be_known_people_each_named_once(managers: list[str], cast: Cast) -> None:
    assert "managers" in problems(filled(cast), cast, managers=managers)


def test_replaced_managers_are_released_and_no_longer_asked(cast: Cast) -> None:
    registration = sent_registration(cast)
    old = asked(registration, cast.colleague)
    registering.send_back(registration, by=cast.communications, reason="Name the principal.")
    registering.save(registration, {"managers": [cast.teacher.email, cast.principal.email]}, by=cast.teacher)
    with watching() as seen:
        registering.send(registration, by=cast.teacher)
    assert seen.told(cast)["principal"] == "registration.designated"
    assert seen.acts == ["registration:send", "designation:name"]  # the teacher stays named, and is not named again
    old.refresh_from_db()
    assert old.released_at is not None
    with nothing_changes(), pytest.raises(WrongState):
        registering.answer_designation(old, by=cast.colleague, accept=True)
    assert {d.person for d in registration.designations.filter(released_at=None)} == {cast.teacher, cast.principal}


def test_someone_who_declined_may_be_named_again(cast: Cast) -> None:
    registration = sent_registration(cast)
    registering.answer_designation(
        asked(registration, cast.colleague), by=cast.colleague, accept=False, reason="Not now."
    )
    registering.send_back(registration, by=cast.communications, reason="Ask again.")
    registering.send(registration, by=cast.teacher)
    registering.answer_designation(asked(registration, cast.colleague), by=cast.colleague, accept=True)
    assert registering.accepted(registration) == 2


def test_everyone_with_access_is_written_down_with_the_role(cast: Cast) -> None:
    registration = sent_registration(cast)
    held = AccessHolder.objects.filter(registration=registration, until=None)
    assert {(h.person, h.platform_role) for h in held} == {(cast.teacher, "owner"), (cast.colleague, "editor")}
    registering.send_back(registration, by=cast.communications, reason="Fewer.")
    registering.save(registration, {"access": [cast.teacher.email], "access__role": ["owner"]}, by=cast.teacher)
    registering.send(registration, by=cast.teacher)
    assert [h.person for h in held.all()] == [cast.teacher]
    assert AccessHolder.objects.filter(registration=registration).count() == 3  # the past stays on record


def test_the_same_form_withdrawn_or_confirmed_takes_no_answer(cast: Cast) -> None:
    registration = sent_registration(cast)
    designation = asked(registration, cast.colleague)
    with watching() as seen:
        actions.withdraw(registration.request, by=cast.teacher)
    assert seen.told(cast)["colleague"] == "request.withdrawn"  # named and asked: they are told that it is over
    designation = Designation.objects.get(pk=designation.pk)
    with nothing_changes(), pytest.raises(WrongState):
        registering.answer_designation(designation, by=cast.colleague, accept=True)


def test_the_second_manager_may_still_accept_after_the_account_is_official(cast: Cast) -> None:
    registration = sent_registration(cast)
    registering.confirm(registration, by=cast.communications)
    designation = registering.answer_designation(asked(registration, cast.colleague), by=cast.colleague, accept=True)
    assert designation.accepted_at is not None


# Where a sign-in is kept is written down, never the sign-in.
SECRETS = [
    "Hunter2!",
    "password: rendell4",
    "Password is sunshine",
    "mot de passe : soleil",
    "pwd=abc123",
    "Tr0ub4dor&3",
    "Spring2024!",
    "vault entry 14, password: kite",
    "PIN: 4821",
    "x9$Lq2#Vb7",
    "Rendell2024#",
    "aB3$ef",
    "passphrase = blue horse",
    "aB3-x9/kQ2",
    "Lösung77Ab!",
    "correctHorse9Battery",
    "Lloyd2024Park",
    "passcode: 9921",
]
POINTERS = [
    "Office vault, entry 14",
    "Coffre du bureau, entrée 14",
    "Bitwarden, collection “Rendell Park”, item Grade 4 blog",
    "1Password: Rendell Park, Instagram",
    "KeePass file of the office, entry Blog/Grade 4",
    "Vault-Entry-14",
    "Keeper/LPSD-Office/Grade-4",
    "Password manager of the office",
    "Safe in room 204, envelope B",
    "The password is kept in the office safe",
    "Le mot de passe est gardé au coffre du bureau",
    "https://vault.lpsd.ca/items/Grade4Blog2024",
    "Entry #2026-114",
    "LastPass > Schools > Rendell Park",
    "Rendell_Park_Blog_14",
    "coffre-fort A-12, tiroir 3",
    "Ask M. Laurent (Communications)",
    "Spinning wheel binder",
]


@pytest.mark.parametrize("typed", SECRETS)
def test_a_vault_entry_that_looks_like_a_password_is_refused(typed: str) -> None:
    assert looks_secret(typed)


@pytest.mark.parametrize("typed", POINTERS)
def test_a_plain_pointer_to_a_vault_is_accepted(typed: str) -> None:
    assert not looks_secret(typed)


def test_a_refused_secret_is_kept_nowhere_not_even_in_the_draft_of_its_writer(cast: Cast) -> None:
    registration = filled(cast)
    assert "did not keep it" in problems(registration, cast, custody="Hunter2!x9")["custody"][0]
    registration.refresh_from_db()
    assert registration.custody == ""
    assert registration.answers["custody"] == [HIDDEN]
    assert not any("Hunter2" in str(row) for row in EventPayload.objects.values_list())


@pytest.mark.parametrize(
    "mailbox", ["grade4@gmail.com", "sofia@hotmail.ca", "x@lpsd.ca.example.com", "x@1psd.ca", "x@notlpsd.ca"]
)
def test_ap193_1_6_a_personal_mailbox_is_refused_at_registration(mailbox: str, cast: Cast) -> None:
    assert "mailbox" in problems(filled(cast), cast, mailbox=mailbox)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://www.instagram.com/rendellparkgr4", "Instagram"),
        ("https://plus.google.com/+RendellPark", ""),
        ("not an address", ""),
        ("javascript:alert(1)", ""),
        ("https://bit.ly/3xYz", ""),
        ("", ""),
        ("https://rendellpark.wordpress.com\u202e", "hidden"),
        ("h" * 600, ""),
    ],
)
def test_an_address_elsewhere_or_unreadable_is_refused(address: str, said: str, cast: Cast) -> None:
    fields = problems(filled(cast), cast, address=address)
    assert said in fields["address"][0]


def test_an_account_that_is_registered_already_is_refused_by_name(cast: Cast) -> None:
    first = official(cast)
    assert first.public_id in problems(filled(cast), cast, address=first.address)["address"][0]


def test_a_twin_registered_in_the_meantime_is_refused_when_confirming(cast: Cast) -> None:
    """Both forms were in order when they were sent; only one account can be official (I6)."""
    one = accepted_registration(cast)
    two = filled(cast)
    registering.save(two, {"address": [one.address]}, by=cast.teacher)
    registering.send(two, by=cast.teacher)
    account = registering.confirm(one, by=cast.communications)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        registering.confirm(Registration.objects.get(pk=two.pk), by=cast.communications)
    assert "registered a moment ago" in refused.value.message
    change_standing(account, "close", by=cast.communications, reason="The other one lives on.")
    assert (
        registering.confirm(Registration.objects.get(pk=two.pk), by=cast.communications).canonical_id
        == account.canonical_id
    )


@pytest.mark.parametrize("platform", ["googleplus", "myspace", ""])
def test_a_retired_or_unknown_platform_cannot_be_asked_for(platform: str, cast: Cast) -> None:
    request = drafted(cast, platform=platform)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        actions.submit(request, by=cast.teacher)
    assert "platform" in refused.value.fields


def test_public_ids_are_short_printable_unlike_words_and_never_the_same(cast: Cast) -> None:
    ids = {free_public_id() for _n in range(500)}
    assert len(ids) > 490
    assert all(re.fullmatch(f"[{ID_LETTERS}]{{6}}", one) for one in ids)
    assert not set(ID_LETTERS) & set("01AEIOULY")
    account = official(cast)
    assert directory.by_public_id(f" {account.public_id.lower()} ") == account


def test_a_taken_public_id_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = official(cast).public_id
    draws = iter([*taken, *"BCDFGH"])
    monkeypatch.setattr(registering.secrets, "choice", lambda _letters: next(draws))
    assert free_public_id() == "BCDFGH"


def test_the_form_takes_no_field_of_its_own_state(cast: Cast) -> None:
    registration = filled(cast)
    for extra in ("state", "confirmed_by", "version", "public_id", "request"):
        with nothing_changes(), pytest.raises(Invalid) as refused:
            registering.save(registration, {extra: ["confirmed"]}, by=cast.teacher)
        assert extra in refused.value.message


def test_another_window_saved_the_form_in_between(cast: Cast) -> None:
    registration = filled(cast)
    seen = registration.version
    registering.save(registration, {"custody": ["Vault 1"]}, by=cast.teacher, seen=seen)
    with nothing_changes(), pytest.raises(Overtaken):
        registering.save(registration, {"custody": ["Vault 2"]}, by=cast.teacher, seen=seen)
    assert registration.custody == "Vault 1"
