"""What looks wrong in a school year as it was entered: gaps, overlaps, forgotten holidays. It warns and stops nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from rostrum.schoolyear.holidays import Kept, holidays
from rostrum.schoolyear.models import NO_SCHOOL, DayKind, NamedDays, SchoolYear
from rostrum.schoolyear.queries import Calendar
from rostrum.schoolyear.words import long_day

SOON = timedelta(days=120)  # before a year's end, the next one should be entered
DAY = timedelta(days=1)


def warnings_of(year: SchoolYear, days: Sequence[NamedDays], calendar: Calendar, today: date) -> list[str]:
    """Whole sentences about one year, the weightiest first: terms, overlaps, exams, holidays, what comes after."""
    terms = sorted((one for one in days if one.kind == DayKind.TERM), key=lambda one: one.starts_on)
    closed = [one for one in days if one.kind in NO_SCHOOL]
    return [
        *_terms(year, terms, calendar), *_twice(days), *_exams(days, closed, calendar), *_staff_days(days, calendar),
        *_holidays(year, calendar), *_after(year, calendar, today),
    ]  # fmt: skip


def _terms(year: SchoolYear, terms: list[NamedDays], calendar: Calendar) -> Iterable[str]:
    if not terms:
        yield _("No term is entered. What is asked once a term has no days to go by.")
        return
    for one, after in pairwise(terms):
        if after.starts_on <= one.ends_on:
            yield _("“%(one)s” and “%(other)s” overlap: from %(first)s to %(last)s.") % {
                "one": one.name, "other": after.name, "first": long_day(after.starts_on),
                "last": long_day(min(one.ends_on, after.ends_on)),
            }  # fmt: skip
    edges = [
        (year.starts_on - DAY, terms[0].starts_on),
        *((one.ends_on, after.starts_on) for one, after in pairwise(terms)),
        (max(one.ends_on for one in terms), year.ends_on + DAY),
    ]
    for end, start in edges:
        lost = calendar.school_days_between(end, start - DAY)
        if lost:
            first = calendar.next_school_day(end + DAY)
            yield _("School days from %(first)s to %(last)s lie in no term (%(count)d).") % {
                "first": long_day(first), "last": long_day(start - DAY), "count": lost,
            }  # fmt: skip


def _twice(days: Sequence[NamedDays]) -> Iterable[str]:
    for n, one in enumerate(days):
        for other in days[n + 1 :]:
            same = one.kind == other.kind != DayKind.TERM
            if same and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on:
                yield _("“%(one)s” and “%(other)s” lie on the same days.") % {"one": one.name, "other": other.name}


def _exams(days: Sequence[NamedDays], closed: list[NamedDays], calendar: Calendar) -> Iterable[str]:
    for one in (exam for exam in days if exam.kind == DayKind.EXAMS):
        if not calendar.school_days_between(one.starts_on - DAY, one.ends_on):
            yield _("“%(name)s” has no school day in it.") % {"name": one.name}
            continue
        for other in closed:
            if one.starts_on <= other.ends_on and other.starts_on <= one.ends_on:
                yield _("“%(one)s” lies within “%(other)s” on some days. Exams are written on school days.") % {
                    "one": one.name, "other": other.name,
                }  # fmt: skip


def _staff_days(days: Sequence[NamedDays], calendar: Calendar) -> Iterable[str]:
    breaks = [one for one in days if one.kind in {DayKind.BREAK, DayKind.HOLIDAY}]
    for one in (staff for staff in days if staff.kind == DayKind.STAFF_DAY):
        around = next((b for b in breaks if b.starts_on <= one.starts_on and one.ends_on <= b.ends_on), None)
        if around is not None:
            yield _("“%(one)s” lies within “%(other)s”, where there is no school anyway.") % {
                "one": one.name, "other": around.name,
            }  # fmt: skip


def _holidays(year: SchoolYear, calendar: Calendar) -> Iterable[str]:
    for one in holidays(year.starts_on, year.ends_on):
        if one.kept == Kept.BOTH and calendar.is_school_day(one.on):
            yield _("%(name)s, %(day)s, is a statutory holiday in both provinces, and counts as a school day here.") % {
                "name": one.name, "day": long_day(one.on),
            }  # fmt: skip


def _after(year: SchoolYear, calendar: Calendar, today: date) -> Iterable[str]:
    last = year == calendar.years[-1] if calendar.years else True
    if last and year.ends_on - today <= SOON:
        yield _("The school year after this one is not entered. After %(day)s, Monday to Friday count as school days.") % {
            "day": long_day(year.ends_on),
        }  # fmt: skip
    following = next((one for one in calendar.years if one.starts_on > year.ends_on), None)
    if following is not None and following.starts_on - year.ends_on > timedelta(days=120):
        yield _("More than four months lie between this school year and %(label)s. Is one missing?") % {
            "label": following.label,
        }  # fmt: skip
