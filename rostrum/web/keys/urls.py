"""Addresses of the pages for resets of an account's access, and campaigns of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.keys import calling, campaigning, deciding, listing, stating

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/reset/", stating.make, name="reset_make"),
    path("accounts/<str:public_id>/reset/ask/", calling.ask, name="reset_ask"),
    path("resets/", listing.calls, name="resets"),
    path("resets/alarm/", calling.alarm, name="reset_alarm"),
    path("resets/statements/", listing.statements, name="reset_statements"),
    path("resets/show/<slug:show>/", listing.shown, name="resets_shown"),
    path("resets/campaigns/", campaigning.listing, name="reset_campaigns"),
    path("resets/campaigns/start/", campaigning.start, name="reset_campaign_start"),
    path("resets/campaigns/<int:pk>/", campaigning.campaign, name="reset_campaign"),
    path("resets/campaigns/<int:pk>/table.csv", campaigning.table, name="reset_campaign_table"),
    path("resets/campaigns/<int:pk>/<str:move>/", campaigning.move, name="reset_campaign_move"),
    path("resets/calls/<int:pk>/", calling.call, name="reset_call"),
    path("resets/calls/<int:pk>/off/", calling.off, name="reset_call_off"),
    path("resets/<int:pk>/", deciding.reset, name="reset"),
    path("resets/<int:pk>/again/", stating.again, name="reset_again"),
    path("resets/<int:pk>/<str:move>/", deciding.move, name="reset_move"),
]
