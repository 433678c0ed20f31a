"""How many hands each account has: the list of accounts with who can manage and who can get in, and each school's sum."""

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

from rostrum.custody.board import MORE, NOBODY, ONE, hands_per_unit, with_few
from rostrum.custody.departure_queries import open_items
from rostrum.custody.models import Shortage
from rostrum.custody.queries import leaving_on, managers_of, with_hands
from rostrum.people.models import Unit
from rostrum.people.queries import may, subtree
from rostrum.policies.queries import text
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.search import search
from rostrum.registry.states import LIVE
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.listing import typed
from rostrum.web.accounts.wording import OWN_PLACES, Places, standing_badge
from rostrum.web.custody.wording import hands_badge, people_url
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.wording import picture

PER_PAGE = 25
AT_ONCE = 500
HANDS = [
    ("", gettext_lazy("All")), ("0", gettext_lazy("Nobody")), ("1", pgettext_lazy("how many hands", "One person")),
    ("2", gettext_lazy("Two or more")),
]  # fmt: skip
SORTS = {
    "managers": ("living", "name", "pk"), "-managers": ("-living", "name", "pk"), "inside": ("inside", "name", "pk"),
    "-inside": ("-inside", "name", "pk"), "name": ("name", "pk"), "-name": ("-name", "-pk"),
    "unit": ("unit__name", "name", "pk"), "-unit": ("-unit__name", "-name", "-pk"),
}  # fmt: skip


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search"}))  # fmt: skip
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    hands = forms.ChoiceField(label=gettext_lazy("Can manage it"), required=False, choices=HANDS)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        for name, choices in (("school", [(u.code, u.name) for u in schools]),
                              ("platform", [(p.key, text(p.label)) for p in catalogue()])):  # fmt: skip
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *choices]


@dataclass(frozen=True)
class Asked:
    """The accounts that the filters leave, in order, and how they were chosen."""

    found: QuerySet[Any]
    form: Filter
    sort: str
    filtered: bool


def asked_for(request: StaffRequest) -> Asked:
    """Reads filters and order out of the address. Only live accounts that the reader may see are ever left."""
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    found = with_hands(accounts_visible_to(request.user).filter(state__in=LIVE))
    school = next((u for u in schools if u.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(unit__in=subtree(school).values("pk"))
    if chosen.get("platform"):
        found = found.filter(platform=chosen["platform"])
    found = search(with_few(found, chosen.get("hands", "")), typed(chosen.get("q", "")))
    sort = chosen.get("sort", "") if chosen.get("sort", "") in SORTS else "managers"
    filtered = any(chosen.get(name) for name in ("q", "school", "hands", "platform"))
    return Asked(found.order_by(*SORTS[sort]), form, sort, filtered)


def _rows(accounts: list[Any]) -> list[dict[str, Any]]:
    """Accounts as the page shows them: hands, who leaves soon, since when they are short. Six queries."""
    places, living, waiting = Places(a.unit for a in accounts), managers_of(accounts), open_items(accounts)
    since = dict(Shortage.objects.filter(account__in=accounts, resolved_at=None).values_list("account", "raised_at"))
    leaves = leaving_on({one.person_id for many in living.values() for one in many})
    return [
        {
            "account": a, "icon": picture(a.platform), "place": places.of(a.unit), "url": people_url(a),
            "managers": hands_badge(a.living), "inside": hands_badge(a.inside), "badge": standing_badge(a.state),
            "names": [one.person.name for one in living[a.pk]], "since": since.get(a.pk),
            "leaves": [(one.person.name, leaves[one.person_id]) for one in living[a.pk] if one.person_id in leaves],
            "waiting": waiting[a.pk],
        }
        for a in accounts
    ]  # fmt: skip


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every account that the filters leave, as plain cells."""
    left = asked_for(request).found.iterator(chunk_size=AT_ONCE)
    while accounts := list(islice(left, AT_ONCE)):
        for row in _rows(accounts):
            a: Account = row["account"]
            yield {
                "name": a.name, "place": row["place"], "managers": a.living, "inside": a.inside,  # type: ignore[attr-defined]  # annotated
                "names": "; ".join(row["names"]), "leaves": "; ".join(f"{who} {on}" for who, on in row["leaves"]),
                "since": timezone.localdate(row["since"]) if row["since"] else None, "state": row["badge"]["word"],
            }  # fmt: skip


LISTING = Listing(
    "hands",
    gettext_lazy("How many hands"),
    "web:custody_list",
    (
        Column("name", gettext_lazy("Account"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("managers", gettext_lazy("Can manage it"), always=True),
        Column("inside", gettext_lazy("Can get in"), always=True),
        Column("names", gettext_lazy("Content managers"), usual=False),
        Column("leaves", gettext_lazy("Leaves later"), usual=False),
        Column("since", gettext_lazy("Too few since")),
        Column("state", gettext_lazy("Status"), usual=False),
    ),
    ("q", "school", "hands", "platform"),
    rows_of,
)


def schools_of(request: StaffRequest) -> list[dict[str, Any]]:
    """Each school or department with how many of its accounts nobody, one person, or more people can manage."""
    counted = hands_per_unit(accounts_visible_to(request.user).filter(state__in=LIVE))
    units = list(Unit.objects.filter(pk__in=counted))
    places = Places(units)
    sums: dict[int, dict[str, Any]] = {}
    for unit in units:
        home = places.school(unit) or unit
        row = sums.setdefault(home.pk, {"unit": home, "counts": {NOBODY: 0, ONE: 0, MORE: 0}})
        for hands, n in counted[unit.pk].items():
            row["counts"][hands] += n
    return [
        {"unit": row["unit"], "nobody": row["counts"][NOBODY], "one": row["counts"][ONE], "more": row["counts"][MORE]}
        for row in sorted(
            sums.values(), key=lambda one: (-one["counts"][NOBODY], -one["counts"][ONE], one["unit"].name)
        )
    ]


@require_safe
@signed_in
def hands(request: StaffRequest) -> HttpResponse:
    """How many living people can manage each account and get in: the barest first."""
    asked = asked_for(request)
    page = Paginator(asked.found, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    context = {
        "page": page, "rows": _rows(list(page)), "form": asked.form, "sort": asked.sort, "filtered": asked.filtered,
        "tools": tools(LISTING, request, asked.form), "schools": schools_of(request) if not asked.filtered else [],
        "count_words": ngettext("One account", "%(count)d accounts", count) % {"count": count},
        "reset": reverse("web:custody_list") if asked.filtered else "",
        "leads": may(request.user, "acknowledgement:view"),
    }  # fmt: skip
    return render(request, "web/custody/hands.html", context)
