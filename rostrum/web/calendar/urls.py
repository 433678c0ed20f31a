"""Addresses of the pages for the school years of the division."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.calendar import keeping, offering, showing

urlpatterns: list[URLPattern] = [
    path("calendar/", showing.years, name="calendar"),
    path("calendar/add/", keeping.add, name="school_year_add"),
    path("calendar/import/", offering.bring, name="calendar_import"),
    path("calendar/import/template.csv", offering.template, name="calendar_template"),
    path("calendar/take/", offering.take, name="calendar_take"),
    path("calendar/<str:label>/", showing.year, name="school_year"),
    path("calendar/<str:label>/change/", keeping.change, name="school_year_change"),
    path("calendar/<str:label>/remove/", keeping.remove, name="school_year_remove"),
    path("calendar/<str:label>/holidays/", offering.offered, name="school_holidays"),
    path("calendar/<str:label>/next/", offering.forward, name="school_year_next"),
    path("calendar/<str:label>/days/add/", keeping.days_add, name="school_days_add"),
    path("calendar/<str:label>/days/<int:pk>/change/", keeping.days_change, name="school_days_change"),
    path("calendar/<str:label>/days/<int:pk>/remove/", keeping.days_remove, name="school_days_remove"),
]
