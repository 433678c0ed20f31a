"""Addresses of the SCIM endpoint, as the standard names them."""

from __future__ import annotations

from django.urls import path

from rostrum.api.scim import views
from rostrum.api.scim.views import scim

app_name = "scim"
urlpatterns = [
    path("Users", scim(GET=views.users, POST=views.create)),
    path("Users/<str:number>", scim(GET=views.read, PUT=views.replace, PATCH=views.patch, DELETE=views.remove)),
    path("ServiceProviderConfig", scim(GET=views.provider)),
    path("ResourceTypes", scim(GET=views.resource_types)),
    path("ResourceTypes/<str:name>", scim(GET=views.resource_types)),
    path("Schemas", scim(GET=views.schemas)),
    path("Schemas/<str:name>", scim(GET=views.schemas)),
]
