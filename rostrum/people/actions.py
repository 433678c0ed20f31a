"""Every write on units, people, appointments and stand-ins: one act, one transaction, one event."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Appointment, MailRhythm, Person, PersonKind, Role, StandIn, Unit, UnitKind
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper

UNIT_FIELDS = {"name": 120, "street": 120, "town": 80, "phone": 40, "email": 254, "website": 200}


def _need(by: Person | None, permission: str, unit: Unit | None = None) -> None:
    """Refuse unless the person may; None is the system itself (set-up and imports run by an operator)."""
    if by is not None and not may(by, permission, unit):
        raise NotAllowed(
            _("Your role does not let you do this here."),
            way_forward=_("Ask your system administrator, or %(keeper)s, to do it.") % {"keeper": keeper()},
        )


def _text(field: str, value: str, limit: int, *, required: bool = False) -> str:
    """A clean one-line text, or an Invalid that names the field."""
    try:
        cleaned = clean(value, max_length=limit)
    except UnsafeText:
        message = _("Use plain letters and at most %(limit)d characters here.") % {"limit": limit}
        raise Invalid(message, fields={field: [message]}) from None
    if required and not cleaned:
        message = _("Fill this in.")
        raise Invalid(message, fields={field: [message]})
    return cleaned


def _contact(fields: dict[str, str]) -> dict[str, str]:
    """A unit's public contact, clean; the address of its site must be one that a browser opens safely."""
    kept = {key: _text(key, value, UNIT_FIELDS[key]) for key, value in fields.items() if key in UNIT_FIELDS}
    try:
        if kept.get("email"):
            validate_email(kept["email"])
    except ValidationError:
        message = _("Write a whole e-mail address, for example office@lpsd.ca.")
        raise Invalid(message, fields={"email": [message]}) from None
    try:
        if kept.get("website"):
            URLValidator(schemes=["http", "https"])(kept["website"])
    except ValidationError:
        message = _("Write a whole web address that starts with https://.")
        raise Invalid(message, fields={"website": [message]}) from None
    return kept


def _free_code(name: str, parent: Unit | None) -> str:
    """A short code for a unit that nobody uses yet, from its name."""
    base = (slugify(name) or "unit")[:32]
    code, n = base, 1
    while Unit.objects.filter(code=code).exists():
        n += 1
        code = f"{base}-{n}"
    return code


@transaction.atomic
def add_unit(*, kind: str, name: str, parent: Unit | None, by: Person | None, code: str = "", **contact: str) -> Unit:
    """Add a unit under a parent; only the division has none. Raises Invalid for a doubled or badly placed unit."""
    _need(by, "unit:manage", parent)
    name = _text("name", name, 120, required=True)
    if kind not in UnitKind.values:
        raise Invalid(_("Choose a kind of unit."), fields={"kind": [_("Choose a kind of unit.")]})
    if parent is None and kind != UnitKind.DIVISION:
        raise Invalid(_("Choose the unit this one belongs to."), fields={"parent": [_("Choose a unit.")]})
    unknown = set(contact) - set(UNIT_FIELDS)
    if unknown:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    kept = _contact(contact)
    code = _text("code", code, 40) or _free_code(name, parent)
    try:
        with transaction.atomic():
            unit = Unit.objects.create(kind=kind, name=name, parent=parent, code=code, **kept)
    except IntegrityError:
        message = _("There is already a unit of this kind and name, or with this code, in that place.")
        raise Invalid(message, fields={"name": [message]}) from None
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    Unit.objects.filter(pk=unit.pk).update(path=unit.path)
    record(by, "unit:add", unit, label=unit.name, after={"kind": kind, "name": name, "code": code, **kept})
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, by: Person | None, **fields: str) -> Unit:
    """Change a unit's name, code or public contact. Its place in the tree stays."""
    _need(by, "unit:manage", unit)
    unknown = set(fields) - set(UNIT_FIELDS) - {"code"}
    if unknown:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    kept = _contact(fields)
    kept |= {
        key: _text(key, fields[key], 120 if key == "name" else 40, required=True)
        for key in ("name", "code")
        if key in fields
    }
    before = {k: getattr(unit, k) for k in kept}
    try:
        with transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(**kept)
    except IntegrityError:
        message = _("There is already a unit of this kind and name, or with this code, in that place.")
        raise Invalid(message, fields={"name": [message]}) from None
    unit.refresh_from_db()
    record(by, "unit:change", unit, label=unit.name, before=before, after=kept)
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, by: Person | None, on: date | None = None) -> Unit:
    """Close a unit from a day on. It stays in the register; nothing new can be asked for it."""
    _need(by, "unit:manage", unit)
    if unit.parent_id is None:
        raise WrongState(_("The division itself cannot be closed."))
    day = on or clock.today()
    if not Unit.objects.filter(pk=unit.pk, closed_on=None).update(closed_on=day):
        raise WrongState(_("This unit is already closed."))
    unit.refresh_from_db()
    record(by, "unit:close", unit, label=unit.name, after={"closed_on": day.isoformat()})
    return unit


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    by: Person | None,
    kind: str = PersonKind.EMPLOYEE,
    title: str = "",
    home_unit: Unit | None = None,
    language: str = "en-ca",
    password: str | None = None,
) -> Person:
    """Add an employee or volunteer. Without a password they sign in by the division's own sign-in or a reset link."""
    _need(by, "person:manage")
    email = _text("email", email, 254, required=True).lower()
    name = _text("name", name, 120, required=True)
    title = _text("title", title, 120)
    try:
        validate_email(email)
    except ValidationError:
        message = _("Write a whole e-mail address, for example r.okafor@lpsd.ca.")
        raise Invalid(message, fields={"email": [message]}) from None
    if kind not in PersonKind.values:
        raise Invalid(_("Choose employee or volunteer."), fields={"kind": [_("Choose employee or volunteer.")]})
    person = Person(email=email, name=name, kind=kind, title=title, home_unit=home_unit, language=language)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        message = _("Someone with this e-mail address is already here.")
        raise Invalid(message, fields={"email": [message]}) from None
    record(by, "person:add", person, label=name, after={"email": email, "kind": kind, "title": title})
    return person


