"""What the page "Reviews" shows of closing an account: the checklist, parking, merging, splitting."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.closing_queries import handles_visible_to, visible_to
from rostrum.registry.closing_states import OPEN_CLOSINGS, HandleState
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    return [*_closings(person), *_names(person)]


def _closings(person: Person) -> list[HubCard]:
    count = visible_to(person).filter(state__in=OPEN_CLOSINGS).count()
    if not count and not may(person, "close:retire"):
        return []
    state = ngettext("One is open", "%(count)d are open", count) % {"count": count} if count else _("None is open")
    return [
        HubCard(
            title=_("Closing accounts"), line=_("Accounts on their way to be retired, and checklists that are still owed."),
            url=reverse("web:closings"), icon="archive", state=state, tone="act" if count else "over", order=70,
        )
    ]  # fmt: skip


def _names(person: Person) -> list[HubCard]:
    found = handles_visible_to(person).filter(state=HandleState.PARKED)
    count, due = found.count(), found.filter(renew_on__lte=clock.today()).count()
    if not count and not may(person, "parking:give_up"):
        return []
    if due:
        state, tone = ngettext("One is to be looked after", "%(count)d are to be looked after", due) % {"count": due}, "act"
    else:
        state, tone = ngettext("One is parked", "%(count)d are parked", count) % {"count": count}, "good" if count else "over"
    return [
        HubCard(
            title=_("Names of retired accounts"), line=_("Parked names are still ours, so that nobody else posts under them."),
            url=reverse("web:parked_list"), icon="parking", state=state, tone=tone, order=72,
        )
    ]  # fmt: skip
