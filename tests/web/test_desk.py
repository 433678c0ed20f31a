"""Today, the one search box, notices and preferences: what each role finds, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.notices.models import Notice
from rostrum.people.models import MailRhythm, Person
from rostrum.policies.actions import set_setting
from rostrum.registry import actions, registering
from tests.cast import Cast, approved, drafted, endorsed, official, sent_registration, submitted


def page(person: Person, path: str, **params: Any) -> Any:
    """A page as a person gets it."""
    client = Client()
    client.force_login(person)
    return client.get(path, params)


def text(response: Any) -> str:
    return str(response.content.decode())


TODAY = "/staff/"


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Client, cast: Cast) -> None:
    for path in (TODAY, "/staff/search", "/staff/notices/", "/staff/preferences/", "/staff/workshop/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/me/login/")


def test_a_person_with_nothing_is_told_kindly_what_to_do_first(cast: Cast) -> None:
    said = text(page(cast.colleague, TODAY))
    assert "Nothing waits for you." in said
    assert reverse("web:request_new") in said
    assert "Waiting for you" not in said


def test_ap193_3_1_the_principal_finds_the_act_itself_one_click_away(cast: Cast) -> None:
    request = submitted(cast)
    said = text(page(cast.principal, TODAY))
    assert "One thing waits for you." in said
    assert reverse("web:request_move", args=[request.ref, "endorse"]) in said
    assert "not set by the procedure" in said
    assert "Due " not in said
    assert reverse("web:request_move", args=[request.ref, "endorse"]) not in text(
        page(cast.communications, TODAY)
    )


def test_a_due_date_stands_only_where_the_division_set_one(cast: Cast) -> None:
    set_setting(
        "decision_days.endorse", 3, by_name="Marc Laurent", reason="Agreed in the principals' meeting."
    )
    with clock.standing_at(timezone.now() - timedelta(days=10)):
        submitted(cast)
    said = text(page(cast.principal, TODAY))
    assert "Due " in said
    assert "7 days late" in said


@pytest.mark.parametrize(
    ("make", "who", "page_name", "args"),
    [
        (endorsed, "communications", "web:request_move", ["approve"]),
        (approved, "teacher", "web:registration_form", []),
        (drafted, "teacher", "web:request_form", []),
    ],
)
def test_each_role_finds_its_own_act(
    cast: Cast, make: Any, who: str, page_name: str, args: list[str]
) -> None:
    request = make(cast)
    said = text(page(getattr(cast, who), TODAY))
    assert f'href="{reverse(page_name, args=[request.ref, *args])}"' in said


def test_a_named_manager_is_asked_to_accept_and_then_communications_to_confirm(cast: Cast) -> None:
    set_setting("managers_min", 2, by_name="Marc Laurent", reason="Two people look after every account.")
    registration = sent_registration(cast)
    ref = registration.request.ref
    confirm = reverse("web:registration_move", args=[ref, "confirm"])
    assert f'href="{reverse("web:designation", args=[ref])}"' in text(page(cast.colleague, TODAY))
    assert confirm not in text(page(cast.communications, TODAY))
    asked = registration.designations.get(person=cast.colleague)
    registering.answer_designation(asked, by=cast.colleague, accept=True)
    assert confirm in text(page(cast.communications, TODAY))


def test_a_returned_request_shows_the_comment_in_full(cast: Cast) -> None:
    request = submitted(cast)
    actions.return_to_requester(request, by=cast.principal, reason="Say which room.\nAnd <who>.")
    said = text(page(cast.teacher, TODAY))
    assert "Say which room.<br>And &lt;who&gt;." in said
    assert reverse("web:request_form", args=[request.ref]) in said


def test_my_requests_on_their_way_say_with_whom(cast: Cast) -> None:
    submitted(cast)
    said = text(page(cast.teacher, TODAY))
    assert "Your requests on their way" in said
    assert "Waiting for A. Petrova" in said


def test_communications_chases_what_is_approved_and_not_registered(cast: Cast) -> None:
    approved(cast)
    said = text(page(cast.communications, TODAY))
    assert "Approved, not registered yet" in said
    assert "None of these is official." in said
    assert "Approved, not registered yet" not in text(page(cast.principal, TODAY))


def test_letters_in_trouble_are_on_the_first_page_of_those_who_keep_the_mail(cast: Cast) -> None:
    submitted(cast)
    Notice.objects.filter(kind="request.endorse_asked").update(mail="failed", attempts=6)
    assert "To Ana Petrova: tried 6 times." in text(page(cast.communications, TODAY))
    assert "tried 6 times" not in text(page(cast.teacher, TODAY))


def test_accounts_i_look_after_are_listed_in_short(cast: Cast) -> None:
    account = official(cast)
    said = text(page(cast.colleague, TODAY))
    assert reverse("web:account", args=[account.public_id]) in said
    assert "Official" in said


@pytest.mark.parametrize("who", ["teacher", "principal", "communications"])
def test_today_costs_the_same_however_much_waits(
    cast: Cast, who: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def everything() -> None:
        submitted(cast)
        endorsed(cast)
        approved(cast)
        sent_registration(cast)
        official(cast)
        drafted(cast)

    client = Client()
    client.force_login(getattr(cast, who))
    everything()
    client.get(TODAY)
    with django_assert_max_num_queries(55) as first:
        client.get(TODAY)
    everything()
    everything()
    with django_assert_max_num_queries(len(first)):
        assert client.get(TODAY).status_code == 200


def test_a_long_line_is_counted_and_cut(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostrum.web.desk.today.MOST", 2)
    first, second, third = endorsed(cast), endorsed(cast), endorsed(cast)
    said = text(page(cast.communications, TODAY))
    assert "3 things wait for you" in said
    assert "One more waits for you: see all." in said
    links = [reverse("web:request", args=[one.ref]) for one in (first, second, third)]
    assert [f'href="{link}"' in said.split('id="waiting"')[1].split("</section>")[0] for link in links] == [
        True, True, False,
    ]  # fmt: skip
    listed = text(page(cast.communications, "/staff/requests/", view="waiting"))
    assert all(link in listed for link in links)


SEARCH = "/staff/search"


def test_one_box_finds_accounts_requests_people_units_and_clauses(cast: Cast) -> None:
    account, request = official(cast), submitted(cast)
    said = text(page(cast.communications, SEARCH, q="rendell"))
    assert reverse("web:account", args=[account.public_id]) in said
    assert reverse("web:request", args=[request.ref]) in said
    assert reverse("web:unit", args=[cast.school.pk]) in said
    assert reverse("web:person", args=[cast.principal.pk]) in text(
        page(cast.communications, SEARCH, q="PÉTROVA")
    )
    assert "#clause-3.1" in text(page(cast.communications, SEARCH, q="3.1"))
    assert reverse("web:request", args=[request.ref]) in text(
        page(cast.communications, SEARCH, q=request.ref)
    )


def test_the_box_finds_only_what_one_may_see(cast: Cast) -> None:
    account, request = official(cast), submitted(cast)
    said = text(page(cast.charlie, SEARCH, q="rendell"))
    assert reverse("web:account", args=[account.public_id]) not in said
    assert f"/staff/requests/{request.ref}/" not in said
    assert reverse("web:unit", args=[cast.school.pk]) in said


def test_an_address_in_the_box_is_answered(cast: Cast) -> None:
    account = official(cast)
    assert "Yes, this is official" in text(page(cast.teacher, SEARCH, q=account.address))


def test_nothing_found_says_what_to_do(cast: Cast) -> None:
    said = text(page(cast.teacher, SEARCH, q="zzyzx"))
    assert "Nothing found" in said
    assert reverse("directory:verify") in said


@pytest.mark.parametrize(
    "typed", ["", "\x00", "‮abc", "%", "a" * 5000, "' OR 1=1 --", '"*', "<script>", "((", "é\ud7ff"]
)
def test_hostile_searches_are_answered(cast: Cast, typed: str) -> None:
    answer = page(cast.teacher, SEARCH, q=typed)
    assert answer.status_code == 200
    assert "<script>alert" not in text(answer)


def test_search_costs_the_same_however_much_is_found(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cast.communications)
    official(cast), submitted(cast)
    client.get(SEARCH, {"q": "rendell"})
    with django_assert_max_num_queries(90) as first:
        client.get(SEARCH, {"q": "rendell"})
    for _more in range(3):
        official(cast), submitted(cast)
    with django_assert_max_num_queries(len(first)):
        client.get(SEARCH, {"q": "rendell"})


NOTICES = "/staff/notices/"


def test_notices_are_listed_unread_first_opened_and_read(cast: Cast) -> None:
    request = submitted(cast)
    client = Client()
    client.force_login(cast.principal)
    notice = Notice.objects.get(person=cast.principal)
    said = text(client.get(NOTICES))
    assert "One notice is unread." in said
    assert "Endorse: Blog for" in said
    answer = client.get(reverse("web:notice", args=[notice.pk]))
    assert answer.headers["Location"] == reverse("web:request", args=[request.ref])
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "You have read everything." in text(client.get(NOTICES))
    assert text(client.get(NOTICES, {"show": "unread"})).count("Endorse: Blog for") == 0


def test_nobody_opens_or_reads_another_persons_notice(cast: Cast) -> None:
    submitted(cast)
    notice = Notice.objects.get(person=cast.principal)
    assert page(cast.teacher, reverse("web:notice", args=[notice.pk])).status_code == 404
    client = Client()
    client.force_login(cast.teacher)
    assert client.get(reverse("web:notices_read")).status_code == 405
    assert client.post(reverse("web:notices_read")).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is None
    assert not Notice.objects.filter(person=cast.teacher, read_at=None).exists()


def test_notices_cost_the_same_however_many(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cast.principal)
    submitted(cast)
    client.get(NOTICES)
    with django_assert_max_num_queries(15) as first:
        client.get(NOTICES)
    for _more in range(4):
        submitted(cast)
    with django_assert_max_num_queries(len(first)):
        client.get(NOTICES)


PREFERENCES = "/staff/preferences/"


def test_preferences_are_kept_and_the_page_is_in_the_chosen_language(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.teacher)
    answer = client.post(PREFERENCES, {"language": "fr-ca", "mail_rhythm": "digest"}, follow=True)
    assert answer.status_code == 200
    cast.teacher.refresh_from_db()
    assert (cast.teacher.language, cast.teacher.mail_rhythm) == ("fr-ca", MailRhythm.DIGEST)
    assert 'lang="fr-CA"' in text(answer)


@pytest.mark.parametrize(
    "sent",
    [
        {"language": "xx", "mail_rhythm": "digest"},
        {"language": "en-ca", "mail_rhythm": ""},
        {"language": "en-ca", "mail_rhythm": "digest", "is_active": "0"},
        {},
    ],
)
def test_preferences_that_cannot_be_are_refused_and_change_nothing(cast: Cast, sent: dict[str, str]) -> None:
    client = Client()
    client.force_login(cast.teacher)
    assert client.post(PREFERENCES, sent).status_code == 422
    cast.teacher.refresh_from_db()
    assert (cast.teacher.language, cast.teacher.mail_rhythm) == ("en-ca", MailRhythm.AT_ONCE)


def test_a_role_holder_is_led_to_naming_a_stand_in(cast: Cast) -> None:
    assert reverse("web:stand_in_new") in text(page(cast.principal, PREFERENCES))
    assert reverse("web:stand_in_new") not in text(page(cast.teacher, PREFERENCES))


@pytest.mark.parametrize(
    ("who", "rooms"),
    [
        ("auditor", {"log"}),
        ("privacy", {"log"}),
        ("director", {"log"}),
        ("communications", {"log", "mail"}),
        ("sysadmin", {"log", "mail", "jobs"}),
    ],
)
def test_the_workshop_shows_each_role_only_its_rooms(cast: Cast, who: str, rooms: set[str]) -> None:
    said = text(page(getattr(cast, who), "/staff/workshop/"))
    assert {
        name for name in ("log", "mail", "jobs") if f'href="/staff/{name}/"' in said.partition("<main")[2]
    } == rooms


@pytest.mark.parametrize("who", ["teacher", "principal", "superintendent"])
def test_the_workshop_is_closed_to_those_who_keep_nothing(cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    assert "/staff/workshop/" not in text(client.get(TODAY))
    assert client.get("/staff/workshop/").status_code == 403