@transaction.atomic
def change_person(
    person: Person, *, by: Person | None, name: str, title: str = "", kind: str = "", home_unit: Unit | None = None
) -> Person:
    """Correct a person's name, title, kind or home unit. The work e-mail is their identity and stays."""
    _need(by, "person:manage")
    fields: dict[str, Any] = {
        "name": _text("name", name, 120, required=True),
        "title": _text("title", title, 120),
        "kind": kind if kind in PersonKind.values else person.kind,
        "home_unit": home_unit,
    }
    before = {
        "name": person.name,
        "title": person.title,
        "kind": person.kind,
        "home_unit": person.home_unit.name if person.home_unit else "",
    }
    Person.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()
    after = {**fields, "home_unit": home_unit.name if home_unit else ""}
    record(by, "person:change", person, label=person.name, before=before, after=after)
    return person


@transaction.atomic
def note_departure(person: Person, *, by: Person | None, on: date | None = None, reason: str = "") -> Person:
    """A person has left: they can no longer sign in, and their open appointments end that day."""
    _need(by, "person:manage")
    if by is not None and by.pk == person.pk:
        raise NotAllowed(_("You cannot note your own departure. Ask someone else who keeps the list of people."))
    day = on or clock.today()
    if day > clock.today():
        # From this moment they cannot sign in, so a day to come would take away their last days.
        message = _("Note it on their last day or after it. Until then they still need to sign in.")
        raise Invalid(message, fields={"on": [message]})
    if not Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False, left_on=day):
        raise WrongState(_("This person is already noted as having left."))
    # Terms that would have run on end too: a return must not bring back a role by itself.
    for appointment in Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), person=person):
        Appointment.objects.filter(pk=appointment.pk).update(ends_on=max(day, appointment.starts_on))
    person.refresh_from_db()
    record(
        by,
        "person:leave",
        person,
        label=person.name,
        note=_text("reason", reason, 300),
        after={"left_on": day.isoformat()},
    )
    return person


@transaction.atomic
def note_return(person: Person, *, by: Person | None) -> Person:
    """A person is back. Appointments that ended stay ended."""
    _need(by, "person:manage")
    if not Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True, left_on=None):
        raise WrongState(_("This person is here already."))
    person.refresh_from_db()
    record(by, "person:return", person, label=person.name)
    return person


@transaction.atomic
def set_preferences(person: Person, *, language: str, mail_rhythm: str) -> Person:
    """A person's own choice of language and of how letters come."""
    if language not in {"en-ca", "fr-ca"}:
        raise Invalid(_("Choose English or French."), fields={"language": [_("Choose English or French.")]})
    if mail_rhythm not in MailRhythm.values:
        raise Invalid(_("Choose how letters come."), fields={"mail_rhythm": [_("Choose how letters come.")]})
    before = {"language": person.language, "mail_rhythm": person.mail_rhythm}
    Person.objects.filter(pk=person.pk).update(language=language, mail_rhythm=mail_rhythm)
    person.refresh_from_db()
    record(
        person,
        "person:preferences",
        person,
        label=person.name,
        before=before,
        after={"language": language, "mail_rhythm": mail_rhythm},
    )
    return person


