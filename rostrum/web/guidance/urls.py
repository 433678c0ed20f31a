"""Addresses of the pages for the reading of the procedure and its acknowledgement."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.guidance import readers, reading

urlpatterns: list[URLPattern] = [
    path("reading/", reading.read, name="guidance_read"),
    path("reading/people/", readers.people, name="guidance_readers"),
    path("reading/<str:label>/", reading.onward, name="guidance_of"),
]
