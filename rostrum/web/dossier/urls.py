"""The address of an account's full record."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.dossier import page

urlpatterns: list[URLPattern] = [path("accounts/<str:public_id>/", page.account, name="account")]