@transaction.atomic
def appoint(
    person: Person,
    *,
    role: str,
    unit: Unit,
    by: Person | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Appointment:
    """Appoint a person to a role at a unit for a time. Raises Invalid for a doubled or backward appointment."""
    _need(by, "appointment:manage", unit)
    day = starts_on or clock.today()
    if role not in Role.values:
        raise Invalid(_("Choose a role."), fields={"role": [_("Choose a role.")]})
    if ends_on and ends_on < day:
        message = _("The last day must not be before the first day.")
        raise Invalid(message, fields={"ends_on": [message]})
    if not person.is_active:
        raise WrongState(_("%(name)s has left and cannot be appointed.") % {"name": person.name})
    try:
        with transaction.atomic():
            appointment = Appointment.objects.create(
                person=person,
                role=role,
                unit=unit,
                starts_on=day,
                ends_on=ends_on,
                reason=_text("reason", reason, 300),
            )
    except IntegrityError:
        message = _("%(name)s already holds this role here.") % {"name": person.name}
        raise Invalid(message, fields={"person": [message]}) from None
    person.__dict__.pop("_acting_on", None)
    record(
        by,
        "appointment:start",
        appointment,
        label=str(appointment),
        note=appointment.reason,
        after={
            "role": role,
            "unit": unit.name,
            "starts_on": day.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
        },
    )
    return appointment


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, by: Person | None, on: date | None = None, reason: str = ""
) -> Appointment:
    """End an appointment; its last day is the day given (today if none)."""
    _need(by, "appointment:manage", appointment.unit)
    day = on or clock.today()
    if appointment.ends_on is not None and appointment.ends_on < clock.today():
        raise WrongState(_("This appointment is over. What was stays as it was."))
    if day < appointment.starts_on:
        message = _("The last day must not be before the first day.")
        raise Invalid(message, fields={"on": [message]})
    if not Appointment.objects.filter(pk=appointment.pk, ends_on=appointment.ends_on).update(ends_on=day):
        raise WrongState(_("Someone changed this appointment a moment ago."))
    appointment.refresh_from_db()
    appointment.person.__dict__.pop("_acting_on", None)
    record(
        by,
        "appointment:end",
        appointment,
        label=str(appointment),
        note=_text("reason", reason, 300),
        after={"ends_on": day.isoformat()},
    )
    return appointment


@transaction.atomic
def name_stand_in(
    appointment: Appointment, *, person: Person | None, starts_on: date, ends_on: date, reason: str, by: Person | None
) -> StandIn:
    """Say that a role's holder is away, from a day to a day, and who acts meanwhile (nobody: it goes upward).

    A holder may do this for their own appointment; others need the right to. A reason is required.
    """
    own = by is not None and by.pk == appointment.person_id and may(by, "standin:own", appointment.unit)
    if not own:
        _need(by, "standin:manage", appointment.unit)
    reason = _text("reason", reason, 300, required=True)
    if ends_on < starts_on:
        message = _("The last day must not be before the first day.")
        raise Invalid(message, fields={"ends_on": [message]})
    if person is not None and person.pk == appointment.person_id:
        message = _("Choose someone other than the person who is away.")
        raise Invalid(message, fields={"person": [message]})
    if appointment.ends_on is not None and appointment.ends_on < starts_on:
        raise WrongState(_("This appointment is over by then, so nobody needs to stand in."))
    if person is not None and not person.is_active:
        raise WrongState(_("%(name)s has left and cannot stand in.") % {"name": person.name})
    clash = StandIn.objects.filter(
        appointment=appointment, cancelled_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).first()
    if clash:
        message = _("There is already a stand-in for some of these days. Cancel that one first.")
        raise Invalid(message, fields={"starts_on": [message]})
    stand = StandIn.objects.create(
        appointment=appointment, person=person, starts_on=starts_on, ends_on=ends_on, reason=reason
    )
    if person:
        person.__dict__.pop("_acting_on", None)
    record(
        by,
        "standin:name",
        stand,
        label=str(stand),
        note=reason,
        after={
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat(),
            "person": person.name if person else None,
        },
    )
    return stand


@transaction.atomic
def cancel_stand_in(stand: StandIn, *, by: Person | None) -> StandIn:
    """Cancel a stand-in from now on."""
    own = by is not None and by.pk == stand.appointment.person_id
    if not own:
        _need(by, "standin:manage", stand.appointment.unit)
    if stand.ends_on < clock.today():
        raise WrongState(_("These days are over. What was stays as it was."))
    if not StandIn.objects.filter(pk=stand.pk, cancelled_at=None).update(cancelled_at=clock.now()):
        raise WrongState(_("This stand-in was already cancelled."))
    stand.refresh_from_db()
    record(by, "standin:cancel", stand, label=str(stand))
    return stand
