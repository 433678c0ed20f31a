"""Addresses of the pages for orders of Communications, and crisis holds."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.orders import giving, holding, listing, placing, record

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/order/", giving.give, name="order_new"),
    path("orders/", listing.orders_list, name="orders"),
    path("orders/<int:pk>/", record.order, name="order"),
    path("orders/<int:pk>/screenshot", record.screenshot, name="order_screenshot"),
    path("orders/<int:pk>/<str:move>/", record.move, name="order_move"),
    path("holds/", holding.holds_list, name="holds"),
    path("holds/new/", placing.new, name="hold_new"),
    path("holds/<int:pk>/", holding.hold, name="hold"),
    path("holds/<int:pk>/progress", holding.progress, name="hold_progress"),
    path("holds/<int:pk>/stopped", holding.stopped, name="hold_stopped"),
    path("holds/<int:pk>/<str:move>/", holding.move, name="hold_move"),
]
