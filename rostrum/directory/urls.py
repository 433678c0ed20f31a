"""Addresses of the public side. Other sites and scripts link here: an address stays where it is."""

from __future__ import annotations

from django.urls import path

from rostrum.directory import (
    account,
    atom,
    embed,
    home,
    offering,
    poster,
    procedure,
    rows,
    sitemap,
    trust,
    unit,
    verify,
)

app_name = "directory"
urlpatterns = [
    path("", home.home, name="home"),
    path("accounts/<str:public_id>", account.account, name="account"),
    path("accounts/<str:public_id>/qr.svg", account.qr, name="qr"),
    path("units/<str:code>", unit.unit, name="unit"),
    path("units/<str:code>/qr.svg", unit.qr, name="unit-qr"),
    path("units/<str:code>/website", embed.website, name="website"),
    path("units/<str:code>/poster.<str:kind>", poster.poster, name="poster"),
    path("embed/<str:code>", embed.embed, name="embed"),
    path("badge/<str:public_id>.svg", embed.badge, name="badge"),
    path("directory.json", rows.as_json, name="json"),
    path("directory.csv", rows.as_csv, name="csv"),
    path("directory.atom", atom.feed, name="atom"),
    path("directory.pub", offering.public_key, name="public-key"),
    path("trust.txt", trust.trust, name="trust"),
    path(".well-known/trust.txt", trust.trust),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("staff/directory/", offering.offer, name="export"),
    path("staff/directory/export.zip", offering.download, name="export-zip"),
    path("verify", verify.verify, name="verify"),
    path("procedure", procedure.procedure, name="procedure"),
    path("procedure/<str:label>", procedure.procedure, name="edition"),
]
