"""Addresses of checking a text before it is posted, and of the rules. The public page has its own, see config.urls."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.checks import own, posting, rules

urlpatterns: list[URLPattern] = [
    path("check/", posting.check, name="check"),
    path("check/marks", posting.marks, name="check_marks"),
    path("check/rules/", rules.catalogue, name="rules"),
    path("check/rules/<str:rule_id>/", rules.rule, name="rule"),
    path("check/own/", own.listing, name="own_rules"),
    path("check/own/add/", own.add, name="own_rule_add"),
    path("check/own/<int:pk>/", own.record, name="own_rule"),
    path("check/own/<int:pk>/change/", own.change, name="own_rule_change"),
    path("check/own/<int:pk>/try/", own.try_it, name="own_rule_try"),
    path("check/own/<int:pk>/live/", own.live, name="own_rule_live"),
    path("check/own/<int:pk>/off/", own.off, name="own_rule_off"),
]
