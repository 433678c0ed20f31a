"""The list of changes to accounts: those on their way first, then those that were decided on."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostrum.registry.change_notices import PART_WORDS
from rostrum.registry.change_queries import changes, parts
from rostrum.registry.change_states import OPEN_CHANGES
from rostrum.registry.queries import accounts_visible_to
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.changes.deciding import change_badge
from rostrum.web.requests.wording import picture

PER_PAGE = 25


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Every change of an account that the person may read, and those that they proposed. Open ones come first."""
    me = request.user
    first = Case(When(state__in=OPEN_CHANGES, then=Value(0)), default=Value(1), output_field=IntegerField())
    mine = accounts_visible_to(me).order_by().values("pk")
    seen = Q(account__in=mine) | Q(into__in=mine) | Q(proposed_by=me) | Q(agreed_by=me) | Q(given_by=me)
    found = changes().filter(seen).annotate(first=first).order_by("first", "-moved_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places = Places(one.account.unit for one in rows)
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": change_badge(one),
             "parts": [(PART_WORDS[part] if part == "into" else "", old, new) for part, old, new in parts(one)]}
            for one in rows
        ],
    }  # fmt: skip
    return render(request, "web/changes/list.html", context)
