"""Every message about certification: asked, reminded, late, suspension proposed, put right or left as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.notices import both, in_both
from rostrum.schoolyear.words import by_words

_WHY_MANAGER = _("You get this letter because you look after these accounts.")
_WHY_LEADS = _("You get this letter because you lead the school or department of these accounts.")
_WHY_KEEPS = worded_lazy(_("You get this letter because {keeper} keeps the register."))
_WHY_NOTED = _("You get this letter because you said that something is not right.")
MOST_NAMED = 12  # accounts that one letter names


def _kind(
    key: str, subject: Any, lead: Any, why: Any, link: Any, route: str, next_step: Any, asks: bool = False
) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, link, route, next_step, asks))


ASKED = _kind(
    "certify.asked",
    _("Still right? %(many)s to certify"),
    _("Look at %(many)s that you look after, and say whether each is still ours and still right."),
    _WHY_MANAGER,
    _("Look at them"),
    "web:certify_mine",
    _("Tick those that are right. Open those that are not, and say what they should be."),
    asks=True,
)
REMINDED = _kind(
    "certify.reminder",
    _("Reminder: %(many)s to certify"),
    _("%(many)s that you look after still wait to be certified."),
    _WHY_MANAGER,
    _("Look at them"),
    "web:certify_mine",
    _("Tick those that are right. Open those that are not, and say what they should be."),
    asks=True,
)
LATE = _kind(
    "certify.late",
    _("Not certified in time: %(many)s"),
    _("The managers of %(many)s of your schools have not certified them in time."),
    _WHY_LEADS,
    _("See which"),
    "web:certifications_of",
    _("Talk to the managers. Whoever looks after an account can certify it in two minutes."),
)
PROPOSED = _kind(
    "certify.suspension_proposed",
    _("Decide: suspend %(many)s or not"),
    _("%(many)s were not certified in time. The division’s rule proposes to suspend their official mark."),
    _WHY_KEEPS,
    _("Decide on them"),
    "web:suspension_proposals_for",
    _("Nothing happens by itself. Each waits for your decision."),
    asks=True,
)
TO_CORRECT = _kind(
    "certify.to_correct",
    _("Put right: %(what)s"),
    _("%(who)s certified %(what)s and says that something is not right."),
    _WHY_KEEPS,
    _("See what"),
    "web:certification",
    _("Put it right in the register, or say why it stays."),
    asks=True,
)
SETTLED = _kind(
    "certify.settled",
    _("Settled: %(what)s"),
    _("%(who)s settled what you said is not right: %(what)s."),
    _WHY_NOTED,
    _("See it"),
    "web:certification",
    _("The account is certified once everything is settled."),
)
LEFT = _kind(
    "certify.left_official",
    _("It stays official: %(what)s"),
    _("%(who)s decided not to suspend %(what)s, which was not certified in time."),
    _WHY_MANAGER,
    _("Certify it now"),
    "web:certification",
    _("It still waits to be certified."),
)


def counted(count: int) -> dict[str, str]:
    """ "One account", "12 accounts", in both languages."""
    return in_both(lambda: ngettext("%(count)d account", "%(count)d accounts", count) % {"count": count})


def many(names: list[str], count: int, due: Any = None, *, clauses: Iterable[str] = ("1.7", "3.4")) -> dict[str, Any]:
    """The words of a letter about several accounts: how many, which (the first dozen), by when."""
    facts: list[Any] = [[both(_("Accounts")), ", ".join(names[:MOST_NAMED]) + ("…" if count > MOST_NAMED else "")]]
    if due is not None:
        facts.append([both(_("Due")), in_both(lambda: by_words(due))])
    return {"many": counted(count), "facts": facts, "clauses": cite(list(clauses)), "comment": ""}


def one(
    name: str, who: Person, comment: str = "", facts: Iterable[tuple[Callable[[], str], str]] = ()
) -> dict[str, Any]:
    """The words of a letter about one account."""
    return {
        "what": name, "who": who.name, "comment": comment, "clauses": cite(["1.7", "3.4"]),
        "facts": [[in_both(label), value] for label, value in facts],
    }  # fmt: skip
