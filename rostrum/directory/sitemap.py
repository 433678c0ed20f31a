"""The list of public pages for search engines (sitemaps.org): accounts, schools, and the pages that lead to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from rostrum.directory.machines import for_machines, send_made
from rostrum.registry import directory as register
from rostrum.registry.listing import OFFICIAL, read_as

MOST = 50_000  # addresses in one file, by the format's own rule
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
KIND = "application/xml; charset=utf-8"


@for_machines
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """`/sitemap.xml`: all pages, or an index of parts (`?part=2`) when they are more than one file may hold."""
    typed = request.GET.get("part", "")
    part = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0
    if typed and not 1 <= part <= max(1, -(-len(list(places())) // MOST)):
        raise Http404
    return send_made(request, ("sitemap", str(part)), lambda: (sitemap_xml(part).encode(), ""), kind=KIND)


def sitemap_xml(part: int = 0, *, most: int = MOST) -> str:
    """The file; with part 0 the index when one file cannot hold all."""
    found = list(places())
    if part == 0 and len(found) > most:
        parts = range(1, -(-len(found) // most) + 1)
        address = settings.SITE_URL + reverse("directory:sitemap")
        inside = "".join(f"<sitemap><loc>{escape(f'{address}?part={n}')}</loc></sitemap>" for n in parts)
        return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex {NS}>{inside}</sitemapindex>\n'
    first = max(0, part - 1) * most
    inside = "".join(
        f"<url><loc>{escape(settings.SITE_URL + path)}</loc>{_changed(at)}</url>"
        for path, at in found[first : first + most]
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset {NS}>{inside}</urlset>\n'


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{timezone.localdate(at).isoformat()}</lastmod>" if at else ""


def places() -> Iterator[tuple[str, datetime | None]]:
    """The path of every page worth finding, and when what it says last changed, where that is known."""
    for name in ("home", "procedure"):  # not verify: its answers are about anything that anybody pastes
        yield reverse(f"directory:{name}"), None
    for unit in register.places():
        yield reverse("directory:unit", args=[unit.code]), None
    base = reverse("directory:account", args=["0"])[:-1]
    rows = register.directory(retired=True).select_related(None)
    for public_id, state, since, changed in rows.values_list(
        "public_id", "state", "official_since", "standing_since"
    ).iterator():
        yield f"{base}{public_id}", since if read_as(state) == OFFICIAL else changed
