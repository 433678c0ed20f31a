"""The page "Reviews": every door to keeping accounts in order that its reader may open, with what waits behind it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rostrum.people.models import Person
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.archive import hub as archive
from rostrum.web.calendar import hub as calendar
from rostrum.web.cases import hub as cases
from rostrum.web.checks import hub as checks
from rostrum.web.closing import hub as closing
from rostrum.web.custody import hub as custody
from rostrum.web.findings import hub as findings
from rostrum.web.guidance import hub as guidance
from rostrum.web.keys import hub as keys
from rostrum.web.orders import hub as orders
from rostrum.web.reviews import hub as reviews
from rostrum.web.shapes import HubCard
from rostrum.web.upkeep import hub as upkeep

AREAS = (archive, calendar, cases, checks, closing, custody, findings, guidance, keys, orders, reviews, upkeep)


def cards_for(person: Person) -> list[HubCard]:
    """Every door that this person may open, in the order that the areas ask for."""
    return sorted(
        (card for area in AREAS for card in area.cards(person)), key=lambda card: (card.order, str(card.title))
    )


@require_safe
@signed_in
def oversight(request: StaffRequest) -> HttpResponse:
    """What keeps the accounts in order, as far as the reader has a part in it."""
    cards = cards_for(request.user)
    asking = [one for one in cards if one.state and one.tone in {"act", "stop"}]
    return render(request, "web/oversight/hub.html", {"cards": cards, "asking": asking})
