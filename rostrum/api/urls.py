"""Addresses of the API, its description and its pages. Programs link here: an address stays where it is."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.api import pages
from rostrum.api.api import api
from rostrum.api.door import guarded


def _operations() -> list[URLPattern]:
    """Every operation behind the door. The framework's own pages stay out: ours obey our own rules."""
    found = []
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = guarded(pattern.callback)
            found.append(pattern)
    return found


app_name = "api"
urlpatterns = [
    path("docs", pages.docs, name="docs"),
    path("problems/<slug:kind>", pages.problem, name="problem"),
    path("v1/openapi.json", pages.description, name="openapi"),
    *(path(f"v1/{one.pattern}", one.callback, name=one.name) for one in _operations()),
]
