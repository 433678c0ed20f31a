"""Two people at once, with real threads and transactions: one wins, the other is told, and the database never ends one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from rostrum.audit import chain
from rostrum.audit.models import Event
from rostrum.audit.queries import entries
from rostrum.core.errors import Invalid, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.registry import actions, registering
from rostrum.registry.models import Account, AccountRequest, Designation, Registration
from rostrum.registry.standing import change_standing
from rostrum.workflow.once import once
from tests.cast import Cast, build_cast, drafted, endorsed, official, sent_registration, submitted, typed_request

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast in a database that several threads share."""
    return build_cast()


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Runs the acts in threads that start at the same moment; what each returned, or the refusal it got.

    Any other exception (a deadlock, a lock that timed out) is raised here: nobody may see it.
    """
    gate = threading.Barrier(len(acts))
    out: list[Any] = [None] * len(acts)

    def run(n: int) -> None:
        try:
            gate.wait(timeout=10)
            out[n] = acts[n]()
        except Refusal as refusal:
            out[n] = refusal
        except BaseException as error:  # brought to the test's own thread below
            out[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    for result in out:
        if isinstance(result, BaseException) and not isinstance(result, Refusal):
            raise result
    assert chain.verify(entries()).fault is None
    return out


def won_and_lost(results: list[Any]) -> tuple[int, list[Refusal]]:
    refused = [r for r in results if isinstance(r, Refusal)]
    return len(results) - len(refused), refused


def copy_of(request: AccountRequest) -> AccountRequest:
    return AccountRequest.objects.get(pk=request.pk)


def test_two_people_of_communications_decide_at_once(cast: Cast) -> None:
    request = endorsed(cast)
    one, two = copy_of(request), copy_of(request)
    won, refused = won_and_lost(
        together(
            lambda: actions.approve(one, by=cast.communications, reason="Yes."),
            lambda: actions.decline(two, by=cast.communications2, reason="No."),
        )
    )
    assert (won, [type(r) for r in refused]) == (1, [Overtaken])
    request.refresh_from_db()
    decided = Event.objects.filter(
        subject_type="accountrequest",
        subject_id=request.pk,
        act__in=["accountrequest:approve", "accountrequest:decline"],
    )
    assert decided.count() == 1
    assert Registration.objects.filter(request=request).exists() == (request.state == "approved")
    assert request.last_comment == ("Yes." if request.state == "approved" else "No.")


def test_the_same_button_pressed_in_four_windows_works_once(cast: Cast) -> None:
    request = submitted(cast)
    copies = [copy_of(request) for _n in range(4)]
    before = Notice.objects.count()
    won, refused = won_and_lost(
        together(*(lambda c=c: actions.endorse(c, by=cast.principal, seen=c.version) for c in copies))
    )  # type: ignore[misc]
    assert won == 1
    assert {type(r) for r in refused} == {Overtaken}
    assert Event.objects.filter(act="accountrequest:endorse").count() == 1
    assert Notice.objects.count() == before + 3  # both of Communications, and the teacher


def test_withdrawing_while_it_is_confirmed_leaves_one_outcome_and_no_deadlock(cast: Cast) -> None:
    """The one locks the registration before the request, the other the request before the registration."""
    for _n in range(3):
        registration = sent_registration(cast)
        request, mine = copy_of(registration.request), Registration.objects.get(pk=registration.pk)
        won, refused = won_and_lost(
            together(
                lambda r=request: actions.withdraw(r, by=cast.teacher),  # type: ignore[misc]
                lambda g=mine: registering.confirm(g, by=cast.communications),  # type: ignore[misc]
            )
        )
        assert won == 1
        assert {type(r) for r in refused} <= {Overtaken, WrongState}
        request.refresh_from_db()
        registration.refresh_from_db()
        ended = (request.state, registration.state, Account.objects.filter(registration=registration).exists())
        assert ended in {("withdrawn", "dropped", False), ("registered", "confirmed", True)}


def test_a_manager_answers_while_the_form_is_returned_and_sent_again(cast: Cast) -> None:
    registration = sent_registration(cast)
    registering.send_back(registration, by=cast.communications, reason="Another vault, and only one manager.")
    registering.save(registration, {"managers": [cast.teacher.email]}, by=cast.teacher)
    designation = Designation.objects.get(registration=registration, person=cast.colleague)
    mine = Registration.objects.get(pk=registration.pk)
    together(
        lambda: registering.answer_designation(designation, by=cast.colleague, accept=True),
        lambda: registering.send(mine, by=cast.teacher),
    )
    registration.refresh_from_db()
    designation.refresh_from_db()
    assert registration.state == "sent"
    assert designation.released_at is not None
    assert registering.accepted(registration) == 1


def test_two_confirmations_at_once_make_one_account(cast: Cast) -> None:
    registration = sent_registration(cast)
    one, two = (Registration.objects.get(pk=registration.pk) for _n in range(2))
    won, refused = won_and_lost(
        together(
            lambda: registering.confirm(one, by=cast.communications),
            lambda: registering.confirm(two, by=cast.communications2),
        )
    )
    assert (won, len(refused)) == (1, 1)
    assert Account.objects.filter(registration=registration).count() == 1
    assert Event.objects.filter(act="account:open").count() == 1


def test_two_requests_for_one_handle_at_once(cast: Cast) -> None:
    """By database constraint, one of two requests sent at the same moment is told (I6)."""
    typed = typed_request(cast)
    ours = [actions.draft(person, typed) for person in (cast.teacher, cast.colleague)]
    won, refused = won_and_lost(
        together(lambda: actions.submit(ours[0], by=cast.teacher), lambda: actions.submit(ours[1], by=cast.colleague))
    )
    assert (won, [type(r) for r in refused]) == (1, [Invalid])
    assert isinstance(refused[0], Invalid)
    assert list(refused[0].fields) == ["handle"]
    assert AccountRequest.objects.filter(state="submitted").count() == 1


def test_a_draft_saved_on_two_devices_at_once_loses_nothing_silently(cast: Cast) -> None:
    request = drafted(cast)
    one, two = copy_of(request), copy_of(request)
    won, refused = won_and_lost(
        together(
            lambda: actions.save_draft(one, {"purpose": ["From the phone"]}, by=cast.teacher, seen=request.version),
            lambda: actions.save_draft(two, {"purpose": ["From the desk"]}, by=cast.teacher, seen=request.version),
        )
    )
    assert (won, [type(r) for r in refused]) == (1, [Overtaken])
    request.refresh_from_db()
    assert request.version == one.version or request.version == two.version
    assert request.answers["purpose"] in (["From the phone"], ["From the desk"])


def test_two_standings_at_once(cast: Cast) -> None:
    account = official(cast)
    one, two = (Account.objects.get(pk=account.pk) for _n in range(2))
    won, refused = won_and_lost(
        together(
            lambda: change_standing(one, "suspend", by=cast.communications, reason="Odd posts."),
            lambda: change_standing(two, "close", by=cast.communications2, reason="The class is over."),
        )
    )
    assert (won, [type(r) for r in refused]) == (1, [Overtaken])
    assert account.standings.filter(until=None).count() == 1
    assert account.standings.count() == 2


def test_one_key_sent_four_times_at_once_acts_once(cast: Cast) -> None:
    request = submitted(cast)

    def press() -> str:
        def act() -> str:
            actions.endorse(copy_of(request), by=cast.principal)
            return "/done"

        return once(cast.principal, "one-key", "same", act)

    results = together(press, press, press, press)
    assert {r for r in results if isinstance(r, str)} == {"/done"}
    assert all(isinstance(r, str | Overtaken) for r in results)
    assert Event.objects.filter(act="accountrequest:endorse").count() == 1


def test_numbers_of_the_log_have_no_gap_when_many_write_at_once(cast: Cast) -> None:
    drafts = [drafted(cast) for _n in range(4)]
    before = Event.objects.count()
    together(*(lambda d=d: actions.submit(d, by=cast.teacher) for d in drafts))  # type: ignore[misc]
    assert list(Event.objects.values_list("seq", flat=True)) == list(range(1, before + 5))
