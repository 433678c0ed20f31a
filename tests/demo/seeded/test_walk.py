"""Every page of the demonstration, opened by each role of the sign-in page and by the public: none breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rostrum.demo.people import PEOPLE, roles
from rostrum.jobs.models import JobRun
from rostrum.notices.models import Delivery, Notice
from rostrum.people.models import Appointment, StandIn
from rostrum.people.queries import by_email
from rostrum.registry.models import Account, AccountRequest

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("division")]
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
MOVES = ("endorse", "approve", "return", "decline", "withdraw")
STANDING = ("review", "clear", "suspend", "restore", "close")


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
        "<key>": ["ap-193"],
        "<number>": ["3.1"],
        "<row>": ["2"],
        "<slug:listing>": ["accounts", "requests", "people", "known"],
        "<str:format>": ["csv", "xlsx"],
        "<use>": ["request"],
        "<id>": one_of_each_state(Account.objects, "public_id"),
        "<ref>": one_of_each_state(AccountRequest.objects, "ref"),
        "<move>": ["endorse"],
        "<str:number>": ["1"],
        "<int:number>": ["2"],
        "<str:name>": ["User"],
        "<slug:step>": ["purpose", "people"],
        "<slug:move>": [*MOVES, "confirm"],
        "<str:move>": list(STANDING),
        "<str:key>": ["decision_days.endorse", "managers_max", "directory_managers"],
    }


def numbers(route: str) -> list[str]:
    """Row numbers for the routes that carry one."""
    if "appointments" in route:
        rows: Any = Appointment.objects
    elif "stand-ins" in route:
        rows = StandIn.objects
    elif "jobs" in route:
        rows = JobRun.objects
    elif "mail/notices" in route or "notices" in route:
        rows = Notice.objects
    elif "mail" in route:
        rows = Delivery.objects
    else:
        return ["1", "2", "3"]
    return [str(pk) for pk in rows.order_by("-pk").values_list("pk", flat=True)[:1]]


def addresses() -> list[str]:
    """Every route with its places filled in."""
    out: list[str] = []
    places = fillings()
    for route, _name in patterns(get_resolver()):
        filled = [route]
        for place, values in places.items():
            # A page below a page needs no more than a few of the things above it.
            some = values if route.rstrip("/").endswith(place) or place in {"<slug:move>", "<str:move>"} else values[:2]
            filled = [one.replace(place, value, 1) for one in filled for value in (some if place in one else [""])]
        if "<int:pk>" in route:
            filled = [one.replace("<int:pk>", number) for one in filled for number in numbers(route)]
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
