"""Addresses of the log, of letters sent and of background work."""

from __future__ import annotations

from django.urls import URLPattern, path

from rostrum.web.log import jobs, mail, reading

urlpatterns: list[URLPattern] = [
    path("log/", reading.log, name="log"),
    path("log/export.csv", reading.export, name="log_export"),
    path("mail/", mail.letters, name="mail"),
    path("mail/<int:pk>/", mail.letter, name="letter"),
    path("mail/notices/<int:pk>/again", mail.again, name="letter_again"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/again", jobs.again, name="job_again"),
]
