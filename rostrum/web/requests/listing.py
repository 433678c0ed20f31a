"""The list of requests that a person may see: mine, those that wait for me, all of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, subtree
from rostrum.policies.queries import text
from rostrum.registry.models import AccountRequest
from rostrum.registry.platforms import catalogue
from rostrum.registry.queries import requests as everything
from rostrum.registry.queries import status_of, visible_to, waiting_for
from rostrum.registry.states import RequestState
from rostrum.registry.turns import Turns
from rostrum.web.access import StaffRequest, signed_in
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
SEARCHED = ("name", "handle", "ref", "unit__name", "requester__name")


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
        fields["status"].choices = [every, *RequestState.choices]
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
    for word in (chosen.get("q") or "").split()[:8]:
        found = Q()
        for column in SEARCHED:
            found |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(found)
    return rows


def viewed(person: Person, view: str) -> QuerySet[AccountRequest]:
    """The requests of a tab. What is mine or waits for me I may see in any case."""
    if view == "mine":
        return everything().filter(requester=person)
    if view == "waiting":
        return everything().filter(pk__in=[one.request.pk for one in waiting_for(person)])
    return visible_to(person)


@require_safe
@signed_in
def requests(request: StaffRequest) -> HttpResponse:
    """Requests that I may see. Whose turn it is, is worked out for the whole page at once."""
    view = request.GET.get("view", "")
    if view not in {key for key, _label in VIEWS}:
        view = "all"
    form = Filter({**request.GET.dict(), "view": view})
    form.is_valid()
    rows = filtered(viewed(request.user, view), form.cleaned_data)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "changed"
    page = Paginator(rows.order_by(*SORTS[sort]), PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    turns, titles = Turns(shown), Titles(shown)
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
            }
            for it in shown
        ],
        "columns": [
            {
                "key": key,
                "label": label,
                "sort": f"-{key}" if sort == key else key,
                "aria": "descending" if sort == f"-{key}" else "ascending" if sort == key else "none",
            }
            for key, label in (
                ("name", _("Request")),
                ("status", _("Status")),
                ("asked", _("Asked by")),
                ("changed", _("Last change")),
            )
        ],
        "count_words": ngettext("%(count)d request", "%(count)d requests", count) % {"count": count},
        "reset": f"{base}?view={view}" if narrowed else "",
        "may_ask": may(request.user, "request:create"),
    }
    return render(request, "web/requests/list.html", context)
