"""Addresses of the procedure pages: the settings of the edition in force, and its editions."""

from __future__ import annotations

from django.urls import path

from rostrum.web.procedure import settings

urlpatterns = [
    path("procedure/", settings.overview, name="settings"),
    # The same page under the name by which the main menu knows it.
    path("procedure/", settings.overview, name="procedure"),
    path("procedure/settings/<str:key>/", settings.show, name="setting"),
    path("procedure/settings/<str:key>/clear/", settings.clear, name="setting_clear"),
]
