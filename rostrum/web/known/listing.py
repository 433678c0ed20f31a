"""The list of known accounts, filtered and searched; and how far each school is with its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.core.errors import NotAllowed
from rostrum.people.models import Unit
from rostrum.people.queries import may, subtree
from rostrum.policies.queries import text
from rostrum.registry.known_queries import asked_of, found_by_words, progress, visible_to
from rostrum.registry.known_states import KnownState, Origin
from rostrum.registry.platforms import catalogue
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.known.wording import badge, tabs
from rostrum.web.requests.wording import picture

PER_PAGE = 25


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


@require_safe
@signed_in
def known_list(request: StaffRequest) -> HttpResponse:
    """Accounts that are known and not official, as far as the reader may see them. Queries do not grow with them."""
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
    found = found_by_words(found, chosen.get("q", "")).order_by("-moved_at", "-pk")
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
        "reset": reverse("web:known_list"),
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
