"""Pages of units: the tree, one unit, adding, changing, closing."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from rostrum.audit.queries import history
from rostrum.core.errors import WrongState
from rostrum.core.text import fold
from rostrum.people import actions
from rostrum.people.models import Unit, UnitKind
from rostrum.people.queries import may, subtree, units_named
from rostrum.registry.directory import directory
from rostrum.registry.platforms import label_of
from rostrum.registry.queries import accounts_visible_to, visible_to
from rostrum.registry.states import OVER
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.people.forms import CloseForm, ContactFields, NewUnitForm, UnitFilter, today
from rostrum.web.people.reading import (
    SHOWN,
    Node,
    accounts_per_unit,
    as_list,
    badges,
    get_unit,
    held,
    holders_at,
    need,
    open_today,
    tone_of,
)
from rostrum.web.submitting import answer, sent

CONTACT = ("name", "street", "town", "phone", "email", "website")


def _trees(units: list[Unit], wanted: set[int], *, unfold: bool) -> list[dict[str, Any]]:
    """The division's branches that hold a wanted unit: each child of the root and all beneath it."""
    accounts = accounts_per_unit()
    keep = {pk for unit in units if unit.pk in wanted for pk in unit.ancestor_ids}
    branches: dict[int, list[Unit]] = {}
    tops = {unit.pk: unit for unit in units if unit.pk in keep and unit.path.count("/") == 3}
    for unit in units:
        if unit.pk in keep and unit.path.count("/") > 3:
            branches.setdefault(unit.ancestor_ids[-2], []).append(unit)
    out = []
    for top in sorted(tops.values(), key=lambda one: (one.kind != UnitKind.SCHOOL, fold(one.name))):
        beneath = branches.get(top.pk, [])
        nodes: list[Node] = as_list(beneath, accounts)
        total = accounts[top.pk] + sum(node.accounts for node in nodes)
        out.append(
            {
                "unit": top,
                "nodes": nodes,
                "beneath": len(beneath),
                "accounts": total,
                "open": unfold and beneath,
            }
        )
    return out


@require_GET
@signed_in
def tree(request: StaffRequest) -> HttpResponse:
    """Every unit of the division, school by school; anyone signed in may read it."""
    form = UnitFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    everything = Unit.objects.all() if chosen.get("closed") else Unit.objects.filter(open_today())
    units = list(everything.order_by("path"))
    typed = str(chosen.get("q") or "")
    wanted = units_named(typed, units)
    if chosen.get("kind"):
        wanted = [unit for unit in wanted if unit.kind == chosen["kind"]]
    filtered = bool(typed or chosen.get("kind"))
    found = Counter(unit.get_kind_display() for unit in wanted)
    return render(
        request,
        "web/people/units.html",
        {
            "form": form,
            "root": next((unit for unit in units if unit.parent_id is None), None),
            "trees": _trees(units, {unit.pk for unit in wanted}, unfold=filtered),
            "count": len(wanted),
            "found": {unit.pk for unit in wanted} if filtered else None,
            "count_words": ngettext("%(n)d unit", "%(n)d units", len(wanted)) % {"n": len(wanted)},
            "kinds": sorted(found.items()),
            "reset": reverse("web:units") if request.GET else "",
            "may_add": may(request.user, "unit:manage"),
        },
    )


