"""Every page of the demonstration, opened by each role of the sign-in page and by the public: none breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rostrum.archive.models import Post
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.cases.states import TABLES as cases
from rostrum.custody.campaign_models import HandOverCampaign, HandOverLine
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.models import AccountTie, HandOver, HelperGroup
from rostrum.demo.people import PEOPLE, roles
from rostrum.hooks.models import HookDelivery, HookEndpoint
from rostrum.intake.accounts_models import AccountList
from rostrum.intake.models import ImportRun
from rostrum.intake.post_models import PostList
from rostrum.jobs.models import JobRun
from rostrum.keys.models import Reset, ResetCall, ResetCampaign
from rostrum.keys.states import TABLES as keys
from rostrum.monitoring.models import CheckRound, Finding, OwnRule
from rostrum.monitoring.states import TABLES as monitoring
from rostrum.notices.models import Delivery, Notice
from rostrum.orders.hold_models import CrisisHold
from rostrum.orders.hold_states import TABLES as holds
from rostrum.orders.models import AccountOrder
from rostrum.orders.states import TABLES as orders
from rostrum.people.list_models import SavedFilter
from rostrum.people.models import Appointment, Person, StandIn, Unit
from rostrum.people.queries import by_email
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_states import TABLES as registry_changes
from rostrum.registry.closing_models import Closing, ParkedHandle
from rostrum.registry.closing_states import TABLES as closings
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.known_states import TABLES as known
from rostrum.registry.models import AccessHolder, Account, AccountRequest, Designation
from rostrum.registry.states import TABLES as registry_states
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewEvidence, ReviewSample
from rostrum.reviews.states import TABLES as reviews
from rostrum.schoolyear.models import NamedDays
from rostrum.tokens.models import Token
from rostrum.upkeep.liveness_models import Pause
from rostrum.upkeep.models import Certification, Correction, SuspensionProposal
from rostrum.upkeep.states import TABLES as upkeep

pytestmark = [
    pytest.mark.timeout(400), pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("division"),
    pytest.mark.pages_again,
]  # fmt: skip
DOORS = (
    "s.nguyen",
    "d.kovalenko",
    "a.petrova",
    "r.okafor",
    "m.laurent",
    "p.nair",
    "d.whitford",
    "h.singh",
    "t.boyko",
    "",
)


def patterns(resolver: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(route, name) of every page, but not those of the sign-in library beyond its own tests."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not route.startswith("me/"):
                yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern) and pattern.name != "readyz":  # no worker runs beside a test
            yield route, pattern.name or ""


def one_of_each_state(things: Any, key: str) -> list[str]:
    """The key of one thing in each state."""
    found: dict[str, str] = {}
    for state, value in things.values_list("state", key):
        found.setdefault(state, str(value))
    return list(found.values())


def fillings() -> dict[str, list[str]]:
    """What stands for each place in a route."""
    return {
        "<slug:ref>": one_of_each_state(AccountRequest.objects, "ref"),
        "<str:public_id>": one_of_each_state(Account.objects, "public_id"),
        "<str:label>": ["2015-09"],
        "<label>": ["2015-09"],
        "<str:code>": ["rendell", "nowhere"],
        "<code>": ["rendell", "nowhere"],
        "<str:kind>": ["pdf", "png"],
        "<slug:kind>": ["not-found"],
        "<slug:show>": ["late", "mine"],
        "<key>": ["ap-193"],
        "<number>": ["3.1"],
        "<row>": ["2"],
        "<slug:listing>": ["accounts", "requests", "people", "known"],
        "<str:format>": ["csv", "xlsx"],
        "<use>": ["request"],
        "<id>": one_of_each_state(Account.objects, "public_id"),
        "<ref>": one_of_each_state(AccountRequest.objects, "ref"),
        "<str:number>": ["1"],
        "<str:item>": ["told", "nothing"],
        "<str:rule_id>": ["conduct.threat", "nothing"],
        "<str:on>": ["0"],
        "<int:number>": ["2"],
        "<str:name>": ["User"],
        "<slug:step>": ["purpose", "people"],
        "<str:key>": ["decision_days.endorse", "managers_max", "directory_managers"],
    }


# Whose numbers stand in a route, by its beginning; the longest that fits counts.
ROWS: dict[str, type[Model]] = {
    "staff/appointments/": Appointment, "staff/stand-ins/": StandIn, "staff/jobs/": JobRun, "staff/notices/": Notice,
    "staff/mail/": Delivery, "staff/mail/notices/": Notice, "staff/units/": Unit, "staff/people/": Person,
    "staff/changes/": AccountChange, "staff/orders/": AccountOrder, "staff/holds/": CrisisHold,
    "staff/closings/": Closing, "staff/parked/": ParkedHandle, "staff/known/": KnownAccount,
    "staff/known/decide/": KnownAccount, "staff/known/import/": AccountList, "staff/imports/": ImportRun,
    "staff/access/": AccessHolder, "staff/parts/": AccountTie, "staff/helpers/": HelperGroup,
    "staff/managers/": Designation, "staff/hand-overs/": HandOver, "staff/hand-overs/campaigns/": HandOverCampaign,
    "staff/hand-overs/accounts/": HandOverLine, "staff/departures/": Departure,
    "staff/departures/accounts/": DepartureItem, "staff/resets/": Reset, "staff/resets/campaigns/": ResetCampaign,
    "staff/resets/calls/": ResetCall, "staff/calendar/": NamedDays, "staff/certify/": Person,
    "staff/certifications/": Certification, "staff/certifications/late/": Person,
    "staff/certifications/proposals/": SuspensionProposal, "staff/certifications/proposals/for/": Person,
    "staff/certifications/corrections/": Correction, "staff/quiet/mine/": Person, "staff/quiet/import/": PostList,
    "staff/pauses/": Pause, "staff/reviews/samples/": ReviewSample, "staff/reviews/evidence/": ReviewEvidence,
    "staff/cases/": Case, "staff/decisions/": Decision, "staff/appeals/": Appeal, "staff/check/own/": OwnRule,
    "staff/posts/": Post, "staff/findings/": Finding, "staff/findings/rounds/": CheckRound,
    "staff/lists/filters/": SavedFilter, "staff/preferences/tokens/": Token, "staff/webhooks/": HookEndpoint,
    "staff/webhooks/messages/": HookDelivery,
}  # fmt: skip
# What is referred to by a reference instead of a number.
REFS: dict[str, type[Model]] = {"staff/reviews/": Review, "staff/reviews/findings/": ReviewFinding}
# The moves on a page of its own, by the route's beginning.
TABLES = {
    "staff/changes/": registry_changes, "staff/orders/": orders, "staff/holds/": holds, "staff/closings/": closings,
    "staff/parked/": closings, "staff/known/": known, "staff/resets/": keys, "staff/certifications/": upkeep,
    "staff/reviews/": reviews, "staff/cases/": cases, "staff/appeals/": cases, "staff/findings/": monitoring,
    "staff/accounts/": registry_states, "staff/requests/": registry_states, "api/v1/requests/": registry_states,
}  # fmt: skip


def longest(route: str, table: dict[str, Any]) -> Any:
    """What stands beside the longest beginning of a route."""
    found = [beginning for beginning in table if route.startswith(beginning)]
    return table[max(found, key=len)] if found else None


def numbers(route: str) -> list[str]:
    """The first and the last row of those that a route numbers; a number that is nobody's where there are none."""
    model = longest(route, ROWS)
    assert model is not None, f"{route}: say in ROWS whose number that is"
    pks = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    return [str(pk) for pk in sorted({*pks[:1], *pks[-1:]})] or ["1"]


