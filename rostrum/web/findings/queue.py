"""The queue of findings and every other list of them: filtered, searched, chosen together, taken away as a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.monitoring.catalogue import every_rule
from rostrum.monitoring.models import SEVERITIES, Finding
from rostrum.monitoring.queries import judges, looked_at, queue, visible_to
from rostrum.monitoring.scanning import choices
from rostrum.monitoring.states import FindingState, Ground
from rostrum.people.models import Unit
from rostrum.people.queries import subtree
from rostrum.policies.queries import setting
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.findings.wording import LEVELS, finding_rows
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.wording import picture

PER_PAGE = 50
AT_ONCE = 500
TABS = (
    ("", gettext_lazy("Waiting for a look"), ()),
    ("asked", gettext_lazy("With the managers"), (FindingState.CONFIRMED,)),
    ("decided", gettext_lazy("Decided"), (FindingState.DISMISSED, FindingState.RESOLVED)),
    ("all", gettext_lazy("All"), tuple(FindingState.values)),
)


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    rule = forms.ChoiceField(label=gettext_lazy("Rule"), required=False)
    severity = forms.ChoiceField(label=gettext_lazy("How serious"), required=False)
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    whose = forms.ChoiceField(label=gettext_lazy("Taken on by"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        self._offer("rule", [(one.id, one.title) for one in sorted(every_rule(), key=lambda one: one.title)])
        self._offer("severity", list(SEVERITIES))
        self._offer("school", [(one.code, one.name) for one in schools])
        self._offer("whose", [("me", _("Me")), ("nobody", _("Nobody"))])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *choices]


def narrowed(request: StaffRequest) -> tuple[Filter, dict[str, str], QuerySet[Finding]]:
    """The filters of the address, and the findings that they leave, in the queue's order."""
    me = request.user
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    tab = next((one for one in TABS if one[0] == chosen.get("tab", "")), TABS[0])
    found = visible_to(me).filter(state__in=tab[2]) if tab[2] else queue(me)
    for word in chosen.get("q", "").split()[:8]:
        found = found.filter(account__search_text__icontains=word.lower())
    if chosen.get("rule"):
        found = found.filter(rule=chosen["rule"])
    if chosen.get("severity"):
        found = found.filter(severity=chosen["severity"])
    school = next((one for one in schools if one.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(account__unit__in=subtree(school).values("pk"))
    if chosen.get("whose"):
        found = found.filter(assigned_to=me if chosen["whose"] == "me" else None)
    order = ("-moved_at", "-pk") if tab[0] in {"decided", "all"} else ("-rank", "found_at", "pk")
    return form, chosen, found.order_by(*order)


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every finding that the filters leave, as plain cells; never the words that were found."""
    found = narrowed(request)[2].iterator(chunk_size=AT_ONCE)
    while rows := list(islice(found, AT_ONCE)):
        places = Places(one.account.unit for one in rows)
        for row in finding_rows(rows):
            one = row["it"]
            yield {
                "rule": row["rule"].title, "account": one.account.name, "place": places.of(one.account.unit),
                "severity": row["level"]["word"], "state": row["badge"]["word"], "clauses": ", ".join(one.clauses),
                "post": one.post.address if one.post else "", "found": timezone.localdate(one.found_at),
                "due": one.due_on, "decided_by": one.decided_by.name if one.decided_by else "",
                "ground": str(one.get_ground_display()) if one.ground else "",
                "assigned": one.assigned_to.name if one.assigned_to else "",
            }  # fmt: skip


LISTING = Listing(
    "findings",
    gettext_lazy("Findings"),
    "web:findings",
    (
        Column("rule", gettext_lazy("What was found"), always=True),
        Column("account", gettext_lazy("Account"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("severity", gettext_lazy("How serious")),
        Column("state", gettext_lazy("Status")),
        Column("clauses", gettext_lazy("Clauses"), usual=False),
        Column("post", gettext_lazy("Post"), usual=False),
        Column("found", gettext_lazy("Found")),
        Column("due", gettext_lazy("Due"), usual=False),
        Column("assigned", gettext_lazy("Taken on by"), usual=False),
        Column("decided_by", gettext_lazy("Decided by"), usual=False),
        Column("ground", gettext_lazy("Why dismissed"), usual=False),
    ),
    ("q", "rule", "severity", "school", "whose", "tab"),
    rows_of,
)


def policy(counted: dict[str, int]) -> dict[str, Any]:
    """What decides over the queue: its order, how many of each severity wait, the rules changed here, the days given."""
    chosen, days = list(choices().values()), setting("finding_days")
    silenced = sum(one.silenced for one in chosen)
    return {
        "levels": [(*LEVELS[value], label, counted.get(value, 0)) for value, label in SEVERITIES],
        "silenced": silenced, "retuned": len(chosen) - silenced, "days": days if isinstance(days, int) and days > 0 else None,
    }  # fmt: skip


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Findings that wait for a look, worst first; or with the managers, decided, all. Queries do not grow with them."""
    me = request.user
    form, chosen, found = narrowed(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows, tab = list(page), chosen.get("tab", "")
    places, count = Places(one.account.unit for one in rows), page.paginator.count
    levels = (
        dict(found.order_by().values_list("severity").annotate(many=Count("pk"))) if tab == "" and judges(me) else {}
    )
    narrows = any(value for name, value in chosen.items() if name != "tab")
    base = reverse("web:findings")
    context = {
        "page": page, "form": form, "filtered": narrows, "judges": judges(me), "key": new_key(),
        "rows": [
            {**row, "icon": picture(row["it"].account.platform), "place": places.of(row["it"].account.unit),
             "looking": looked_at(row["it"], me)}
            for row in finding_rows(rows)
        ],
        "tabs": [{"label": label, "url": f"{base}?tab={key}" if key else base, "current": key == tab}
                 for key, label, _states in TABS],
        "policy": policy(levels) if tab == "" and judges(me) else None,
        "waiting": tab == "", "grounds": Ground.choices, "first": rows[0] if rows and tab == "" else None,
        "count_words": ngettext("%(count)d finding", "%(count)d findings", count) % {"count": count},
        "reset": (f"{base}?tab={tab}" if tab else base) if narrows else "", "tools": tools(LISTING, request, form),
    }  # fmt: skip
    return render(request, "web/findings/list.html", context)
