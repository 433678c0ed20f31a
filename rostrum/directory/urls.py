"""Addresses of the public side. Other sites and scripts link here: an address stays where it is."""

from __future__ import annotations

from django.urls import path

from rostrum.directory import account, home, procedure, verify

app_name = "directory"
urlpatterns = [
    path("", home.home, name="home"),
    path("accounts/<str:public_id>", account.account, name="account"),
    path("accounts/<str:public_id>/qr.svg", account.qr, name="qr"),
    path("verify", verify.verify, name="verify"),
    path("procedure", procedure.procedure, name="procedure"),
    path("procedure/<str:label>", procedure.procedure, name="edition"),
]
