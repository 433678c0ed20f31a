"""Every message about quiet accounts: not posted for long, nudged by somebody, something wrong found, a pause over."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from rostrum.core.dates import ago_words, day
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.models import Account
from rostrum.registry.notices import both, in_both
from rostrum.upkeep.liveness_models import Alive, Liveness
from rostrum.upkeep.notices import many

_WHY = _("You get this letter because you look after these accounts.")
_WHY_ONE = _("You get this letter because you look after this account.")
_NEXT = _("Post something, note the last post, pause the account until a day, or say that it is no longer needed.")

GONE_QUIET = declare(
    NoticeKind(
        "quiet.reminder",
        _("Quiet for long: %(many)s"),
        _("%(many)s that you look after had no post for longer than the division has set."),
        _WHY,
        _("See them"),
        "web:quiet_mine",
        _NEXT,
    )
)
NUDGED = declare(
    NoticeKind(
        "quiet.nudge",
        _("A nudge: %(what)s"),
        _("%(who)s asks you to look at %(what)s. Its last post on record: %(last)s."),
        _WHY_ONE,
        _("Open the account"),
        "web:account",
        _NEXT,
        asks=True,
    )
)
TROUBLE = declare(
    NoticeKind(
        "quiet.trouble",
        _("Not in order: %(what)s"),
        _("%(who)s looked at %(what)s and found: %(found)s."),
        worded_lazy(_("You get this letter because {keeper} keeps the register.")),
        _("Open the account"),
        "web:account",
        _("Look at it today: suspend its official mark if the public could be misled."),
        asks=True,
    )
)


def quiet_words(account: Account, row: Liveness, who: Person, comment: str) -> dict[str, Any]:
    """The words of a nudge about one account."""
    last = row.last_post_on
    said = in_both(lambda: f"{day(last)} ({ago_words(last)})") if last else both(_("none"))
    return {
        "what": account.name,
        "who": who.name,
        "last": said,
        "comment": comment,
        "clauses": cite(["1.7"]),
        "facts": [],
    }


def found(account: Account, who: Person, what: Alive, note: str) -> dict[str, Any]:
    """The words of a look that found something wrong."""
    return {"what": account.name, "who": who.name, "found": both(what._label_), "comment": note,
            "clauses": cite(["1.5", "1.7"]), "facts": [[both(_("Address")), account.address]]}  # fmt: skip


def gone_quiet(names: list[str], count: int) -> dict[str, Any]:
    """The words of the nightly letter about all quiet accounts of one manager."""
    return many(names, count, clauses=("1.7",))
