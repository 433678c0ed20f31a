"""One search box for everything that the reader may see: accounts, requests, people, units, clauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rostrum.core.text import UnsafeText, clean, fold
from rostrum.people.models import Person
from rostrum.people.queries import active_people, open_units, people_named, units_named
from rostrum.policies.queries import current, text
from rostrum.registry.directory import verify
from rostrum.registry.queries import accounts_visible_to, status_of, visible_to
from rostrum.registry.search import search as search_accounts
from rostrum.registry.turns import Turns
from rostrum.templatetags.rostrum import clause_url
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.requests.wording import Titles, picture

SHOWN = 5
LIMIT = 200
MOST_WORDS = 8


@dataclass
class Group:
    """One kind of thing found: how many, the first few, and where the rest is."""

    title: Promise | str
    icon: str
    count: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


def read(typed: str) -> str:
    """What was typed, cleaned; nothing when it cannot be text that anyone searches for."""
    try:
        return clean(typed[:LIMIT])
    except UnsafeText:
        return ""


def _all(page: str, typed: str) -> str:
    return f"{reverse(page)}?{urlencode({'q': typed})}"


def accounts(me: Person, typed: str) -> Group:
    """Accounts whose full record the reader may open."""
    found = search_accounts(accounts_visible_to(me), typed).order_by("name", "pk")
    rows = list(found[:SHOWN])
    places = Places(a.unit for a in rows)
    return Group(
        _("Accounts"),
        icon="address-book",
        count=found.count(),
        url=_all("web:accounts", typed) + "&tab=all",
        rows=[
            {
                "title": a.name,
                "sub": f"{a.handle} · {places.of(a.unit)}",
                "url": reverse("web:account", args=[a.public_id]),
                "icon": picture(a.platform),
                "badge": standing_badge(a.state),
            }
            for a in rows
        ],
    )


def requests(me: Person, typed: str) -> Group:
    """Requests that the reader may read, by name, handle, number, unit or the person who asked."""
    found = visible_to(me)
    for word in typed.split()[:MOST_WORDS]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(handle__icontains=word)
            | Q(ref__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(requester__name__icontains=word)
        )
    rows = list(found[:SHOWN])
    titles, turns = Titles(rows), Turns(rows)
    return Group(
        _("Requests"),
        icon="clipboard-list",
        count=found.count(),
        url=_all("web:requests", typed),
        rows=[
            {
                "title": titles.of(r),
                "sub": f"{r.ref} · {r.name}",
                "url": reverse("web:request", args=[r.ref]),
                "icon": picture(r.platform),
                "badge": status_of(r, me, turns),
            }
            for r in rows
        ],
    )


def people(typed: str) -> Group:
    """People who are here, by name, work e-mail or title."""
    ids = people_named(typed, active_people())
    found = Person.objects.select_related("home_unit").in_bulk(ids[:SHOWN])
    return Group(
        _("People"),
        icon="users",
        count=len(ids),
        url=_all("web:people", typed),
        rows=[
            {
                "title": p.name,
                "sub": " · ".join(filter(None, [p.title, p.home_unit.name if p.home_unit else "", p.email])),
                "url": reverse("web:person", args=[p.pk]),
                "icon": "user",
            }
            for p in (found[pk] for pk in ids[:SHOWN])
        ],
    )


def units(typed: str) -> Group:
    """Units that are open, by name, code or town."""
    found = units_named(typed, open_units().order_by("name"))
    places = Places(found[:SHOWN])
    return Group(
        _("Units"),
        icon="sitemap",
        count=len(found),
        url=_all("web:units", typed),
        rows=[
            {
                "title": u.name,
                "sub": f"{u.get_kind_display()} · {places.of(u)}",
                "url": reverse("web:unit", args=[u.pk]),
                "icon": "building",
            }
            for u in found[:SHOWN]
        ],
    )


def clauses(typed: str) -> Group:
    """Clauses of the procedure in force, by number, title or words."""
    words = fold(typed).split()[:MOST_WORDS]
    found = [
        c
        for c in current().clauses
        if words and all(w in fold(f"{c.number} {text(c.title)} {text(c.text)}") for w in words)
    ]
    return Group(
        _("Clauses of the procedure"),
        icon="book-2",
        count=len(found),
        url=reverse("directory:procedure"),
        rows=[
            {
                "title": f"{c.number} {text(c.title)}",
                "sub": text(c.text),
                "url": clause_url(c.number),
                "icon": "bookmark",
            }
            for c in found[:SHOWN]
        ],
    )


def looks_like_an_address(typed: str) -> bool:
    """Whether this is an address or a handle rather than words: then the register's answer comes first."""
    return " " not in typed and any(mark in typed for mark in ("/", "@", "."))


@require_safe
@signed_in
def search(request: StaffRequest) -> HttpResponse:
    """What is found, group by group, with counts; an address or handle is answered as /verify does."""
    typed = read(request.GET.get("q", ""))
    me = request.user
    groups = (
        [accounts(me, typed), requests(me, typed), people(typed), units(typed), clauses(typed)]
        if typed
        else []
    )
    context = {
        "q": typed,
        "groups": [g for g in groups if g.count],
        "total": sum(g.count for g in groups),
        "answer": verify(typed) if looks_like_an_address(typed) else None,
    }
    return render(request, "web/desk/search.html", context)
