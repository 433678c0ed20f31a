"""Addresses of the pages of webhooks."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.hooks import keeping, log

urlpatterns: list[URLPattern] = [
    path("webhooks/", log.webhooks, name="webhooks"),
    path("webhooks/add/", keeping.add_one, name="webhook_add"),
    path("webhooks/<int:pk>/", log.webhook, name="webhook"),
    path("webhooks/<int:pk>/change/", keeping.change_one, name="webhook_change"),
    path("webhooks/<int:pk>/key/", keeping.rotate_key, name="webhook_key"),
    path("webhooks/<int:pk>/off/", keeping.off, name="webhook_off"),
    path("webhooks/<int:pk>/on/", keeping.on, name="webhook_on"),
    path("webhooks/<int:pk>/retire/", keeping.retire_one, name="webhook_retire"),
    path("webhooks/<int:pk>/test", log.test, name="webhook_test"),
    path("webhooks/messages/<int:pk>/", log.message, name="webhook_message"),
    path("webhooks/messages/<int:pk>/again", log.again, name="webhook_again"),
]
