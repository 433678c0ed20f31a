"""What the page "Reviews" shows of who holds an account and can get in."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.custody.campaign_queries import campaigns_visible_to
from rostrum.custody.campaign_states import CampaignState
from rostrum.custody.departure_queries import departures_visible_to
from rostrum.custody.departure_states import DepartureState
from rostrum.custody.queries import short_of_managers
from rostrum.custody.touches import touches_of
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import LIVE
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    open_now = departures_visible_to(person).filter(state=DepartureState.OPEN).count()
    ahead = departures_visible_to(person).filter(state=DepartureState.AHEAD).count()
    running = campaigns_visible_to(person).filter(state=CampaignState.RUNNING).exists()
    mine = len(touches_of([person.pk])[person.pk])
    live = accounts_visible_to(person).filter(state__in=LIVE)
    few = short_of_managers(live).count()
    found = [
        HubCard(
            _("How many hands"), _("How many people can manage each account and get in, school by school."),
            reverse("web:custody_list"), "users",
            state=ngettext("%(n)d with too few", "%(n)d with too few", few) % {"n": few} if few else "", tone="act", order=15,
        ),
        HubCard(
            _("Departures"),
            ngettext("%(n)d person leaves later.", "%(n)d people leave later.", ahead) % {"n": ahead} if ahead
            else _("Who leaves, and what they hand over."),
            reverse("web:departures"), "door-exit",
            state=ngettext("%(n)d to hand over", "%(n)d to hand over", open_now) % {"n": open_now} if open_now else "",
            tone="act", order=20,
        ),
        HubCard(
            _("Hand-over campaigns"), _("Who stays next year and who goes, account by account."),
            reverse("web:handover_campaigns"), "arrows-exchange",
            state=_("Running") if running else "", tone="moving", order=25,
        ),
        HubCard(
            _("Every account I touch"),
            ngettext("%(n)d account, and in which way.", "%(n)d accounts, and in which way.", mine) % {"n": mine},
            reverse("web:custody_mine"), "user-check", order=30,
        ),
    ]  # fmt: skip
    if may(person, "acknowledgement:view"):
        found.append(
            HubCard(
                _("Who can get into what tonight"), _("One screen for a school, and one page of paper."),
                reverse("web:custody_tonight"), "printer", order=10,
            )
        )  # fmt: skip
    return found
