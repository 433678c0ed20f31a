"""The list of cases, each queue a view of those in a state; and the list of decisions that the reader may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.cases.queries import (
    appeal_of,
    decisions,
    decisions_visible_to,
    visible_to,
    waiting_appeals,
    waiting_cases,
)
from rostrum.cases.states import OPEN_CASES, AppealState, CaseState
from rostrum.core import clock
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, subtree
from rostrum.policies.queries import text
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.registry.search import search
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.listing import typed
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.cases.wording import appeal_badge, case_badge, decision_badge, measures_words
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.wording import picture

PER_PAGE = 25
MOST_FOUND = 20_000  # accounts that words may stand for; more ids than SQLite takes in one question
AT_ONCE = 500  # cases read and written together, so that memory does not grow with the table
SORTS = {
    "opened": ("opened_at", "pk"), "-opened": ("-opened_at", "-pk"), "account": ("account__name", "pk"),
    "-account": ("-account__name", "-pk"), "due": ("due_on", "pk"), "-due": ("-due_on", "-pk"),
}  # fmt: skip


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    late = forms.ChoiceField(label=gettext_lazy("Due"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        self._offer("school", [(u.code, u.name) for u in schools])
        self._offer("state", CaseState.choices)
        self._offer("late", [("late", _("Late"))])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *choices]


def tabs_of() -> list[tuple[str, str]]:
    """The queues: each a view of the cases in a state, never a table of its own."""
    return [
        ("mine", _("Waiting for me")), ("open", _("Open")), ("appeal", _("On appeal")), ("decided", _("Decided")),
        ("all", _("All that I may see")),
    ]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a reader asked the list for: the cases that the filters leave, in order, and how they were chosen."""

    found: QuerySet[Case]
    form: Filter
    tab: str
    sort: str
    filtered: bool


def _in_queue(found: QuerySet[Case], tab: str, me: Person) -> QuerySet[Case]:
    if tab == "mine":
        on_appeal = [one.appeal.decision.case_id for one in waiting_appeals(me)]
        return found.filter(pk__in=[*(one.pk for one in waiting_cases(me)), *on_appeal])
    if tab == "open":
        return found.filter(state__in=OPEN_CASES)
    if tab == "appeal":
        running = Decision.objects.filter(appeal__state=AppealState.LODGED)
        return found.filter(pk__in=running.values("case"))
    return found.filter(state=CaseState.DECIDED) if tab == "decided" else found


