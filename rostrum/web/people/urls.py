"""Addresses of the people pages: units, persons, appointments, stand-ins, who may do what."""

from __future__ import annotations

from django.urls import path

from rostrum.web.people import appointments, directory, grants, persons, stand_ins, units

urlpatterns = [
    path("units/", units.tree, name="units"),
    path("units/add/", units.add, name="unit_add"),
    path("units/<int:pk>/", units.show, name="unit"),
    path("units/<int:pk>/change/", units.change, name="unit_change"),
    path("units/<int:pk>/close/", units.close, name="unit_close"),
    path("people/", directory.people, name="people"),
    path("people/suggest", directory.suggest, name="people_suggest"),
    path("people/away/", stand_ins.away, name="away"),
    path("people/add/", persons.add, name="person_add"),
    path("people/<int:pk>/", persons.show, name="person"),
    path("people/<int:pk>/change/", persons.change, name="person_change"),
    path("people/<int:pk>/left/", persons.left, name="person_left"),
    path("people/<int:pk>/back/", persons.back, name="person_back"),
    path("people/<int:pk>/appoint/", appointments.start, name="appoint"),
    path("appointments/<int:pk>/end/", appointments.end, name="appointment_end"),
    path("stand-ins/new/", stand_ins.new, name="stand_in_new"),
    path("stand-ins/<int:pk>/cancel/", stand_ins.cancel, name="stand_in_cancel"),
    path("who-may-do-what", grants.page, name="grants"),
]
