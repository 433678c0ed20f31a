"""Addresses of requests: the list, both forms, the record page, every decision."""

from __future__ import annotations

from django.urls import path

from rostrum.web.requests import decisions, forms, listing, naming, record, registering

urlpatterns = [
    path("requests/", listing.requests, name="requests"),
    path("requests/new", forms.new, name="request_new"),
    path("requests/<slug:ref>/", record.show, name="request"),
    path("requests/<slug:ref>/form/", forms.resume, name="request_form"),
    path("requests/<slug:ref>/form/<slug:step>", forms.step, name="request_form"),
    path("requests/<slug:ref>/registration/", registering.resume, name="registration_form"),
    path("requests/<slug:ref>/registration/<slug:step>", registering.step, name="registration_form"),
    path(
        "requests/<slug:ref>/registration/move/<slug:move>",
        decisions.registration_move,
        name="registration_move",
    ),
    path("requests/<slug:ref>/designation/", naming.designation, name="designation"),
    path("requests/<slug:ref>/<slug:move>/", decisions.request_move, name="request_move"),
]
