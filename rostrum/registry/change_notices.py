"""Every message about a change to a live account: asked for a yes, decided, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_queries import ChangeTurns, parts
from rostrum.registry.change_states import ChangeState
from rostrum.registry.known_notices import both

_WHY_TURN = _("You get this letter because it is your turn to decide on this change.")
_WHY_PART = _("You get this letter because you look after this account or had a part in this change.")
_LINK = _("See what changes")
PART_WORDS = {"name": _("Name"), "address": _("Address"), "unit": _("Speaks for")}


def _kind(key: str, subject: Any, lead: Any, why: Any, next_step: Any, asks: bool = False) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, _LINK, "web:account_change", next_step, asks))


AGREE_ASKED = _kind(
    "change.agree_asked",
    _("Agree to a change: %(what)s"),
    _("%(who)s proposes to change an official account of your school: %(what)s."),
    _WHY_TURN,
    _("Agree if it is wanted and the name fits. It is approved after you, by somebody else."),
    asks=True,
)
APPROVE_ASKED = _kind(
    "change.approve_asked",
    _("Approve a change: %(what)s"),
    _("A change to an official account needs your approval: %(what)s."),
    _WHY_TURN,
    _("When you approve it, the register and the directory change at once."),
    asks=True,
)
PROPOSED = _kind(
    "change.proposed",
    _("A change is proposed: %(what)s"),
    _("%(who)s proposes to change an account that you look after: %(what)s."),
    _WHY_PART,
    _("Nothing changes before it is approved."),
)
APPROVED = _kind(
    "change.approved",
    _("Changed in the register: %(what)s"),
    _("%(who)s approved the change: %(what)s."),
    _WHY_PART,
    _("The register and the directory say so now. Look at the profile on the platform: does it say the same?"),
)
DECLINED = _kind(
    "change.declined",
    _("The change was declined: %(what)s"),
    _("%(who)s declined the change: %(what)s."),
    _WHY_PART,
    _("The account stays as it is in the register."),
)
WITHDRAWN = _kind(
    "change.withdrawn",
    _("The change was withdrawn: %(what)s"),
    _("%(who)s withdrew the change: %(what)s."),
    _WHY_PART,
    _("The account stays as it is in the register."),
)


def _said(change: AccountChange, who: Person, comment: str) -> dict[str, Any]:
    """The words of every notice about a change: what it is called today, and each part before and after."""
    facts = [[both(lambda part=part: PART_WORDS[part]), f"{old} → {new}"] for part, old, new in parts(change)]
    old = getattr(change, "replaced", None) or change.account
    return {"who": who.name, "what": old.name, "comment": comment, "facts": facts, "clauses": []}


def _owe(people: Iterable[Person], kind: NoticeKind, change: AccountChange, said: dict[str, Any], but: Person) -> None:
    told = {but.pk}
    for one in people:
        if one.pk not in told and one.is_active:
            told.add(one.pk)
            owe(kind, to=one, about=change, ref=str(change.pk), context=said)


def ask(change: AccountChange, who: Person, turns: ChangeTurns, comment: str) -> None:
    """Ask whoever must decide next."""
    turn = turns.of(change)
    if turn is not None:
        kind = AGREE_ASKED if change.state == ChangeState.PROPOSED else APPROVE_ASKED
        _owe(turn.people, kind, change, _said(change, who, comment), who)


def _managers(change: AccountChange) -> list[Person]:
    standing = change.account.registration.designations.filter(released_at=None, declined_at=None)
    return [one.person for one in standing.select_related("person")]


def tell_managers(change: AccountChange, kind: NoticeKind, who: Person, comment: str) -> None:
    """Tell those who look after the account."""
    _owe(_managers(change), kind, change, _said(change, who, comment), who)


def tell_all(change: AccountChange, kind: NoticeKind, who: Person, comment: str) -> None:
    """Tell those who look after the account, and whoever proposed the change or agreed to it."""
    people = [*_managers(change), change.proposed_by, *([change.agreed_by] if change.agreed_by else [])]
    _owe(people, kind, change, _said(change, who, comment), who)
