"""Known accounts (AP 193 1.2, 1.3, 3.1, 3.2): every state and move, the short way to official, and its refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.grants import GRANTS, PERMISSIONS
from rostrum.people.models import Person
from rostrum.registry import actions, directory, known, registering
from rostrum.registry.known_models import KnownAccount, NoOthers
from rostrum.registry.known_queries import allowed_moves, asked_of, progress, to_approve, undecided_of, visible_to
from rostrum.registry.known_states import KNOWN_MOVES, KnownState
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.queries import registration_of
from tests.cast import Cast, typed_registration

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.instagram.com/rendellpuppets"


def brought_in(cast: Cast, address: str = ADDRESS, **more: Any) -> KnownAccount:
    """One account from a list."""
    more = {"name": "Rendell Park Puppets", "manager": cast.teacher, "mailbox": "puppets@lpsd.ca", **more}
    entry = known.entry_of(address, more.pop("unit", cast.school), **more)
    return known.bring_in([entry], by=cast.communications, source="list.csv")[0]


def answered(cast: Cast, answer: str, manager: Person | None = None, by: Person | None = None) -> KnownAccount:
    it = brought_in(cast)
    chosen = known.Decision(it, answer, (manager or cast.teacher) if answer == "ours" else None, "We know it well.")
    known.decide(cast.school, [chosen], by=by or cast.principal)
    it.refresh_from_db()
    return it


def settled(cast: Cast) -> KnownAccount:
    it = answered(cast, "ours")
    actions.withdraw(it.request, by=cast.teacher)
    it.refresh_from_db()
    return it


REACHED: dict[str, Callable[[Cast], KnownAccount]] = {
    "known": brought_in,
    "claimed": lambda c: answered(c, "ours"),
    "disowned": lambda c: answered(c, "not_ours"),
    "unreachable": lambda c: answered(c, "unreachable"),
    "settled": settled,
}
MADE: dict[str, tuple[Callable[[KnownAccount, Cast], Any], str]] = {
    "claim": (lambda k, c: known.decide(c.school, [known.Decision(k, "ours", c.teacher)], by=c.principal), "principal"),
    "disown": (
        lambda k, c: known.decide(c.school, [known.Decision(k, "not_ours", None, "No.")], by=c.principal), "principal",
    ),
    "unreachable": (
        lambda k, c: known.decide(c.school, [known.Decision(k, "unreachable", None, "No.")], by=c.principal), "principal",
    ),
    "reopen": (lambda k, c: known.reopen(k, by=c.communications, reason="Look again."), "communications"),
    "closed": (lambda k, c: known.note_closed(k, by=c.communications, reason="Gone."), "communications"),
}  # fmt: skip


@pytest.mark.parametrize("state", KnownState.values)
@pytest.mark.parametrize("name", sorted(MADE))
def test_every_state_and_move(cast: Cast, state: str, name: str) -> None:
    it = REACHED[state](cast)
    move = next(m for m in KNOWN_MOVES if m.name == name)
    act, who = MADE[name]
    count = Event.objects.count()
    allowed = {m.name for m in allowed_moves(getattr(cast, who), it)}
    if state not in move.sources:
        assert name not in allowed
        with pytest.raises(WrongState):
            act(it, cast)
        it.refresh_from_db()
        assert (it.state, Event.objects.count()) == (state, count)
        return
    assert name in allowed
    act(it, cast)
    it.refresh_from_db()
    assert it.state == move.target
    mine = Event.objects.filter(seq__gt=count, subject_type="knownaccount", subject_id=it.pk)
    assert [event.act for event in mine] == [f"knownaccount:{name}"]


def test_moves_and_grants_name_the_same_acts() -> None:
    assert {move.permission for move in KNOWN_MOVES} <= set(PERMISSIONS)
    for role in ("administrator", "supervisor", "communications", "director"):  # only whoever is in turn decides
        assert not GRANTS[role] & {"known:claim", "known:disown", "known:unreachable"}


@pytest.mark.parametrize(
    "who", ["teacher", "superintendent", "communications", "director", "auditor", "sysadmin", "charlie"]
)
@pytest.mark.parametrize("answer", ["ours", "not_ours", "unreachable"])
def test_only_whoever_decides_for_the_unit_says_whose_it_is(cast: Cast, who: str, answer: str) -> None:
    it = brought_in(cast)
    with pytest.raises(NotAllowed, match=r"A\. Petrova"):
        known.decide(cast.school, [known.Decision(it, answer, cast.teacher, "Because.")], by=getattr(cast, who))
    assert AccountRequest.objects.count() == 0


def test_3_2_from_a_list_to_the_register(cast: Cast) -> None:
    """1.2, 3.1, 3.2: said to be ours, approved by someone else, registered, confirmed, and only then official."""
    it = answered(cast, "ours")
    request = it.request
    assert (request.state, request.retroactive, request.requester, request.endorsed_by) == (
        "endorsed", True, cast.teacher, cast.principal,
    )  # fmt: skip
    assert directory.verify(ADDRESS).result == "not_ours"
    assert to_approve(cast.communications) == [request]
    known.approve_together([(request, request.version)], by=cast.communications)
    form = Registration.objects.get(request=request)
    assert form.answers["address"] == ["https://www.instagram.com/rendellpuppets/"]
    assert form.answers["mailbox"] == ["puppets@lpsd.ca"]
    assert directory.verify(ADDRESS).result == "not_ours"
    request.refresh_from_db()
    typed = typed_registration(form, cast)
    rest = {
        key: typed[key]
        for key in typed
        if key not in {"address", "name", "mailbox", "managers", "access", "access__role"}
    }
    registering.send(registering.save(form, rest, by=cast.teacher), by=cast.teacher)
    account = registering.confirm(registration_of(AccountRequest.objects.get(pk=request.pk)), by=cast.communications)
    it.refresh_from_db()
    assert (it.state, it.outcome, it.account) == ("settled", "official", account)
    assert directory.verify(ADDRESS).result == "official"
    assert "knownaccount:settle" in set(Event.objects.values_list("act", flat=True))
    with pytest.raises(WrongState):
        known.reopen(it, by=cast.communications, reason="Really?")
    with pytest.raises(Invalid, match=account.public_id):
        known.sight(known.entry_of(ADDRESS, cast.school, note="Seen."), by=cast.colleague)


def test_who_claims_for_themself_is_endorsed_by_the_next_above(cast: Cast) -> None:
    """3.1: nobody endorses their own."""
    it = answered(cast, "ours", manager=cast.principal)
    assert (it.request.state, it.request.endorsed_by) == ("submitted", None)
    assert Notice.objects.filter(kind="request.endorse_asked", person=cast.superintendent).count() == 1
    with pytest.raises(NotAllowed):
        actions.endorse(it.request, by=cast.principal)
    actions.endorse(it.request, by=cast.superintendent)
    with pytest.raises(NotAllowed):
        known.approve_together([(it.request, None)], by=cast.superintendent)


def test_approving_together_is_all_or_nothing_and_only_for_accounts_that_exist(cast: Cast) -> None:
    first, second = brought_in(cast), brought_in(cast, "https://x.com/rendellkites", name="Rendell Park Kites")
    chosen = [known.Decision(one, "ours", cast.teacher) for one in (first, second)]
    requests = known.decide(cast.school, chosen, by=cast.principal)
    stale = [(request, request.version) for request in requests]
    actions.decline(AccountRequest.objects.get(pk=requests[1].pk), by=cast.communications2, reason="Doubled.")
    with pytest.raises((WrongState, Overtaken), match="Rendell Park"):
        known.approve_together(stale, by=cast.communications)
    assert set(AccountRequest.objects.values_list("state", flat=True)) == {"endorsed", "declined"}
    second.refresh_from_db()
    assert (second.state, second.outcome) == ("settled", "ended")
    with pytest.raises(Invalid):
        known.approve_together([], by=cast.communications)


def test_one_page_many_problems_and_nothing_is_sent(cast: Cast) -> None:
    first, second = brought_in(cast), brought_in(cast, "https://x.com/rendellkites")
    wrong = [known.Decision(first, "ours", None), known.Decision(second, "not_ours", None, "  ")]
    with pytest.raises(Invalid) as refused:
        known.decide(cast.school, wrong, by=cast.principal)
    assert set(refused.value.fields) == {f"manager-{first.pk}", f"reason-{second.pk}"}
    assert set(KnownAccount.objects.values_list("state", flat=True)) == {"known"}
    with pytest.raises(Invalid):
        known.decide(cast.school, [], by=cast.principal)


def test_two_at_once_one_wins(cast: Cast) -> None:
    it = brought_in(cast)
    known.decide(cast.school, [known.Decision(it, "ours", cast.teacher, seen=1)], by=cast.principal)
    late = KnownAccount.objects.get(pk=it.pk)
    with pytest.raises((Overtaken, WrongState)):
        known.decide(cast.school, [known.Decision(late, "not_ours", None, "No.", seen=1)], by=cast.principal)
    assert AccountRequest.objects.count() == 1


def test_one_letter_says_it_for_all(cast: Cast) -> None:
    rows = [brought_in(cast, f"https://x.com/rendell{word}") for word in ("kites", "quilts", "drums")]
    Notice.objects.all().delete()
    known.decide(cast.school, [known.Decision(one, "ours", cast.teacher) for one in rows], by=cast.principal)
    told = sorted(Notice.objects.values_list("kind", "person__email"))
    assert told == [
        ("known.decided", "j.gagnon@lpsd.ca"), ("known.decided", "m.laurent@lpsd.ca"),
        *[("known.named", "s.nguyen@lpsd.ca")] * 3,
    ]  # fmt: skip


def test_no_others_is_kept_with_its_day_and_shown(cast: Cast) -> None:
    known.decide(cast.school, [], by=cast.principal, no_others=True)
    word = NoOthers.objects.get()
    assert (word.unit, word.said_by) == (cast.school, cast.principal)
    mine = next(row for row in progress(cast.communications) if row.home == cast.school)
    assert (mine.known, mine.left, mine.no_others) == (0, 0, word)
    with pytest.raises(NotAllowed):
        known.say_no_others(cast.school, by=cast.charlie)


def test_known_once_while_open_and_the_database_holds_to_it(cast: Cast) -> None:
    it = brought_in(cast)
    with pytest.raises(Overtaken):
        brought_in(cast)
    with pytest.raises(Invalid, match="known already"):
        known.sight(known.entry_of(ADDRESS + "/?hl=fr", cast.other_school, note="Seen."), by=cast.teacher)
    it.pk, it._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        it.save(force_insert=True)


def test_a_sighting_of_a_class_asks_the_principal(cast: Cast) -> None:
    entry = known.entry_of("https://x.com/rpgrade4", cast.classroom, note="Our crest.")
    it = known.sight(entry, by=cast.charlie)
    assert [one.home for one in asked_of(cast.principal)] == [cast.school]
    assert undecided_of(cast.school) == [it]
    assert list(visible_to(cast.charlie)) == [it]  # who found it may see what became of it
    assert list(visible_to(cast.teacher)) == []
    known.place(it, cast.other_school, by=cast.communications)
    assert asked_of(cast.principal) == []
    assert [one.home for one in asked_of(cast.charlie)] == [cast.other_school]
    with pytest.raises(NotAllowed):
        known.place(it, cast.school, by=cast.principal)


def test_what_waits_costs_no_more_queries_the_more_it_is(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for word in ("kites", "quilts", "drums", "masks", "lanterns"):
        brought_in(cast, f"https://x.com/rendell{word}")
    with django_assert_max_num_queries(12):
        assert asked_of(Person.objects.get(pk=cast.principal.pk))[0].count == 5


@pytest.mark.parametrize(
    "typed", ["", "rendellpuppets", "https://x.com/a/status/1", "https://example.com@evil.test/", "\x00"]
)
def test_what_is_no_account_is_refused_with_words(cast: Cast, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        known.entry_of(typed, cast.school)
    assert refused.value.fields["address"]


def test_a_claim_of_what_somebody_asked_for_meanwhile_is_refused(cast: Cast) -> None:
    it = brought_in(cast)
    other = actions.draft(cast.colleague, {"platform": ["instagram"], "handle": [ADDRESS], "unit": [cast.school.code]})
    AccountRequest.objects.filter(pk=other.pk).update(
        state="submitted", submitted_at=other.started_at, unit=cast.school
    )
    with pytest.raises(Refusal):
        known.decide(cast.school, [known.Decision(it, "ours", cast.teacher)], by=cast.principal)
    it.refresh_from_db()
    assert it.state == "known"
    assert Account.objects.count() == 0
