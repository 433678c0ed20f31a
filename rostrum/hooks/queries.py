"""What pages may ask about webhooks: the endpoints, their messages, and which need a person."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from rostrum.hooks.models import DeliveryState, EndpointState, HookDelivery, HookEndpoint


def endpoints() -> QuerySet[HookEndpoint]:
    """Every endpoint by name, with `waiting` and `given_up`: how many of its messages wait, how many failed for good."""
    return HookEndpoint.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.OWED)),
        given_up=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
    ).order_by("name", "pk")


def deliveries(endpoint: HookEndpoint) -> QuerySet[HookDelivery]:
    """Every message to an endpoint, the latest first."""
    return HookDelivery.objects.filter(endpoint=endpoint).order_by("-pk")


def in_trouble() -> list[HookEndpoint]:
    """Endpoints whose last message failed, and those that Rostrum switched off by itself."""
    stopped = [EndpointState.FAILING, EndpointState.GONE]
    failing = Q(state=EndpointState.ON, failing_since__isnull=False)
    return list(HookEndpoint.objects.filter(Q(state__in=stopped) | failing).order_by("failing_since", "name"))
