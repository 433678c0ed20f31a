"""Reading webhooks: the list, one with the log of its messages, one message with its answer; a test; sending again."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.hooks.actions import send_again, send_test
from rostrum.hooks.models import DeliveryState, EndpointState, HookDelivery, HookEndpoint
from rostrum.hooks.queries import deliveries, endpoints
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.hooks.keeping import crumbs, found
from rostrum.web.hooks.wording import delivery_badge, endpoint_badge, kind_words, need, tries_of, trouble_words

PER_PAGE = 25
TABS = (
    ("", pgettext_lazy("messages of a webhook", "All")),
    ("trouble", gettext_lazy("In trouble")),
    (DeliveryState.OWED.value, pgettext_lazy("messages of a webhook", "Waiting")),
    (DeliveryState.SENT.value, pgettext_lazy("messages of a webhook", "Delivered")),
)


def _line(endpoint: Any) -> str:
    """What there is to know of a webhook in one line of the list."""
    if endpoint.state == EndpointState.ON and endpoint.failing_since:
        return _("Every message failed since %(day)s.") % {"day": day(endpoint.failing_since)}
    if endpoint.state == EndpointState.RETIRED:
        return _("Retired on %(day)s. Its messages can be read for 90 days.") % {"day": day(endpoint.stopped_at)}
    if endpoint.state != EndpointState.ON:
        return _("Nothing is sent since %(day)s.") % {"day": day(endpoint.stopped_at)}
    if endpoint.last_ok_at:
        return _("Last delivered on %(day)s.") % {"day": day(endpoint.last_ok_at)}
    return _("Nothing was sent yet.")


@require_safe
@signed_in
def webhooks(request: StaffRequest) -> HttpResponse:
    """Every webhook, those in trouble first, retired ones last."""
    need(request.user)
    rows: list[dict[str, Any]] = [
        {
            "it": one, "badge": endpoint_badge(one), "host": urlsplit(one.url).hostname, "line": _line(one),
            "kinds": ngettext("One kind of message", "%(count)d kinds of messages", len(one.events))
            % {"count": len(one.events)},
        }
        for one in endpoints()
    ]  # fmt: skip
    order = {"stop": 0, "act": 1, "good": 2}
    rows.sort(key=lambda row: (row["it"].state == EndpointState.RETIRED, order.get(row["badge"]["tone"], 3)))
    return render(request, "web/hooks/list.html", {"rows": rows})


def _shown(delivery: HookDelivery) -> dict[str, Any]:
    return {
        "it": delivery, "badge": delivery_badge(delivery), "words": kind_words(delivery.kind),
        "trouble": trouble_words(delivery.last_trouble, delivery.last_status),
    }  # fmt: skip


@require_safe
@signed_in
def webhook(request: StaffRequest, pk: int) -> HttpResponse:
    """One webhook: what it hears of, how it fares, and the log of its messages."""
    need(request.user)
    endpoint = found(pk)
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(TABS) else ""
    all_of_it = deliveries(endpoint)
    troubled = all_of_it.filter(state=DeliveryState.FAILED) | all_of_it.exclude(last_trouble="").filter(
        state=DeliveryState.OWED
    )
    listed = troubled if tab == "trouble" else all_of_it.filter(state=tab) if tab else all_of_it
    page = Paginator(listed.defer("payload", "tries", "last_answer"), PER_PAGE).get_page(request.GET.get("page"))
    on = endpoint.state == EndpointState.ON
    both_until = endpoint.overlap_until if endpoint.sealed_before else None
    context = {
        "it": endpoint, "on": on, "badge": endpoint_badge(endpoint), "tabs": TABS, "tab": tab, "page": page,
        "rows": [_shown(one) for one in page], "in_trouble": troubled.count(), "line": _line(endpoint),
        "kinds": [kind_words(kind) for kind in endpoint.events], "key": new_key(), "crumbs": crumbs(),
        "both_until": both_until if both_until and both_until > clock.now() else None,
        "retired": endpoint.state == EndpointState.RETIRED,
        "why_off": endpoint.get_state_display() if endpoint.state in {EndpointState.FAILING, EndpointState.GONE} else "",
    }  # fmt: skip
    return render(request, "web/hooks/record.html", context)


@require_POST
@signed_in
def test(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a test message, and go to its page."""
    need(request.user)
    endpoint = found(pk)

    def act() -> str:
        delivery = send_test(endpoint, by=request.user)
        messages.success(
            request, _("The test is on its way. Open this page again in a few seconds to see what came back.")
        )
        return reverse("web:webhook_message", args=[delivery.pk])

    return perform(request, act)


def _message(pk: int) -> HookDelivery:
    delivery = HookDelivery.objects.select_related("endpoint").filter(pk=pk).first()
    if delivery is None:
        raise Http404
    return delivery


@require_safe
@signed_in
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """One message: what was sent, what came back, every attempt."""
    need(request.user)
    delivery = _message(pk)
    endpoint: HookEndpoint = delivery.endpoint
    fresh = delivery.state == DeliveryState.OWED and not delivery.attempts
    context = {
        **_shown(delivery), "endpoint": endpoint, "tries": tries_of(delivery), "key": new_key(),
        "body": json.dumps(delivery.payload, ensure_ascii=False, indent=2, sort_keys=True),
        "crumbs": crumbs((endpoint.name, reverse("web:webhook", args=[endpoint.pk]))),
        "again": endpoint.state == EndpointState.ON and not fresh, "fresh": fresh,
    }  # fmt: skip
    return render(request, "web/hooks/message.html", context)


@require_POST
@signed_in
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Send one message again, with all its attempts."""
    need(request.user)
    delivery = _message(pk)

    def act() -> str:
        send_again(delivery, by=request.user)
        messages.success(request, _("The message is on its way again. Open this page again in a few seconds."))
        return reverse("web:webhook_message", args=[pk])

    return perform(request, act)
