"""The list of accounts: mine, my school's, all that I may see; searched, filtered, sorted, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person, Unit, UnitKind
from rostrum.people.queries import may, subtree
from rostrum.policies.queries import text
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.search import search
from rostrum.registry.states import Standing
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import OWN_PLACES, Places, standing_badge
from rostrum.web.listing import Column, Listing, Row, instead_of, tools
from rostrum.web.requests.wording import picture

PER_PAGE = 25
AT_ONCE = 500  # accounts read and written together, so that memory does not grow with the table
SORTS = {
    "name": ("name", "pk"),
    "-name": ("-name", "-pk"),
    "unit": ("unit__name", "name", "pk"),
    "-unit": ("-unit__name", "-name", "-pk"),
    "platform": ("platform", "name", "pk"),
    "-platform": ("-platform", "-name", "-pk"),
    "since": ("official_since", "pk"),
    "-since": ("-official_since", "-pk"),
}


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Speaks for"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        self._offer("school", [(u.code, u.name) for u in schools])
        self._offer("platform", [(p.key, text(p.label)) for p in catalogue()])
        self._offer("kind", UnitKind.choices)
        self._offer("state", Standing.choices)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *choices]


def typed(words: str) -> str:
    """Words to search for, cleaned; nothing when they are no text."""
    try:
        return clean(words)
    except UnsafeText:
        return ""


def with_a_part_in(person: Person) -> Q:
    """Accounts that a person asked for, looks after or has access to."""
    return (
        Q(registration__request__requester=person)
        | Q(
            registration__designations__person=person,
            registration__designations__released_at=None,
            registration__designations__declined_at=None,
        )
        | Q(registration__access_holders__person=person, registration__access_holders__until=None)
    )


def tabs_of(home: Unit | None) -> list[tuple[str, str]]:
    """The tabs that a person has; their school's only where they belong to one."""
    tabs = [("mine", _("Mine"))]
    if home is not None:
        tabs.append(("school", _("My school's")))
    tabs.append(("all", _("All that I may see")))
    return tabs


def _home_school(person: Person, schools: list[Unit]) -> Unit | None:
    home = person.home_unit
    if home is None:
        return None
    by_id = {unit.pk: unit for unit in schools}
    return next((by_id[pk] for pk in home.ancestor_ids if pk in by_id), None)


