"""Addresses of the accounts pages: the list, one page per decision."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.accounts import decision, listing

urlpatterns: list[URLPattern] = [
    path("accounts/", listing.accounts, name="accounts"),
    path("accounts/<str:public_id>/<str:move>/", decision.account_move, name="account_move"),
]
