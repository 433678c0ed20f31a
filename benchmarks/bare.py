"""The bare pages: the same rows through the same middleware, by a plain query and a template with nothing around it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from rostrum.connectors import resolve
from rostrum.people.models import Unit
from rostrum.registry.directory import COUNTED, PAGE_ROWS
from rostrum.registry.models import Account
from rostrum.registry.search import search


def listing(request: HttpRequest) -> HttpResponse:
    """25 accounts, searched and filtered as the directory is, and their capped count."""
    asked = request.GET
    accounts = Account.objects.select_related("unit", "unit__parent").exclude(state="retired")
    if asked.get("school"):
        unit = Unit.objects.get(code=asked["school"])
        accounts = accounts.filter(unit__path__startswith=unit.path)
    if asked.get("kind"):
        accounts = accounts.filter(entity_kind=asked["kind"])
    if asked.get("platform"):
        accounts = accounts.filter(platform=asked["platform"])
    accounts = search(accounts, asked.get("q", ""))
    count = accounts.order_by()[: COUNTED + 1].count()
    at = (int(asked.get("page", "1")) - 1) * PAGE_ROWS
    return render(
        request,
        "bench/listing.html",
        {"count": count, "accounts": accounts.order_by("name", "pk")[at : at + PAGE_ROWS]},
    )


def account(request: HttpRequest, public_id: str) -> HttpResponse:
    """One account, its office and its standings."""
    found = get_object_or_404(Account.objects.select_related("unit", "unit__parent"), public_id=public_id)
    standings = found.standings.order_by("since")
    return render(request, "bench/account.html", {"account": found, "standings": standings})


def verify(request: HttpRequest) -> HttpResponse:
    """The account of an address, or none: the plain look-up alone, without any look-alike."""
    read = resolve(request.GET.get("url", ""))
    found = (
        Account.objects.select_related("unit", "unit__parent")
        .filter(platform=read.platform, canonical_id=read.canonical_id)
        .first()
    )
    return render(request, "bench/verify.html", {"account": found})
