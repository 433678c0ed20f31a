"""The reading of the procedure (AP 193 1.8, 3.5): said with its date, kept per edition, asked for again for a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.custody import managing
from rostrum.custody.jobs import ask_to_read
from rostrum.guidance.actions import acknowledge
from rostrum.guidance.models import Acknowledgement
from rostrum.guidance.queries import has_read, must_read, read_at
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.policies.actions import load_edition, set_setting
from rostrum.policies.models import Edition
from rostrum.policies.queries import in_force
from tests.cast import Cast, official
from tests.custody.holding import told

pytestmark = pytest.mark.django_db
READ = "/staff/reading/"


def gate() -> None:
    set_setting("manager_reading", "required", by_name="Board", reason="Everybody reads it.")


def another_edition(tmp_path: Any) -> Edition:
    """The same procedure, revised: in force from today."""
    text = settings.DEMO_PROCEDURE.read_text(encoding="utf-8")
    text = text.replace('label = "2015-09"', 'label = "2027-01"', 1)
    path = tmp_path / "2027-01.toml"
    path.write_text(text, encoding="utf-8")
    return load_edition(path)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_1_8_a_person_says_it_once_with_its_date(cast: Cast) -> None:
    before = timezone.now()
    given = acknowledge(in_force(), by=cast.teacher)
    assert acknowledge(in_force(), by=cast.teacher) == given
    assert given.given_at >= before
    assert Event.objects.filter(act="acknowledgement:give").count() == 1
    assert has_read(cast.teacher)
    assert set(read_at([cast.teacher.pk, cast.colleague.pk])) == {cast.teacher.pk}


def test_somebody_who_left_says_nothing(cast: Cast) -> None:
    note_departure(cast.teacher, by=cast.sysadmin)
    with pytest.raises(NotAllowed):
        acknowledge(in_force(), by=Person.objects.get(pk=cast.teacher.pk))


def test_a_new_edition_is_asked_for_anew_and_what_was_said_stays(cast: Cast, tmp_path: Any) -> None:
    old = in_force()
    acknowledge(old, by=cast.teacher)
    gate()
    assert not must_read(cast.teacher)
    new = another_edition(tmp_path)
    assert in_force() == new
    assert must_read(cast.teacher)
    with pytest.raises(WrongState):
        acknowledge(old, by=cast.teacher)
    acknowledge(new, by=cast.teacher)
    assert Acknowledgement.objects.filter(person=cast.teacher).count() == 2


def test_managers_are_asked_once_for_each_edition_and_only_where_it_is_set(cast: Cast, tmp_path: Any) -> None:
    official(cast)
    ask_to_read()
    assert told("custody.read_asked") == set()
    gate()
    acknowledge(in_force(), by=cast.colleague)
    for days in (0, 1, 40):
        with clock.standing_at(timezone.now() + timedelta(days=days)):
            ask_to_read()
    assert told("custody.read_asked") == {cast.teacher}
    assert Notice.objects.filter(kind="custody.read_asked").count() == 1
    another_edition(tmp_path)
    ask_to_read()
    assert told("custody.read_asked") == {cast.teacher, cast.colleague}


def test_the_page_takes_the_sentence_and_shows_its_day(cast: Cast) -> None:
    client = as_(cast.teacher)
    page = client.get(READ).content.decode()
    assert "I have read this edition (2015-09)." in page
    assert "3.4" in page
    wrong = client.post(READ, {"edition": "2015-09"})
    assert wrong.status_code == 422
    assert "Tick the box" in wrong.content.decode()
    assert client.post(READ, {"edition": "2015-09", "read": "yes"}).status_code == 302
    assert "you said that you have read edition 2015-09" in client.get(READ).content.decode()
    assert client.post(READ, {"edition": "1999-01", "read": "yes"}).status_code == 404
    assert client.post(READ, {"edition": "2015-09", "read": "yes", "state": "x"}).status_code == 422


def test_it_leads_back_to_where_one_came_from_and_nowhere_else(cast: Cast) -> None:
    made = managing.name_manager(official(cast), cast.superintendent, by=cast.principal)
    gate()
    client, url = as_(cast.superintendent), reverse("web:custody_answer", args=[made.pk])
    page = client.get(url).content.decode()
    assert f"{READ}?next={url}" in page
    refused = client.post(url, {"answer": "accept", "reason": ""})
    assert refused.status_code == 409
    assert READ in refused.content.decode()
    said = client.post(READ, {"edition": "2015-09", "read": "yes", "next": url})
    assert said["Location"] == url
    assert client.post(url, {"answer": "accept", "reason": ""}).status_code == 302
    for elsewhere in ("https://example.org/", "//example.org/staff/", "/me/login/", "javascript:alert(1)"):
        answer = as_(cast.charlie).post(READ, {"edition": "2015-09", "read": "yes", "next": elsewhere})
        assert answer["Location"] == READ


def test_whoever_leads_sees_who_has_read_it_person_by_person(cast: Cast) -> None:
    official(cast)
    acknowledge(in_force(), by=cast.colleague)
    page = as_(cast.principal).get("/staff/reading/people/").content.decode()
    assert page.index("Sofia Nguyen") < page.index("Owen Clarke"), "who has not comes first"
    assert "Has not said so" in page
    only = as_(cast.principal).get("/staff/reading/people/?read=yes").content.decode()
    assert "Owen Clarke" in only
    assert "Sofia Nguyen" not in only
    assert "Sofia Nguyen" not in as_(cast.charlie).get("/staff/reading/people/").content.decode()
    assert "Nobody fits" in as_(cast.principal).get("/staff/reading/people/?q=zzz").content.decode()
    table = as_(cast.communications).get("/staff/lists/readers/table.csv?who=all")
    assert "Owen Clarke" in table.getvalue().decode()


def test_a_manager_is_asked_on_today_only_where_it_is_set(cast: Cast) -> None:
    official(cast)
    assert READ not in as_(cast.teacher).get("/staff/").content.decode()
    gate()
    assert READ in as_(cast.teacher).get("/staff/").content.decode()
    assert READ not in as_(cast.charlie).get("/staff/").content.decode(), "who manages nothing is not asked"
