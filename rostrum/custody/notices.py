"""Every message about who holds an account: named, answered, released, handed over, too few managers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from rostrum.custody.models import HandOver
from rostrum.notices.actions import owe, owe_many
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.policies.models import Edition
from rostrum.policies.queries import cite
from rostrum.registry.models import Account, Designation
from rostrum.registry.notices import both

_WHY_NAMED = _("You get this letter because you were named content manager of this account.")
_WHY_HOLDS = _("You get this letter because you look after this account or had a part in this.")
_WHY_LEADS = _("You get this letter because you lead the school of this account or keep the register.")
_SEE = _("See who looks after it")


def _kind(key: str, subject: Any, lead: Any, why: Any, next_step: Any, asks: bool = False, link: Any = _SEE,
          route: str = "web:custody_account") -> NoticeKind:  # fmt: skip
    return declare(NoticeKind(key, subject, lead, why, link, route, next_step, asks))


NAMED = _kind(
    "custody.named",
    _("Accept or decline: content manager of %(what)s"),
    _("%(who)s named you content manager of an official account: %(what)s."),
    _WHY_NAMED,
    _("You look after it once you have accepted. Decline if it is not for you, and say why."),
    asks=True, link=_("Accept or decline"), route="web:custody_answer",
)  # fmt: skip
TAKE_OVER = _kind(
    "custody.take_over",
    _("Take over or decline: %(what)s"),
    _("%(who)s asks you to take over an official account: %(what)s."),
    _WHY_NAMED,
    _("Once you accept, you are its content manager in the place of %(giver)s."),
    asks=True, link=_("Take it over or decline"), route="web:custody_answer",
)  # fmt: skip
ANSWERED = _kind(
    "custody.answered",
    _("%(answer)s: content manager of %(what)s"),
    _("%(who)s answered whether they will look after %(what)s: %(answer)s."),
    _WHY_HOLDS,
    _("The page of the account says who looks after it now."),
)
HANDED_OVER = _kind(
    "custody.handed_over",
    _("Handed over: %(what)s"),
    _("%(who)s took %(what)s over from %(giver)s."),
    _WHY_HOLDS,
    _("Take away the access of %(giver)s on the platform, and reset the account information."),
)
WITHDRAWN = _kind(
    "custody.withdrawn",
    _("No longer asked: %(what)s"),
    _("%(who)s withdrew the question whether you look after %(what)s."),
    _WHY_NAMED,
    _("You need not answer it any more."),
)
RELEASED = _kind(
    "custody.released",
    _("Released: %(whom)s, %(what)s"),
    _("%(who)s released %(whom)s as content manager of %(what)s."),
    _WHY_HOLDS,
    _("Their access on the platform is another matter: take it away there, then note it here."),
)
FEW = _kind(
    "custody.few",
    _("Name another content manager: %(what)s"),
    _("%(state)s This is about %(what)s."),
    _WHY_LEADS,
    _("Name somebody who stays. They look after it once they have accepted."),
    asks=True, link=_("Name a content manager"),
)  # fmt: skip
ENDED = _kind(
    "custody.access_ended",
    _("Access taken away: %(whom)s, %(what)s"),
    _("%(who)s noted that %(whom)s can no longer get into %(what)s."),
    _WHY_HOLDS,
    _("If this is wrong, talk to whoever looks after the account."),
)

READ_ASKED = declare(
    NoticeKind(
        "custody.read_asked",
        _("Read the procedure: edition %(what)s"),
        _("Edition %(what)s of the procedure is in force. The division asks every content manager to have read it."),
        _("You get this letter because you are content manager of an official account."),
        _("Read it and say so"),
        "web:guidance_of",
        _("It takes a few minutes. You stay content manager; those who lead see who has not read it yet."),
        asks=True,
    )
)


def ask_reading(people: Iterable[Person], edition: Edition) -> None:
    """Ask content managers to read the edition in force."""
    context = {"who": "Rostrum", "what": edition.label, "comment": "", "clauses": cite(["1.8"])}
    owe_many(READ_ASKED, ((person, context) for person in people), about=edition, ref=edition.label)


def said(account: Account, who: Person | None, comment: str = "", clauses: Iterable[str] = ("1.7", "3.4"),
         **more: Any) -> dict[str, Any]:  # fmt: skip
    """The words of every notice about an account: who did it, what it is called, the comment in full."""
    return {
        "who": who.name if who else "Rostrum", "what": account.name, "comment": comment,
        "clauses": cite(list(clauses)), **more,
    }  # fmt: skip


def tell(people: Iterable[Person], kind: NoticeKind, account: Account, words: dict[str, Any], *,
         but: Iterable[int] = ()) -> set[int]:  # fmt: skip
    """Owe a notice about an account to several people, each once; returns the ids of those told."""
    left_out, told = set(but), set[int]()
    for one in people:
        if one.pk not in left_out and one.is_active:
            left_out.add(one.pk)
            told.add(one.pk)
            owe(kind, to=one, about=account, ref=account.public_id, context=words)
    return told


def ask(
    designation: Designation, account: Account, who: Person, comment: str, hand_over: HandOver | None = None
) -> None:
    """Ask a named person whether they will look after an account."""
    kind, more = NAMED, {}
    if hand_over is not None:
        kind, more = TAKE_OVER, {"giver": hand_over.given_by.person.name}
    words = said(account, who, comment, **more)
    owe(kind, to=designation.person, about=designation, ref=str(designation.pk), context=words)


def state_words(left: int) -> dict[str, str]:
    """How few managers are left, in both languages."""
    if left == 0:
        return both(_("No content manager is left who still works here."))
    if left == 1:
        return both(_("Only one content manager is left who still works here."))
    return both(_("Fewer content managers are left than the division wants."))
