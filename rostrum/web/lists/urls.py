"""Addresses of what a reader does with a list."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.lists import exporting, keeping

urlpatterns: list[URLPattern] = [
    path("lists/<slug:listing>/table.<str:format>", exporting.table, name="list_table"),
    path("lists/<slug:listing>/columns", keeping.columns, name="list_columns"),
    path("lists/<slug:listing>/filters", keeping.keep, name="list_filter_keep"),
    path("lists/filters/<int:pk>/", keeping.rename, name="list_filter"),
    path("lists/filters/<int:pk>/delete/", keeping.drop, name="list_filter_drop"),
]
