"""Days that are offered to be checked: holidays of both provinces, next year from this one, a calendar out of a file."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rostrum.schoolyear.actions import add_year
from rostrum.schoolyear.models import NamedDays, SchoolYear
from tests.cast import Cast
from tests.intake.test_calendars import CSV
from tests.schoolyear.test_actions import FIRST, LAST, whole
from tests.web.test_calendar_pages import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(cast: Cast) -> SchoolYear:
    return add_year(FIRST, LAST, by=cast.communications)


def test_the_holidays_of_both_provinces_are_offered_and_the_ticked_ones_entered(cast: Cast, year: SchoolYear) -> None:
    client, url = as_(cast.communications), reverse("web:school_holidays", args=[year.label])
    page = client.get(url).content.decode()
    assert "Statutory in Saskatchewan and Alberta" in page
    ticked = re.findall(r'name="on" value="([\d-]+)" checked', page)
    assert {"2026-09-07", "2026-10-12", "2026-11-11", "2026-12-25", "2027-01-01", "2027-02-15", "2027-03-26",
            "2027-05-24"} == set(ticked)  # fmt: skip
    said = client.post(url, {"on": ticked, "seen": year.version, "_key": "a"}, follow=True).content.decode()
    assert "8 holidays are entered." in said
    assert NamedDays.objects.filter(kind="holiday").count() == 8
    assert "Entered already" in client.get(url).content.decode()
    nothing = client.post(url, {"_key": "b"})
    assert nothing.status_code == 200
    assert "Tick the holidays" in nothing.content.decode()


def rows(page: str) -> dict[str, Any]:
    """What the form of rows would send as it stands."""
    names = re.search(r'name="names" value="([^"]*)"', page)
    assert names is not None
    sent: dict[str, Any] = {
        "names": names[1].replace("&quot;", '"'), "keep": re.findall(r'name="keep" value="(\d+)" checked', page),
        "target": (re.findall(r'name="target" value="([^"]+)" checked', page) or [""])[0], "_key": "k",
    }  # fmt: skip
    for name in ("new_from", "new_to", *re.findall(r'name="((?:from|to)-\d+)"', page)):
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        sent[name] = found[1] if found else ""
    for number, options in re.findall(r'<select[^>]*name="kind-(\d+)">(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[f"kind-{number}"] = chosen[1] if chosen else ""
    return sent


def test_next_year_is_suggested_and_entered_as_one_checked_it(cast: Cast) -> None:
    year = add_year(FIRST, LAST, by=cast.communications, entries=whole())
    client = as_(cast.communications)
    page = client.get(reverse("web:school_year_next", args=[year.label])).content.decode()
    assert "The date of this holiday in that year" in page
    sent = rows(page)
    assert (sent["target"], sent["new_from"]) == ("new", "2027-09-01")
    assert len(json.loads(sent["names"])) == len(whole())
    sent["new_to"] = "2028-06-28"
    said = client.post(reverse("web:calendar_take"), sent, follow=True).content.decode()
    assert f"{len(whole())} entries are in the calendar." in said
    made = SchoolYear.objects.get(label="2027-2028")
    assert made.ends_on == date(2028, 6, 28)
    assert NamedDays.objects.get(year=made, name="Thanksgiving Day").starts_on == date(2027, 10, 11)


def upload(data: str, name: str = "calendar.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data.encode()), "_key": "u"}


def test_a_file_is_checked_row_by_row_and_only_ticked_rows_are_entered(cast: Cast, year: SchoolYear) -> None:
    client = as_(cast.sysadmin)
    answer = client.post(reverse("web:calendar_import"), upload(CSV))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "5 rows cannot be used" in page
    assert not NamedDays.objects.exists(), "looking enters nothing"
    sent = rows(page)
    assert sent["target"] == year.label
    assert len(sent["keep"]) == 5, "what nobody can tell is not ticked"
    client.post(reverse("web:calendar_take"), sent)
    assert set(NamedDays.objects.values_list("name", flat=True)) == {
        "First term", "Thanksgiving Day", "Winter break", "Diploma exams", "PD day",
    }  # fmt: skip


def test_a_file_can_bring_a_whole_new_year(cast: Cast) -> None:
    client = as_(cast.communications)
    sent = rows(client.post(reverse("web:calendar_import"), upload(CSV)).content.decode())
    assert (sent["target"], sent["new_from"], sent["new_to"]) == ("new", "2026-09-01", "2027-06-29")
    client.post(reverse("web:calendar_take"), sent)
    assert SchoolYear.objects.get().days.count() == 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from-0": "soon"}, "Write the days as year-month-day"),
        ({"from-1": "2030-01-01", "to-1": ""}, "lies outside this school year"),
        ({"kind-1": "party"}, "Choose what these days are."),
        ({"keep": []}, "Tick what is to be entered."),
        ({"target": "new", "new_from": "", "new_to": ""}, "Say from when until when"),
        ({"target": "new", "new_from": "2026-10-01", "new_to": "2027-07-01", "keep": []}, "overlap the school year"),
        ({"kind-0": "holiday", "from-0": "2026-10-12", "to-0": ""}, "begins on"),
    ],
)
def test_rows_that_cannot_be_are_shown_again_and_nothing_is_entered(
    cast: Cast, year: SchoolYear, changes: dict[str, Any], words: str
) -> None:
    client = as_(cast.communications)
    sent = {**rows(client.post(reverse("web:calendar_import"), upload(CSV)).content.decode()), **changes}
    answer = client.post(reverse("web:calendar_take"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Winter break" in page
    assert not NamedDays.objects.exists()
    assert SchoolYear.objects.count() == 1


@pytest.mark.parametrize("names", ["", "{", "3", '{"a": 1}', "[1]", json.dumps(["x"] * 200)])
def test_a_form_that_no_page_made_is_refused(cast: Cast, year: SchoolYear, names: str) -> None:
    answer = as_(cast.communications).post(reverse("web:calendar_take"), {"names": names, "target": year.label})
    assert answer.status_code == 422
    assert not NamedDays.objects.exists()


def test_a_file_that_is_none_is_refused_beside_its_field(cast: Cast) -> None:
    client = as_(cast.communications)
    for sent, words in ((upload("Only,One\n1,2\n"), "needs a column"), ({"_key": "x"}, "Choose the file.")):
        answer = client.post(reverse("web:calendar_import"), sent)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_the_template_is_a_table(cast: Cast) -> None:
    answer = as_(cast.sysadmin).get(reverse("web:calendar_template"))
    assert answer["Content-Type"].startswith("text/csv")
    assert b"Winter break" in answer.content
