"""Who has read the edition in force: the content managers of one's units, or everybody there; who has not comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.core.errors import NotAllowed
from rostrum.custody.queries import LIVING
from rostrum.guidance.models import Acknowledgement
from rostrum.guidance.queries import gate_is_set, read_at
from rostrum.people.models import Person, Unit
from rostrum.people.queries import active_people, may, people_named, seen_units
from rostrum.policies.queries import in_force
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Designation
from rostrum.registry.states import LIVE
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.listing import Column, Listing, Row, tools

PER_PAGE = 25
WHO = [("managers", gettext_lazy("Content managers")), ("all", gettext_lazy("Everybody"))]
READ = [("", gettext_lazy("All")), ("no", gettext_lazy("Has not said so")), ("yes", gettext_lazy("Has read it"))]


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search"}))  # fmt: skip
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False, choices=WHO)
    read = forms.ChoiceField(label=gettext_lazy("Read"), required=False, choices=READ)


@dataclass(frozen=True)
class Asked:
    """The people that the filters leave, those who have not read it first."""

    ids: list[int]
    form: Filter
    filtered: bool


def _people(person: Person, units: QuerySet[Unit] | None, who: str) -> QuerySet[Person]:
    found = active_people()
    if units is not None:
        managing = Designation.objects.filter(LIVING, registration__account__unit__in=units)
        found = found.filter(home_unit__in=units) | found.filter(pk__in=managing.values("person"))
    if who != "all":
        looks_after = Designation.objects.filter(LIVING, person=OuterRef("pk"), registration__account__state__in=LIVE)
        found = found.filter(Exists(looks_after))
    return found.distinct()


def asked_for(request: StaffRequest) -> Asked:
    """Reads the filters out of the address. Raises NotAllowed for whoever leads nothing."""
    me = request.user
    if not may(me, "acknowledgement:view"):
        raise NotAllowed(worded(_("Whoever leads a school or department and {keeper} see who has read the procedure.")))
    form = Filter(request.GET)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    found = _people(me, seen_units(me, "acknowledgement:view"), chosen.get("who", ""))
    have = Acknowledgement.objects.filter(edition=in_force()).values("person")
    if chosen.get("read") == "yes":
        found = found.filter(pk__in=have)
    elif chosen.get("read") == "no":
        found = found.exclude(pk__in=have)
    ids = people_named(chosen.get("q", ""), found)
    done = read_at(ids)
    return Asked(sorted(ids, key=lambda pk: pk in done), form, any(chosen.get(one) for one in ("q", "who", "read")))


def _rows(ids: list[int]) -> list[dict[str, Any]]:
    people, done = Person.objects.select_related("home_unit").in_bulk(ids), read_at(ids)
    return [{"person": people[pk], "read_at": done.get(pk)} for pk in ids]


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Everyone whom the filters leave, as plain cells."""
    for row in _rows(asked_for(request).ids):
        person: Person = row["person"]
        yield {
            "name": person.name, "title": person.title, "home": person.home_unit.name if person.home_unit else "",
            "read": timezone.localdate(row["read_at"]) if row["read_at"] else None,
        }  # fmt: skip


LISTING = Listing(
    "readers",
    gettext_lazy("Who has read the procedure"),
    "web:guidance_readers",
    (
        Column("name", gettext_lazy("Name"), always=True),
        Column("title", gettext_lazy("Position"), usual=False),
        Column("home", gettext_lazy("School or department")),
        Column("read", gettext_lazy("Read on"), always=True),
    ),
    ("q", "who", "read"),
    rows_of,
    (),
)


@require_safe
@signed_in
def people(request: StaffRequest) -> HttpResponse:
    """Who has said that they have read the edition in force, and when. The queries do not grow with the people."""
    asked = asked_for(request)
    page = Paginator(asked.ids, PER_PAGE).get_page(request.GET.get("page"))
    count = len(asked.ids)
    context = {
        "page": page, "rows": _rows(list(page.object_list)), "form": asked.form, "edition": in_force(),
        "gate": gate_is_set(), "tools": tools(LISTING, request, asked.form), "filtered": asked.filtered,
        "count_words": ngettext("%(n)d person", "%(n)d people", count) % {"n": count},
        "reset": reverse("web:guidance_readers") if asked.filtered else "",
    }  # fmt: skip
    return render(request, "web/guidance/readers.html", context)
