"""Addresses of the accounts pages: the list, one account's full record, one page per decision."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.accounts import decision, listing, record

urlpatterns: list[URLPattern] = [
    path("accounts/", listing.accounts, name="accounts"),
    path("accounts/<str:public_id>/", record.account, name="account"),
    path("accounts/<str:public_id>/<str:move>/", decision.account_move, name="account_move"),
]
