"""Addresses of the imports of people and schools."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.imports import choosing, looking

urlpatterns: list[URLPattern] = [
    path("imports/", choosing.choose, name="imports"),
    path("imports/template.csv", choosing.template, name="import_template"),
    path("imports/<int:pk>/", looking.show, name="import"),
    path("imports/<int:pk>/faults.csv", looking.faults, name="import_faults"),
]
