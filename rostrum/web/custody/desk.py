"""What stands on a person's desk of who holds an account: departures to confirm, shortages in one's school."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rostrum.core import clock
from rostrum.custody.campaign_queries import waiting_for as campaign_lines
from rostrum.custody.departure_queries import done_steps, due_day, waiting_for
from rostrum.custody.departure_states import DepartureState
from rostrum.custody.queries import shortages_of
from rostrum.people.models import Person
from rostrum.web.custody.leaving import step_labels
from rostrum.web.custody.rounds import cards_of
from rostrum.web.shapes import DeskCard, Words

LEFT = {0: gettext_lazy("nobody is left"), 1: gettext_lazy("one is left")}
SHOWN = 8  # accounts named on one card; the campaign's page shows all


def cards(person: Person) -> list[DeskCard]:
    """One card for each account whose hand-over the person may confirm, the earliest departure first."""
    found, due = [], {}
    for item in waiting_for(person):
        it, done = item.departure, done_steps(item)
        if it.pk not in due:
            due[it.pk] = due_day(it)
        last = due[it.pk]
        if it.state == DepartureState.AHEAD:
            lines: list[Words] = [_("%(name)s leaves later. The hand-over can begin.") % {"name": it.person.name}]
        else:
            labels = step_labels(item)
            lines = [_("%(name)s has left. Still to be confirmed:") % {"name": it.person.name}]
            lines += [labels[step] for step, confirmed in done.items() if confirmed is None]
        found.append(
            DeskCard(
                title=item.account.name, lines=[*lines], since=it.noted_at,
                url=reverse("web:departure", args=[it.pk]), button=_("See the checklist"), icon="door-exit", due=last,
                late=bool(last and last < clock.today() and it.state == DepartureState.OPEN),
            )
        )  # fmt: skip
    short = list(shortages_of(person)[: SHOWN + 1])
    if short:
        count = len(short) if len(short) <= SHOWN else shortages_of(person).count()
        names = [_("%(name)s: %(left)s") % {"name": one.account.name, "left": LEFT.get(one.left, "")} for one in short]
        found.append(
            DeskCard(
                title=ngettext("%(n)d account has lost managers", "%(n)d accounts have lost managers", count)
                % {"n": count},
                lines=[*names[:SHOWN]], since=short[0].raised_at, url=f"{reverse('web:custody_list')}?sort=managers",
                button=_("Name somebody"), icon="users",
            )
        )  # fmt: skip
    for card in cards_of(campaign_lines(person)):
        it = card["it"]
        found.append(
            DeskCard(
                title=it.name, lines=[_("Say of each account who stays next year and who goes:"), *card["names"][:SHOWN]],
                since=it.started_at, url=reverse("web:handover_campaign", args=[it.pk]), button=_("Say who stays"),
                icon="arrows-exchange", due=it.ends_on, late=it.ends_on < clock.today(),
            )
        )  # fmt: skip
    return found
