"""Pages that offer days to check: both provinces' holidays, next year from this one, a calendar out of a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.core.errors import Invalid, Refusal
from rostrum.intake import calendars
from rostrum.schoolyear import actions
from rostrum.schoolyear.actions import Entry, why_not
from rostrum.schoolyear.forward import next_span, suggest
from rostrum.schoolyear.holidays import KEPT_WORDS, Kept, holidays
from rostrum.schoolyear.models import DayKind, SchoolYear
from rostrum.schoolyear.queries import calendar
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.calendar.keeping import crumbs_of, place_of, seen_of
from rostrum.web.calendar.showing import need, the_year
from rostrum.web.submitting import sent

NEW = "new"


@dataclass
class Candidate:
    """One row to check, with what stands in its fields (as typed, right or wrong), and what is wrong with it."""

    number: int
    name: str
    kind: str
    starts_on: str
    ends_on: str
    keep: bool = True
    why: str = ""
    wrong: str = ""


class File(forms.Form):
    """The calendar as a file."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("The calendar"),
        help_text=gettext_lazy(
            "A spreadsheet (XLSX, XLS, ODS), CSV, or a calendar file (.ics) as web calendars export it. You see every "
            "row before anything is entered."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.ics"}),
        error_messages={"required": gettext_lazy("Choose the file."), "empty": gettext_lazy("This file is empty.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def offered(request: StaffRequest, label: str) -> HttpResponse:
    """The statutory holidays of Saskatchewan and Alberta in a year, to be ticked."""
    need(request.user)
    it, known = the_year(label), calendar()
    found = list(holidays(it.starts_on, it.ends_on))
    if request.method == "POST":
        ticked = set(request.POST.getlist("on"))
        entries = _merged([Entry(DayKind.HOLIDAY, str(one.name), one.on, one.on) for one in found
                           if one.on.isoformat() in ticked])  # fmt: skip

        def act() -> str:
            if not entries:
                raise Invalid(_("Tick the holidays that your schools keep."))
            made = actions.add_days(it, entries, by=request.user, seen=seen_of(request, it))
            said = ngettext("%(n)d holiday is entered.", "%(n)d holidays are entered.", len(made)) % {"n": len(made)}
            messages.success(request, said)
            return place_of(it)

        try:
            return perform(request, act)
        except Refusal as refusal:
            refusal.url = refusal.url or place_of(it)
            if not isinstance(refusal, Invalid):
                raise
            messages.error(request, refusal.message)
    entered = {one.starts_on: one.name for one in known.days if one.kind == DayKind.HOLIDAY}
    closed = {one.on: known.is_school_day(one.on) for one in found}
    rows = [
        {"it": one, "id": one.on.isoformat(), "whose": KEPT_WORDS[one.kept], "entered": entered.get(one.on, ""),
         "weekend": one.on.weekday() >= 5, "closed": not closed[one.on],
         "tick": one.kept != Kept.SCHOOLS and closed[one.on]}
        for one in found
    ]  # fmt: skip
    context = {"it": it, "rows": rows, "crumbs": crumbs_of(it), "back": place_of(it), "seen": it.version,
               "key": new_key()}  # fmt: skip
    return render(request, "web/calendar/holidays.html", context)


def _merged(entries: list[Entry]) -> list[Entry]:
    """One entry for each day: where a holiday and its Monday, or two lists, name the same day, the first stays."""
    kept: dict[date, Entry] = {}
    for one in entries:
        kept.setdefault(one.starts_on, one)
    return list(kept.values())


@require_safe
@signed_in
def forward(request: StaffRequest, label: str) -> HttpResponse:
    """Next year from this one: every entry with a suggested day, to be checked before anything is entered."""
    need(request.user)
    it = the_year(label)
    first, last = next_span(it)
    found = suggest(it, list(it.days.all()), first, last)
    rows = [
        Candidate(n, one.entry.name, one.entry.kind, one.entry.starts_on.isoformat(), one.entry.ends_on.isoformat(),
                  why=one.why)
        for n, one in enumerate(found[: calendars.MOST_ROWS])
    ]  # fmt: skip
    context = {
        "title": _("Next school year from %(label)s") % {"label": it.label},
        "lead": _("Each day is a suggestion: weekdays stay, holidays get their date of that year. Check every one."),
        "target": NEW, "new_from": first.isoformat(), "new_to": last.isoformat(), "crumbs": crumbs_of(it),
        "back": place_of(it), "faults": [],
    }  # fmt: skip
    return _rows_page(request, rows, context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bring(request: StaffRequest) -> HttpResponse:
    """Choose a file; the rows that it holds are shown for checking. Nothing is entered by this."""
    need(request.user)
    form = File(sent(request), request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                return _file_rows(request, calendars.read_calendar(upload.name, upload.file))
            except Invalid as refusal:
                form.add_error("file", refusal.message)
    context = {"form": form, "key": new_key(), "crumbs": crumbs_of(), "back": reverse("web:calendar")}
    return render(request, "web/calendar/import.html", context, status=status)


def _file_rows(request: StaffRequest, found: calendars.CalendarFile) -> HttpResponse:
    rows = [
        Candidate(n, one.name, one.kind, one.starts_on.isoformat(), one.ends_on.isoformat(), keep=bool(one.kind),
                  why=one.note or ("" if one.kind else _("Nobody can tell what these days are. Choose, then tick it.")))
        for n, one in enumerate(found.rows)
    ]  # fmt: skip
    years = calendar().years
    days = [one.starts_on for one in found.rows] + [one.ends_on for one in found.rows]
    first = found.first_day or (min(days) if days else None)
    last = found.last_day or (max(days) if days else None)
    target = next((one.label for one in years if first and one.starts_on <= first <= one.ends_on), NEW)
    context = {
        "title": _("Check what the file holds"),
        "lead": _("Only ticked rows are entered, all of them or none."),
        "target": target, "new_from": first.isoformat() if first else "", "new_to": last.isoformat() if last else "",
        "crumbs": [*crumbs_of(), (_("From a file"), reverse("web:calendar_import"))],
        "back": reverse("web:calendar_import"),
        "faults": [{"row": row, "value": value, "why": why} for row, value, why in found.faults],
    }  # fmt: skip
    return _rows_page(request, rows, context)


def _rows_page(
    request: StaffRequest, rows: list[Candidate], context: dict[str, Any], *, status: int = 200, problem: str = ""
) -> HttpResponse:
    shared = {
        "rows": rows, "names": json.dumps([one.name for one in rows]), "kinds": DayKind.choices, "key": new_key(),
        "years": list(SchoolYear.objects.order_by("-starts_on")), "problem": problem, "problems": bool(problem),
        "seen": context.get("seen", ""),
    }  # fmt: skip
    return render(request, "web/calendar/rows.html", {**shared, **context}, status=status)


def _typed_rows(posted: Mapping[str, Any], kept: set[str]) -> list[Candidate]:
    """The rows as they were sent. Raises Invalid for a form that no page of ours made."""
    try:
        names = json.loads(posted.get("names", ""))
    except ValueError:
        names = None
    if not isinstance(names, list) or len(names) > calendars.MOST_ROWS or not all(isinstance(n, str) for n in names):
        raise Invalid(_("This form cannot be read. Open it again."))
    return [
        Candidate(n, name[:400], posted.get(f"kind-{n}", "")[:20], posted.get(f"from-{n}", "")[:20],
                  posted.get(f"to-{n}", "")[:20], keep=str(n) in kept)
        for n, name in enumerate(names)
    ]  # fmt: skip


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


@require_POST
@signed_in
def take(request: StaffRequest) -> HttpResponse:
    """Enter the ticked rows: into a year that is there, or as a new one. All of it or nothing, and nothing typed is lost."""
    need(request.user)
    posted = request.POST
    rows = _typed_rows(posted, set(posted.getlist("keep")))
    target, typed_from, typed_to = (posted.get(name, "")[:20] for name in ("target", "new_from", "new_to"))
    year = None if target == NEW else the_year(target)
    first, last = (year.starts_on, year.ends_on) if year else (_day(typed_from), _day(typed_to))
    entries, problem = [], ""
    if first is None or last is None:
        problem = _("Say from when until when the new school year goes.")
    for one in rows:
        if not one.keep:
            continue
        start, end = _day(one.starts_on), _day(one.ends_on or one.starts_on)
        if start is None or end is None:
            one.wrong = _("Write the days as year-month-day, for example 2026-09-01.")
            continue
        entry = Entry(one.kind, one.name, start, end)
        one.wrong = why_not(entry, first, last) if first and last else ""
        entries.append(entry)
    if not problem and any(one.wrong for one in rows):
        problem = _("Some rows cannot be entered yet. Each says why. Nothing was entered.")
    if not problem and year is not None and not entries:
        problem = _("Tick what is to be entered.")

    def act() -> str:
        if year is not None:
            actions.add_days(year, entries, by=request.user)
            made = year
        elif first and last:
            made = actions.add_year(first, last, by=request.user, entries=entries)
        else:
            raise Invalid(problem)
        said = ngettext("%(n)d entry is in the calendar.", "%(n)d entries are in the calendar.", len(entries))
        messages.success(request, said % {"n": len(entries)})
        return place_of(made)

    if not problem:
        try:
            return perform(request, act)
        except Invalid as refusal:
            problem = refusal.message
    context = {
        "title": _("Check the rows"), "lead": _("Only ticked rows are entered, all of them or none."), "target": target,
        "new_from": typed_from, "new_to": typed_to, "crumbs": crumbs_of(year), "faults": [],
        "back": place_of(year) if year else reverse("web:calendar"),
    }  # fmt: skip
    return _rows_page(request, rows, context, status=422, problem=problem)


@require_safe
@signed_in
def template(request: StaffRequest) -> HttpResponse:
    """A table with examples, to fill in with any spreadsheet."""
    need(request.user)
    response = HttpResponse(calendars.template(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("school-calendar")}.csv"'
    return response
