"""The address of the page "Reviews"."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.oversight import hub

urlpatterns: list[URLPattern] = [path("oversight/", hub.oversight, name="oversight")]