def moves(route: str) -> list[str]:
    """The names of the moves that a route can carry."""
    found = longest(route, TABLES)
    assert found is not None, f"{route}: say in TABLES whose moves those are"
    return sorted({move.name for table in found.values() for move in table})


def addresses() -> list[str]:
    """Every route with its places filled in."""
    out: list[str] = []
    places = fillings()
    for route, _name in patterns(get_resolver()):
        filled = [route]
        here = {
            **places,
            **dict.fromkeys(("<str:move>", "<slug:move>", "<move>"), moves(route) if "move>" in route else []),
        }
        if (model := longest(route, REFS)) and "<slug:ref>" in route:
            here["<slug:ref>"] = [str(ref) for ref in model._default_manager.values_list("ref", flat=True)[:2]] or ["r"]
        for place, values in here.items():
            # A page below a page needs no more than a few of the things above it.
            some = values if route.rstrip("/").endswith(place) or place in {"<slug:move>", "<str:move>"} else values[:2]
            filled = [one.replace(place, value, 1) for one in filled for value in (some if place in one else [""])]
        for place in ("<int:pk>", "<int:person>"):
            if place in route:
                filled = [one.replace(place, number) for one in filled for number in numbers(route)]
        out += ["/" + one for one in filled]
    return out


def test_the_doors_are_those_of_the_sign_in_page() -> None:
    assert {f"{key}@lpsd.ca" for key in DOORS if key} == {role.email for role in roles()}
    assert {key for key in DOORS if key} <= {who.key for who in PEOPLE}


@pytest.mark.parametrize("door", DOORS)
def test_no_page_breaks(door: str) -> None:
    client = Client(raise_request_exception=True)
    if door:
        person = by_email(f"{door}@lpsd.ca")
        assert person
        client.force_login(person)
    opened = 0
    for address in addresses():
        assert "<" not in address, address
        response = client.get(address)
        assert response.status_code < 500, f"{door or 'the public'}: {address} answers {response.status_code}"
        opened += response.status_code == 200
    assert opened > (8 if not door else 25)
