"""Every address of Rostrum, and beside each measured page a bare one that shows the same rows."""

from __future__ import annotations

from django.urls import include, path

from benchmarks import bare
from rostrum.config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [
    path("bare/", bare.listing),
    path("bare/accounts/<str:public_id>", bare.account),
    path("bare/verify", bare.verify),
    path("", include("rostrum.config.urls")),
]
