"""The school years, and one year at a glance: months, what lies in them, what looks wrong."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rostrum.audit.queries import history
from rostrum.core import clock
from rostrum.core.errors import NotAllowed
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper
from rostrum.schoolyear.actions import MANAGE
from rostrum.schoolyear.models import DayKind, SchoolYear
from rostrum.schoolyear.queries import Calendar, calendar, year_called
from rostrum.schoolyear.warnings import warnings_of
from rostrum.schoolyear.words import long_day
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.calendar.glance import LEGEND, months_of, rows_of, weekdays
from rostrum.web.requests.wording import timeline


def need(person: Person) -> None:
    """Raise NotAllowed unless the person keeps the calendar."""
    if not may(person, MANAGE):
        raise NotAllowed(
            _("Your role does not let you change the school calendar."),
            way_forward=_("It can be done by %(keeper)s or your system administrator.") % {"keeper": keeper()},
            url=reverse("web:calendar"),
        )


def the_year(label: str) -> SchoolYear:
    """A school year by its name, or 404."""
    found = year_called(label) if label.isascii() and label.replace("-", "").isdigit() else None
    if found is None:
        raise Http404
    return found


def today_words(known: Calendar, today: date) -> list[str]:
    """What today is, and what comes next, in whole sentences."""
    if not known.entered:
        return []
    year, said = known.year_of(today), []
    if year is None:
        after = next((one for one in known.years if one.starts_on > today), None)
        said.append(
            _("Today lies in no school year. %(label)s begins on %(day)s.")
            % {"label": after.label, "day": long_day(after.starts_on, today=today)}
            if after
            else _("Today lies after every school year that is entered, so Monday to Friday count as school days.")
        )
        return said
    here = next((one for one in known.days if one.kind in {DayKind.HOLIDAY, DayKind.BREAK, DayKind.STAFF_DAY}
                 and one.starts_on <= today <= one.ends_on), None)  # fmt: skip
    if known.is_school_day(today):
        said.append(_("Today is a school day of %(label)s.") % {"label": year.label})
    elif here is not None:
        said.append(_("No school today: %(name)s.") % {"name": here.name})
    else:
        said.append(_("No school today: it is the weekend."))
    coming = next((one for one in known.days if one.kind in {DayKind.HOLIDAY, DayKind.BREAK} and one.starts_on > today
                   and any((one.starts_on + timedelta(n)).weekday() < 5
                           for n in range((one.ends_on - one.starts_on).days + 1))), None)  # fmt: skip
    if coming is not None and coming.year_id == year.pk:
        left = known.school_days_between(today, coming.starts_on)
        said.append(
            ngettext("%(count)d school day until %(name)s.", "%(count)d school days until %(name)s.", left)
            % {"count": left, "name": coming.name}
        )
    if not known.calm(today):
        said.append(_("Heavy work is not asked for now: it is the first week, or exams are written."))
    return said


@require_safe
@signed_in
def years(request: StaffRequest) -> HttpResponse:
    """Every school year that is entered, the latest first, with what looks wrong in each."""
    known, today = calendar(), clock.today()
    rows = []
    for year in reversed(known.years):
        own = [one for one in known.days if one.year_id == year.pk]
        rows.append({
            "it": year, "current": known.year_of(today) == year, "warnings": len(warnings_of(year, own, known, today)),
            "school_days": known.school_days_between(year.starts_on - timedelta(days=1), year.ends_on),
        })  # fmt: skip
    context = {
        "rows": rows, "today_words": today_words(known, today), "keeps": may(request.user, MANAGE),
        "assumed": not known.covers(today), "last": known.years[-1] if known.years else None,
    }  # fmt: skip
    return render(request, "web/calendar/years.html", context)


@require_safe
@signed_in
def year(request: StaffRequest, label: str) -> HttpResponse:
    """One school year at a glance, to read on a phone and to print."""
    it, known, today = the_year(label), calendar(), clock.today()
    own = [one for one in known.days if one.year_id == it.pk]
    keeps = may(request.user, MANAGE)
    context = {
        "it": it, "keeps": keeps, "months": months_of(it, own, known, today), "weekdays": weekdays(), "legend": LEGEND,
        "rows": rows_of(own, known), "current": known.year_of(today) == it,
        "school_days": known.school_days_between(it.starts_on - timedelta(days=1), it.ends_on),
        "warnings": warnings_of(it, own, known, today) if keeps else [],
        "entries": timeline(history(it)) if keeps else [],
        "next_missing": known.years[-1] == it,
    }  # fmt: skip
    return render(request, "web/calendar/year.html", context)