def narrowed(found: QuerySet[Account], chosen: dict[str, str], schools: list[Unit]) -> QuerySet[Account]:
    """The accounts that the filters leave."""
    school = next((u for u in schools if u.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(unit__in=subtree(school).values("pk"))
    if chosen.get("platform"):
        found = found.filter(platform=chosen["platform"])
    if chosen.get("kind"):
        found = found.filter(entity_kind=chosen["kind"])
    if chosen.get("state"):
        found = found.filter(state=chosen["state"])
    return search(found, typed(chosen.get("q", "")))


def managers_of(rows: list[Account]) -> dict[int, int]:
    """How many managers of each account have accepted and still stand, in one query."""
    counted = Account.objects.filter(pk__in=[a.pk for a in rows]).annotate(
        managers=Count(
            "registration__designations",
            filter=Q(
                registration__designations__accepted_at__isnull=False,
                registration__designations__released_at=None,
            ),
        )
    )
    return dict(counted.values_list("pk", "managers"))


@dataclass(frozen=True)
class Asked:
    """What a reader asked the list for: the accounts that the filters leave, in order, and how they were chosen."""

    found: QuerySet[Account]
    form: Filter
    tabs: list[tuple[str, str]]
    tab: str
    sort: str
    filtered: bool
    before_words: QuerySet[Account]


def asked_for(request: StaffRequest, words: str | None = None) -> Asked:
    """Reads tab, filters and order out of the address. Only accounts that the reader may see are ever left.

    `words` are looked for in place of those in the address.
    """
    me = request.user
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    home = _home_school(me, schools)
    tabs = tabs_of(home)
    wanted = chosen.get("tab", "")
    tab = wanted if wanted in dict(tabs) else ("all" if may(me, "account:view") else "mine")
    found = accounts_visible_to(me)
    if tab == "mine":
        found = found.filter(pk__in=Account.objects.filter(with_a_part_in(me)).values("pk"))
    elif tab == "school" and home is not None:
        found = found.filter(unit__in=subtree(home).values("pk"))
    before_words = narrowed(found, {**chosen, "q": ""}, schools)
    found = narrowed(found, {**chosen, "q": words if words is not None else chosen.get("q", "")}, schools)
    sort = chosen.get("sort", "") if chosen.get("sort", "") in SORTS else "name"
    filtered = any(chosen.get(name) for name in ("q", "school", "platform", "kind", "state"))
    return Asked(found.order_by(*SORTS[sort]), form, tabs, tab, sort, filtered, before_words)


def near(asked: Asked) -> str:
    """Words one slip from what was typed that the reader's list, filtered likewise, does hold."""
    words = typed(asked.form.cleaned_data.get("q", ""))
    return instead_of(words, lambda other: search(asked.before_words, other).exists(), words=lambda: iter(()))


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every account that the filters leave, as plain cells."""
    labels = {p.key: text(p.label) for p in catalogue()}
    left = asked_for(request).found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places, managers = Places(a.unit for a in rows), managers_of(rows)
        for a in rows:
            yield {
                "name": a.name, "handle": a.handle, "place": places.of(a.unit), "kind": a.get_entity_kind_display(),
                "platform": labels.get(a.platform, a.platform), "state": standing_badge(a.state)["word"],
                "since": timezone.localdate(a.official_since), "managers": managers.get(a.pk, 0),
                "address": a.address, "mailbox": a.mailbox, "public_id": a.public_id,
            }  # fmt: skip


LISTING = Listing(
    "accounts",
    gettext_lazy("Accounts"),
    "web:accounts",
    (
        Column("name", gettext_lazy("Name"), always=True),
        Column("handle", gettext_lazy("Handle"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("kind", gettext_lazy("Kind"), usual=False),
        Column("platform", gettext_lazy("Platform")),
        Column("state", gettext_lazy("Status")),
        Column("since", gettext_lazy("Official since")),
        Column("managers", gettext_lazy("Managers")),
        Column("address", gettext_lazy("Address"), usual=False),
        Column("mailbox", gettext_lazy("Work e-mail"), usual=False),
        Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "school", "platform", "kind", "state"),
    rows_of,
    ("tab", "sort"),
)


@require_safe
@signed_in
def accounts(request: StaffRequest) -> HttpResponse:
    """Registered accounts that the reader may see. The number of queries does not grow with them."""
    asked = asked_for(request)
    page = Paginator(asked.found, PER_PAGE).get_page(request.GET.get("page"))
    instead = ""
    if not page.paginator.count and asked.form.cleaned_data.get("q") and request.GET.get("exact") != "1":
        instead = near(asked)
    if instead:
        page = Paginator(asked_for(request, instead).found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places, managers = Places(a.unit for a in rows), managers_of(rows)
    labels = {p.key: text(p.label) for p in catalogue()}
    count = page.paginator.count
    context = {
        "page": page,
        "form": asked.form,
        "tabs": asked.tabs,
        "tab": asked.tab,
        "sort": asked.sort,
        "rows": [
            {
                "account": a,
                "icon": picture(a.platform),
                "place": places.of(a.unit),
                "badge": standing_badge(a.state),
                "platform": labels.get(a.platform, a.platform),
                "managers": managers.get(a.pk, 0),
            }
            for a in rows
        ],
        "filtered": asked.filtered,
        "tools": tools(LISTING, request, asked.form),
        "typed": asked.form.cleaned_data.get("q", ""),
        "instead": instead,
        "count_words": ngettext("One account", "%(count)d accounts", count) % {"count": count},
        # Only what narrows the list can be cleared; a tab and an order are no filters.
        "reset": f"{reverse('web:accounts')}?tab={asked.tab}" if asked.filtered else "",
    }
    return render(request, "web/accounts/list.html", context)
