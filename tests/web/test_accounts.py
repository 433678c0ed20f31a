"""The list of accounts, the full record, and every decision on an account's standing (AP 193 1.5, 1.10)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.audit.models import Event
from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.standing import change_standing
from rostrum.registry.states import Standing
from tests.cast import Cast, official, submitted

LIST = "/staff/accounts/"


def page(person: Person, path: str, **params: Any) -> Any:
    """A page as a person gets it."""
    client = Client()
    client.force_login(person)
    return client.get(path, params)


def text(response: Any) -> str:
    return str(response.content.decode())


def listed(response: Any) -> set[str]:
    """Public ids of the accounts on a page of the list."""
    return set(re.findall(r"/staff/accounts/([2-9A-Z]{6})/", text(response)))


def move_url(account: Account, move: str) -> str:
    return reverse("web:account_move", args=[account.public_id, move])


@pytest.fixture
def account(cast: Cast) -> Account:
    """An official account of Rendell Park."""
    return official(cast)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("teacher", True),
        ("colleague", True),
        ("principal", True),
        ("superintendent", True),
        ("communications", True),
        ("privacy", True),
        ("director", True),
        ("auditor", True),
        ("sysadmin", False),
        ("charlie", False),
    ],
)
def test_each_role_sees_the_accounts_it_may(cast: Cast, account: Account, who: str, sees: bool) -> None:
    person = getattr(cast, who)
    assert (account.public_id in listed(page(person, LIST, tab="all"))) is sees
    record = page(person, reverse("web:account", args=[account.public_id]))
    assert record.status_code == (200 if sees else 404)
    if not sees:
        assert account.mailbox not in text(record)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Client, account: Account) -> None:
    for path in (LIST, reverse("web:account", args=[account.public_id]), move_url(account, "review")):
        assert client.get(path).status_code == 302


def test_tabs_narrow_to_mine_and_to_my_school(cast: Cast, account: Account) -> None:
    assert listed(page(cast.communications, LIST, tab="mine")) == set()
    assert listed(page(cast.colleague, LIST, tab="mine")) == {account.public_id}
    assert listed(page(cast.principal, LIST, tab="school")) == {account.public_id}
    assert listed(page(cast.principal, LIST, tab="mine")) == set()
    assert listed(page(cast.charlie, LIST, tab="school")) == set()


def test_search_and_filters_narrow_the_list(cast: Cast, account: Account) -> None:
    def found(**params: str) -> bool:
        return account.public_id in listed(page(cast.communications, LIST, tab="all", **params))

    assert found(q="RÉNDELL grade")
    assert not found(q="winston")
    assert found(school=cast.school.code)
    assert not found(school=cast.other_school.code)
    assert found(platform="blog")
    assert not found(platform="instagram")
    assert found(kind="classroom")
    assert not found(kind="club")
    assert found(state="recognised")
    assert not found(state="retired")



def test_an_empty_list_says_what_to_do(cast: Cast, account: Account) -> None:
    said = text(page(cast.communications, LIST, tab="all", q="zzyzx"))
    assert "No account fits" in said
    assert "0 accounts" in said
    assert "You look after no account yet" in text(page(cast.charlie, LIST, tab="mine"))


@pytest.mark.parametrize(
    "params",
    [
        {"q": "\x00"},
        {"q": "‮"},
        {"q": "x" * 5000},
        {"school": "nowhere"},
        {"platform": "<b>"},
        {"state": "official"},
        {"sort": "pk; drop table"},
        {"tab": "everything"},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"page": "x"},
    ],
)
def test_hostile_filters_are_answered(cast: Cast, account: Account, params: dict[str, str]) -> None:
    assert page(cast.communications, LIST, **params).status_code == 200


@pytest.mark.parametrize(
    "sort", ["name", "-name", "unit", "-unit", "platform", "-platform", "since", "-since"]
)
def test_every_column_sorts(cast: Cast, account: Account, sort: str) -> None:
    second = official(cast)
    answer = page(cast.communications, LIST, tab="all", sort=sort)
    assert listed(answer) == {account.public_id, second.public_id}
    assert "aria-sort=" in text(answer)


def test_list_and_record_cost_the_same_however_much_there_is(
    cast: Cast, account: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cast.communications)
    record = reverse("web:account", args=[account.public_id])
    client.get(LIST)
    with django_assert_max_num_queries(20) as first:
        client.get(LIST)
    client.get(record)
    with django_assert_max_num_queries(64) as one:
        client.get(record)
    for _more in range(4):
        official(cast)
    with django_assert_max_num_queries(len(first)):
        client.get(LIST)
    change_standing(account, "review", by=cast.communications, reason="A parent asked.")
    change_standing(account, "clear", by=cast.communications, reason="All in order.")
    with django_assert_max_num_queries(len(one)):
        client.get(record)


def test_the_record_holds_everything_with_its_clause(cast: Cast, account: Account) -> None:
    said = text(page(cast.communications, reverse("web:account", args=[account.public_id])))
    for part in (
        account.public_id,
        account.address,
        account.mailbox,
        "Office vault, entry 14",
        "A shared division mailbox",
        "Sofia Nguyen",
        "Owen Clarke",
        "Owner or full control",
        "Posts and edits",
        "Rendell Park School",
        "#clause-1.6",
        "#clause-1.7",
        reverse("directory:account", args=[account.public_id]),
        reverse("web:request", args=[account.registration.request.ref]),
        "Official account of Grade 4, Rendell Park School, Lloydminster Public School Division.",
        "made the account official",
        "Name matches the class.",
    ):
        assert part in said, part


def test_any_letter_case_of_the_public_id_leads_to_the_record(cast: Cast, account: Account) -> None:
    answer = page(cast.communications, f"{LIST}{account.public_id.lower()}/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("web:account", args=[account.public_id])
    for nobody in ("ZZZZZZ", "%00", "x" * 400):
        assert page(cast.communications, f"{LIST}{nobody}/").status_code == 404


def test_a_holder_of_access_who_left_stands_out(cast: Cast, account: Account) -> None:
    note_departure(cast.colleague, by=cast.sysadmin)
    said = text(page(cast.communications, reverse("web:account", args=[account.public_id])))
    assert "has left: take the access away" in said


CHAIN = [
    ("review", Standing.REVIEW),
    ("clear", Standing.RECOGNISED),
    ("suspend", Standing.SUSPENDED),
    ("restore", Standing.RECOGNISED),
    ("close", Standing.RETIRED),
]


def test_ap193_1_5_communications_changes_the_standing_with_a_reason(cast: Cast, account: Account) -> None:
    client = Client()
    client.force_login(cast.communications)
    for move, state in CHAIN:
        shown = client.get(move_url(account, move))
        assert shown.status_code == 200
        assert "Sofia Nguyen" in text(shown)
        seen = re.search(r'name="seen" value="(\d+)"', text(shown))
        key = re.search(r'name="_key" value="(\w+)"', text(shown))
        assert seen
        assert key
        sent = {"reason": f"Because of {move}.", "seen": seen[1], "_key": key[1]}
        answer = client.post(move_url(account, move), sent)
        assert answer.headers["Location"] == reverse("web:account", args=[account.public_id])
        events = Event.objects.count()
        replayed = client.post(move_url(account, move), sent)
        assert replayed.status_code == 302
        assert Event.objects.count() == events
        account.refresh_from_db()
        assert account.state == state
    reasons = list(
        AccountStanding.objects.filter(account=account).order_by("pk").values_list("reason", flat=True)
    )
    assert reasons[1:] == [f"Because of {move}." for move, _state in CHAIN]


@pytest.mark.parametrize("who", ["teacher", "principal", "superintendent", "director", "auditor", "privacy"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_not_you_whoever_may_only_read_changes_nothing(
    cast: Cast, account: Account, who: str, method: str
) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    answer = getattr(client, method)(move_url(account, "suspend"), {"reason": "Mine now."})
    assert answer.status_code == 403
    assert "Only Communications" in text(answer)
    account.refresh_from_db()
    assert account.state == Standing.RECOGNISED


def test_not_here_whoever_may_not_read_finds_nothing(cast: Cast, account: Account) -> None:
    assert page(cast.charlie, move_url(account, "suspend")).status_code == 404
    assert page(cast.communications, move_url(account, "delete")).status_code == 404


def test_not_now_a_move_from_another_state_is_refused(cast: Cast, account: Account) -> None:
    client = Client()
    client.force_login(cast.communications)
    for answer in (
        client.get(move_url(account, "restore")),
        client.post(move_url(account, "restore"), {"reason": "So."}),
    ):
        assert answer.status_code == 409
        assert reverse("web:account", args=[account.public_id]) in text(answer)


def test_too_late_the_other_is_told_and_keeps_what_was_typed(cast: Cast, account: Account) -> None:
    change_standing(account, "review", by=cast.communications2, reason="A parent asked.")
    client = Client()
    client.force_login(cast.communications)
    answer = client.post(
        move_url(account, "suspend"), {"reason": "Strange posts.", "seen": str(account.version - 1)}
    )
    assert answer.status_code == 409
    assert "Strange posts." in text(answer)
    assert "Julie Gagnon" in text(answer)
    account.refresh_from_db()
    assert account.state == Standing.REVIEW


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"reason": "   "}, 422),
        ({"reason": "a\x00b"}, 422),
        ({"reason": "a‮b"}, 422),
        ({"reason": "x" * 2001}, 422),
        ({"reason": "So.", "state": "recognised"}, 422),
        ({"reason": "So.", "seen": "x"}, 422),
    ],
)
def test_a_reason_that_will_not_do_is_refused_and_nothing_changes(
    cast: Cast, account: Account, sent: dict[str, str], status: int
) -> None:
    client = Client()
    client.force_login(cast.communications)
    before = Event.objects.count()
    assert client.post(move_url(account, "suspend"), sent).status_code == status
    account.refresh_from_db()
    assert account.state == Standing.RECOGNISED
    assert Event.objects.count() == before


def test_a_long_reason_is_shown_back_as_typed(cast: Cast, account: Account) -> None:
    client = Client()
    client.force_login(cast.communications)
    answer = client.post(move_url(account, "suspend"), {"reason": "é" * 2001})
    assert "é" * 2001 in text(answer)


def test_the_same_key_with_another_reason_is_refused(cast: Cast, account: Account) -> None:
    client = Client()
    client.force_login(cast.communications)
    first = client.post(move_url(account, "review"), {"reason": "One.", "_key": "k1"})
    assert first.status_code == 302
    assert client.post(move_url(account, "review"), {"reason": "Two.", "_key": "k1"}).status_code == 422


def test_a_post_without_a_csrf_token_is_refused(cast: Cast, account: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.communications)
    assert client.post(move_url(account, "review"), {"reason": "So."}).status_code == 403


def test_a_request_that_is_not_registered_is_never_listed(cast: Cast) -> None:
    submitted(cast)
    assert listed(page(cast.communications, LIST, tab="all")) == set()
