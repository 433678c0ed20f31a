"""Every message about a crisis hold: stop posting, know of it, its new end, post again, its time is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rostrum.core.dates import when
from rostrum.notices.actions import owe_many
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.orders.hold_models import CrisisHold
from rostrum.orders.hold_states import HoldKind, HoldScope
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded_lazy
from rostrum.registry.notices import in_both
from rostrum.registry.platforms import label_of

SHOWN = 8  # accounts that a letter names; the page names them all
_WHY_POSTS = _("You get this letter because you can post in an account that is under this hold.")
_WHY_KNOWS = _("You get this letter because you lead a school, or keep the register, that this hold concerns.")
_PAGE = "web:hold"
_STOP = _(
    "Post nothing and answer nothing there, and cancel what is scheduled. Then open the link and press “I have stopped "
    "posting”."
)


def _kind(key: str, subject: Any, lead: Any, why: Any, link: Any, next_step: Any, asks: bool = False) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, link, _PAGE, next_step, asks, urgent=True))


FROZEN = _kind(
    "hold.frozen",
    _("Stop posting now: %(what)s"),
    _("%(who)s has stopped all posting: %(what)s."),
    _WHY_POSTS,
    _("I have stopped posting"),
    _STOP,
    asks=True,
)
TAKEN_OVER = _kind(
    "hold.taken_over",
    worded_lazy(_("{keeper} posts now, stop posting: %(what)s")),
    worded_lazy(_("%(who)s has taken over: only {keeper} posts. It is about %(what)s.")),
    _WHY_POSTS,
    _("I have stopped posting"),
    _STOP,
    asks=True,
)
TOLD = _kind(
    "hold.told",
    _("Crisis hold: %(what)s"),
    _("%(who)s has placed a crisis hold. %(rule)s: %(what)s."),
    _WHY_KNOWS,
    _("See who has stopped"),
    _("Whoever can post there has been asked to stop. You need do nothing; the page shows who has answered."),
)
EXTENDED = _kind(
    "hold.extended",
    _("The hold has another end: %(what)s"),
    _("%(who)s changed when the crisis hold ends: %(what)s. It is now planned until %(until)s."),
    _WHY_POSTS,
    _("See the hold"),
    _("It stands until somebody lifts it. Until then, do not post."),
)
LIFTED = _kind(
    "hold.lifted",
    _("You can post again: %(what)s"),
    _("%(who)s has lifted the crisis hold: %(what)s."),
    _WHY_POSTS,
    _("See the hold"),
    _("Post as before."),
)
LIFTED_OTHER = _kind(
    "hold.lifted_other",
    _("One hold is lifted, another still stands: %(what)s"),
    _("%(who)s has lifted the crisis hold: %(what)s. Another hold still stands on accounts of yours."),
    _WHY_POSTS,
    _("See the hold"),
    _("Do not post in the accounts named here until that one is lifted as well."),
)
OVER = _kind(
    "hold.over",
    _("The time of the hold is over: %(what)s"),
    _("The crisis hold was planned until %(until)s: %(what)s. It still stands, as nobody has lifted it."),
    _("You get this letter because you can lift or extend this hold."),
    _("Lift it, or say how long it stands"),
    _("Lift it, or give it another end. Everyone is told either way."),
    asks=True,
)


def about(hold: CrisisHold, count: int) -> str:
    """What a hold is about, in the active language: "all accounts of the division", "3 accounts"."""
    if hold.scope == HoldScope.ALL:
        return gettext("all accounts of the division")
    if hold.scope == HoldScope.UNIT:
        return gettext("all accounts of %(unit)s") % {"unit": hold.unit.name}
    if hold.scope == HoldScope.PLATFORM:
        return gettext("all accounts on %(platform)s") % {"platform": label_of(hold.platform)}
    return ngettext("one account", "%(count)d accounts", count) % {"count": count}


def _both(said: Callable[[], Any]) -> dict[str, str]:
    return in_both(said)


def said(hold: CrisisHold, who: Person | None, count: int, comment: str) -> dict[str, Any]:
    """The words of every notice about a hold. `count` is how many accounts it is about."""
    return {
        "who": who.name if who else "Rostrum",
        "what": _both(lambda: about(hold, count)),
        "rule": _both(lambda: HoldKind(hold.kind).label),
        "until": _both(lambda: when(hold.ends_at)),
        "comment": comment,
        "clauses": cite(["1.5"]),
        "facts": [[_both(lambda: _("Planned until")), _both(lambda: when(hold.ends_at))]],
    }


def _named(words: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """The words with the accounts that one person is concerned by."""
    if not names:
        return dict(words)
    shown, more = "; ".join(names[:SHOWN]), len(names) - SHOWN
    listed: Any = shown
    if more > 0:
        listed = _both(lambda: f"{shown}; " + ngettext("and another one", "and %(count)d others", more) % {"count": more})
    return {**words, "facts": [*words["facts"], [_both(lambda: _("Your accounts")), listed]]}


def send(
    kind: NoticeKind, hold: CrisisHold, people: Iterable[Person], words: Mapping[str, Any],
    names: Mapping[int, list[str]] | None = None,
) -> None:  # fmt: skip
    """Owe one kind of notice about a hold to many people, each with the names of their own accounts."""
    letters = [(one, _named(words, (names or {}).get(one.pk, []))) for one in people if one.is_active]
    owe_many(kind, letters, about=hold, ref=str(hold.pk))
