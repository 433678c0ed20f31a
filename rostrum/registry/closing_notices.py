"""Every message about closing an account: asked to retire it, sent back, owed; a handle or a suspension to look at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from rostrum.core.dates import day
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry.closing_models import Closing, ParkedHandle
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.notices import in_both

_WHY_KEEP = _("You get this letter because you keep the register.")
_WHY_PART = _("You get this letter because you look after this account or had a part in closing it.")


def _kind(key: str, subject: Any, lead: Any, why: Any, link: Any, route: str, next_step: Any) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, link, route, next_step, asks=True))


READY = _kind(
    "closing.ready",
    _("Retire an account: %(what)s"),
    _("%(who)s asks you to retire an account. Its checklist is complete: %(what)s."),
    _WHY_KEEP,
    _("See the checklist"),
    "web:closing",
    _("Retire it, or say what is missing."),
)
RETURNED = _kind(
    "closing.returned",
    _("Something is missing before it is closed: %(what)s"),
    _("%(who)s looked at the checklist and something is missing: %(what)s."),
    _WHY_PART,
    _("See the checklist"),
    "web:closing",
    _("Complete it and ask again. The account stays as it is until then."),
)
OWED = _kind(
    "closing.owed",
    _("The checklist is still owed: %(what)s"),
    _("This account was retired before its checklist was complete: %(what)s."),
    _WHY_PART,
    _("Complete the checklist"),
    "web:closing",
    _("Say who was told, where a copy is, who can get in, what becomes of the name, and what the public reads."),
)
RENEW = _kind(
    "parking.renew",
    _("Look after a parked name: %(what)s"),
    _("The name of a retired account is still ours, and it is time to look after it: %(what)s."),
    _WHY_KEEP,
    _("See the name"),
    "web:parked",
    _("Sign in on the platform, see that nothing new stands there, then say here when to look again; or give it up."),
)
ENDED = _kind(
    "standing.ended",
    _("The suspension was to last until now: %(what)s"),
    _("The day on which this suspension was to be looked at has come: %(what)s. It is still suspended."),
    _WHY_KEEP,
    _("See the account"),
    "web:account",
    _("Restore the account, or say how long it stays suspended. Nothing ends by itself."),
)


def _said(account: Account, who: Person | None, comment: str, facts: list[Any], clauses: list[str]) -> dict[str, Any]:
    return {"who": who.name if who else "Rostrum", "what": account.name, "comment": comment, "facts": facts,
            "clauses": cite(clauses)}  # fmt: skip


def _tell(
    people: Iterable[Person], kind: NoticeKind, about: models.Model, ref: str, words: dict[str, Any], but: Person | None
) -> None:
    told = {but.pk} if but else set()
    for one in people:
        if one.pk not in told and one.is_active:
            told.add(one.pk)
            owe(kind, to=one, about=about, ref=ref, context=words)


def tell_closing(
    people: Iterable[Person], kind: NoticeKind, closing: Closing, who: Person | None, comment: str = ""
) -> None:
    """Owe a notice about a closing to several people, each once, never to whoever did it."""
    facts = [[in_both(lambda: _("Why it is closed")), closing.reason]]
    if closing.due_on:
        due = closing.due_on
        facts.append([in_both(lambda: _("To be complete by")), in_both(lambda: day(due))])
    _tell(people, kind, closing, str(closing.pk), _said(closing.account, who, comment, facts, ["1.10", "3.4"]), who)


def tell_handle(people: Iterable[Person], handle: ParkedHandle) -> None:
    """Ask several people to look after a parked handle."""
    account = handle.account
    facts = [[in_both(lambda: _("Address")), account.address], [in_both(lambda: _("For")), account.unit.name]]
    _tell(people, RENEW, handle, str(handle.pk), _said(account, None, "", facts, ["3.4"]), None)


def tell_ended(people: Iterable[Person], stretch: AccountStanding) -> None:
    """Ask several people whether a suspension ends whose day has come."""
    facts = [[in_both(lambda: _("Why it was suspended")), stretch.reason]]
    if stretch.condition:
        facts.append([in_both(lambda: _("To get it back")), stretch.condition])
    words = _said(stretch.account, None, "", facts, ["1.5", "1.10"])
    _tell(people, ENDED, stretch.account, stretch.account.public_id, words, None)
