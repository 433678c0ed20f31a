"""The list of known accounts, filtered and searched; and how far each school is with its own."""

from __future__ import annotations

from collections.abc import Iterator
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
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.core.errors import NotAllowed
from rostrum.people.models import Unit
from rostrum.people.queries import may, subtree
from rostrum.policies.queries import text
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.known_queries import asked_of, found_by_words, progress, visible_to
from rostrum.registry.known_states import KnownState, Origin
from rostrum.registry.platforms import catalogue
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.known.wording import badge, tabs
from rostrum.web.listing import Column, Listing, Row, instead_of, tools
from rostrum.web.requests.wording import picture

PER_PAGE = 25
AT_ONCE = 500  # accounts read and written together, so that memory does not grow with the table


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    origin = forms.ChoiceField(label=gettext_lazy("Known from"), required=False)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        self._offer("school", [(u.code, u.name) for u in schools])
        self._offer("state", KnownState.choices)
        self._offer("origin", Origin.choices)
        self._offer("platform", [(p.key, text(p.label)) for p in catalogue()])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *choices]


def _narrowed(request: StaffRequest) -> tuple[Filter, dict[str, str], QuerySet[KnownAccount]]:
    """The filters of the address, and the known accounts that they leave before any words."""
    me = request.user
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    found = visible_to(me)
    school = next((u for u in schools if u.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(unit__in=subtree(school).values("pk"))
    for name in ("state", "origin", "platform"):
        if chosen.get(name):
            found = found.filter(**{name: chosen[name]})
    return form, chosen, found.order_by("-moved_at", "-pk")


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every known account that the filters leave, as plain cells."""
    _form, chosen, found = _narrowed(request)
    labels = {p.key: text(p.label) for p in catalogue()}
    left = found_by_words(found, chosen.get("q", "")).iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places = Places(one.unit for one in rows)
        for one in rows:
            yield {
                "account": str(one), "platform": labels.get(one.platform, one.platform), "address": one.address,
                "place": places.of(one.unit), "state": badge(one)["word"], "origin": one.get_origin_display(),
                "manager": one.manager.name if one.manager else one.manager_text, "mailbox": one.mailbox,
                "seen": one.seen_on, "changed": timezone.localdate(one.moved_at),
            }  # fmt: skip


LISTING = Listing(
    "known",
    gettext_lazy("Known, not official"),
    "web:known_list",
    (
        Column("account", gettext_lazy("Account"), always=True),
        Column("platform", gettext_lazy("Platform"), always=True),
        Column("address", gettext_lazy("Address"), always=True),
        Column("place", gettext_lazy("Seems to speak for")),
        Column("state", gettext_lazy("Status")),
        Column("origin", gettext_lazy("Known from")),
        Column("manager", gettext_lazy("Said to look after it"), usual=False),
        Column("mailbox", gettext_lazy("Bound to"), usual=False),
        Column("seen", gettext_lazy("Seen on"), usual=False),
        Column("changed", gettext_lazy("Last change")),
    ),
    ("q", "school", "state", "origin", "platform"),
    rows_of,
)


@require_safe
@signed_in
def known_list(request: StaffRequest) -> HttpResponse:
    """Accounts that are known and not official, as far as the reader may see them. Queries do not grow with them."""
    me = request.user
    form, chosen, narrowed = _narrowed(request)
    typed, instead = chosen.get("q", ""), ""
    found = found_by_words(narrowed, typed)
    if typed and request.GET.get("exact") != "1" and not found.exists():
        instead = instead_of(
            typed, lambda other: found_by_words(narrowed, other).exists(), words=lambda: iter(()), of="known"
        )
    if instead:
        found = found_by_words(narrowed, instead)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places, labels = Places(one.unit for one in rows), {p.key: text(p.label) for p in catalogue()}
    count = page.paginator.count
    context = {
        "page": page, "form": form, "tabs": tabs(me, "list"), "asked": asked_of(me),
        "rows": [
            {"it": one, "icon": picture(one.platform), "place": places.of(one.unit), "badge": badge(one),
             "platform": labels.get(one.platform, one.platform)}
            for one in rows
        ],
        "filtered": any(chosen.values()), "may_import": may(me, "known:import"),
        "count_words": ngettext("One account", "%(count)d accounts", count) % {"count": count},
        "reset": reverse("web:known_list") if any(chosen.values()) else "",
        "tools": tools(LISTING, request, form), "typed": typed, "instead": instead,
    }  # fmt: skip
    return render(request, "web/known/list.html", context)


@require_safe
@signed_in
def schools(request: StaffRequest) -> HttpResponse:
    """School by school: how many are known, how many were decided on, and whether it says that there are no others."""
    me = request.user
    if not may(me, "known:view"):
        raise NotAllowed(_("Your role does not let you do this here."))
    rows = progress(me)
    asked = {one.home.pk for one in asked_of(me)}
    left = [row for row in rows if row.left]
    silent = [row for row in rows if not row.known and row.no_others is None]
    words = [
        ngettext("One school has accounts to decide on.", "%(count)d schools have accounts to decide on.", len(left))
        % {"count": len(left)},
        ngettext("One has said nothing yet.", "%(count)d have said nothing yet.", len(silent)) % {"count": len(silent)},
    ]
    context = {
        "rows": [{"it": row, "mine": row.home.pk in asked} for row in rows],
        "tabs": tabs(me, "schools"), "words": " ".join(words),
    }  # fmt: skip
    return render(request, "web/known/schools.html", context)
