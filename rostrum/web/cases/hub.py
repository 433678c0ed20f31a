"""What the page "Reviews" shows of cases, decisions and appeals."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.cases.queries import appeals_visible_to, decisions_visible_to, visible_to
from rostrum.cases.states import OPEN_CASES, AppealState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    found: list[HubCard] = []
    running = appeals_visible_to(person).filter(state=AppealState.LODGED).order_by().count()
    if may(person, "cases:view") or visible_to(person).order_by().exists():
        count = visible_to(person).filter(state__in=OPEN_CASES).order_by().count()
        words = ngettext("%(count)d case is open", "%(count)d cases are open", count) % {"count": count}
        if running:
            words += ", " + ngettext("%(count)d appeal runs", "%(count)d appeals run", running) % {"count": running}
        found.append(
            HubCard(
                title=_("Cases"),
                line=_("What is looked into, what was decided, what is appealed."),
                url=reverse("web:cases"),
                icon="folder",
                state=words if count or running else _("None is open"),
                tone="act" if count or running else "over",
                order=20,
            )
        )
    elif decisions_visible_to(person).order_by().exists():
        state = (
            ngettext("%(count)d appeal runs", "%(count)d appeals run", running) % {"count": running} if running else ""
        )
        found.append(
            HubCard(
                title=_("Decisions"),
                line=_("What was decided about accounts that you look after, and how to appeal it."),
                url=reverse("web:decisions"),
                icon="gavel",
                state=state,
                tone="moving",
                order=20,
            )
        )
    return found
