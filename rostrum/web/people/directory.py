"""The list of people, and suggestions of people for the forms. Work data only, for anyone signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from rostrum.core import clock
from rostrum.people.models import Appointment, Person, StandIn
from rostrum.people.queries import active_people, in_force, may, people_named, subtree
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.answers import wants_json
from rostrum.web.listing import Column, Listing, Row, instead_of, tools
from rostrum.web.people.forms import PeopleFilter, written

PER_PAGE = 25
AT_ONCE = 500  # people read and written together, so that memory does not grow with the table
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


def _found(chosen: dict[str, Any]) -> QuerySet[Person]:
    """The people whom the filters leave, before any words."""
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
    return found


def _ids(request: StaffRequest, chosen: dict[str, Any], words: str) -> list[int]:
    """Those who hold every word, in the order of the address."""
    found, sort = _found(chosen), request.GET.get("sort", "name")
    ids = people_named(words, found)
    if sort in {"unit", "-unit"}:
        wanted, place = set(ids), "home_unit__name" if sort == "unit" else "-home_unit__name"
        ids = [pk for pk in found.order_by(place, "name", "pk").values_list("pk", flat=True) if pk in wanted]
    elif sort == "-name":
        ids.reverse()
    return ids


def _chosen(request: StaffRequest) -> tuple[PeopleFilter, dict[str, Any]]:
    form = PeopleFilter(request.GET or None)
    form.is_valid()
    return form, getattr(form, "cleaned_data", {})


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Everyone whom the filters leave, as plain cells."""
    _form, chosen = _chosen(request)
    ids = _ids(request, chosen, chosen.get("q") or "")
    for start in range(0, len(ids), AT_ONCE):
        for row in _rows(ids[start : start + AT_ONCE]):
            person: Person = row["person"]
            yield {
                "name": person.name, "title": person.title,
                "roles": "; ".join(f"{one.get_role_display()}, {one.unit.name}" for one in row["roles"]),
                "home": person.home_unit.name if person.home_unit else "", "email": person.email,
                "kind": person.get_kind_display(), "left": person.left_on,
            }  # fmt: skip


LISTING = Listing(
    "people",
    gettext_lazy("People"),
    "web:people",
    (
        Column("name", gettext_lazy("Name"), always=True),
        Column("title", gettext_lazy("Position"), always=True),
        Column("roles", gettext_lazy("Roles today")),
        Column("home", gettext_lazy("School or department")),
        Column("email", gettext_lazy("Work e-mail")),
        Column("kind", gettext_lazy("Employee or volunteer"), usual=False),
        Column("left", gettext_lazy("Left on"), usual=False),
    ),
    ("q", "unit", "role", "here"),
    rows_of,
)


@require_GET
@signed_in
def people(request: StaffRequest) -> HttpResponse:
    """Everyone who works or volunteers here: name, position, work e-mail, roles."""
    form, chosen = _chosen(request)
    sort, typed, instead = request.GET.get("sort", "name"), chosen.get("q") or "", ""
    ids = _ids(request, chosen, typed)
    if typed and not ids and request.GET.get("exact") != "1":
        among = _found(chosen)
        instead = instead_of(
            typed, lambda other: bool(people_named(other, among)),
            words=lambda: (text for texts in among.order_by().values_list("name", "title") for text in texts), of="",
        )  # fmt: skip
    if instead:
        ids = _ids(request, chosen, instead)
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
            "reset": reverse("web:people") if any(chosen.values()) else "",
            "tools": tools(LISTING, request, form if request.GET else None),
            "typed": typed,
            "instead": instead,
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
