"""The list of requests that a person may see: mine, those that wait for me, all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, subtree
from rostrum.policies.queries import text
from rostrum.registry.deciding import requests as everything
from rostrum.registry.models import AccountRequest
from rostrum.registry.platforms import catalogue
from rostrum.registry.queries import status_of, visible_to, waiting_for
from rostrum.registry.request_search import found_by_words, texts_of
from rostrum.registry.statewords import state_choices
from rostrum.registry.turns import Turns
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.listing import Column, Listing, Row, instead_of, tools
from rostrum.web.requests.wording import Titles, picture

PAGE = 25
VIEWS = (
    ("mine", pgettext_lazy("requests", "Mine")),
    ("waiting", gettext_lazy("Waiting for me")),
    ("all", gettext_lazy("All I may see")),
)
SORTS = {
    "changed": ("-moved_at", "-pk"),
    "-changed": ("moved_at", "pk"),
    "name": ("name", "pk"),
    "-name": ("-name", "-pk"),
    "status": ("state", "-moved_at", "-pk"),
    "-status": ("-state", "-moved_at", "-pk"),
    "asked": ("requester__name", "-pk"),
    "-asked": ("-requester__name", "-pk"),
}
AT_ONCE = 500  # requests read and written together, so that memory does not grow with the table


class Filter(forms.Form):
    """The visible fields above the list. What cannot be used is left out, never an error page."""

    use_required_attribute = False
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Search"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = forms.ChoiceField(required=False, label=gettext_lazy("Status"))
    school = forms.ChoiceField(required=False, label=gettext_lazy("School or department"))
    platform = forms.ChoiceField(required=False, label=gettext_lazy("Platform"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        every = ("", _("All"))
        places = (
            Unit.objects.filter(kind__in=["school", "department"])
            .order_by("name")
            .values_list("code", "name")
        )
        fields: dict[str, Any] = dict(self.fields)
        fields["status"].choices = [every, *state_choices()]
        fields["school"].choices = [every, *places]
        fields["platform"].choices = [every, *((p.key, text(p.label)) for p in catalogue())]


def filtered(rows: QuerySet[AccountRequest], chosen: dict[str, Any]) -> QuerySet[AccountRequest]:
    """The requests that match every filter that was chosen."""
    if chosen.get("status"):
        rows = rows.filter(state=chosen["status"])
    if chosen.get("platform"):
        rows = rows.filter(platform=chosen["platform"])
    if chosen.get("school"):
        place = Unit.objects.filter(code=chosen["school"]).first()
        rows = rows.filter(unit__in=subtree(place)) if place else rows.none()
    return found_by_words(rows, chosen.get("q") or "")


def viewed(person: Person, view: str) -> QuerySet[AccountRequest]:
    """The requests of a tab. What is mine or waits for me I may see in any case."""
    if view == "mine":
        return everything().filter(requester=person)
    if view == "waiting":
        return everything().filter(pk__in=[one.request.pk for one in waiting_for(person)])
    return visible_to(person)


@dataclass(frozen=True)
class Asked:
    """What a reader asked the list for: the requests that the filters leave, in order, and how they were chosen."""

    found: QuerySet[AccountRequest]
    form: Filter
    view: str
    sort: str
    before_words: QuerySet[AccountRequest]


def asked_for(request: StaffRequest, words: str | None = None) -> Asked:
    """Reads tab, filters and order out of the address; `words` are looked for in place of those in it."""
    view = request.GET.get("view", "")
    if view not in {key for key, _label in VIEWS}:
        view = "all"
    form = Filter({**request.GET.dict(), "view": view})
    form.is_valid()
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "changed"
    before = filtered(viewed(request.user, view), {**form.cleaned_data, "q": ""})
    found = found_by_words(before, (form.cleaned_data.get("q") or "") if words is None else words)
    return Asked(found.order_by(*SORTS[sort]), form, view, sort, before)


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every request that the filters leave, as plain cells."""
    labels = {p.key: text(p.label) for p in catalogue()}
    left = asked_for(request).found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        titles, turns = Titles(rows), Turns(rows)
        for it in rows:
            yield {
                "title": titles.of(it), "ref": it.ref or "", "name": it.name, "handle": it.handle,
                "place": titles.place(it.unit),
                "platform": labels.get(it.platform, it.platform),
                "state": status_of(it, request.user, turns).word, "asked": it.requester.name,
                "sent": timezone.localdate(it.submitted_at) if it.submitted_at else None,
                "changed": timezone.localdate(it.moved_at),
            }  # fmt: skip


