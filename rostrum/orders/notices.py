"""Every message about an order: asked for, answered, sent back, over, due, late."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from rostrum.core.dates import day
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, notice_kind
from rostrum.orders.models import AccountOrder
from rostrum.orders.states import OrderKind
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.notices import in_both
from rostrum.schoolyear.words import by_words

_WHY_ANSWER = _("You get this letter because you look after this account, or lead its school where nobody does.")
_WHY_KEEP = _("You get this letter because you keep the register.")
_WHY_LEAD = _("You get this letter because you look after this account, lead its school or gave this order.")
_LINK = _("See the order")
_PAGE = "web:order"


_kind = partial(notice_kind, link=_LINK, route=_PAGE)
GIVEN = _kind(
    "order.given",
    _("Change this %(by)s: %(what)s"),
    _("%(who)s orders a change of an account that you look after: %(what)s. It is to be done %(by)s."),
    _WHY_ANSWER,
    _("Change it on the platform, then say here that it is done, or why it cannot be."),
    asks=True,
    link=_("Say that it is done"),
)
TOLD = _kind(
    "order.told",
    worded_lazy(_("{keeper} ordered a change: %(what)s")),
    _("%(who)s ordered a change of an account of your school: %(what)s. It is to be done %(by)s."),
    _WHY_LEAD,
    _("Its managers have been asked. You need do nothing."),
)
ANSWERED = _kind(
    "order.answered",
    _("%(state)s: %(what)s"),
    _("%(who)s answered the order about %(what)s: %(state)s."),
    _WHY_KEEP,
    _("Look at the account, then confirm it or say what is missing."),
    asks=True,
    link=_("Look at the answer"),
)
SENT_BACK = _kind(
    "order.sent_back",
    _("Something is missing: %(what)s"),
    _("%(who)s looked at the change and something is missing: %(what)s. It is to be done %(by)s."),
    _WHY_ANSWER,
    _("Read what is missing, change it, then say again that it is done."),
    asks=True,
    link=_("Say that it is done"),
)
OVER = _kind(
    "order.over",
    _("%(state)s: %(what)s"),
    _("The order about %(what)s is over: %(state)s."),
    _WHY_LEAD,
    _("Nothing is left to do."),
)
DUE = _kind(
    "order.due",
    _("Due %(by)s: %(what)s"),
    worded_lazy(_("An order of {keeper} waits for you: %(what)s. It is to be done %(by)s.")),
    _WHY_ANSWER,
    _("Change it on the platform, then say here that it is done, or why it cannot be."),
    asks=True,
    link=_("Say that it is done"),
)
LATE = _kind(
    "order.late",
    _("Late: %(what)s"),
    worded_lazy(_("An order of {keeper} was to be done %(by)s and is not: %(what)s.")),
    _WHY_LEAD,
    worded_lazy(_(
        "Change it and say so, or say why it cannot be done. Its managers, its "
        "school and {keeper} get this letter."
    )),
    asks=True,
)


def said(order: AccountOrder, who: Person | None, comment: str = "") -> dict[str, Any]:
    """The words of every notice about an order."""
    facts = [
        [in_both(lambda: _("Account")), order.account.name],
        [in_both(lambda: _("What is to change")), in_both(lambda: OrderKind(order.kind).label)],
        [in_both(lambda: _("Ordered")), order.what],
        [in_both(lambda: _("Why it is ordered")), order.reason],
        [in_both(lambda: _("By")), in_both(lambda: day(order.due_on))],
    ]
    return {
        "who": who.name if who else "Rostrum",
        "what": order.account.name,
        "by": in_both(lambda: by_words(order.due_on)),
        "state": in_both(order.get_state_display),
        "comment": comment,
        "clauses": [order.citation],
        "facts": facts,
    }


def tell(
    people: Iterable[Person], kind: NoticeKind, order: AccountOrder, words: dict[str, Any], *, skip: Iterable[int] = ()
) -> set[int]:
    """Owe one kind of notice about an order to several people, each once; returns the ids that have been told."""
    told = set(skip)
    for one in people:
        if one.pk not in told and one.is_active:
            told.add(one.pk)
            owe(kind, to=one, about=order, ref=str(order.pk), context=words)
    return told
