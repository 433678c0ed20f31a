"""Calendars out of files: tables and iCalendar, what their rows mean, and every bad row with its reason."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from rostrum.core.errors import Invalid
from rostrum.intake.calendars import MOST_ROWS, CalendarFile, guess, read_calendar, template
from rostrum.intake.icsfile import events

CSV = """Kind,Event,From,To
Term,First term,2026-09-01,2027-01-29
,Thanksgiving Day,"October 12, 2026",
Break,Winter break,2026-12-19,2027-01-03
,Diploma exams,2027-01-20,2027-01-28
,PD day,29 Jan 2027,
,Mystery,2027-02-03,
Fiesta,Carnival,2027-02-08,
,First day of school,2026-09-01,
,Last day of classes,2027-06-29,
Break,Backwards,2027-03-05,2027-03-01
Break,When?,some day,
Break,Two readings,03/04/2027,
Break,,2027-03-09,
Break,No day,,
"""
ICS = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
SUMMARY:Thanksgiving\\, no school
DTSTART;VALUE=DATE:20261012
DTEND;VALUE=DATE:20261013
END:VEVENT
BEGIN:VEVENT
SUMMARY:Winter
  break
DTSTART;VALUE=DATE:20261219
DTEND;VALUE=DATE:20270104
END:VEVENT
BEGIN:VEVENT
SUMMARY:Staff meeting
DTSTART;TZID=America/Edmonton:20260915T150000
DTEND;TZID=America/Edmonton:20260915T163000
RRULE:FREQ=MONTHLY
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261111
END:VEVENT
BEGIN:VEVENT
SUMMARY:Never
DTSTART;VALUE=DATE:20261345
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def read(data: bytes, name: str = "calendar.csv") -> CalendarFile:
    return read_calendar(name, io.BytesIO(data))


def test_a_table_is_read_and_each_bad_row_says_why() -> None:
    found = read(CSV.encode())
    assert [(row.name, row.kind) for row in found.rows] == [
        ("First term", "term"), ("Thanksgiving Day", "holiday"), ("Winter break", "break"), ("Diploma exams", "exams"),
        ("PD day", "staff_day"), ("Mystery", ""), ("Carnival", ""),
    ]  # fmt: skip
    assert found.rows[1].starts_on == found.rows[1].ends_on == date(2026, 10, 12)
    assert "Fiesta" in found.rows[-1].note
    assert (found.first_day, found.last_day) == (date(2026, 9, 1), date(2027, 6, 29))
    assert [(row, why.split(".")[0]) for row, _value, why in found.faults] == [
        (11, "The last day lies before the first"),
        (12, "“some day” is no day that can be read"),
        (13, "“03/04/2027” could be two different days"),
        (14, "This row has no name"),
        (15, "This row has no first day"),
    ]


def test_a_workbook_is_read_as_well() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([("Title", "Start date", "End date"), ("Spring break", "2027-03-29", "2027-04-02")]):
            sheet.write_row(row, 0, cells)
    found = read(out.getvalue(), "calendar.xlsx")
    assert [(one.name, one.kind, one.ends_on) for one in found.rows] == [("Spring break", "break", date(2027, 4, 2))]


def test_a_calendar_file_has_whole_days_and_its_end_is_not_one_of_them() -> None:
    found = read(ICS.encode(), "school.ics")
    assert [(one.name, one.kind, one.starts_on, one.ends_on) for one in found.rows] == [
        ("Thanksgiving, no school", "staff_day", date(2026, 10, 12), date(2026, 10, 12)),
        ("Winter break", "break", date(2026, 12, 19), date(2027, 1, 3)),
        ("Staff meeting", "staff_day", date(2026, 9, 15), date(2026, 9, 15)),
    ]
    assert found.rows[2].note
    assert [row for row, _value, _why in found.faults] == [4, 5]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Family Day", "holiday"), ("Relâche scolaire", "break"), ("Congé férié", "break"), ("Épreuves du ministère", "exams"),
     ("Journée pédagogique", "staff_day"), ("Deuxième semestre", "term"), ("Hot lunch", "")],
)  # fmt: skip
def test_names_tell_what_days_are(name: str, kind: str) -> None:
    day = date(2027, 2, 15) if name == "Family Day" else date(2027, 3, 2)
    assert guess(name, day, day) == kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing in this file"),
        (b"Name,When\nA,B\n", "“From”"),
        (b"From,To\n2026-01-01,2026-01-02\n", "“Name”"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "nothing in this file"),
        (b"PK\x03\x04 no workbook at all", ""),
        (("Name,From\n" + "Break,2027-03-01\n" * (MOST_ROWS + 1)).encode(), "at most"),
    ],
)
def test_a_file_that_cannot_be_used_says_so(data: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(data)
    assert words in refused.value.message
    assert list(refused.value.fields) == ["file"]


def test_the_template_can_be_read_back() -> None:
    found = read(template().encode())
    assert found.faults == []
    assert [one.kind for one in found.rows] == ["term", "holiday", "break", "exams", "staff_day"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="BEGINVTSUMARYD:;=\r\n \t\\,0123456789é\u2028", max_size=400))
def test_no_text_breaks_the_reader_of_calendar_files(text: str) -> None:
    for one in events("BEGIN:VEVENT\n" + text + "\nEND:VEVENT\n"):
        assert one.starts_on is None or one.ends_on is None or one.starts_on <= one.ends_on
