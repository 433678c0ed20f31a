"""What a reader may do with a request now: the one next act, and the rest behind "More"."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.policies.queries import text
from rostrum.registry import approval
from rostrum.registry.models import Account, AccountRequest, Designation, Registration
from rostrum.registry.queries import (
    accounts_visible_to,
    allowed_moves,
    allowed_registration_moves,
    ready_to_confirm,
)
from rostrum.registry.states import EDITABLE, SEND, RequestState
from rostrum.workflow.moves import Move

# The order in which one of several possible acts is the next one.
FIRST = ("endorse", "approve", "confirm")
ICONS = {
    "endorse": {"icon": "thumb-up"},
    "approve": {"icon": "circle-check"},
    "confirm": {"icon": "rosette-discount-check"},
    "return": {"icon": "arrow-back-up"},
    "decline": {"icon": "ban"},
    "withdraw": {"icon": "arrow-bar-left"},
}


@dataclass(frozen=True)
class Act:
    """A link to the page of an act."""

    name: str
    label: str | Promise
    url: str
    icon: str = ""
    danger: bool = False


@dataclass
class Acts:
    """What a reader may do: `next` is the one primary button, `more` the rest."""

    next: Act | None = None
    more: list[Act] = field(default_factory=list)
    names: frozenset[str] = frozenset()

    @property
    def decides(self) -> bool:
        """Whether the reader is the one to decide now."""
        return bool(self.names & set(FIRST))


def waiting_designation(person: Person, registration: Registration | None) -> Designation | None:
    """The person's own designation that waits for an answer."""
    if registration is None or registration.state in {"draft", "dropped"}:
        return None
    return next(
        (
            d
            for d in registration.designations.all()
            if d.person_id == person.pk and not (d.accepted_at or d.declined_at or d.released_at)
        ),
        None,
    )


def acts_for(
    person: Person, request: AccountRequest, registration: Registration | None, account: Account | None = None
) -> Acts:
    """The acts that this person may do on a request and its registration today."""
    ref = request.ref
    moves = [
        _act(move, reverse("web:request_move", args=[ref, move.name]), verb_of(move, request))
        for move in allowed_moves(person, request)
        if move.name != "submit"
    ]
    if registration is not None:
        moves += [
            _act(move, reverse("web:registration_move", args=[ref, move.name]))
            for move in allowed_registration_moves(person, registration)
            if move.name != "send" and (move.name != "confirm" or ready_to_confirm(registration))
        ]
    found = Acts(names=frozenset(act.name for act in moves))
    found.next = _own_act(person, request, registration) or next(
        (act for name in FIRST for act in moves if act.name == name), None
    )
    if (
        found.next is None
        and account is not None
        and accounts_visible_to(person).filter(pk=account.pk).exists()
    ):
        found.next = Act(
            "account", _("See the account"), reverse("web:account", args=[account.public_id]), icon="at"
        )
    found.more = [act for act in moves if act != found.next]
    return found


def verb_of(move: Move, request: AccountRequest) -> str | Promise:
    """What the button of a move says: the step's own verb where the edition's words name its steps."""
    step = approval.step_for(request, move)
    return text(step.verb) if step else move.label


def _act(move: Move, url: str, label: str | Promise = "") -> Act:
    return Act(move.name, label or move.label, url, ICONS.get(move.name, {}).get("icon", ""), move.tone == "danger")


def _own_act(person: Person, request: AccountRequest, registration: Registration | None) -> Act | None:
    """What waits for the person who asked, or for a named manager."""
    ref = request.ref
    if waiting_designation(person, registration):
        return Act(
            "accept", _("Accept or decline"), reverse("web:designation", args=[ref]), icon="user-check"
        )
    if person.pk != request.requester_id:
        return None
    if request.state in EDITABLE:
        label = (
            _("Go on with the form")
            if request.state == RequestState.DRAFT
            else _("Change it and send it again")
        )
        return Act("form", label, reverse("web:request_form", args=[ref]), icon="pencil")
    if request.state == RequestState.APPROVED and registration and registration.state in SEND.sources:
        return Act(
            "register",
            _("Register the account"),
            reverse("web:registration_form", args=[ref]),
            icon="clipboard-check",
        )
    return None
