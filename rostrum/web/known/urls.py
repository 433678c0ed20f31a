"""Addresses of the pages of known accounts: the list, schools, one record, deciding, approving, bringing a list in."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.known import approving, deciding, importing, listing, record, sighting

urlpatterns: list[URLPattern] = [
    path("known/", listing.known_list, name="known_list"),
    path("known/schools/", listing.schools, name="known_schools"),
    path("known/found/", sighting.found, name="known_found"),
    path("known/approve/", approving.approve, name="known_approve"),
    path("known/decide/<int:pk>/", deciding.decide, name="known_decide"),
    path("known/import/", importing.choose, name="known_import"),
    path("known/import/<int:pk>/", importing.staged, name="known_staged"),
    path("known/import/<int:pk>/sheet/", importing.sheet, name="known_sheet"),
    path("known/import/<int:pk>/columns/", importing.columns, name="known_columns"),
    path("known/import/<int:pk>/together/", importing.together, name="known_together"),
    path("known/import/<int:pk>/rows/<int:number>/", importing.row, name="known_row"),
    path("known/<int:pk>/", record.known, name="known"),
    path("known/<int:pk>/screenshot", record.screenshot, name="known_screenshot"),
    path("known/<int:pk>/place/", record.place, name="known_place"),
    path("known/<int:pk>/<str:move>/", record.move, name="known_move"),
]
