"""The acts of people/actions.py for thousands at once: the same guards and the same log, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import Line, record_many
from rostrum.core.errors import Invalid, WrongState
from rostrum.people.actions import _need, _text
from rostrum.people.models import Appointment, Person, PersonKind, Role, Unit

BATCH = 500


@dataclass(frozen=True)
class NewPerson:
    """A person to add; fields as in `actions.add_person`."""

    email: str
    name: str
    title: str = ""
    kind: str = PersonKind.EMPLOYEE.value
    home_unit: Unit | None = None


@dataclass(frozen=True)
class PersonChange:
    """What is to change in a person's entry: name, title, kind, home_unit or email."""

    person: Person
    fields: dict[str, Any]


@dataclass(frozen=True)
class NewAppointment:
    """An appointment to make; fields as in `actions.appoint`."""

    person: Person
    role: str
    unit: Unit
    starts_on: date
    ends_on: date | None = None
    reason: str = ""


def _address(value: str) -> str:
    email = _text("email", value, 254, required=True).lower()
    try:
        validate_email(email)
    except ValidationError:
        message = _("%(address)s is not a whole e-mail address.") % {"address": email}
        raise Invalid(message, fields={"email": [message]}) from None
    return email


def _taken() -> Invalid:
    message = _("Someone with one of these e-mail addresses is already here.")
    return Invalid(message, fields={"email": [message]})


@transaction.atomic
def add_people(entries: Iterable[NewPerson], *, by: Person | None) -> list[Person]:
    """Add employees and volunteers who sign in by the division's own sign-in or a reset link, in the order given.

    All or none: raises Invalid for the first that cannot be added, NotAllowed without the right to keep the list.
    """
    _need(by, "person:manage")
    made: list[Person] = []
    for entry in entries:
        if entry.kind not in PersonKind.values:
            raise Invalid(_("Choose employee or volunteer."), fields={"kind": [_("Choose employee or volunteer.")]})
        person = Person(
            email=_address(entry.email),
            name=_text("name", entry.name, 120, required=True),
            title=_text("title", entry.title, 120),
            kind=entry.kind,
            home_unit=entry.home_unit,
        )
        person.set_unusable_password()
        made.append(person)
    try:
        with transaction.atomic():
            Person.objects.bulk_create(made, batch_size=BATCH)
    except IntegrityError:
        raise _taken() from None
    record_many(
        by,
        "person:add",
        (Line(one, one.name, after={"email": one.email, "kind": one.kind, "title": one.title}) for one in made),
    )
    return made


@transaction.atomic
def change_people(changes: Sequence[PersonChange], *, by: Person | None) -> int:
    """Correct many entries. A new e-mail closes the old address as a way in; it needs the right to appoint as well.

    All or none. Raises Invalid for a value that cannot be kept or an address somebody else has.
    """
    _need(by, "person:manage")
    lines: list[Line] = []
    renamed: list[int] = []
    for change in changes:
        person, before, after = change.person, {}, {}
        for key, value in change.fields.items():
            if key == "email":
                _need(by, "appointment:manage") if _holds_a_role(person) else None
                value = _address(value)
                renamed.append(person.pk)
            elif key in {"name", "title"}:
                value = _text(key, value, 120, required=key == "name")
            elif key not in {"kind", "home_unit"} or (key == "kind" and value not in PersonKind.values):
                raise Invalid(_("Unknown fields: %(names)s.") % {"names": key})
            before[key], after[key] = _said(getattr(person, key)), _said(value)
            setattr(person, key, value)
        lines.append(Line(person, person.name, before, after))
    try:
        with transaction.atomic():
            # Addresses may be handed on from one person to another: freed first, then given.
            for pk in renamed:
                Person.objects.filter(pk=pk).update(email=f"freed-{pk}@invalid.invalid")
            Person.objects.bulk_update(
                [change.person for change in changes],
                ["email", "name", "title", "kind", "home_unit"],
                batch_size=BATCH,
            )
    except IntegrityError:
        raise _taken() from None
    for change in changes:
        if change.person.pk in renamed:
            change.person.emailaddress_set.all().delete()  # type: ignore[attr-defined]  # the sign-in's own copy
    return record_many(by, "person:change", lines)


def _said(value: Any) -> Any:
    return value.name if isinstance(value, Unit) else value or ""


def _holds_a_role(person: Person) -> bool:
    return Appointment.objects.filter(person=person, ends_on=None).exists() or any(
        one.ends_on and one.ends_on >= one.starts_on for one in Appointment.objects.filter(person=person)
    )


@transaction.atomic
def appoint_people(entries: Sequence[NewAppointment], *, by: Person | None) -> list[Appointment]:
    """Appoint many people, in the order given. All or none; guards and refusals as in `actions.appoint`."""
    for unit in {entry.unit.pk: entry.unit for entry in entries}.values():
        _need(by, "appointment:manage", unit)
    made: list[Appointment] = []
    for entry in entries:
        if entry.role not in Role.values:
            raise Invalid(_("Choose a role."), fields={"role": [_("Choose a role.")]})
        if entry.ends_on and entry.ends_on < entry.starts_on:
            message = _("The last day must not be before the first day.")
            raise Invalid(message, fields={"ends_on": [message]})
        if not entry.person.is_active:
            raise WrongState(_("%(name)s has left and cannot be appointed.") % {"name": entry.person.name})
        made.append(
            Appointment(
                person=entry.person,
                role=entry.role,
                unit=entry.unit,
                starts_on=entry.starts_on,
                ends_on=entry.ends_on,
                reason=_text("reason", entry.reason, 300),
            )
        )
    try:
        with transaction.atomic():
            Appointment.objects.bulk_create(made, batch_size=BATCH)
    except IntegrityError:
        message = _("Somebody of the list already holds this role here.")
        raise Invalid(message, fields={"person": [message]}) from None
    record_many(
        by,
        "appointment:start",
        (
            Line(
                one,
                str(one),
                after={"role": one.role, "unit": one.unit.name, "starts_on": one.starts_on, "ends_on": one.ends_on},
                note=one.reason,
            )
            for one in made
        ),
    )
    return made
