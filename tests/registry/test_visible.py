"""What a person may see: the one query that leaves the register agrees with the rule, written out for one request."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostrum.people.models import Person
from rostrum.registry import queries, registering
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official, sent_registration, submitted


def test_charlie_sees_nothing_of_rendell_park(cast: Cast) -> None:
    request, account = submitted(cast), official(cast)
    assert not queries.visible_to(cast.charlie).exists()
    assert queries.find(cast.charlie, request.ref or "") is None
    assert not queries.accounts_visible_to(cast.charlie).exists()
    assert queries.waiting_for(cast.charlie) == []
    assert account in queries.accounts_visible_to(cast.principal)


def test_who_reads_an_accounts_full_record(cast: Cast) -> None:
    account = official(cast)
    may = {
        "teacher",
        "colleague",
        "principal",
        "superintendent",
        "communications",
        "communications2",
        "privacy",
        "director",
        "auditor",
    }
    for who in (
        "teacher",
        "colleague",
        "principal",
        "superintendent",
        "communications",
        "communications2",
        "privacy",
        "director",
        "auditor",
        "sysadmin",
        "charlie",
    ):
        assert queries.accounts_visible_to(getattr(cast, who)).filter(pk=account.pk).exists() == (who in may), who


def test_a_released_manager_no_longer_reads_it(cast: Cast) -> None:
    registration = sent_registration(cast)
    assert registration.request in queries.visible_to(cast.colleague)
    registering.send_back(registration, by=cast.communications, reason="Another manager.")
    registering.save(
        registration,
        {"managers": [cast.teacher.email], "access": [cast.teacher.email], "access__role": ["owner"]},
        by=cast.teacher,
    )
    registering.send(registration, by=cast.teacher)
    assert registration.request not in queries.visible_to(cast.colleague)


def test_whoever_looks_after_an_account_finds_it_among_their_own(cast: Cast) -> None:
    account = official(cast)
    assert list(queries.managed_by(cast.colleague)) == [account]
    assert list(queries.managed_by(cast.principal)) == []
    change_standing(account, "close", by=cast.communications, reason="Over.")
    assert Account.objects.get(pk=account.pk) in queries.accounts_visible_to(cast.teacher)


def test_the_lists_cost_the_same_number_of_queries_however_many_there_are(
    cast: Cast,
) -> None:
    def cost() -> list[int]:
        out = []
        for person in (cast.principal, cast.communications, cast.teacher):
            fresh = Person.objects.get(pk=person.pk)
            with CaptureQueriesContext(connection) as counted:
                list(queries.visible_to(fresh))
                queries.waiting_for(fresh)
            out.append(len(counted))
        return out

    for _n in range(2):
        submitted(cast)
        sent_registration(cast)
    few = cost()
    for _n in range(3):
        submitted(cast)
        sent_registration(cast)
    assert cost() == few
