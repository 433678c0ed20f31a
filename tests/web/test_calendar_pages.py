"""The pages of the school calendar: read by everyone, kept by two roles, nothing typed lost."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.schoolyear.actions import Entry, add_year
from rostrum.schoolyear.models import NamedDays, SchoolYear
from tests.cast import Cast
from tests.schoolyear.test_actions import FIRST, LAST, whole

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def year(cast: Cast) -> SchoolYear:
    return add_year(FIRST, LAST, by=cast.communications, entries=whole())


def text(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_without_a_year_the_page_says_what_counts_and_who_can_change_it(cast: Cast) -> None:
    keeper, reader = text(as_(cast.communications), "web:calendar"), text(as_(cast.teacher), "web:calendar")
    for page in (keeper, reader):
        assert "Monday to Friday are counted as school days" in page
    assert reverse("web:school_year_add") in keeper
    assert reverse("web:school_year_add") not in reader


def test_a_year_is_entered_and_then_its_days(cast: Cast) -> None:
    client = as_(cast.communications)
    new = reverse("web:school_year_add")
    said = client.post(new, {"starts_on": "2026-09-01", "ends_on": "2027-06-29", "_key": "a"}, follow=True)
    assert "The school year is entered." in said.content.decode()
    year = SchoolYear.objects.get()
    add = reverse("web:school_days_add", args=[year.label])
    assert add in said.content.decode()
    typed = {"kind": "break", "name": "Winter break", "starts_on": "2026-12-19", "ends_on": "2027-01-03",
             "seen": year.version, "_key": "b"}  # fmt: skip
    said = client.post(add, typed, follow=True)
    assert "Winter break" in said.content.decode()
    assert NamedDays.objects.get().ends_on == date(2027, 1, 3)
    again = client.post(add, typed)
    assert again.status_code == 302
    assert NamedDays.objects.count() == 1


def test_a_single_day_needs_no_last_day(cast: Cast, year: SchoolYear) -> None:
    add = reverse("web:school_days_add", args=[year.label])
    as_(cast.sysadmin).post(
        add, {"kind": "holiday", "name": "Day", "starts_on": "2027-05-24", "ends_on": "", "_key": "x"}
    )
    assert NamedDays.objects.get(name="Day").ends_on == date(2027, 5, 24)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose what these days are."),
        ({"name": ""}, "Give these days a name."),
        ({"starts_on": "soon"}, "Write the day as year-month-day"),
        ({"starts_on": "2030-01-01", "ends_on": ""}, "lies outside this school year"),
        ({"ends_on": "2026-09-01"}, "The last day lies before the first."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    cast: Cast, year: SchoolYear, changes: dict[str, str], words: str
) -> None:
    typed = {"kind": "break", "name": "Ski week", "starts_on": "2027-02-08", "ends_on": "2027-02-12", **changes}
    answer = as_(cast.communications).post(reverse("web:school_days_add", args=[year.label]), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert (changes.get("name") == "") or "Ski week" in page
    assert "<title>Error:" in page


def test_a_year_reads_as_months_and_as_a_list(cast: Cast, year: SchoolYear) -> None:
    page = text(as_(cast.teacher), "web:school_year", year.label)
    assert page.count('<table class="cal"') == 10
    assert 'class="cal-holiday" title="Thanksgiving Day"' in page
    assert "Winter break" in page
    assert "school days" in page
    assert reverse("web:school_days_add", args=[year.label]) not in page, "a reader is offered nothing to change"


def test_who_keeps_it_sees_what_looks_wrong_and_who_changed_what(cast: Cast, year: SchoolYear) -> None:
    page = text(as_(cast.communications), "web:school_year", year.label)
    assert "Worth checking" in page
    assert "Family Day" in page
    assert "entered the school year 2026-2027." in page


def test_an_entry_is_changed_and_removed(cast: Cast, year: SchoolYear) -> None:
    client, one = as_(cast.communications), NamedDays.objects.get(name="Staff day")
    change = reverse("web:school_days_change", args=[year.label, one.pk])
    assert "Staff day" in client.get(change).content.decode()
    client.post(change, {"kind": "staff_day", "name": "Report cards", "starts_on": "2027-01-29", "_key": "c"})
    one.refresh_from_db()
    assert one.name == "Report cards"
    remove = reverse("web:school_days_remove", args=[year.label, one.pk])
    assert "You are about to remove “Report cards”" in client.get(remove).content.decode()
    client.post(remove, {"_key": "d"})
    assert not NamedDays.objects.filter(pk=one.pk).exists()


def test_too_late_leads_back_to_the_year(cast: Cast, year: SchoolYear) -> None:
    client = as_(cast.communications)
    answer = client.post(reverse("web:school_year_remove", args=[year.label]), {"seen": "99", "_key": "e"})
    assert answer.status_code == 409
    assert reverse("web:school_year", args=[year.label]) in answer.content.decode()
    assert SchoolYear.objects.exists()


@pytest.mark.parametrize("label", ["2031-2032", "'; drop", "é", "-", "x" * 300])
def test_a_year_that_is_not_there_is_not_found(cast: Cast, label: str) -> None:
    assert as_(cast.communications).get(reverse("web:school_year", args=[label])).status_code == 404


def test_the_pages_take_few_queries(
    cast: Cast, year: SchoolYear, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(cast.communications)
    more = [Entry("staff_day", f"Day {n}", date(2027, 5, n), date(2027, 5, n)) for n in range(1, 20)]
    add_year(date(2027, 9, 1), date(2028, 6, 28), by=cast.communications)
    client.get(reverse("web:school_year", args=[year.label]))
    with django_assert_max_num_queries(14):
        client.get(reverse("web:school_year", args=[year.label]))
    with django_assert_max_num_queries(14):
        client.get(reverse("web:calendar"))
    assert more


def test_whoever_keeps_it_is_asked_for_the_next_year_two_months_before(cast: Cast, year: SchoolYear) -> None:
    words = "The next school year is not entered"
    for day, shown in ((date(2027, 4, 29), False), (date(2027, 4, 30), True), (date(2027, 8, 20), True)):
        with clock.standing_at(datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())):
            assert (words in text(as_(cast.communications), "web:today")) is shown, day
            assert words not in text(as_(cast.teacher), "web:today")
    add_year(date(2027, 9, 1), date(2028, 6, 28), by=cast.communications)
    with clock.standing_at(datetime.combine(date(2027, 5, 20), time(9), tzinfo=timezone.get_default_timezone())):
        assert words not in text(as_(cast.communications), "web:today")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 10, 14), "Today is a school day of 2026-2027. 47 school days until Winter break."),
        (date(2026, 10, 12), "No school today: Thanksgiving Day."),
        (date(2026, 10, 17), "No school today: it is the weekend."),
        (date(2026, 9, 3), "Heavy work is not asked for now"),
        (date(2026, 8, 3), "2026-2027 begins on Tuesday 1 September."),
        (date(2027, 8, 3), "Today lies after every school year"),
    ],
)
def test_what_today_is_stands_in_words_for_everyone(cast: Cast, year: SchoolYear, day: date, words: str) -> None:
    with clock.standing_at(datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())):
        assert words in text(as_(cast.teacher), "web:oversight")
