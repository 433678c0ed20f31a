"""Addresses of the pages for closing an account: the checklist, parking, merging, splitting."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.closing import checklist, parked, starting

urlpatterns: list[URLPattern] = [
    path("accounts/<str:public_id>/closing/", starting.start, name="closing_new"),
    path("closings/", checklist.closings_list, name="closings"),
    path("closings/<int:pk>/", checklist.one, name="closing"),
    path("closings/<int:pk>/items/<str:item>", checklist.answer, name="closing_answer"),
    path("closings/<int:pk>/<str:move>/", checklist.move, name="closing_move"),
    path("parked/", parked.parked_list, name="parked_list"),
    path("parked/<int:pk>/", parked.parked, name="parked"),
    path("parked/<int:pk>/again", parked.again, name="parked_again"),
    path("parked/<int:pk>/<str:move>/", parked.move, name="parked_move"),
]
