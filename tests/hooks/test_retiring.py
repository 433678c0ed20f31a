"""Retiring a webhook: the end for good, what stays to be read, and every act that is refused afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rostrum.audit.models import Event
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.hooks.actions import MOST, change, retire, rotate, send_again, send_test, switch_off, switch_on
from rostrum.hooks.models import DeliveryState, EndpointState, HookDelivery, HookEndpoint
from rostrum.jobs.actions import run_due
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.hooks.conftest import Adding, only
from tests.hooks.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_it_hears_nothing_more_and_its_messages_stay(cast: Cast, receiver: Receiver, listening: Adding) -> None:
    endpoint, _key = listening()
    send_test(endpoint, by=cast.sysadmin)
    retire(endpoint, by=cast.sysadmin)
    change_standing(official(cast), "suspend", by=cast.communications, reason="Nobody answers comments.")
    run_due()
    assert receiver.got == []
    assert only().state == DeliveryState.DROPPED
    assert (endpoint.sealed, endpoint.sealed_before, endpoint.overlap_until) == ("", "", None)
    assert Event.objects.filter(act="hookendpoint:retire").count() == 1


def again(endpoint: HookEndpoint, cast: Cast) -> HookDelivery:
    """Send the endpoint's only message once more."""
    return send_again(endpoint.deliveries.get(), by=cast.sysadmin)


@pytest.mark.parametrize(
    "act",
    [
        lambda endpoint, cast: change(endpoint, by=cast.sysadmin, name="A", url=endpoint.url, events=endpoint.events),
        lambda endpoint, cast: rotate(endpoint, by=cast.sysadmin),
        lambda endpoint, cast: switch_off(endpoint, by=cast.sysadmin),
        lambda endpoint, cast: switch_on(endpoint, by=cast.sysadmin),
        lambda endpoint, cast: send_test(endpoint, by=cast.sysadmin),
        again,
        lambda endpoint, cast: retire(endpoint, by=cast.sysadmin),
    ],
)
def test_after_it_every_act_comes_too_late(cast: Cast, listening: Adding, act: Callable[..., Any]) -> None:
    endpoint, _key = listening()
    send_test(endpoint, by=cast.sysadmin)
    retire(endpoint, by=cast.sysadmin)
    with pytest.raises(WrongState):
        act(endpoint, cast)
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.RETIRED


def test_only_who_keeps_webhooks_retires_one(cast: Cast, listening: Adding) -> None:
    endpoint, _key = listening()
    with pytest.raises(NotAllowed):
        retire(endpoint, by=cast.communications)
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.ON


def test_a_retired_one_makes_room(cast: Cast, listening: Adding) -> None:
    made = [listening()[0] for _ in range(MOST)]
    retire(made[0], by=cast.sysadmin)
    assert listening()[0].state == EndpointState.ON


def test_on_its_page_nothing_is_left_but_reading(cast: Cast, listening: Adding, client: Client) -> None:
    endpoint, _key = listening()
    send_test(endpoint, by=cast.sysadmin)
    client.force_login(cast.sysadmin)
    where = reverse("web:webhook_retire", args=[endpoint.pk])
    assert "for good" in client.get(where).content.decode()
    done = client.post(where, {"_key": "retire-1"}, follow=True)
    assert done.redirect_chain == [(reverse("web:webhooks"), 302)] or done.redirect_chain[0][1] == 303
    page = client.get(reverse("web:webhook", args=[endpoint.pk])).content.decode()
    for gone in ("change", "key", "off", "on", "test", "retire"):
        assert reverse(f"web:webhook_{gone}", args=[endpoint.pk]) not in page
    assert reverse("web:webhook_message", args=[only().pk]) in page
    assert client.get(where).status_code == 409
    assert client.get(reverse("web:webhook_change", args=[endpoint.pk])).status_code == 409
