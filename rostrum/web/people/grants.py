"""The printable page of who may do what: acts, who may do each, their clauses, who holds each role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rostrum.cases.states import APPEAL_MOVES, CASE_MOVES, DECISION_MOVES
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.custody.campaign_states import CAMPAIGN_MOVES, LINE_MOVES
from rostrum.custody.departure_states import DEPARTURE_MOVES, ITEM_MOVES
from rostrum.custody.states import HAND_OVER_MOVES
from rostrum.keys.states import TABLES as KEYS
from rostrum.orders.hold_states import HOLD_MOVES
from rostrum.orders.states import ORDER_MOVES
from rostrum.people.grants import CAPACITY_WORDS, GRANTS, PERMISSIONS, ROLES_NEEDING_SECOND_FACTOR
from rostrum.people.models import Appointment, Role
from rostrum.people.queries import in_force
from rostrum.policies.models import Edition
from rostrum.policies.queries import content
from rostrum.policies.queries import in_force as edition_in_force
from rostrum.policies.rolewords import worded
from rostrum.registry.change_states import CHANGE_MOVES
from rostrum.registry.closing_states import CLOSING_MOVES, HANDLE_MOVES
from rostrum.registry.known_states import KNOWN_MOVES
from rostrum.registry.states import ACCOUNT_MOVES, REGISTRATION_MOVES, REQUEST_MOVES
from rostrum.upkeep.states import TABLES as UPKEEP
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.people.reading import Held, held

_UPKEEP = tuple(move for moves in UPKEEP.values() for move in moves)
CUSTODY_MOVES = (*HAND_OVER_MOVES, *DEPARTURE_MOVES, *ITEM_MOVES, *CAMPAIGN_MOVES, *LINE_MOVES)
_KEYS = tuple(move for moves in KEYS.values() for move in moves)
CLOSING = (*CLOSING_MOVES, *HANDLE_MOVES)
ORDERS = (*HOLD_MOVES, *ORDER_MOVES)
# Acts that are no move of a state, and the clauses they stand on.
BESIDE_MOVES = {
    "request:create": ("1.2", "3.1"),
    "request:edit": ("3.1",),
    "registration:edit": ("3.2",),
    "designation:answer": ("1.7", "3.4"),
    "change:propose": ("1.3", "3.1"),
    "manager:name": ("1.7", "3.4"),
    "manager:release": ("1.7", "3.4"),
    "access:keep": ("1.7", "3.4"),
    "keys:alarm": ("3.4",),
    "keys:ask": ("3.4",),
    "keys:make": ("1.7", "3.4"),
    "known:sight": ("1.2", "1.3"),
    "cases:open": ("1.5", "1.10"),
    "cases:evidence": ("1.5", "1.10"),
    "decisions:report": ("1.5",),
    "appeals:lodge": ("1.5",),
    "appeals:name": ("1.5",),
    "known:import": ("1.2", "3.2"),
    "known:place": ("1.2",),
    "close:start": ("1.5", "1.10"),
    "certification:ask": ("1.7", "1.10"),
    "liveness:note": ("1.7",),
    "liveness:plan": ("1.7",),
    "liveness:nudge": ("1.7",),
    "liveness:import": ("1.7",),
    "pause:set": ("1.7",),
    "order:give": ("1.5", "1.10"),
    "hold:place": ("1.5", "1.10"),
    "hold:stop": ("1.5",),
}


def _clauses(edition: Edition | None) -> dict[str, list[str]]:
    """The citations of each permission, from the moves that need it; none where no procedure is in force."""
    numbers: dict[str, list[str]] = {one: list(clauses) for one, clauses in BESIDE_MOVES.items()}
    for move in (*REQUEST_MOVES, *REGISTRATION_MOVES, *ACCOUNT_MOVES, *CHANGE_MOVES, *_KEYS, *KNOWN_MOVES, *ORDERS,
                 *CUSTODY_MOVES, *_UPKEEP, *CLOSING, *CASE_MOVES, *DECISION_MOVES, *APPEAL_MOVES):
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
        "cases": _("Cases, decisions and appeals"),
        "decisions": _("Cases, decisions and appeals"),
        "appeals": _("Cases, decisions and appeals"),
        "close": _("Closing accounts"),
        "parking": _("Closing accounts"),
        "order": worded(_("Orders of {keeper}")),
        "manager": _("Content managers"),
        "handover": _("Content managers"),
        "access": _("Content managers"),
        "departure": _("Content managers"),
        "acknowledgement": _("Content managers"),
        "hold": _("Crisis holds"),
        "keys": _("Who can get in"),
        "known": _("Accounts that are not official"),
        "unit": _("Units and people"),
        "person": _("Units and people"),
        "appointment": _("Units and people"),
        "standin": _("Units and people"),
        "calendar": _("The procedure, the log and the machinery"),
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
        title = titles.get(permission.partition(":")[0], _("Keeping accounts in order"))
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
