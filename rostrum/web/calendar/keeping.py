"""Pages on which the calendar is kept by hand: years and named days, entered, changed, removed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.core.dates import day
from rostrum.core.errors import Refusal
from rostrum.schoolyear import actions
from rostrum.schoolyear.models import NamedDays, SchoolYear
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.calendar.forms import DaysForm, YearForm
from rostrum.web.calendar.glance import span_words
from rostrum.web.calendar.showing import need, the_year
from rostrum.web.submitting import answer, sent

FORM, DECISION = "web/calendar/form.html", "web/calendar/decision.html"


def seen_of(request: StaffRequest, year: SchoolYear) -> int:
    """The version of the year that the person was looking at; the present one when the page is only opened."""
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else year.version


def place_of(year: SchoolYear) -> str:
    """The page of a school year."""
    return reverse("web:school_year", args=[year.label])


def crumbs_of(year: SchoolYear | None = None) -> list[tuple[str, str]]:
    """The way back from a page under the calendar."""
    home = [(_("School calendar"), reverse("web:calendar"))]
    return home if year is None else [*home, (year.label, place_of(year))]


def answered(request: StaffRequest, year: SchoolYear, *given: Any) -> HttpResponse:
    """`answer`, with the way back to the year on whatever is refused."""
    try:
        return answer(request, *given)
    except Refusal as refusal:
        refusal.url = refusal.url or place_of(year)
        raise


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: StaffRequest) -> HttpResponse:
    """Enter a school year; what lies in it comes after."""
    need(request.user)
    form = YearForm(sent(request))

    def act() -> str:
        made = actions.add_year(form.cleaned_data["starts_on"], form.cleaned_data["ends_on"], by=request.user)
        messages.success(request, _("The school year is entered. Now add its holidays, breaks and terms."))
        return place_of(made)

    context = {
        "title": _("Enter a school year"), "button": _("Enter it"), "crumbs": crumbs_of(),
        "back": reverse("web:calendar"),
    }  # fmt: skip
    return answer(request, form, act, FORM, context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: StaffRequest, label: str) -> HttpResponse:
    """Move the first or the last day of a school year."""
    need(request.user)
    it = the_year(label)
    form = YearForm(sent(request), initial={"starts_on": it.starts_on, "ends_on": it.ends_on})
    seen = seen_of(request, it)

    def act() -> str:
        data = form.cleaned_data
        changed = actions.change_year(it, data["starts_on"], data["ends_on"], by=request.user, seen=seen)
        messages.success(request, _("The school year is changed. Deadlines count by it from now on."))
        return place_of(changed)

    context = {
        "title": _("Change the school year %(label)s") % {"label": it.label}, "button": _("Save"),
        "crumbs": crumbs_of(it), "back": place_of(it), "seen": seen,
    }  # fmt: skip
    return answered(request, it, form, act, FORM, context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remove(request: StaffRequest, label: str) -> HttpResponse:
    """Take a school year out, with everything in it."""
    need(request.user)
    it = the_year(label)
    form, seen = forms.Form(sent(request)), seen_of(request, it)

    def act() -> str:
        actions.remove_year(it, by=request.user, seen=seen)
        messages.success(request, _("The school year %(label)s is removed.") % {"label": it.label})
        return reverse("web:calendar")

    context = {
        "title": _("Remove the school year %(label)s") % {"label": it.label}, "button": _("Remove it"),
        "tone": "danger", "crumbs": crumbs_of(it), "back": place_of(it), "seen": seen,
        "sentence": _("You are about to remove the school year from %(first)s to %(last)s, with everything in it.")
        % {"first": day(it.starts_on), "last": day(it.ends_on)},
        "next": _("Deadlines that lie in it count Monday to Friday from then on. What was decided stays as it is."),
    }  # fmt: skip
    return answered(request, it, form, act, DECISION, context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def days_add(request: StaffRequest, label: str) -> HttpResponse:
    """Enter days of a school year; the page comes back for the next one when asked to."""
    need(request.user)
    it = the_year(label)
    form, seen = DaysForm(sent(request)), seen_of(request, it)

    def act() -> str:
        entry = form.entry()
        actions.add_days(it, [entry], by=request.user, seen=seen)
        messages.success(request, _("“%(name)s” is entered.") % {"name": entry.name.strip()})
        return place_of(it)

    context = {
        "title": _("Add days to %(label)s") % {"label": it.label}, "button": _("Add"), "crumbs": crumbs_of(it),
        "back": place_of(it), "seen": seen,
    }  # fmt: skip
    return answered(request, it, form, act, FORM, context)


def the_days(year: SchoolYear, pk: int) -> NamedDays:
    """An entry of a school year, or 404."""
    found = year.days.select_related("year").filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def days_change(request: StaffRequest, label: str, pk: int) -> HttpResponse:
    """Change an entry of a school year."""
    need(request.user)
    it = the_year(label)
    days = the_days(it, pk)
    single = days.starts_on == days.ends_on
    form, seen = DaysForm(sent(request), initial={
        "kind": days.kind, "name": days.name, "starts_on": days.starts_on, "ends_on": None if single else days.ends_on,
    }), seen_of(request, it)  # fmt: skip

    def act() -> str:
        changed = actions.change_days(days, form.entry(), by=request.user, seen=seen)
        messages.success(request, _("“%(name)s” is changed.") % {"name": changed.name})
        return place_of(it)

    context = {
        "title": _("Change “%(name)s”") % {"name": days.name}, "button": _("Save"), "crumbs": crumbs_of(it),
        "back": place_of(it), "seen": seen,
    }  # fmt: skip
    return answered(request, it, form, act, FORM, context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def days_remove(request: StaffRequest, label: str, pk: int) -> HttpResponse:
    """Take an entry out of a school year."""
    need(request.user)
    it = the_year(label)
    days = the_days(it, pk)
    form, seen = forms.Form(sent(request)), seen_of(request, it)

    def act() -> str:
        actions.remove_days(days, by=request.user, seen=seen)
        messages.success(request, _("“%(name)s” is removed.") % {"name": days.name})
        return place_of(it)

    context = {
        "title": _("Remove “%(name)s”") % {"name": days.name}, "button": _("Remove it"), "tone": "danger",
        "crumbs": crumbs_of(it), "back": place_of(it), "seen": seen,
        "sentence": _("You are about to remove “%(name)s”, %(span)s.") % {"name": days.name, "span": span_words(days)},
        "next": _("Days in it that fall on Monday to Friday count as school days again, unless something else lies there."),
    }  # fmt: skip
    return answered(request, it, form, act, DECISION, context)
