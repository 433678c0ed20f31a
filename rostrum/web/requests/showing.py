"""Answers of a form as facts to read: each question with what was answered, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rostrum.core import dates
from rostrum.people.models import Person, Unit
from rostrum.policies.queries import text
from rostrum.registry.answers import Raw, Reading, shown

Place = Callable[[Unit], str]


def facts_of(
    section: Any,
    answers: Raw,
    reading: Reading,
    problems: Mapping[str, str] | None = None,
    *,
    place: Place,
    keep: bool = False,
) -> list[dict[str, Any]]:
    """The facts of one section. Questions that do not apply are left out; empty ones too, unless `keep`."""
    found = []
    for item in section.fields:
        if not shown(item, answers):
            continue
        typed = [v for v in answers.get(item.key, []) if v.strip()]
        value = in_words(item, reading.values.get(item.binds or item.key), place)
        found.append(
            {
                "key": item.key,
                "label": text(item.label),
                "value": value or "; ".join(typed),
                "clause": "",
                "problem": (problems or {}).get(item.key, ""),
                "keep": keep,
            }
        )
    return found


def in_words(item: Any, value: Any, place: Place) -> str:
    """One answer as a person reads it; empty when there is none that could be read."""
    labels = {option.value: text(option.label) for option in item.options}
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Unit):
        return place(value)
    if isinstance(value, Person):
        return f"{value.name} <{value.email}>"
    if isinstance(value, date):
        return dates.day(value)
    if isinstance(value, list):
        return "; ".join(_row(one, labels) for one in value)
    return labels.get(value, str(value)) if labels else str(value)


def _row(one: Any, labels: Mapping[str, str]) -> str:
    if isinstance(one, tuple):
        person, role = one
        doing = labels.get(role, "")
        return _("%(name)s (%(role)s)") % {"name": person.name, "role": doing} if doing else str(person.name)
    return labels.get(one, str(one))
