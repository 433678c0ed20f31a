"""Every step that an edition names is asked, in order, by the role and the person that it allows (Policy 7, clause A)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from rostrum.audit.queries import history
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, Overtaken, WrongState
from rostrum.notices.models import Notice
from rostrum.notices.render import words
from rostrum.people.actions import appoint
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.policies.check import read
from rostrum.registry import actions, directory, queries, registering
from rostrum.registry.deciding import requests
from rostrum.registry.models import AccountRequest, Endorsement, Registration
from rostrum.registry.states import RequestState
from rostrum.registry.turns import Turns
from tests.cast import Cast
from tests.registry.other_division import (
    CLAUSE_A,
    CLAUSE_B,
    FILE,
    LABELS,
    VERBS,
    agreed,
    asked,
    build_other_division,
    cleared,
    entered,
    signed,
)
from tests.registry.seeing import nothing_changes, watching


@pytest.fixture
def aspen(db: None, settings: Any) -> Cast:
    """The cast under Policy 7."""
    return build_other_division(settings)


def reread(request: AccountRequest) -> AccountRequest:
    return requests().get(pk=request.pk)


def everyone(cast: Cast) -> dict[str, Person]:
    return {key: value for key, value in vars(cast).items() if isinstance(value, Person)}


def only(request: AccountRequest, cast: Cast, act: Any, *who: str) -> None:
    """Everyone but these is refused, and nothing changes."""
    for name, person in everyone(cast).items():
        if name not in who:
            with nothing_changes(), pytest.raises((NotAllowed, WrongState)):
                act(reread(request), by=person)


def test_policy7_a_three_people_say_yes_before_an_account_opens(aspen: Cast) -> None:
    with watching() as seen:
        request = asked(aspen)
    assert seen.told(aspen) == {"colleague": "request.step_asked", "teacher": "request.submitted"}
    assert queries.status_of(request).word == "Waiting for O. Clarke"
    only(request, aspen, actions.endorse, "colleague")
    only(request, aspen, actions.approve)

    with watching() as seen:
        actions.endorse(request, by=aspen.colleague, reason="We need it.")
    assert request.state == RequestState.SUBMITTED
    assert (request.steps_given, request.endorsed_by) == (1, None)
    assert seen.events == [("accountrequest:endorse", aspen.colleague.pk, "supervisor", CLAUSE_A, "We need it.")]
    assert seen.told(aspen) == {"principal": "request.step_asked", "teacher": "request.step_given"}
    assert seen.comments == {"We need it."}
    assert queries.status_of(reread(request)).word == "Waiting for A. Petrova"
    only(request, aspen, actions.endorse, "principal")
    only(request, aspen, actions.approve)

    with watching() as seen:
        actions.endorse(request, by=aspen.principal, reason="The name fits.")
    assert request.state == RequestState.ENDORSED
    assert request.endorsed_by == aspen.principal
    assert seen.events == [("accountrequest:endorse", aspen.principal.pk, "administrator", CLAUSE_A, "The name fits.")]
    assert seen.told(aspen) == {
        "communications": "request.step_asked",
        "communications2": "request.step_asked",
        "teacher": "request.step_given",
        "colleague": "request.step_given",
    }
    only(request, aspen, actions.approve, "communications", "communications2")

    with watching() as seen:
        actions.approve(request, by=aspen.communications)
    assert seen.events == [("accountrequest:approve", aspen.communications.pk, "communications", CLAUSE_A, "")]
    assert seen.told(aspen) == {
        "teacher": "request.last_step_given",
        "colleague": "request.step_given",
        "principal": "request.step_given",
    }
    assert [(e.step, e.person) for e in Endorsement.objects.filter(request=request)] == [
        ("sponsor", aspen.colleague),
        ("head", aspen.principal),
    ]


def test_policy7_a_and_b_from_the_first_yes_to_the_register(aspen: Cast) -> None:
    registration = entered(aspen)
    assert registration.designations.filter(accepted_at__isnull=False).count() == 1
    with watching() as seen:
        account = registering.confirm(registration, by=aspen.communications)
    assert directory.verify(account.address).result == "official"
    request = reread(registration.request)
    assert request.state == RequestState.REGISTERED
    for entry in history(request):
        assert set(entry.citations) <= {*CLAUSE_A, *CLAUSE_B}
        assert CLAUSE_A[0] in entry.citations
    assert [entry.act.partition(":")[2] for entry in history(request)] == [
        "draft", "submit", "endorse", "endorse", "approve", "register",
    ]  # fmt: skip
    assert set(seen.told(aspen).values()) == {"account.official"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_letters_call_each_step_as_the_edition_does(language: str, aspen: Cast) -> None:
    cleared(aspen)
    told = {}
    for notice in Notice.objects.filter(kind="request.step_asked").exclude(person=aspen.communications2).order_by("pk"):
        said = words(notice, f"{language}-ca")
        told[notice.person_id] = (said.subject.partition(":")[0].strip(), said.lead, said.next_step)
    people = (aspen.colleague, aspen.principal, aspen.communications)
    for at, person in enumerate(people):
        verb, lead, following = told[person.pk]
        assert verb == VERBS[language][at]
        assert LABELS[language][at] in lead
        assert at == 2 or LABELS[language][at + 1] in following
    last = words(Notice.objects.get(kind="request.last_step_given"), f"{language}-ca")
    assert LABELS[language][2] in last.lead


@pytest.mark.parametrize("build", [agreed, signed])
def test_a_return_at_any_step_starts_them_all_anew(build: Any, aspen: Cast) -> None:
    request = build(aspen)
    by = aspen.principal if build is agreed else aspen.communications
    actions.return_to_requester(request, by=by, reason="Say for whom.")
    before = [entry.act for entry in history(request)]
    actions.submit(request, by=aspen.teacher)
    assert (request.steps_given, request.endorsed_by, request.endorsed_at) == (0, None, None)
    assert not Endorsement.objects.filter(request=request).exists()
    assert [entry.act for entry in history(request)] == [*before, "accountrequest:submit"]
    only(request, aspen, actions.endorse, "colleague")
    actions.endorse(request, by=aspen.colleague)
    actions.endorse(request, by=aspen.principal)
    assert request.state == RequestState.ENDORSED


@pytest.mark.parametrize("act", ["return_to_requester", "decline"])
def test_whoever_gave_an_earlier_step_can_no_longer_end_it(act: str, aspen: Cast) -> None:
    request = agreed(aspen)
    for person in (aspen.colleague, aspen.communications, aspen.teacher):
        with nothing_changes(), pytest.raises(NotAllowed):
            getattr(actions, act)(reread(request), by=person, reason="No.")
    getattr(actions, act)(request, by=aspen.principal, reason="No.")


def test_two_people_at_one_step_at_once_one_wins(aspen: Cast) -> None:
    appoint(aspen.superintendent, role="supervisor", unit=aspen.school, by=None)
    request = asked(aspen)
    mine, theirs = reread(request), reread(request)
    actions.endorse(mine, by=aspen.colleague, seen=mine.version)
    with nothing_changes(), pytest.raises(Overtaken):  # both had read it before either pressed
        actions.endorse(theirs, by=aspen.superintendent, seen=theirs.version)
    with nothing_changes(), pytest.raises(Overtaken):  # the page was old, the row was read anew
        actions.endorse(reread(request), by=aspen.superintendent, seen=theirs.version)
    with nothing_changes(), pytest.raises(Overtaken):  # pressed twice
        actions.endorse(reread(request), by=aspen.colleague, seen=theirs.version)
    with nothing_changes(), pytest.raises(NotAllowed):  # not late: it was never their step
        actions.endorse(reread(request), by=aspen.charlie, seen=theirs.version)
    assert reread(request).steps_given == 1


def test_a_copy_read_before_a_return_gives_no_step_of_the_new_round(aspen: Cast) -> None:
    request = agreed(aspen)
    old = reread(request)
    actions.return_to_requester(request, by=aspen.principal, reason="Again.")
    actions.submit(request, by=aspen.teacher)
    with nothing_changes(), pytest.raises(Overtaken):
        actions.endorse(old, by=aspen.principal)


def test_nobody_gives_two_steps_that_the_edition_keeps_apart(aspen: Cast) -> None:
    appoint(aspen.colleague, role="administrator", unit=aspen.school, by=None)
    request = agreed(aspen)
    turn = Turns([request]).endorsers(request)
    assert list(turn.people) == [aspen.principal]
    assert "Owen Clarke" in " ".join(queries.detour_words(turn))
    with nothing_changes(), pytest.raises(NotAllowed):
        actions.endorse(request, by=Person.objects.get(pk=aspen.colleague.pk))


def test_steps_that_the_edition_does_not_keep_apart_may_be_one_persons(aspen: Cast) -> None:
    """Policy 7 keeps Public Affairs apart from the head, not from the sponsor."""
    appoint(aspen.communications, role="supervisor", unit=aspen.school, by=None)
    request = asked(aspen)
    laurent = Person.objects.get(pk=aspen.communications.pk)
    actions.endorse(request, by=laurent)
    actions.endorse(request, by=aspen.principal)
    assert laurent in Turns([request]).approvers(request).people
    actions.approve(request, by=laurent)
    assert request.approved_by == laurent


def test_the_requester_gives_none_of_the_steps(aspen: Cast) -> None:
    for role, unit in (
        ("supervisor", aspen.school),
        ("administrator", aspen.school),
        ("communications", aspen.division),
    ):
        appoint(aspen.teacher, role=role, unit=unit, by=None)
    teacher = Person.objects.get(pk=aspen.teacher.pk)
    for request, act in (
        (asked(aspen), actions.endorse),
        (agreed(aspen), actions.endorse),
        (signed(aspen), actions.approve),
    ):
        with nothing_changes(), pytest.raises(NotAllowed) as refused:
            act(request, by=teacher)
        assert "You asked for this account" in refused.value.message


def test_a_step_given_twice_is_refused_by_the_database(aspen: Cast) -> None:
    row = Endorsement.objects.get(request=agreed(aspen))
    with pytest.raises(IntegrityError), transaction.atomic():
        Endorsement.objects.create(
            request=row.request, step="head", position=0, person=aspen.principal, given_at=row.given_at
        )


def test_no_step_is_given_after_the_last_one(aspen: Cast) -> None:
    request = cleared(aspen)
    for person, act in ((aspen.principal, actions.endorse), (aspen.communications2, actions.approve)):
        with nothing_changes(), pytest.raises(WrongState):
            act(reread(request), by=person)


def test_the_desk_shows_each_step_to_its_own_people_with_its_own_due_day(aspen: Cast) -> None:
    request = asked(aspen)
    waits = {name: [w.act for w in queries.waiting_for(p)] for name, p in everyone(aspen).items()}
    assert {name for name, acts in waits.items() if acts} == {"colleague"}
    assert queries.waiting_for(aspen.colleague)[0].due is None  # the edition names no days for this step
    actions.endorse(request, by=aspen.colleague)
    assert queries.waiting_for(aspen.colleague) == []
    assert [w.act for w in queries.waiting_for(aspen.principal)] == ["endorse"]
    actions.endorse(request, by=aspen.principal)
    (item,) = queries.waiting_for(aspen.communications)
    assert (item.act, item.due) == ("approve", clock.today() + timedelta(days=10))
    set_setting("clearing_days", 3, by_name="Marc Laurent", reason="Three are enough.")
    assert queries.waiting_for(aspen.communications)[0].due == clock.today() + timedelta(days=3)


def test_more_requests_cost_no_more_queries(aspen: Cast, django_assert_max_num_queries: Any) -> None:
    agreed(aspen)
    person = Person.objects.get(pk=aspen.principal.pk)
    with django_assert_max_num_queries(40) as few:
        queries.waiting_for(person)
    for _n in range(4):
        agreed(aspen)
    with django_assert_max_num_queries(len(few)):
        assert len(queries.waiting_for(person)) == 5


def _page(client: Client, url: str, language: str) -> str:
    answer = client.get(url, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


BUILT = {"submitted": asked, "second": agreed, "endorsed": signed, "approved": cleared, "sent": entered}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("state", BUILT)
def test_the_pages_of_each_state_speak_the_editions_words(state: str, language: str, aspen: Cast) -> None:
    with translation.override("en-ca"):  # what a page turns on is turned off again
        look_at_the_pages(state, language, aspen)


def look_at_the_pages(state: str, language: str, aspen: Cast) -> None:
    built: Any = BUILT[state](aspen)
    request = built.request if isinstance(built, Registration) else built
    at = list(BUILT).index(state)
    decider = (aspen.colleague, aspen.principal, aspen.communications, None, aspen.communications)[at]
    for person in (aspen.teacher, decider) if decider else (aspen.teacher,):  # the decider last: `page` is theirs
        person.language = f"{language}-ca"
        person.save(update_fields=["language"])
        client = Client()
        client.force_login(person)
        page = _page(client, f"/staff/requests/{request.ref}/", language)
        for label in LABELS[language]:
            assert label in page
        _page(client, "/staff/", language)
        _page(client, "/staff/requests/", language)
    if decider is not None and at < 3:
        verb = VERBS[language][at]
        assert verb in page
        assert VERBS[language][at] in _page(client, "/staff/", language)
        move = "endorse" if at < 2 else "approve"
        decide = _page(client, f"/staff/requests/{request.ref}/{move}/", language)
        assert verb in decide
        assert LABELS[language][at] in decide
        assert at == 2 or LABELS[language][at + 1] in decide


def test_the_timeline_names_each_step_that_was_given(aspen: Cast) -> None:
    from rostrum.web.requests.wording import timeline

    request = signed(aspen)
    for language, labels in LABELS.items():
        with translation.override(f"{language}-ca"):
            told = " ".join(entry["words"] for entry in timeline(history(request)))
            assert labels[0] in told
            assert labels[1] in told
            assert labels[2] not in told


def test_an_edition_with_one_step_is_refused_with_a_sentence() -> None:
    text = FILE.read_text(encoding="utf-8")
    begin = text.index("[[approval.steps]]")
    end = text.index("[[approval.steps]]", text.index('key = "head"'))
    document, problems = read((text[:begin] + text[end:]).replace('apart_from = ["requester", "head"]', ""))
    assert document is None or problems
    assert any("at least two steps" in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("build", "word"),
    [
        (asked, "Waiting: “The sponsor agrees”"),
        (agreed, "Waiting: “The head signs”"),
        (signed, "Waiting: “Public Affairs clears it”"),
        (cleared, "Approved, register it now"),
    ],
)
def test_a_state_is_called_by_the_step_that_is_asked(build: Any, word: str, aspen: Cast) -> None:
    assert build(aspen).get_state_display() == word


def test_the_filter_of_requests_offers_the_editions_own_steps(aspen: Cast) -> None:
    client = Client()
    client.force_login(aspen.communications)
    page = _page(client, "/staff/requests/?view=all", "en")
    assert "Waiting: “The sponsor agrees”, “The head signs”" in page
    assert "endorsement" not in page


def test_sentences_name_who_keeps_the_register_as_this_division_does(aspen: Cast) -> None:
    """Nobody there knows a department called Communications, in neither language."""
    from rostrum.policies.rolewords import APPROVER, KEEPER, called, keeper
    from rostrum.registry.known_states import KNOWN_MOVES
    from rostrum.registry.states import REQUEST_MOVES

    assert keeper() == str(KEEPER) == str(APPROVER) == "Public Affairs"
    assert called("administrator") == "Head of school"
    assert called("nobody") == ""
    for language, word in (("en", "Public Affairs"), ("fr", "affaires publiques")):
        with translation.override(f"{language}-ca"):
            said = " ".join(f"{move.effect} {move.done}" for move in (*REQUEST_MOVES, *KNOWN_MOVES))
            assert word in said
            assert "ommunications" not in said


PUBLIC = ("/", "/verify", "/verify?url=https://x.com/nobodyatall", "/procedure", "/me/login/", "/me/signup/", "/api/docs")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_public_page_names_a_department_of_another_division(language: str, aspen: Cast) -> None:
    for path in PUBLIC:
        with translation.override("en-ca"):
            assert "ommunications" not in _page(Client(), path, f"{language}-CA"), path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_of_the_register_names_a_department_of_another_division(language: str, aspen: Cast) -> None:
    """Every page that a requester, a decider and whoever keeps the register meets on the way of an account."""
    request = asked(aspen)
    pages = ["/staff/", "/staff/requests/", f"/staff/requests/{request.ref}/", "/staff/known/", "/staff/known/found/",
             "/staff/known/schools/", "/staff/known/import/", f"/staff/known/decide/{aspen.school.pk}/",
             "/staff/accounts/", "/staff/imports/"]  # fmt: skip
    for person in (aspen.teacher, aspen.colleague, aspen.principal, aspen.communications):
        person.language = f"{language}-ca"
        person.save(update_fields=["language"])
        client = Client()
        client.force_login(person)
        for path in pages:
            with translation.override("en-ca"):
                page = client.get(path).content.decode()
            assert "ommunications" not in page, (person.name, path, page[max(0, page.find("ommunications") - 80) :][:160])
