"""Reading what was typed into a form that is data: each field's value, and what is wrong with it, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rostrum.core.secretive import HIDDEN, looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person, Unit
from rostrum.people.queries import by_email, open_units
from rostrum.policies.queries import text as in_language
from rostrum.policies.rolewords import keeper

LIMITS = {"text": 200, "longtext": 2000, "email": 254, "url": 500, "handle": 300, "person": 254}
RAW_LIMIT = 4000  # characters kept of any one answer in a draft; more is refused before anything is stored


@dataclass
class Reading:
    """A form read: values by what each field binds (Python values), problems by field key (a sentence each)."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


Raw = Mapping[str, list[str]]


def shown(item: Any, raw: Raw) -> bool:
    """Whether a field applies, given the other answers (its `show_when`)."""
    rule = item.show_when
    return rule is None or (raw.get(rule.field) or [""])[0] == rule.equals


def fields_of(form: Any) -> list[Any]:
    """All fields of a form, in order."""
    return [item for section in form.sections for item in section.fields]


def key_for(form: Any, bind: str) -> str:
    """The key of the field that fills a column; the column's own name when no field does."""
    return next((str(item.key) for item in fields_of(form) if item.binds == bind), bind)


def keep(form: Any, raw: Raw) -> dict[str, list[str]]:
    """What may be kept of a submitted form as typed: known fields only, nothing a database cannot hold, no secret.

    What looks like a secret is covered at once: a draft is stored too, and no password is (house rule; AP 193 3.4).
    Raises Invalid through the caller when an unknown field came along; see `unknown`.
    """
    kept: dict[str, list[str]] = {}
    for item in fields_of(form):
        for key in (item.key, f"{item.key}__role"):
            if key in raw:
                kept[key] = [_storable(value) for value in raw[key]][:60]
        if item.binds == "custody" and item.key in kept:
            kept[item.key] = [HIDDEN if looks_secret(value) else value for value in kept[item.key]]
    return kept


def unknown(form: Any, raw: Raw) -> list[str]:
    """Names that came with the form but are not fields of it (a state is never a form field)."""
    known = {item.key for item in fields_of(form)} | {f"{item.key}__role" for item in fields_of(form)}
    return sorted(set(raw) - known)


def _storable(value: str) -> str:
    """The typed text with only NUL and lone surrogates replaced, so that it can be shown again as typed."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "�")[:RAW_LIMIT]


def too_long(raw: Raw) -> list[str]:
    """Fields whose answer is longer than may be kept even as a draft."""
    return sorted(key for key, values in raw.items() if any(len(v) > RAW_LIMIT for v in values))


def read(form: Any, raw: Raw) -> Reading:
    """Read a whole form. Fields that do not apply are passed over; every other one is judged."""
    reading = Reading()
    for item in fields_of(form):
        if not shown(item, raw):
            continue
        typed = [v for v in raw.get(item.key, []) if v.strip()]
        if not typed:
            if item.required:
                reading.problems[item.key] = _needed(item)
            continue
        try:
            reading.values[item.binds or item.key] = _value(item, typed, raw)
        except ValueError as error:
            reading.problems[item.key] = str(error)
    return reading


def _needed(item: Any) -> str:
    label = in_language(item.label)
    if item.type == "attest":
        return _("Tick this to go on.")
    if item.type in {"choice", "multichoice", "yesno", "platform", "unit"}:
        return _("Choose an answer: %(label)s") % {"label": label}
    return _("Fill this in: %(label)s") % {"label": label}


def _value(item: Any, typed: list[str], raw: Raw) -> Any:
    """One field's value; ValueError with a sentence for the person when it cannot be used."""
    if item.type in {"text", "longtext", "url", "handle", "email"}:
        value = _clean_text(item, typed[0])
        if item.type == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            raise ValueError(_("Write a whole e-mail address, for example grade4.rendellpark@lpsd.ca."))
        return value
    if item.type == "date":
        return _date(typed[0])
    if item.type == "number":
        if not re.fullmatch(r"\d{1,6}", typed[0].strip()):
            raise ValueError(_("Write a whole number, for example 12."))
        return int(typed[0])
    if item.type in {"attest", "yesno"}:
        if typed[0] not in {"yes", "no"} or (item.type == "attest" and typed[0] != "yes"):
            raise ValueError(_needed(item))
        return typed[0] == "yes"
    if item.type in {"choice", "platform"}:
        return _choice(item, typed[0])
    if item.type == "multichoice":
        return [_choice(item, value) for value in typed]
    if item.type == "unit":
        return _unit(typed[0])
    if item.type == "person":
        return find_person(typed[0])
    if item.type == "persons":
        return _persons(item, raw)
    raise ValueError(_("This field cannot be read. Tell your system administrator."))


