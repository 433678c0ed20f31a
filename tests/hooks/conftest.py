"""Webhooks as tests meet them: a receiver that listens, an endpoint that points there, somebody who may keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rostrum.hooks.actions import add
from rostrum.hooks.events import KINDS
from rostrum.hooks.models import HookDelivery, HookEndpoint
from tests.cast import Cast
from tests.hooks.receiver import Receiver


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A server that listens on this machine, which the operator has allowed by name."""
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    made = Receiver()
    server = made.start()
    yield made
    server.shutdown()
    server.server_close()


Adding = Callable[..., tuple[HookEndpoint, str]]


@pytest.fixture
def listening(cast: Cast, receiver: Receiver) -> Adding:
    """Adds an endpoint that points at the receiver; by default for every kind of message."""

    def adding(*events: str, url: str = "") -> tuple[HookEndpoint, str]:
        return add(by=cast.sysadmin, name="Website", url=url or receiver.url, events=events or tuple(KINDS))

    return adding


def only() -> HookDelivery:
    """The one message there is."""
    return HookDelivery.objects.select_related("endpoint").get()
