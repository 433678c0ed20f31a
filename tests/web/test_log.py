"""The log, the letters and the background work on screen: who may read them, filters, export, doing again."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rostrum.audit.actions import record, redact
from rostrum.core.tables import safe_cell
from rostrum.jobs.models import JobRun
from rostrum.notices.actions import deliver
from rostrum.notices.models import Delivery, Notice
from rostrum.people.models import Person
from rostrum.registry import actions
from tests.cast import Cast, endorsed, official, submitted

LOG, MAIL, JOBS = "/staff/log/", "/staff/mail/", "/staff/jobs/"
EXPORT = "/staff/log/export.csv"
ROLES = (
    "teacher",
    "principal",
    "superintendent",
    "communications",
    "privacy",
    "director",
    "auditor",
    "sysadmin",
)


def page(person: Person, path: str, **params: Any) -> Any:
    """A page as a person gets it."""
    client = Client()
    client.force_login(person)
    return client.get(path, params)


def text(response: Any) -> str:
    return str(response.content.decode())


def table(response: Any) -> list[list[str]]:
    """The rows of an export, with its head."""
    return list(csv.reader(io.StringIO(text(response).removeprefix("\ufeff"))))


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize(
    ("path", "readers"),
    [
        (LOG, {"communications", "privacy", "director", "auditor", "sysadmin"}),
        (EXPORT, {"communications", "privacy", "director", "auditor", "sysadmin"}),
        (MAIL, {"communications", "sysadmin"}),
        (JOBS, {"sysadmin"}),
    ],
)
def test_each_role_reads_only_what_it_may(cast: Cast, who: str, path: str, readers: set[str]) -> None:
    assert page(getattr(cast, who), path).status_code == (200 if who in readers else 403)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Client, cast: Cast) -> None:
    for path in (LOG, EXPORT, MAIL, JOBS):
        assert client.get(path).status_code == 302


def test_every_act_of_the_journey_is_there_in_words(cast: Cast) -> None:
    account = official(cast)
    said = text(page(cast.auditor, LOG))
    for words in (
        "sent the request.",
        "endorsed it.",
        "approved it.",
        "sent the Registration Form.",
        "confirmed the registration.",
        "made the account official.",
    ):
        assert words in said
    assert reverse("web:account", args=[account.public_id]) in said
    assert "#clause-3.2" in said
    assert "Name matches the class." in said


def test_filters_narrow_the_log(cast: Cast) -> None:
    endorsed(cast)

    def entries(**params: str) -> int:
        return text(page(cast.auditor, LOG, **params)).count('class="log-entry"')

    assert entries(act="accountrequest:endorse") == 1
    assert entries(who="Ana Petrova") == 1
    assert entries(who="a.petrova@lpsd.ca") == 1
    assert entries(q="Name matches") == 1
    assert entries(q="zzyzx") == 0
    today = timezone.localdate().isoformat()
    assert entries(act="accountrequest:endorse", since=today, until=today) == 1
    assert entries(since="2001-01-01", until="2001-12-31") == 0


@pytest.mark.parametrize(
    "params",
    [
        {"who": "nobody at all"},
        {"who": "a"},
        {"since": "yesterday"},
        {"act": "drop:table"},
        {"q": "‮"},
        {"q": "\x00"},
        {"q": "x" * 300},
        {"until": "9999-12-31"},
    ],
)
def test_filters_that_cannot_be_say_so(cast: Cast, params: dict[str, str]) -> None:
    for path in (LOG, EXPORT):
        assert page(cast.auditor, path, **params).status_code == 422


@pytest.mark.parametrize("before", ["-1", "x", "9" * 30, "0", "١"])
def test_hostile_page_numbers_are_answered(cast: Cast, before: str) -> None:
    assert page(cast.auditor, LOG, before=before).status_code == 200


def test_pages_go_by_entry_number(cast: Cast) -> None:
    for _each in range(4):
        official(cast)
    first = text(page(cast.auditor, LOG))
    assert first.count('class="log-entry"') == 50
    older = first.partition("before=")[2].partition('"')[0]
    second = text(page(cast.auditor, LOG, before=older))
    assert f'id="entry-{older}"' in first
    assert f'id="entry-{older}"' not in second
    assert f'id="entry-{int(older) - 1}"' in second


def test_a_redacted_entry_says_so_and_shows_nothing(cast: Cast) -> None:
    request = submitted(cast)
    with transaction.atomic():
        redact("accountrequest", request.pk, by=cast.privacy, reason="Asked for.")
    said = text(page(cast.auditor, LOG))
    assert "The details were removed." in said
    assert request.name not in said


def test_the_log_costs_the_same_however_long(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cast.communications)
    official(cast)
    client.get(LOG)
    with django_assert_max_num_queries(16) as first:
        client.get(LOG)
    for _each in range(4):
        official(cast)
    with django_assert_max_num_queries(len(first)):
        client.get(LOG)


def test_the_export_holds_every_entry_once_and_no_formula(cast: Cast) -> None:
    request = submitted(cast)
    actions.return_to_requester(request, by=cast.principal, reason='=HYPERLINK("http://example.ca","x")')
    with transaction.atomic():
        record(None, "unit:add", cast.school, label=" \t+cmd|' /C calc'!A0", note="@SUM(A1)")
    answer = page(cast.auditor, EXPORT)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="log-')
    head, *rows = table(answer)
    assert len(head) == 13
    numbers = [int(row[0]) for row in rows]
    assert numbers == list(range(len(rows), 0, -1))
    for row in rows:
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for cell in row)
    assert any(row[8].startswith("'=HYPERLINK") for row in rows)


def test_the_export_keeps_to_the_filter(cast: Cast) -> None:
    endorsed(cast)
    rows = table(page(cast.auditor, EXPORT, act="accountrequest:endorse"))[1:]
    assert [row[3] for row in rows] == ["Ana Petrova"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1"])
def test_a_cell_that_starts_a_formula_is_disarmed(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ana", "1-1", "é=1", "a@b.ca"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


def _failed(cast: Cast) -> Notice:
    submitted(cast)
    notice = Notice.objects.get(kind="request.endorse_asked")
    Notice.objects.filter(pk=notice.pk).update(mail="failed", attempts=6, next_attempt_at=None)
    Delivery.objects.create(
        notice=notice,
        person=notice.person,
        at=timezone.now(),
        to=notice.person.email,
        subject="Endorse: a blog",
        text="The letter.",
        delivered=False,
        error="SMTPException: 550",
    )
    return notice


def test_a_failed_letter_shows_its_error_and_is_sent_again_once(cast: Cast) -> None:
    notice = _failed(cast)
    client = Client()
    client.force_login(cast.communications)
    said = text(client.get(MAIL))
    assert "One letter could not be sent." in said
    assert "SMTPException: 550" in said
    assert "Tried 6 times." in said
    again = reverse("web:letter_again", args=[notice.pk])
    assert client.get(again).status_code == 405
    for _twice in range(2):
        assert client.post(again, {"_key": "k"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.mail, notice.attempts) == ("owed", 0)
    assert JobRun.objects.filter(effect_key__startswith=f"notice:{notice.pk}:").count() == 1


@pytest.mark.parametrize("who", ["teacher", "principal", "auditor", "director"])
def test_others_send_nothing_again(cast: Cast, who: str) -> None:
    notice = _failed(cast)
    client = Client()
    client.force_login(getattr(cast, who))
    assert client.post(reverse("web:letter_again", args=[notice.pk])).status_code == 403
    notice.refresh_from_db()
    assert notice.mail == "failed"


def test_a_letter_can_be_read_as_it_was_sent(cast: Cast, mailoutbox: list[Any]) -> None:
    submitted(cast)
    deliver(Notice.objects.get(kind="request.endorse_asked"))
    sent = Delivery.objects.get()
    said = text(page(cast.communications, reverse("web:letter", args=[sent.pk])))
    assert "Sofia Nguyen asks you to endorse an account" in said
    assert "a.petrova@lpsd.ca" in said
    assert page(cast.communications, reverse("web:letter", args=[sent.pk + 999])).status_code == 404
    assert page(cast.teacher, reverse("web:letter", args=[sent.pk])).status_code == 403


@pytest.mark.parametrize("tab", ["trouble", "waiting", "sent", "tries", "nonsense"])
def test_every_tab_of_the_letters_opens(cast: Cast, tab: str) -> None:
    _failed(cast)
    assert page(cast.communications, MAIL, tab=tab, q="petrova").status_code == 200


def test_letters_cost_the_same_however_many(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cast.communications)
    submitted(cast)
    client.get(MAIL, {"tab": "waiting"})
    with django_assert_max_num_queries(16) as first:
        client.get(MAIL, {"tab": "waiting"})
    for _more in range(4):
        submitted(cast)
    with django_assert_max_num_queries(len(first)):
        client.get(MAIL, {"tab": "waiting"})


def _dead() -> JobRun:
    return JobRun.objects.create(
        name="notices.deliver_due",
        state="dead",
        attempts=3,
        queued_at=timezone.now(),
        finished_at=timezone.now(),
        last_error="OperationalError: locked",
    )


def test_stopped_work_shows_why_and_runs_again(cast: Cast) -> None:
    run = _dead()
    client = Client()
    client.force_login(cast.sysadmin)
    said = text(client.get(JOBS))
    assert "OperationalError: locked" in said
    assert "One piece of work stopped and needs you." in said
    again = reverse("web:job_again", args=[run.pk])
    assert client.get(again).status_code == 405
    assert client.post(again).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("queued", 0)
    assert client.post(again).status_code == 409


def test_only_who_manages_jobs_starts_one(cast: Cast) -> None:
    run = _dead()
    client = Client()
    client.force_login(cast.communications)
    assert client.post(reverse("web:job_again", args=[run.pk])).status_code == 403
    run.refresh_from_db()
    assert run.state == "dead"
