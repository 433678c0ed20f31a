"""Two workers at once, each with a connection of its own: what happened is owed once, and each message is sent once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from rostrum.hooks.actions import send_test
from rostrum.hooks.models import DeliveryState, HookDelivery
from rostrum.hooks.sending import deliver_due, gather
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.hooks.conftest import Adding
from tests.hooks.receiver import Receiver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory is one connection; one writer at a time"),
]
COUNT = 12


def at_once(act: Callable[[], Any]) -> list[Any]:
    """What an act gave each of two threads that began together. Raises what either raised."""
    ready = threading.Barrier(2)
    given: list[Any] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            ready.wait(timeout=10)
            given.append(act())
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    if raised:
        raise raised[0]
    return given


def test_two_workers_send_each_message_once(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    for _ in range(COUNT):
        send_test(endpoint, by=cast.sysadmin)
    sent = at_once(lambda: deliver_due(endpoint.pk))
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert len(ids) == len(set(ids)) == sum(sent) == COUNT
    assert set(HookDelivery.objects.values_list("state", "attempts")) == {(DeliveryState.SENT, 1)}


def test_two_workers_owe_what_happened_once(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    account = official(cast)
    listening()
    change_standing(account, "suspend", by=cast.communications, reason="Nobody answers comments.")
    at_once(gather)
    assert HookDelivery.objects.filter(kind="account.suspended").count() == 1