@require_GET
@signed_in
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One unit: how to reach it, who holds a role, what is beneath it, its accounts and requests."""
    unit = get_unit(pk)
    reader = request.user
    manage = may(reader, "unit:manage", unit)
    above = {one.pk: one for one in Unit.objects.filter(pk__in=unit.ancestor_ids)}
    line = [above[one] for one in reversed(unit.ancestor_ids) if one != unit.pk]
    beneath = list(subtree(unit).filter(open_today()).exclude(pk=unit.pk).order_by("path"))
    accounts = directory(unit=unit)
    shown = list(accounts[:SHOWN])
    open_to_reader = set(
        accounts_visible_to(reader).filter(pk__in=[one.pk for one in shown]).values_list("pk", flat=True)
    )
    on_the_way = (
        visible_to(reader).filter(unit__in=[unit.pk, *(one.pk for one in beneath)]).exclude(state__in=OVER)
    )
    roles = held(holders_at([unit, *line]), reader)
    acts: list[dict[str, Any]] = []
    if manage:
        acts.append(
            {
                "label": _("Add a unit under it"),
                "url": f"{reverse('web:unit_add')}?parent={unit.pk}",
                "icon": "plus",
            }
        )
        if unit.parent_id is not None and unit.closed_on is None:
            acts.append(
                {
                    "label": _("Close this unit"),
                    "url": reverse("web:unit_close", args=[unit.pk]),
                    "icon": "archive",
                    "danger": True,
                }
            )
    return render(
        request,
        "web/people/unit.html",
        {
            "unit": unit,
            "manage": manage,
            "acts": acts,
            "above": line,
            "crumbs": [
                (_("Units"), reverse("web:units")),
                *((one.name, reverse("web:unit", args=[one.pk])) for one in line),
            ],
            "facts": [
                {"label": _("Kind"), "value": unit.get_kind_display()},
                {"label": _("Street address"), "value": unit.street},
                {"label": _("Town"), "value": unit.town},
                {"label": _("Phone"), "value": unit.phone},
                {"label": _("E-mail"), "value": unit.email, "url": f"mailto:{unit.email}"},
                {"label": _("Website"), "value": unit.website, "url": unit.website},
                {"label": _("Code"), "value": unit.code},
            ],
            "here": [one for one in roles if one.appointment.unit_id == unit.pk],
            "higher": [
                one
                for one in reversed(roles)
                if one.appointment.unit_id != unit.pk
                and one.appointment.role in {"administrator", "supervisor"}
            ],
            "nodes": as_list(beneath, accounts_per_unit(beneath)) if beneath else [],
            "beneath": len(beneath),
            "accounts": [
                {
                    "account": one,
                    "platform": label_of(one.platform),
                    "full": one.pk in open_to_reader,
                    "tone": tone_of(one),
                }
                for one in shown
            ],
            "account_count": accounts.count() if len(shown) == SHOWN else len(shown),
            "requests": badges(on_the_way[:SHOWN]),
            "request_count": on_the_way.count(),
            "history": history(unit) if manage or may(reader, "log:read") else None,
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def add(request: StaffRequest) -> HttpResponse:
    """Add a unit under another."""
    need(request.user, "unit:manage")
    under = request.GET.get("parent", "")
    form = NewUnitForm(sent(request), initial={"parent": under})

    def act() -> str:
        values = dict(form.cleaned_data)
        unit = actions.add_unit(by=request.user, **values)
        messages.success(
            request, _("%(name)s is in the tree now. Requests can name it.") % {"name": unit.name}
        )
        return reverse("web:unit", args=[unit.pk])

    return answer(
        request,
        form,
        act,
        "web/people/form.html",
        {
            "title": _("Add a unit"),
            "button": _("Add the unit"),
            "back": reverse("web:units"),
            "lead": _("A school, a department, or anything beneath one that an account may speak for."),
            "crumbs": [(_("Units"), reverse("web:units"))],
            "draft": "unit",
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a unit's name and public contact."""
    unit = get_unit(pk)
    need(request.user, "unit:manage", unit)
    form = ContactFields(sent(request), initial={name: getattr(unit, name) for name in CONTACT})
    here = reverse("web:unit", args=[unit.pk])

    def act() -> str:
        actions.change_unit(unit, by=request.user, **form.cleaned_data)
        messages.success(request, _("The entry of %(name)s is changed.") % {"name": unit.name})
        return here

    return answer(
        request,
        form,
        act,
        "web/people/form.html",
        {
            "title": _("Change %(name)s") % {"name": unit.name},
            "button": _("Save the changes"),
            "back": here,
            "lead": _("The directory shows the public how to reach this unit."),
            "crumbs": [(_("Units"), reverse("web:units")), (unit.name, here)],
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a unit, after saying what that means for its accounts, requests and people."""
    unit = get_unit(pk)
    need(request.user, "unit:manage", unit)
    here = reverse("web:unit", args=[unit.pk])
    if unit.parent_id is None:
        raise WrongState(_("The division itself cannot be closed."), url=here)
    if unit.closed_on is not None:
        raise WrongState(_("This unit is already closed."), url=here)
    form = CloseForm(sent(request), initial=today())

    def act() -> str:
        actions.close_unit(unit, by=request.user, on=form.cleaned_data["on"])
        messages.success(request, _("%(name)s is closed. It stays in the register.") % {"name": unit.name})
        return here

    beneath = list(subtree(unit).filter(open_today()).exclude(pk=unit.pk))
    accounts = list(directory(unit=unit)[: SHOWN + 1])
    requests = (
        visible_to(request.user)
        .filter(unit__in=[unit.pk, *(one.pk for one in beneath)])
        .exclude(state__in=OVER)
    )
    return answer(
        request,
        form,
        act,
        "web/people/unit_close.html",
        {
            "unit": unit,
            "back": here,
            "beneath": beneath,
            "accounts": accounts,
            "requests": list(requests),
            "roles": held(holders_at([unit]), request.user),
            "crumbs": [(_("Units"), reverse("web:units")), (unit.name, here)],
        },
    )
