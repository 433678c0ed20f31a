"""Addresses of the desk pages: what waits for me, search, notices, preferences, the workshop's front page."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.desk import finding, mine, today, workshop

urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    path("search", finding.search, name="search"),
    path("workshop/", workshop.workshop, name="workshop"),
    path("notices/", mine.notices, name="notices"),
    path("notices/read", mine.read_all, name="notices_read"),
    path("notices/<int:pk>", mine.open_notice, name="notice"),
    path("preferences/", mine.preferences, name="preferences"),
]
