"""The list of people, and suggestions of people for the forms. Work data only, for anyone signed in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from rostrum.core import clock
from rostrum.people.models import Appointment, Person, StandIn
from rostrum.people.queries import active_people, in_force, may, people_named, subtree
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.answers import wants_json
from rostrum.web.people.forms import PeopleFilter, written

PER_PAGE = 25
SUGGESTED = 10
LEAST_LETTERS = 2
SORTS = ("name", "-name", "unit", "-unit")


def _rows(ids: list[int]) -> list[dict[str, Any]]:
    """The people of one page with the roles they hold today and whether they are away; three queries."""
    people = Person.objects.select_related("home_unit").in_bulk(ids)
    today = clock.today()
    roles: dict[int, list[Appointment]] = {}
    for one in (
        Appointment.objects.filter(in_force(), person__in=ids)
        .select_related("unit")
        .order_by("unit__path", "role")
    ):
        roles.setdefault(one.person_id, []).append(one)
    away = dict(
        StandIn.objects.filter(
            Q(appointment__ends_on=None) | Q(appointment__ends_on__gte=today),
            appointment__person__in=ids,
            cancelled_at=None,
            starts_on__lte=today,
            ends_on__gte=today,
        ).values_list("appointment__person", "ends_on")
    )
    return [
        {"person": people[pk], "roles": roles.get(pk, []), "away": away.get(pk)} for pk in ids if pk in people
    ]


@require_GET
@signed_in
def people(request: StaffRequest) -> HttpResponse:
    """Everyone who works or volunteers here: name, position, work e-mail, roles."""
    form = PeopleFilter(request.GET or None)
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    found = Person.objects.all()
    if chosen.get("here", "") != "all":
        found = found.filter(is_active=chosen.get("here", "") != "left")
    if chosen.get("role"):
        found = found.filter(
            pk__in=Appointment.objects.filter(in_force(), role=chosen["role"]).values("person")
        )
    if chosen.get("unit"):
        beneath = subtree(chosen["unit"]).values("pk")
        found = found.filter(
            Q(home_unit__in=beneath)
            | Q(pk__in=Appointment.objects.filter(in_force(), unit__in=beneath).values("person"))
        )
    sort = request.GET.get("sort", "name")
    ids = people_named(chosen.get("q") or "", found)
    if sort in {"unit", "-unit"}:
        wanted, place = set(ids), "home_unit__name" if sort == "unit" else "-home_unit__name"
        ids = [pk for pk in found.order_by(place, "name", "pk").values_list("pk", flat=True) if pk in wanted]
    elif sort == "-name":
        ids.reverse()
    page = Paginator(ids, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    return render(
        request,
        "web/people/people.html",
        {
            "form": form,
            "page": page,
            "rows": _rows(list(page.object_list)),
            "sort": sort if sort in SORTS else "name",
            "count": count,
            "count_words": ngettext("%(n)d person", "%(n)d people", count) % {"n": count},
            "reset": reverse("web:people") if request.GET else "",
            "may_add": may(request.user, "person:manage"),
        },
    )


@require_GET
@signed_in
def suggest(request: StaffRequest) -> HttpResponse:
    """At most ten active people whose name or work e-mail holds what is typed, as "Name <email>".

    From two letters on. HTML options for a datalist; with `Accept: application/json`
    {"people": ["Name <email>"]}.
    """
    typed = " ".join(
        request.GET.get("q", "")[:100].replace("\x00", " ").replace("<", " ").replace(">", " ").split()
    )
    found: list[str] = []
    if len(typed) >= LEAST_LETTERS:
        ids = people_named(typed, active_people())[:SUGGESTED]
        known = Person.objects.in_bulk(ids)
        found = [written(known[pk]) for pk in ids if pk in known]
    if wants_json(request):
        return JsonResponse({"people": found})
    response = HttpResponse(format_html_join("\n", '<option value="{}"></option>', ((one,) for one in found)))
    response.headers["Vary"] = "Accept, Cookie"
    return response
