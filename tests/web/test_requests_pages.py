"""The list of requests and the page of one: who sees what, in words, at a constant number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry import actions
from tests.cast import Cast, approved, drafted, endorsed, official, sent_registration, submitted

pytestmark = pytest.mark.django_db
LIST = "/staff/requests/"


def as_(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def listed(person: Person, **query: str) -> list[str]:
    """The numbers that a person's list shows."""
    return [row["it"].ref for row in as_(person).get(LIST, query).context["rows"]]


def test_everyone_sees_their_part_and_nobody_more(cast: Cast) -> None:
    draft, sent, whole = drafted(cast), submitted(cast), sent_registration(cast).request
    assert set(listed(cast.teacher)) == {draft.ref, sent.ref, whole.ref}
    assert set(listed(cast.principal)) == {sent.ref, whole.ref}
    assert set(listed(cast.communications)) == {sent.ref, whole.ref}
    assert listed(cast.colleague) == [whole.ref], "named in it"
    assert listed(cast.charlie) == []


def test_the_tabs_and_filters(cast: Cast) -> None:
    sent, passed = (
        submitted(cast, platform="instagram", handle="@rendellparkgr4", page_kind="page"),
        endorsed(cast),
    )
    own = submitted(cast, cast.principal)
    assert listed(cast.principal, view="mine") == [own.ref]
    assert listed(cast.principal, view="waiting") == [sent.ref]
    assert listed(cast.communications, view="waiting") == [passed.ref]
    assert listed(cast.communications, status="endorsed") == [passed.ref]
    assert listed(cast.communications, platform="instagram") == [sent.ref]
    assert listed(cast.communications, school="winston") == []
    assert len(listed(cast.communications, school="rendell")) == 3
    assert listed(cast.communications, q="rendellparkgr4") == [sent.ref]
    assert listed(cast.communications, q="petrova grade") == [own.ref]
    assert listed(cast.communications, q=str(sent.ref)) == [sent.ref]
    assert listed(cast.communications, sort="-changed") == [sent.ref, passed.ref, own.ref]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "x" * 5000},
        {"q": "%_'\""},
        {"status": "official'--"},
        {"page": "99999999999999999999"},
        {"page": "-1"},
        {"sort": "password"},
        {"view": "\u202e"},
        {"school": "nowhere"},
        {"platform": "😀"},
    ],
)
def test_a_hostile_query_is_an_ordinary_page(cast: Cast, query: dict[str, str]) -> None:
    submitted(cast)
    assert as_(cast.communications).get(LIST, query).status_code == 200


def test_an_empty_list_says_what_to_do_first(cast: Cast) -> None:
    page = as_(cast.teacher).get(LIST).content.decode()
    assert "No requests yet" in page
    assert "Ask for an account" in page
    assert "0 requests" in page
    assert "Nothing waits for you" in as_(cast.teacher).get(LIST, {"view": "waiting"}).content.decode()
    assert "Clear the filters" in as_(cast.teacher).get(LIST, {"q": "zzz"}).content.decode()


def cost(person: Person, path: str) -> int:
    """How many queries a page takes once the process has read what it reads only once."""
    browser = as_(person)
    browser.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


def test_the_list_costs_the_same_for_few_requests_and_for_many(cast: Cast) -> None:
    submitted(cast)
    endorsed(cast)
    approved(cast)
    sent_registration(cast)
    few = {view: cost(cast.communications, f"{LIST}?view={view}") for view in ("all", "waiting", "mine")}
    for _n in range(3):
        submitted(cast)
        endorsed(cast)
        approved(cast)
        sent_registration(cast)
    assert {view: cost(cast.communications, f"{LIST}?view={view}") for view in few} == few
    assert few["all"] <= 32  # one of them asks what the steps are called
    assert few["waiting"] <= 38
    assert few["mine"] <= 15


