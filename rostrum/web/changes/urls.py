"""Addresses of changes to live accounts: proposed from the account's record, decided on a page of their own."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.changes import deciding, listing, merging, proposing, splitting

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/change/", proposing.propose, name="account_change_new"),
    path("accounts/<str:public_id>/merge/", merging.propose, name="merge_new"),
    path("accounts/<str:public_id>/split/", splitting.ask, name="account_split"),
    path("changes/", listing.listing, name="account_changes"),
    path("changes/<int:pk>/", deciding.change, name="account_change"),
    path("changes/<int:pk>/<str:move>/", deciding.move, name="account_change_move"),
]