def _clean_text(item: Any, typed: str) -> str:
    limit = item.max_length or LIMITS[item.type]
    try:
        value = clean(typed, multiline=item.type == "longtext", max_length=limit)
    except UnsafeText as error:
        if error.reason == "too_long":
            raise ValueError(
                _("Use at most %(limit)d characters; this has %(length)d.") % {"limit": limit, "length": len(typed)}
            ) from None
        raise ValueError(
            _("There is a hidden character at place %(place)d. Delete it and type the text again there.")
            % {"place": (error.position or 0) + 1}
        ) from None
    if item.binds == "custody" and looks_secret(value):
        raise ValueError(
            _(
                "This looks like a password, so Rostrum did not keep it. Name the vault entry instead, for example "
                "“Office vault, entry 14”."
            )
        )
    return value


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise ValueError(_("Write the date as year-month-day, for example 2026-11-30.")) from None


def _choice(item: Any, value: str) -> str:
    allowed = item.allowed_values() if hasattr(item, "allowed_values") else {o.value for o in item.options}
    if allowed and value not in allowed:
        raise ValueError(_needed(item))
    return value


def _unit(code: str) -> Unit:
    unit = open_units().filter(code=code.strip()).first()
    if unit is None:
        raise ValueError(_("Choose one of the units in the list."))
    return unit


def find_person(typed: str) -> Person:
    """The person meant by "Name <address>", an address, or a name that only one person has."""
    inside = re.search(r"<([^<>\s]+@[^<>\s]+)>", typed)
    address = inside.group(1) if inside else typed.strip()
    person = by_email(address) if "@" in address else None
    if person is None and "@" not in address:
        same = list(Person.objects.filter(name__iexact=address, is_active=True)[:2])
        if len(same) > 1:
            raise ValueError(_("More than one person is called %(name)s. Write the work e-mail.") % {"name": address})
        person = same[0] if same else None
    if person is None:
        raise ValueError(
            _("Nobody here has this name or work e-mail. Check the spelling, or ask %(keeper)s to add the person.")
            % {"keeper": keeper()}
        )
    return person


def _persons(item: Any, raw: Raw) -> list[tuple[Person, str]]:
    """(person, platform role) for each filled row; rows are numbered in the sentence when one is wrong."""
    roles = raw.get(f"{item.key}__role", [])
    found: list[tuple[Person, str]] = []
    allowed = {o.value for o in item.options or ()}
    for n, typed in enumerate(raw.get(item.key, [])):
        if not typed.strip():
            continue
        try:
            person = find_person(typed)
        except ValueError as error:
            raise ValueError(_("Row %(row)d: %(problem)s") % {"row": n + 1, "problem": error}) from None
        if any(person.pk == other.pk for other, _role in found):
            raise ValueError(_("Row %(row)d: %(name)s is named twice.") % {"row": n + 1, "name": person.name})
        role = roles[n] if n < len(roles) else ""
        if allowed and role not in allowed:
            raise ValueError(_("Row %(row)d: choose what %(name)s may do.") % {"row": n + 1, "name": person.name})
        found.append((person, role))
    return found