def test_the_record_page_costs_a_pinned_number_of_queries(cast: Cast) -> None:
    request, whole = submitted(cast), official(cast).registration.request
    assert cost(cast.principal, f"{LIST}{request.ref}/") <= 43
    assert cost(cast.communications, f"{LIST}{whole.ref}/") <= 47


def record(person: Person, ref: str | None) -> str:
    """The page of a request."""
    answer = as_(person).get(f"{LIST}{ref}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_request_says_where_it_is_with_whom_since_when_and_what_comes_next(cast: Cast) -> None:
    page = record(cast.teacher, submitted(cast).ref)
    assert "<h1>Blog account for Grade 4, Rendell Park School</h1>" in page.replace("\n", "")
    assert "Ana Petrova, School administrator, Rendell Park School" in page
    assert "(today)." in page
    assert "When it is endorsed, Communications decides." in page
    assert page.count("<h1") == 1
    assert "Due by" not in page, "the procedure sets no day"


def test_a_due_day_shows_once_the_division_has_set_one(cast: Cast) -> None:
    request = submitted(cast)
    set_setting(
        "decision_days.endorse",
        5,
        by=cast.communications,
        by_name=cast.communications.name,
        reason="Agreed in the fall.",
    )
    assert "Due by" in record(cast.teacher, request.ref)


def test_a_returned_request_shows_the_comment_and_the_one_thing_to_do(cast: Cast) -> None:
    request = submitted(cast)
    actions.return_to_requester(request, by=cast.principal, reason="Name the class <here>.")
    page = record(cast.teacher, request.ref)
    assert "Returned to you" in page
    assert "Name the class &lt;here&gt;." in page
    assert "Change it and send it again" in page
    assert "Change it and send it again" not in record(cast.principal, request.ref)


def test_each_reader_gets_their_own_next_act(cast: Cast) -> None:
    def primary(person: Person, ref: str | None) -> str:
        act = as_(person).get(f"{LIST}{ref}/").context["acts"].next
        return act.name if act else ""

    draft, sent, passed, ready = drafted(cast), submitted(cast), endorsed(cast), approved(cast)
    named, over = sent_registration(cast).request, official(cast).registration.request
    assert primary(cast.teacher, draft.ref) == "form"
    assert (primary(cast.teacher, sent.ref), primary(cast.principal, sent.ref)) == ("", "endorse")
    assert (primary(cast.principal, passed.ref), primary(cast.communications, passed.ref)) == ("", "approve")
    assert primary(cast.teacher, ready.ref) == "register"
    assert (primary(cast.colleague, named.ref), primary(cast.communications, named.ref)) == (
        "accept",
        "confirm",
    )
    assert primary(cast.communications, over.ref) == "account"


def test_the_history_is_told_in_words_with_roles_and_clauses(cast: Cast) -> None:
    page = record(cast.teacher, approved(cast).ref)
    assert "Ana Petrova (School administrator) endorsed it." in page
    assert "Name matches the class." in page
    assert "Marc Laurent (Communications Department) approved it." in page
    assert "AP 193, 3.1" in page


def test_the_registration_form_is_its_writers_alone_until_it_is_sent(cast: Cast) -> None:
    request = approved(cast)
    assert "Mailbox and way back in" in record(cast.teacher, request.ref)
    assert "Mailbox and way back in" not in record(cast.principal, request.ref)
    assert "Office vault, entry 14" in record(cast.communications, sent_registration(cast).request.ref)


def test_those_who_decide_read_what_the_form_found(cast: Cast) -> None:
    request = submitted(cast, name="LPSD News")
    assert "What the form found" in record(cast.principal, request.ref)
    assert "What the form found" not in record(cast.teacher, request.ref)


def test_what_a_person_may_not_see_is_not_there(cast: Cast) -> None:
    for ref in (submitted(cast).ref, "2026-9999", "x"):
        assert as_(cast.charlie).get(f"{LIST}{ref}/").status_code == 404
    assert as_(cast.charlie).get(f"{LIST}%00/").status_code == 404
    assert as_(cast.teacher).post(f"{LIST}{submitted(cast).ref}/").status_code == 405
