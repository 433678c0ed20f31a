"""What the page "Reviews" shows of resets: what is asked for and late, and the campaigns that run."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.keys import campaigns
from rostrum.keys.models import ResetCall
from rostrum.keys.queries import readable
from rostrum.keys.states import CallState, CampaignState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.states import LIVE
from rostrum.web.keys.wording import campaign_badge, progress_words
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    found = [_calls(person)]
    runs = campaigns.visible_to(person).filter(state=CampaignState.RUNNING).order_by("due_on", "pk")
    for one in runs[:3]:
        badge = campaign_badge(one)
        found.append(
            HubCard(
                title=one.name, line=progress_words(campaigns.progress(one, person)),
                url=reverse("web:reset_campaign", args=[one.pk]), icon="flag", state=badge["word"], tone=badge["tone"],
                order=31,
            )
        )  # fmt: skip
    if may(person, "keys:campaign") and len(found) == 1:
        line = _("Ask for a reset of every account by a day, and see who is missing.")
        url = reverse("web:reset_campaigns")
        found.append(HubCard(title=_("Campaigns of resets"), line=line, url=url, icon="flag", order=31))
    return found


def _calls(person: Person) -> HubCard:
    """How much is asked for, in one query."""
    mine = ResetCall.objects.filter(readable(person), state=CallState.OPEN, account__state__in=LIVE)
    numbers = mine.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=clock.today())))
    line = ngettext("One reset is asked for.", "%(n)d resets are asked for.", numbers["all"]) % {"n": numbers["all"]}
    state, tone = (_("Late"), "stop") if numbers["late"] else ("", "over")
    if numbers["late"]:
        line += " " + ngettext("One is late.", "%(n)d are late.", numbers["late"]) % {"n": numbers["late"]}
    elif numbers["all"]:
        state, tone = _("To do"), "act"
    return HubCard(
        title=_("Resets of access"), line=line if numbers["all"] else _("No reset is asked for."),
        url=reverse("web:resets"), icon="key", state=state, tone=tone, order=30,
    )  # fmt: skip
