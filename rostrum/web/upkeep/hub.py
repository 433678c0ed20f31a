"""What the page "Reviews" shows of certification, last posts, quiet accounts."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.people.models import Person
from rostrum.registry.queries import accounts_visible_to
from rostrum.upkeep.queries import LATE, WAITING, with_certification
from rostrum.upkeep.quiet import QUIET, TROUBLED, measure, with_quiet
from rostrum.upkeep.windows import choices
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    seen = accounts_visible_to(person).order_by()
    standing = dict(with_certification(seen).values_list("certification").annotate(n=Count("pk")))
    chosen = choices()
    alive = dict(with_quiet(seen, measure(chosen)).values_list("quiet").annotate(n=Count("pk")))
    late, waiting, quiet, wrong = (standing.get(LATE, 0), standing.get(WAITING, 0), alive.get(QUIET, 0),
                                   alive.get(TROUBLED, 0))  # fmt: skip
    asks = late or waiting
    return [
        HubCard(
            _("Certification of accounts"),
            _("Managers say of each account whether it is still ours and still right.") if chosen.rhythm.asks or asks
            else _("Not asked for: the procedure sets no rhythm, and the division none yet."),
            reverse("web:certifications") + (f"?state={LATE}" if late else ""), "rosette-discount-check",
            state=ngettext("%(n)d late", "%(n)d late", late) % {"n": late} if late
            else ngettext("%(n)d waiting", "%(n)d waiting", waiting) % {"n": waiting} if waiting else "",
            tone="stop" if late else "act", order=40,
        ),
        HubCard(
            _("Last posts and quiet accounts"),
            _("When each account posted last, and which had no post for long."),
            reverse("web:quiet") + (f"?state={TROUBLED}" if wrong else f"?state={QUIET}" if quiet else ""), "zzz",
            state=ngettext("%(n)d not in order", "%(n)d not in order", wrong) % {"n": wrong} if wrong
            else ngettext("%(n)d quiet", "%(n)d quiet", quiet) % {"n": quiet} if quiet else "",
            tone="stop" if wrong else "act", order=50,
        ),
    ]  # fmt: skip
