"""Addresses of a person's own access tokens."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.tokens import own

urlpatterns: list[URLPattern] = [
    path("preferences/tokens/", own.tokens, name="tokens"),
    path("preferences/tokens/new", own.new, name="token_new"),
    path("preferences/tokens/<int:pk>/end/", own.end, name="token_end"),
]