LISTING = Listing(
    "requests",
    gettext_lazy("Requests"),
    "web:requests",
    (
        Column("title", gettext_lazy("Request"), always=True),
        Column("ref", gettext_lazy("Number"), always=True),
        Column("name", gettext_lazy("Name"), always=True),
        Column("handle", gettext_lazy("Handle"), always=True),
        Column("state", gettext_lazy("Status")),
        Column("place", gettext_lazy("Speaks for"), usual=False),
        Column("platform", gettext_lazy("Platform"), usual=False),
        Column("asked", gettext_lazy("Asked by")),
        Column("sent", gettext_lazy("Sent"), usual=False),
        Column("changed", gettext_lazy("Last change")),
    ),
    ("q", "status", "school", "platform"),
    rows_of,
    ("view", "sort"),
)


@require_safe
@signed_in
def requests(request: StaffRequest) -> HttpResponse:
    """Requests that I may see. Whose turn it is, is worked out for the whole page at once."""
    asked = asked_for(request)
    form, view, sort = asked.form, asked.view, asked.sort
    page = Paginator(asked.found, PAGE).get_page(request.GET.get("page"))
    typed, instead = form.cleaned_data.get("q") or "", ""
    if typed and not page.paginator.count and request.GET.get("exact") != "1":
        instead = instead_of(
            typed, lambda other: found_by_words(asked.before_words, other).exists(),
            words=lambda: texts_of(asked.before_words), of="",
        )  # fmt: skip
    if instead:
        page = Paginator(asked_for(request, instead).found, PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    turns, titles = Turns(shown), Titles(shown)
    labels, above = {p.key: text(p.label) for p in catalogue()}, tools(LISTING, request, form)
    on = above["shown"]
    narrowed = any(form.cleaned_data.get(name) for name in ("q", "status", "school", "platform"))
    count = page.paginator.count
    base = reverse("web:requests")
    context = {
        "page": page,
        "form": form,
        "view": view,
        "sort": sort,
        "narrowed": narrowed,
        "views": [
            {"key": key, "label": label, "url": f"{base}?view={key}", "current": key == view}
            for key, label in VIEWS
        ],
        "rows": [
            {
                "it": it,
                "title": titles.of(it),
                "picture": picture(it.platform),
                "status": status_of(it, request.user, turns),
                "place": titles.place(it.unit),
                "platform": labels.get(it.platform, it.platform),
            }
            for it in shown
        ],
        "columns": [
            {
                "key": key,
                "label": label,
                "sort": (f"-{key}" if sort == key else key) if key in SORTS else "",
                "aria": "descending" if sort == f"-{key}" else "ascending" if sort == key else "none",
            }
            for key, label in (
                ("name", _("Request")),
                ("status", _("Status")),
                ("place", _("Speaks for")),
                ("platform", _("Platform")),
                ("asked", _("Asked by")),
                ("sent", _("Sent")),
                ("changed", _("Last change")),
            )
            if key == "name" or {"status": "state"}.get(key, key) in on
        ],
        "count_words": ngettext("%(count)d request", "%(count)d requests", count) % {"count": count},
        "reset": f"{base}?view={view}" if narrowed else "",
        "tools": above,
        "typed": typed,
        "instead": instead,
        "may_ask": may(request.user, "request:create"),
    }
    return render(request, "web/requests/list.html", context)
