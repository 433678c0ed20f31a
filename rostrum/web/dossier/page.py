"""The full record of one account: what the register knows, what each area adds, its history in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rostrum.audit.queries import history_many
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_queries import former
from rostrum.registry.change_states import OPEN_CHANGES
from rostrum.registry.models import AccountStanding
from rostrum.registry.platforms import account_for, label_of
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import (
    answer_badge,
    facts_of,
    labels_of,
    moves_of,
    profile_line,
    public_url,
    the_account,
    too_few,
)
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.archive import panel as archive
from rostrum.web.cases import panel as cases
from rostrum.web.changes import panel as changing
from rostrum.web.checks import panel as checks
from rostrum.web.closing import panel as closing
from rostrum.web.custody import panel as custody
from rostrum.web.findings import panel as findings
from rostrum.web.guidance import panel as guidance
from rostrum.web.keys import panel as keys
from rostrum.web.orders import panel as orders
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.reviews import panel as reviews
from rostrum.web.shapes import Panel
from rostrum.web.upkeep import panel as upkeep

AREAS = (guidance, keys, custody, upkeep, reviews, orders, changing, closing, cases, checks, archive, findings)


@require_safe
@signed_in
def account(request: StaffRequest, public_id: str) -> HttpResponse:
    """Everything the register holds about one account, for whoever may read it."""
    it = the_account(request.user, public_id)
    if public_id != it.public_id:
        return HttpResponseRedirect(reverse("web:account", args=[it.public_id]))
    registration = it.registration
    places = Places([it.unit])
    place = places.of(it.unit)
    managers = list(registration.designations.select_related("person"))
    may_do = labels_of(registration, "access")
    holders = list(registration.access_holders.select_related("person").order_by("name", "since"))
    primary, more = moves_of(request.user, it)
    panels: list[Panel] = sorted((p for area in AREAS for p in area.panels(request.user, it)), key=lambda p: p.order)
    for act in (a for area in AREAS for a in area.acts(request.user, it)):
        if act.primary and primary is None:
            primary = vars(act)
        else:
            more.append(vars(act))
    subjects = [one for area in AREAS for one in area.subjects(it)]
    changes = list(AccountChange.objects.filter(account=it))
    context: dict[str, Any] = {
        "it": it,
        "place": place,
        "icon": picture(it.platform),
        "badge": standing_badge(it.state),
        "called": account_for(it.platform, label_of(it.platform), place),
        "facts": facts_of(it, place),
        "primary": primary,
        "more": more,
        "managers": [{"one": d, "badge": answer_badge(d)} for d in managers],
        "too_few": too_few(managers),
        "holders": [(h, may_do.get(h.platform_role, h.platform_role)) for h in holders if h.until is None],
        "former": [h for h in holders if h.until is not None],
        "standings": [
            {"one": s, "badge": standing_badge(s.state)}
            for s in AccountStanding.objects.filter(account=it).select_related("by").order_by("-since", "-pk")
        ],
        "on_its_way": next((one for one in changes if one.state in OPEN_CHANGES), None),
        "called_before": list(former(it)),
        "entries": timeline(history_many([registration.request, registration, *managers, it, *changes], subjects)),
        "warnings": [p for p in panels if p.warning],
        "panels": [p for p in panels if p.template and not p.aside],
        "side_panels": [p for p in panels if p.template and p.aside],
        "line": profile_line(it, place),
        "public_url": public_url(it),
    }
    return render(request, "web/dossier/record.html", context)
