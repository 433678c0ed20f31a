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
from rostrum.registry.models import Account, AccountRequest

_WHY_TURN = _("You get this letter because it is your turn to decide on this change.")
_WHY_PART = _("You get this letter because you look after this account or had a part in this change.")
_LINK = _("See what changes")
PART_WORDS = {
    "into": _("Merged into another"), "name": _("Name"), "address": _("Address"), "number": _("Platform's own number"),
    "unit": _("Speaks for"),
}  # fmt: skip


def _kind(key: str, subject: Any, lead: Any, why: Any, next_step: Any, asks: bool = False) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, _LINK, "web:account_change", next_step, asks))


GIVE_ASKED = _kind(
    "change.give_asked",
    _("Give an account to another school: %(what)s"),
    _("%(who)s proposes that an official account of your school goes to another school: %(what)s."),
    _WHY_TURN,
    _("Agree if your school can do without it. The other school is asked after you, then it is approved."),
    asks=True,
)
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
MERGE_ASKED = _kind(
    "change.merge_asked",
    _("Agree to a merge: %(what)s"),
    _("%(who)s proposes to merge two official accounts: %(what)s."),
    _WHY_TURN,
    _("Agree if one account is enough. When the merge is approved, the first one is retired and leads to the other."),
    asks=True,
)
MERGE_APPROVAL_ASKED = _kind(
    "change.merge_approval_asked",
    _("Approve a merge: %(what)s"),
    _("A merge of two official accounts needs your approval: %(what)s."),
    _WHY_TURN,
    _("When you approve it, the first one is retired at once, and its addresses lead to the other."),
    asks=True,
)
MERGE_PROPOSED = _kind(
    "change.merge_proposed",
    _("A merge is proposed: %(what)s"),
    _("%(who)s proposes to merge an account that you look after with another one: %(what)s."),
    _WHY_PART,
    _("Nothing changes before it is approved."),
)
MERGED = _kind(
    "change.merged",
    _("Merged: %(what)s"),
    _("%(who)s approved the merge: %(what)s."),
    _WHY_PART,
    _("The first one is retired. Ask its followers to come over, and complete its closing checklist."),
)
SPLIT = declare(
    NoticeKind(
        "change.split",
        _("A part of an account is asked for as its own: %(what)s"),
        _("%(who)s asks for an account of its own for a part of one that you look after: %(what)s."),
        _WHY_PART,
        _("See the account"),
        "web:account",
        _("Yours stays as it is. The new one takes its two yeses and its registration like any other."),
    )
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
    what = f"{old.name} → {change.into.name}" if change.into is not None else old.name
    return {"who": who.name, "what": what, "comment": comment, "facts": facts, "clauses": []}


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
        _owe(turn.people, _asking(change), change, _said(change, who, comment), who)


def _asking(change: AccountChange) -> NoticeKind:
    if change.into_id:
        return MERGE_APPROVAL_ASKED if change.state == ChangeState.AGREED else MERGE_ASKED
    if change.state == ChangeState.OFFERED:
        return GIVE_ASKED
    return AGREE_ASKED if change.state == ChangeState.PROPOSED else APPROVE_ASKED


def _standing(account: Account) -> list[Person]:
    named = account.registration.designations.filter(released_at=None, declined_at=None)
    return [one.person for one in named.select_related("person")]


def managers(change: AccountChange) -> list[Person]:
    """Those who look after the account; of a merge, those of both accounts."""
    return [*_standing(change.account), *(_standing(change.into) if change.into is not None else [])]


def touched(change: AccountChange) -> list[Person]:
    """Everyone with a part in a change: those who look after the account, who proposed it and who said yes so far."""
    said_yes = [one for one in (change.given_by, change.agreed_by) if one is not None]
    return [*managers(change), change.proposed_by, *said_yes]


def tell_managers(change: AccountChange, kind: NoticeKind, who: Person, comment: str) -> None:
    """Tell those who look after the account."""
    _owe(managers(change), kind, change, _said(change, who, comment), who)


def tell_all(change: AccountChange, kind: NoticeKind, who: Person, comment: str) -> None:
    """Tell those who look after the account, and whoever proposed the change or agreed to it."""
    _owe(touched(change), kind, change, _said(change, who, comment), who)


def tell_of_split(account: Account, request: AccountRequest, who: Person, comment: str) -> None:
    """Tell those who look after an account that a part of it is asked for as an account of its own."""
    said = {"who": who.name, "what": account.name, "comment": comment, "clauses": [],
            "facts": [[both(lambda: _("Request")), str(request.ref)]]}  # fmt: skip
    for one in {person.pk: person for person in _standing(account)}.values():
        if one.pk != who.pk and one.is_active:
            owe(SPLIT, to=one, about=account, ref=account.public_id, context=said)
