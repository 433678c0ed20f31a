"""Every account that one person touches, and in which way: for oneself, and for those who lead or keep the list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rostrum.custody.departure_queries import departures_visible_to, may_plan
from rostrum.custody.departure_states import OPEN_DEPARTURES
from rostrum.custody.queries import hands_of
from rostrum.custody.touches import touches_of
from rostrum.guidance.queries import acknowledgement
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import in_force
from rostrum.registry.queries import accounts_visible_to
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.custody.wording import hands_badge, people_url
from rostrum.web.requests.wording import picture


def _page(request: StaffRequest, person: Person) -> HttpResponse:
    me, own = request.user, person.pk == request.user.pk
    touched = touches_of([person.pk])[person.pk]
    seen = set(accounts_visible_to(me).filter(pk__in=[one.account.pk for one in touched]).values_list("pk", flat=True))
    mine = [one for one in touched if own or one.account.pk in seen]
    accounts = [one.account for one in mine]
    hands, places = hands_of(accounts), Places(one.unit for one in accounts)
    sees_reading = own or may(me, "acknowledgement:view", person.home_unit)
    plans = person.is_active and not own and may_plan(me, person)
    context: dict[str, Any] = {
        "person": person, "own": own,
        "rows": [
            {"account": one.account, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "words": one.words, "hands": hands_badge(hands[one.account.pk].managers), "url": people_url(one.account)}
            for one in mine
        ],
        "count_words": ngettext("One account.", "%(n)d accounts.", len(mine)) % {"n": len(mine)},
        "crumbs": [(_("Reviews"), reverse("web:oversight"))] if own else
                  [(_("People"), reverse("web:people")), (person.name, reverse("web:person", args=[person.pk]))],
        "departure": departures_visible_to(me).filter(person=person, state__in=OPEN_DEPARTURES).first(),
        "plan_url": reverse("web:departure_plan", args=[person.pk]) if plans else "",
        "read": acknowledgement(person) or False if sees_reading else None, "edition": in_force(),
    }  # fmt: skip
    return render(request, "web/custody/touched.html", context)


@require_safe
@signed_in
def mine(request: StaffRequest) -> HttpResponse:
    """Every account I touch."""
    return _page(request, request.user)


@require_safe
@signed_in
def of_person(request: StaffRequest, pk: int) -> HttpResponse:
    """Every account that somebody touches, as far as the reader may see them."""
    person = Person.objects.select_related("home_unit").filter(pk=pk).first() if pk < 2**63 else None
    if person is None:
        raise Http404
    return _page(request, person)
