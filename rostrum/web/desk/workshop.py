"""The workshop's front page: what a person who keeps the place running can open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rostrum.core.errors import NotAllowed
from rostrum.people.queries import may
from rostrum.web.access import KEEPERS, StaffRequest, signed_in

# Whoever holds one of these keeps something here.
# Page, permission (empty: anyone signed in), icon, name, what for.
ROOMS = (
    (
        "web:units",
        "",
        {"icon": "sitemap"},
        _("Units"),
        _("The division, its schools, classrooms, clubs and teams."),
    ),
    (
        "web:people",
        "",
        {"icon": "users"},
        _("People"),
        _("Who works or volunteers here, in which role, who stands in."),
    ),
    (
        "web:known_schools",
        "known:import",
        {"icon": "list-search"},
        _("Existing accounts"),
        _("Accounts that are known and not official, school by school; bring a list in."),
    ),
    (
        "web:imports",
        "person:manage",
        {"icon": "file-import"},
        _("Bring people and schools in"),
        _("From your student information system (OneRoster) or from a list."),
    ),
    (
        "web:calendar",
        "",
        {"icon": "calendar"},
        _("School calendar"),
        _("School years, terms, holidays and breaks, which deadlines go by."),
    ),
    (
        "web:grants",
        "",
        {"icon": "shield-check"},
        _("Who may do what"),
        _("One page to print: roles and what each may do."),
    ),
    (
        "web:settings",
        "",
        {"icon": "book-2"},
        _("Procedure and settings"),
        _("The numbers that the procedure leaves open."),
    ),
    (
        "directory:export",
        "unit:manage",
        {"icon": "download"},
        _("Signed copy of the directory"),
        _("The public directory as files that anyone can check."),
    ),
    (
        "web:log",
        "log:read",
        {"icon": "history"},
        _("The log"),
        _("Every act: who, in which role, under which clause."),
    ),
    (
        "web:mail",
        "mail:read",
        {"icon": "mail"},
        _("Letters"),
        _("What was sent to whom, what waits, what failed."),
    ),
    (
        "web:webhooks",
        "hook:manage",
        {"icon": "webhook"},
        _("Webhooks"),
        _("Other systems that are told when something changes."),
    ),
    (
        "web:jobs",
        "job:manage",
        {"icon": "clock-play"},
        _("Background work"),
        _("What runs by itself, and what stopped."),
    ),
)


@require_safe
@signed_in
def workshop(request: StaffRequest) -> HttpResponse:
    """Only the rooms that the reader may enter. For those alone who keep something: nobody else has it in the menu."""
    if not any(may(request.user, one) for one in KEEPERS):
        raise NotAllowed(gettext("The workshop is for those who keep the register in order."))
    rooms = [
        {"url": reverse(page), "name": name, "words": words, **picture}
        for page, need, picture, name, words in ROOMS
        if not need or may(request.user, need)
    ]
    return render(request, "web/desk/workshop.html", {"rooms": rooms})
