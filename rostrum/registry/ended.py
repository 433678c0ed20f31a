"""Suspensions whose day has come: somebody must restore the account or say how long it stays suspended."""

from __future__ import annotations

from django.db.models import QuerySet

from rostrum.core import clock
from rostrum.registry.models import AccountStanding
from rostrum.registry.states import Standing


def ended_suspensions() -> QuerySet[AccountStanding]:
    """The suspensions that were to be looked at by today, the oldest first. Nothing ends by itself."""
    found = AccountStanding.objects.filter(until=None, state=Standing.SUSPENDED, ends_on__lte=clock.today())
    return found.select_related("account__unit").order_by("ends_on", "pk")
