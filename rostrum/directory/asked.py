"""What a reader of the directory asks for: words, school, kind, platform, retired ones too, a past day."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.directory.words import choose, unit_of, words
from rostrum.people.models import Unit

LONGEST_SEARCH = 200
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Asked:
    """The filters of one address. `problems` names, by parameter, what could not be used."""

    text: str = ""
    school: str = ""
    unit: Unit | None = None
    kind: str = ""
    platform: str = ""
    retired: bool = False
    on: date | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The same question as the query part of an address, always in one order; empty for the whole directory."""
        parts = {
            "q": self.text, "school": self.school, "kind": self.kind, "platform": self.platform,
            "retired": "1" if self.retired else "", "on": self.on.isoformat() if self.on else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def wanted(self) -> dict[str, Any]:
        """The arguments of registry.directory.directory."""
        return {
            "text": self.text, "unit": self.unit, "kind": self.kind, "platform": self.platform,
            "retired": self.retired, "on": self.on,
        }  # fmt: skip


def past_day(typed: str) -> tuple[date | None, str]:
    """The day that was typed as 2026-09-01, or a sentence that says what is wrong with it.

    Only a day that has begun: nobody knows the directory of tomorrow. Nothing typed is no day and no fault.
    """
    if not typed:
        return None, ""
    try:
        day = date.fromisoformat(typed) if DAY.fullmatch(typed) else None
    except ValueError:  # the 31st of September
        day = None
    if day is None:
        return None, _("There is no such day. Write it as year, month, day: 2026-09-01.")
    if day > clock.today():
        return None, _("That day is still to come. Choose today or an earlier day.")
    return day, ""


def asked(request: HttpRequest) -> Asked:
    """The filters of an address of the machines' kind, where a value that nobody offers is a fault and not ignored."""
    given = request.GET
    problems: dict[str, str] = {}
    school, kind = given.get("school", "").strip(), given.get("kind", "")
    platform, typed = given.get("platform", ""), given.get("on", "").strip()
    unit = unit_of(school) if school else None
    if school and unit is None:
        problems["school"] = _("We have no school or department at this address")
    for name, value in (("kind", kind), ("platform", platform)):
        choices = getattr(words(), f"{name}s") if value else {}
        if value and not choose(choices, value):
            problems[name] = _("One of: %(values)s") % {"values": ", ".join(choices)}
    day, fault = past_day(typed)
    if fault:
        problems["on"] = fault
    return Asked(
        text=given.get("q", "")[:LONGEST_SEARCH].strip(), school=school, unit=unit, kind=kind, platform=platform,
        retired=given.get("retired", "") == "1", on=day, problems=problems,
    )  # fmt: skip


def refused(problems: dict[str, str]) -> JsonResponse:
    """400: which parts of the address could not be used, as a problem document (RFC 9457)."""
    body = {
        "type": f"{settings.SITE_URL}/api/problems/invalid", "title": "Bad Request", "status": 400,
        "detail": " ".join(f"{name}: {problem}" for name, problem in problems.items()),
        "fields": {name: [problem] for name, problem in problems.items()},
    }  # fmt: skip
    response = JsonResponse(body, status=400, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response
