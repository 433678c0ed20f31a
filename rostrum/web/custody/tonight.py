"""Who can get into what tonight: one screen for a school, by account or by person, that prints on one page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rostrum.core import clock
from rostrum.core.errors import NotAllowed
from rostrum.custody.board import Board, Row, board, live_at
from rostrum.custody.queries import platform_roles
from rostrum.people.models import Person, Unit
from rostrum.people.queries import seen_units
from rostrum.policies.queries import text
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import labels_of
from rostrum.web.accounts.wording import OWN_PLACES
from rostrum.web.custody.wording import hands_badge, people_url
from rostrum.web.requests.wording import picture

MOST = 400  # accounts on one page: more than any school has; a division is read school by school


def places_of(person: Person) -> list[Unit]:
    """The schools and departments whose accounts a person reads by role, and the division where it is all of them."""
    units = seen_units(person, "account:view")
    if units is None:
        return list(Unit.objects.filter(kind__in=[*OWN_PLACES, "division"]).order_by("path", "name"))
    found = list(units.filter(kind__in=OWN_PLACES).order_by("name"))
    return found or list(units.order_by("name"))


def _chosen(request: StaffRequest, places: list[Unit]) -> Unit:
    wanted = request.GET.get("school", "")
    if wanted:
        found = next((one for one in places if one.code == wanted), None)
        if found is None:
            raise Http404
        return found
    home = request.user.home_unit
    above = home.ancestor_ids if home else []
    mine = [one for pk in above for one in places if one.pk == pk and one.kind != "division"]
    schools = [one for one in places if one.kind == "school"]
    return (mine or schools or places)[0]


def _sub(account: Account, place: Unit, platforms: dict[str, str]) -> list[str]:
    """What tells two accounts of one name apart: platform, the unit where it is not the place itself, handle."""
    unit = [account.unit.name] if account.unit_id != place.pk else []
    return [platforms.get(account.platform, account.platform), *unit, account.handle]


def _account_row(
    row: Row, roles: dict[str, str], shown: Board, place: Unit, platforms: dict[str, str]
) -> dict[str, Any]:
    managing = {one.person_id for one in row.managers}
    return {
        "account": row.account, "icon": picture(row.account.platform), "url": people_url(row.account),
        "sub": _sub(row.account, place, platforms),
        "hands": hands_badge(len(row.managers)),
        "managers": [(one.person, shown.leaves.get(one.person_id)) for one in row.managers],
        "inside": [
            {"name": one.name, "role": roles.get(one.platform_role, one.platform_role),
             "left": one.person is not None and not one.person.is_active, "firm": one.person is None,
             "other": one.person is not None and one.person.is_active and one.person_id not in managing}
            for one in row.holders
        ],
        "groups": [(one.label, one.size, one.adult, roles.get(one.platform_role, "")) for one in row.groups],
        "recovery": labels_of(row.account.registration, "recovery").get(
            row.account.registration.recovery, row.account.registration.recovery
        ),
        "recovers": [one.person for one in row.ties if one.kind == "recovery"],
        "owns_apps": [(one.person, one.note) for one in row.ties if one.kind == "app_owner"],
        "second_factor": row.account.registration.second_factor, "reset": row.reset,
    }  # fmt: skip


def _person_rows(shown: Board, roles: dict[str, str]) -> list[dict[str, Any]]:
    words = {**roles, "manages": _("manages it"), "": _("can get in")}
    return [
        {
            "name": name, "person": person, "left": person is not None and not person.is_active,
            "leaves": shown.leaves.get(person.pk) if person else None,
            "accounts": [(row.account, [words.get(one, one) for one in how]) for row, how in accounts],
        }
        for name, person, accounts in shown.people()
    ]  # fmt: skip


def _sum(accounts: int, inside: int, few: int) -> list[str]:
    """How many accounts, how many people can get in, and how many accounts hang on one person or on nobody."""
    said = [
        ngettext("%(n)d account", "%(n)d accounts", accounts) % {"n": accounts},
        ngettext("%(n)d person can get in", "%(n)d people can get in", inside) % {"n": inside},
    ]
    if few:
        words = ngettext(
            "%(n)d account with fewer than two managers", "%(n)d accounts with fewer than two managers", few
        )
        said.append(words % {"n": few})
    return said


@require_safe
@signed_in
def tonight(request: StaffRequest) -> HttpResponse:
    """All live accounts of a school with everyone who can get in, who manages, how it is recovered, the last reset."""
    places = places_of(request.user)
    if not places:
        raise NotAllowed(
            worded(_("This page is for whoever leads a school or department, and for {keeper}.")),
            way_forward=_("Every account that you touch yourself is on a page of your own, under Reviews."),
        )
    place = _chosen(request, places)
    accounts = list(
        live_at(request.user, place)
        .select_related("registration__request__edition")
        .defer("registration__request__edition__source")[: MOST + 1]
    )
    shown = board(accounts[:MOST])
    roles = platform_roles(accounts[0]) if accounts else {}
    platforms = {one.key: text(one.label) for one in catalogue()}
    by_person = request.GET.get("by") == "person"
    inside = {one.pk for row in shown.rows for one in row.inside}
    few = sum(len(row.managers) < 2 for row in shown.rows)
    context: dict[str, Any] = {
        "place": place, "places": places, "by_person": by_person, "today": clock.now(), "more": len(accounts) > MOST,
        "rows": [] if by_person else [_account_row(r, roles, shown, place, platforms) for r in shown.rows],
        "people": _person_rows(shown, roles) if by_person else [], "count": len(shown.rows),
        "sum": _sum(len(shown.rows), len(inside), few),
    }  # fmt: skip
    return render(request, "web/custody/tonight.html", context)
