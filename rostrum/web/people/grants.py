"""The printable page of who may do what: acts, who may do each, their clauses, who holds each role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.people.grants import CAPACITY_WORDS, GRANTS, PERMISSIONS, ROLES_NEEDING_SECOND_FACTOR
from rostrum.people.models import Appointment, Role
from rostrum.people.queries import in_force
from rostrum.policies.models import Edition
from rostrum.policies.queries import content
from rostrum.policies.queries import in_force as edition_in_force
from rostrum.registry.change_states import CHANGE_MOVES
from rostrum.registry.known_states import KNOWN_MOVES
from rostrum.registry.states import ACCOUNT_MOVES, REGISTRATION_MOVES, REQUEST_MOVES
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.people.reading import Held, held

# Acts that are no move of a state, and the clauses they stand on.
BESIDE_MOVES = {
    "request:create": ("1.2", "3.1"),
    "request:edit": ("3.1",),
    "registration:edit": ("3.2",),
    "designation:answer": ("1.7", "3.4"),
    "change:propose": ("1.3", "3.1"),
    "known:sight": ("1.2", "1.3"),
    "known:import": ("1.2", "3.2"),
    "known:place": ("1.2",),
}


def _clauses(edition: Edition | None) -> dict[str, list[str]]:
    """The citations of each permission, from the moves that need it; none where no procedure is in force."""
    numbers: dict[str, list[str]] = {one: list(clauses) for one, clauses in BESIDE_MOVES.items()}
    for move in (*REQUEST_MOVES, *REGISTRATION_MOVES, *ACCOUNT_MOVES, *CHANGE_MOVES, *KNOWN_MOVES):
        numbers.setdefault(move.permission, []).extend(move.cites)
    if edition is None:
        return {}
    document = content(edition)
    own = {one: {document.own_number(number) for number in many} - {None} for one, many in numbers.items()}
    return {
        one: [f"{edition}#{number}" for number in sorted(map(str, many), key=_in_order)]
        for one, many in own.items()
    }


def _in_order(number: str) -> list[tuple[int, str]]:
    """Clause 1.10 comes after 1.9."""
    return [(int(part) if part.isdigit() else 0, part) for part in number.split(".")]


def _groups(edition: Edition | None) -> list[dict[str, Any]]:
    """Every permission in words, under the thing it is about, with who has it and why."""
    titles = {
        "request": _("Requests (Form 193-1)"),
        "registration": _("Registrations"),
        "designation": _("Content managers"),
        "account": _("Official accounts"),
        "change": _("Official accounts"),
        "known": _("Accounts that are not official"),
        "unit": _("Units and people"),
        "person": _("Units and people"),
        "appointment": _("Units and people"),
        "standin": _("Units and people"),
        "procedure": _("The procedure, the log and the machinery"),
        "log": _("The procedure, the log and the machinery"),
        "mail": _("The procedure, the log and the machinery"),
        "job": _("The procedure, the log and the machinery"),
        "hook": _("The procedure, the log and the machinery"),
    }
    clauses = _clauses(edition)
    groups: dict[str, list[dict[str, Any]]] = {}
    for permission, words in PERMISSIONS.items():
        who = [CAPACITY_WORDS[capacity] for capacity in GRANTS if permission in GRANTS[capacity]]
        title = titles[permission.partition(":")[0]]
        groups.setdefault(title, []).append(
            {"words": words, "who": who, "clauses": clauses.get(permission, [])}
        )
    return [{"title": title, "rows": rows} for title, rows in groups.items()]


def _acts(capacity: str) -> list[Any]:
    return [words for permission, words in PERMISSIONS.items() if permission in GRANTS[capacity]]


def _roles(rows: Iterable[Held]) -> list[dict[str, Any]]:
    """Each role with what it may do and who holds it today."""
    holding: dict[str, list[Held]] = {}
    for one in rows:
        holding.setdefault(one.appointment.role, []).append(one)
    return [
        {
            "label": CAPACITY_WORDS[role],
            "acts": _acts(role),
            "factor": role in ROLES_NEEDING_SECOND_FACTOR,
            "holders": holding.get(role, []),
        }
        for role in Role.values
    ]


@require_GET
@signed_in
def page(request: StaffRequest) -> HttpResponse:
    """Who may do what, today, on one page that can be printed for a trustee; anyone signed in may read it."""
    today = list(
        Appointment.objects.filter(in_force(), person__is_active=True)
        .select_related("person", "unit")
        .order_by("unit__path", "person__name")
    )
    try:
        edition: Edition | None = edition_in_force()
    except WrongState:
        edition = None
    return render(
        request,
        "web/people/grants.html",
        {
            "groups": _groups(edition),
            "roles": _roles(held(today, request.user)),
            "today": clock.today(),
            "edition": edition,
        },
    )
