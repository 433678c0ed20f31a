"""How a request is called and told on pages: title, place, picture of the platform, history in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rostrum.audit.queries import HistoryEntry
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Turn
from rostrum.policies.queries import content, in_force, text
from rostrum.registry.models import AccountRequest
from rostrum.registry.platforms import account_for, catalogue

# Every platform of the catalogue; the build of the icons always keeps these.
PICTURES = {
    "blog": "rss",
    "facebook": "brand-facebook",
    "flickr": "brand-flickr",
    "instagram": "brand-instagram",
    "linkedin": "brand-linkedin",
    "pinterest": "brand-pinterest",
    "x": "brand-x",
    "youtube": "brand-youtube",
    "threads": "brand-threads",
    "tiktok": "brand-tiktok",
    "mastodon": "brand-mastodon",
    "bluesky": "brand-bluesky",
    "googleplus": "brand-google",
}
TONES = {
    "draft": "draft",
    "endorse": "good",
    "approve": "good",
    "confirm": "good",
    "merge": "good",
    "register": "good",
    "open": "good",
    "accept": "good",
    "return": "act",
    "decline": "stop",
    "withdraw": "over",
    "lapse": "over",
}
OWN_PLACES = frozenset({"school", "department", "division"})


class Titles:
    """Titles, places and platform names for any number of requests, in two queries."""

    def __init__(self, requests: Iterable[AccountRequest]) -> None:
        ids = {pk for r in requests if r.unit for pk in r.unit.ancestor_ids}
        self._units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=ids)}
        self._labels = {platform.key: text(platform.label) for platform in catalogue()}

    def place(self, unit: Unit | None) -> str:
        """ "Grade 4, Rendell Park School": the unit and the school or department it lies in."""
        if unit is None:
            return ""
        above = [self._units[pk] for pk in unit.ancestor_ids if pk in self._units]
        school = next((u for u in above if u.kind in OWN_PLACES and u.kind != "division"), None)
        if school is None or school.pk == unit.pk:
            return unit.name
        return _("%(unit)s, %(school)s") % {"unit": unit.name, "school": school.name}

    def platform(self, key: str) -> str:
        """The platform's name for people."""
        return self._labels.get(key, key)

    def of(self, request: AccountRequest) -> str:
        """What a request is called: "Instagram account for Grade 4, Rendell Park School"."""
        place, platform = self.place(request.unit), self.platform(request.platform)
        if place and platform:
            return account_for(request.platform, platform, place)
        if place:
            return _("An account for %(place)s") % {"place": place}
        return _("A new request for an account")


def picture(platform: str) -> str:
    """The icon of a platform."""
    return PICTURES.get(platform, "world")


def role_words(role: str) -> str:
    """A role as the procedure in force calls it; empty for a mere part in a request."""
    known = content(in_force()).role(role)
    return text(known.label) if known and role != "requester" else ""


def with_whom(turn: Turn | None) -> list[str]:
    """ "Ana Petrova, School administrator, Rendell Park School" for each person whose turn it is."""
    if turn is None or turn.unit is None:
        return []
    role = role_words(turn.role)
    return [
        _("%(name)s, %(role)s, %(unit)s") % {"name": person.name, "role": role, "unit": turn.unit.name}
        if role
        else person.name
        for person in turn.people
    ]


def words_of(entry: HistoryEntry, who: str = "") -> str:
    """An entry of a history as a sentence; a step of approval by the words that its edition has for it."""
    who = who or entry.who
    step = entry.after.get("step") if isinstance(entry.after, dict) else None
    if isinstance(step, dict):
        label = step.get((get_language() or "en")[:2], step.get("en", ""))
        return _("%(who)s said yes. The step was “%(step)s”.") % {"who": who, "step": label}
    return replace(entry, who=who).words


def timeline(entries: Iterable[HistoryEntry]) -> list[dict[str, Any]]:
    """A history for the timeline component, each act with who did it in which role."""
    roles = {role.key: text(role.label) for role in content(in_force()).roles if role.key != "requester"}
    told = []
    for entry in entries:
        role = roles.get(entry.role, "")
        who = _("%(name)s (%(role)s)") % {"name": entry.who, "role": role} if role else entry.who
        told.append(
            {
                "at": entry.at,
                "words": words_of(entry, who),
                "note": entry.note,
                "citations": entry.citations,
                "tone": TONES.get(entry.act.partition(":")[2], "moving"),
                "redacted": entry.redacted,
            }
        )
    return told


def names(people: Iterable[Person | None]) -> list[str]:
    """Each person's name once, in order."""
    return list(dict.fromkeys(person.name for person in people if person is not None))