def asked_for(request: StaffRequest) -> Asked:
    """Reads queue, filters and order out of the address. Only cases that the reader may read are ever left."""
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    tab = chosen.get("tab", "") if chosen.get("tab", "") in dict(tabs_of()) else "open"
    found = _in_queue(visible_to(request.user), tab, request.user)
    school = next((u for u in schools if u.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(account__unit__in=subtree(school).values("pk"))
    if chosen.get("state"):
        found = found.filter(state=chosen["state"])
    if chosen.get("late"):
        found = found.filter(state__in=OPEN_CASES, due_on__lt=clock.today())
    words = typed(chosen.get("q", ""))
    if words:
        by_account = list(search(Account.objects.all(), words).order_by().values_list("pk", flat=True)[:MOST_FOUND])
        found = found.filter(
            Q(account__in=by_account) | Q(ref__iexact=words) | Q(decisions__ref__iexact=words)
        ).distinct()
    sort = chosen.get("sort", "") if chosen.get("sort", "") in SORTS else "-opened"
    filtered = any(chosen.get(name) for name in ("q", "school", "state", "late"))
    return Asked(found.order_by(*SORTS[sort]), form, tab, sort, filtered)


def _last_decisions(rows: list[Case]) -> dict[int, Decision]:
    """The newest decision of each case, in one query."""
    found: dict[int, Decision] = {}
    for one in decisions().filter(case__in=[row.pk for row in rows]).order_by("pk"):
        found[one.case_id] = one
    return found


def _late(it: Case) -> bool:
    return it.state in OPEN_CASES and it.due_on is not None and it.due_on < clock.today()


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every case that the filters leave, as plain cells."""
    labels = {p.key: text(p.label) for p in catalogue()}
    left = asked_for(request).found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places, last = Places(one.account.unit for one in rows), _last_decisions(rows)
        for one in rows:
            made = last.get(one.pk)
            appeal = appeal_of(made) if made else None
            yield {
                "ref": one.ref, "account": one.account.name, "place": places.of(one.account.unit),
                "platform": labels.get(one.account.platform, one.account.platform), "state": case_badge(one)["word"],
                "opened": timezone.localdate(one.opened_at), "opened_by": one.opened_by.name,
                "with": one.assigned_to.name if one.assigned_to else "", "due": one.due_on,
                "decided": measures_words(made.measures) if made else "",
                "appeal": appeal_badge(appeal)["word"] if appeal else "", "public_id": one.account.public_id,
            }  # fmt: skip


LISTING = Listing(
    "cases",
    gettext_lazy("Cases"),
    "web:cases",
    (
        Column("ref", gettext_lazy("Number"), always=True),
        Column("account", gettext_lazy("Account"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("platform", gettext_lazy("Platform"), usual=False),
        Column("state", gettext_lazy("Status")),
        Column("opened", gettext_lazy("Opened")),
        Column("opened_by", gettext_lazy("Opened by"), usual=False),
        Column("with", gettext_lazy("Looked into by")),
        Column("due", gettext_lazy("Due"), usual=False),
        Column("decided", gettext_lazy("What is decided")),
        Column("appeal", gettext_lazy("Appeal"), usual=False),
        Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "school", "state", "late"),
    rows_of,
    ("tab", "sort"),
)


@require_safe
@signed_in
def cases_list(request: StaffRequest) -> HttpResponse:
    """The cases that the reader may read. The number of queries does not grow with them."""
    asked = asked_for(request)
    page = Paginator(asked.found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places, last = Places(one.account.unit for one in rows), _last_decisions(rows)
    labels = {p.key: text(p.label) for p in catalogue()}
    count = page.paginator.count
    context: dict[str, Any] = {
        "page": page, "form": asked.form, "tabs": tabs_of(), "tab": asked.tab, "sort": asked.sort,
        "rows": [_shown(one, places, last.get(one.pk), labels) for one in rows],
        "filtered": asked.filtered, "tools": tools(LISTING, request, asked.form),
        "count_words": ngettext("One case", "%(count)d cases", count) % {"count": count},
        "reset": f"{reverse('web:cases')}?tab={asked.tab}" if asked.filtered else "",
        "opens": may(request.user, "cases:open"),
    }  # fmt: skip
    return render(request, "web/cases/list.html", context)


def _shown(it: Case, places: Places, made: Decision | None, labels: dict[str, str]) -> dict[str, Any]:
    appeal = appeal_of(made) if made else None
    return {
        "it": it, "icon": picture(it.account.platform), "place": places.of(it.account.unit), "badge": case_badge(it),
        "platform": labels.get(it.account.platform, it.account.platform), "late": _late(it),
        "decided": measures_words(made.measures) if made else "", "appeal": appeal_badge(appeal) if appeal else None,
    }  # fmt: skip


@require_safe
@signed_in
def appeals_list(request: StaffRequest) -> HttpResponse:
    """What stands above an appeal in its address: the decisions, each with the appeal against it."""
    return HttpResponseRedirect(reverse("web:decisions"))


@require_safe
@signed_in
def decisions_list(request: StaffRequest) -> HttpResponse:
    """The decisions that the reader may read, newest first: of their accounts, of their school, of the division."""
    found = decisions_visible_to(request.user).order_by("-decided_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places = Places(one.account.unit for one in rows)
    context = {
        "page": page,
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": decision_badge(one), "words": measures_words(one.measures),
             "appeal": appeal_badge(one.appeal) if appeal_of(one) else None}
            for one in rows
        ],
    }  # fmt: skip
    return render(request, "web/cases/decisions.html", context)
