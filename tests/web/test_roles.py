"""Who gets what at every address: the whole matrix of `tests/web/roles`, for reading and for sending.

A new address without a row fails.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import resolve

from rostrum.people.actions import note_departure
from tests.web.everywhere import ROLES, World, routes
from tests.web.roles import DESK_ROWS, DOOR_ROWS, MAY_NOT_SEND, SENT

pytestmark = pytest.mark.django_db


def refused(template: str, role: str) -> int | None:
    """What somebody gets who may not send to an address; None when they may."""
    column = ROLES.index(role)
    if template in MAY_NOT_SEND:
        cell = MAY_NOT_SEND[template][column]
        return int(cell) if cell.isdigit() else None
    status = DESK_ROWS[template][column]
    return status if status in {403, 404, 409} or role == "nobody" else None


def everything() -> dict[str, list[Any]]:
    """Every row of every table of Rostrum, the log included."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("rostrum").get_models()
    }


# What a page asks the database depends on these few roles; the others are asked on SQLite only.
ASKED_TWICE = {"teacher", "principal", "communications", "director", "charlie"}
EVERYBODY = [one if one in ASKED_TWICE else pytest.param(one, marks=pytest.mark.pages_again) for one in ROLES]


@pytest.fixture
def world(whole_world: World) -> World:
    return whole_world


def test_every_address_has_its_row(world: World) -> None:
    covered = {resolve(world.path(row)).route for row in (*DESK_ROWS, *DOOR_ROWS)}
    missing = {route.replace("^", "").replace("$", "") for route in routes()} - {
        route.replace("^", "").replace("$", "") for route in covered
    }
    assert missing == set()


def test_every_address_that_takes_something_is_in_the_table_of_sending(world: World) -> None:
    sending = {resolve(world.path(row)).route for row in SENT}
    # Reading pages answer 405 to anything sent; what takes something must be named, or be the sender's own.
    own = {"staff/notices/read", "staff/preferences/", "staff/preferences/tokens/new", "staff/requests/new",
           "staff/stand-ins/new/", "staff/check/", "staff/check/marks"}  # fmt: skip
    client = world.client("teacher", strict=True)
    for row in DESK_ROWS:
        route = resolve(world.path(row)).route
        if route not in sending | own:
            answer = client.post(world.path(row))
            # 405 or a redirect: nothing is read from what was sent. The token is missing on purpose.
            assert answer.status_code in {405, 403}, row
            if answer.status_code == 403:
                tokened = world.client("teacher").post(world.path(row))
                assert tokened.status_code == 405, row


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_reads_what(world: World, role: str) -> None:
    client, column = world.client(role), ROLES.index(role)
    client.raise_request_exception = False
    wrong = []
    for row, expected in DESK_ROWS.items():
        answer = client.get(world.path(row))
        if answer.status_code != expected[column]:
            wrong.append(f"{row}: {answer.status_code}, not {expected[column]}")
        if role == "nobody":
            if answer.status_code == 302 and not answer["Location"].startswith(settings.LOGIN_URL):
                wrong.append(f"{row}: sent to {answer['Location']}")
            if answer.status_code == 200:
                wrong.append(f"{row}: open to everybody")
    for row, expected in DOOR_ROWS.items():
        answer = client.get(world.path(row))
        if answer.status_code != expected[role != "nobody"]:
            wrong.append(f"{row}: {answer.status_code}, not {expected[role != 'nobody']}")
    assert wrong == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_may_not_send_changes_nothing(world: World, role: str) -> None:
    client = world.client(role)
    before = everything()
    wrong, tried = [], 0
    for row, data in SENT.items():
        expected = refused(row, role)
        if expected is None:
            continue
        tried += 1
        answer = client.post(world.path(row), data)
        if answer.status_code != expected:
            wrong.append(f"{row}: {answer.status_code}, not {expected}")
        elif expected == 302 and not answer["Location"].startswith(settings.LOGIN_URL):
            wrong.append(f"{row}: sent to {answer['Location']}")
    assert wrong == []
    assert tried >= 8
    assert everything() == before


def test_charlie_reads_nothing_of_another_school(world: World) -> None:
    """Not in lists, not in searches, not by guessing numbers: other schools' requests are not there at all."""
    client = world.client("charlie")
    for path in (
        "staff/",
        "staff/requests/?view=all",
        "staff/search?q=rendell",
        "staff/accounts/?tab=all",
        "staff/notices/",
    ):
        page = client.get(f"/{path}").content.decode()
        for thing in (world.draft, world.asked, world.endorsed, world.approved):
            assert thing.ref not in page, path
            assert thing.name not in page, path
    numbers = [f"2026-{n:04d}" for n in range(1, 8)]
    assert {client.get(f"/staff/requests/{ref}/").status_code for ref in numbers} == {404}


def test_a_retired_capacity_is_gone_at_once(world: World) -> None:
    """Communications noted a departure: the person's very next request is nobody's."""
    client = world.client("privacy")
    assert client.get("/staff/log/").status_code == 200
    note_departure(world.cast.privacy, by=world.cast.communications)
    assert client.get("/staff/log/").status_code == 302
