"""Pages of one person: the entry, adding, changing, leaving, coming back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rostrum.audit.queries import history_many
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.custody import departures
from rostrum.custody.departure_queries import may_plan
from rostrum.custody.departure_states import DepartureState
from rostrum.people import actions
from rostrum.people.models import Appointment, Person, Role, StandIn
from rostrum.people.queries import may
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.people.forms import DepartureForm, NewPersonForm, PersonForm, today
from rostrum.web.people.reading import SHOWN, badges, get_person, held, need, parts_of, still_open
from rostrum.web.submitting import answer, sent


def _crumbs(*, person: Person | None = None) -> list[tuple[str, str]]:
    crumbs = [(_("People"), reverse("web:people"))]
    return [*crumbs, (person.name, reverse("web:person", args=[person.pk]))] if person else crumbs


def _absences(person: Person) -> tuple[list[StandIn], list[StandIn]]:
    """(times away, times standing in for others) that are not over, soonest first."""
    ahead = (
        StandIn.objects.filter(cancelled_at=None, ends_on__gte=clock.today())
        .select_related("person", "appointment__person", "appointment__unit")
        .order_by("starts_on")
    )
    return list(ahead.filter(appointment__person=person)), list(ahead.filter(person=person))


@require_GET
@signed_in
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One person's work entry. History is for the person and for those who keep the list or read the log."""
    person, reader = get_person(pk), request.user
    own, manage = person.pk == reader.pk, may(reader, "person:manage")
    appointments = list(
        Appointment.objects.filter(person=person).select_related("unit").order_by("-starts_on")
    )
    roles = held(appointments, reader)
    away, stands = _absences(person)
    parts = parts_of(person, reader)
    appoints = may(reader, "appointment:manage")
    names_others = may(reader, "standin:manage")
    current = [one for one in roles if one.state == "now"]
    acts: list[dict[str, Any]] = [
        {
            "label": _("Every account they touch") if not own else _("Every account I touch"),
            "url": reverse("web:custody_person", args=[pk]),
            "icon": "user-check",
        }
    ]
    here = person.is_active
    if appoints and here:
        acts.append(
            {"label": _("Appoint to a role"), "url": reverse("web:appoint", args=[pk]), "icon": "user-plus"}
        )
    if here and current and (names_others or (own and may(reader, "standin:own"))):
        acts.append(
            {
                "label": _("I will be away") if own else _("Name a stand-in"),
                "url": f"{reverse('web:stand_in_new')}?person={pk}",
                "icon": "calendar-off",
            }
        )
    if manage and here and not own:
        acts.append(
            {
                "label": _("Note that they left"),
                "url": reverse("web:person_left", args=[pk]),
                "icon": "door-exit",
                "danger": True,
            }
        )
    elif here and not own and may_plan(reader, person):
        acts.append(
            {
                "label": _("Note their last day"),
                "url": reverse("web:departure_plan", args=[pk]),
                "icon": "calendar-off",
            }
        )
    if manage and not here:
        acts.append(
            {
                "label": _("Note that they are back"),
                "url": reverse("web:person_back", args=[pk]),
                "icon": "door-enter",
            }
        )
    private = own or manage or may(reader, "log:read")
    return render(
        request,
        "web/people/person.html",
        {
            "person": person,
            "own": own,
            "manage": manage,
            "acts": acts,
            "crumbs": _crumbs(),
            "private": private,
            "away_now": next((one.away for one in current if one.away), None),
            "facts": [
                {"label": _("Work e-mail"), "value": person.email, "url": f"mailto:{person.email}"},
                {"label": _("Position"), "value": person.title},
                {"label": _("Works here as"), "value": person.get_kind_display()},
                {
                    "label": _("School or department"),
                    "value": person.home_unit.name if person.home_unit else "",
                    "url": reverse("web:unit", args=[person.home_unit_id]) if person.home_unit else "",
                },
                {"label": _("Left on"), "value": day(person.left_on) if person.left_on else ""},
            ],
            "current": current,
            "later": [one for one in roles if one.state == "later"],
            "past": [one for one in roles if one.state == "over"],
            "may_appoint": appoints and here,
            "away": [(one, own or names_others) for one in away],
            "stands": stands,
            "parts": parts,
            "requests": badges(parts.requests[:SHOWN]),
            "request_count": len(parts.requests),
            "history": history_many(
                [person, *appointments, *StandIn.objects.filter(appointment__in=appointments)]
            )
            if private
            else None,
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def add(request: StaffRequest) -> HttpResponse:
    """Add an employee or volunteer."""
    need(request.user, "person:manage")
    unit = request.GET.get("unit", "")
    form = NewPersonForm(sent(request), initial={"kind": "employee", "language": "en-ca", "home_unit": unit})

    def act() -> str:
        person = actions.add_person(by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("%(name)s can sign in now, with the division's sign-in or a reset link.")
            % {"name": person.name},
        )
        return reverse("web:person", args=[person.pk])

    return answer(
        request,
        form,
        act,
        "web/people/form.html",
        {
            "title": _("Add a person"),
            "button": _("Add the person"),
            "back": reverse("web:people"),
            "crumbs": _crumbs(),
            "lead": _("Employees and volunteers only: never a student, never a parent."),
            "draft": "person",
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a person's entry."""
    need(request.user, "person:manage")
    person = get_person(pk)
    here = reverse("web:person", args=[pk])
    form = PersonForm(
        sent(request),
        home=person.home_unit,
        initial={
            "name": person.name,
            "title": person.title,
            "kind": person.kind,
            "home_unit": person.home_unit_id or "",
        },
    )

    def act() -> str:
        actions.change_person(person, by=request.user, **form.cleaned_data)
        messages.success(request, _("The entry of %(name)s is changed.") % {"name": person.name})
        return here

    return answer(
        request,
        form,
        act,
        "web/people/form.html",
        {
            "title": _("Change the entry of %(name)s") % {"name": person.name},
            "button": _("Save the changes"),
            "back": here,
            "lead": _("The work e-mail, %(email)s, stays: it is who they are here.")
            % {"email": person.email},
            "crumbs": _crumbs(person=person),
        },
    )


def _left_vacant(person: Person, reader: Person) -> list[str]:
    """The roles that nobody holds at their unit once this person is gone, in words."""
    out = []
    for one in held(Appointment.objects.filter(person=person).select_related("unit"), reader):
        if one.state == "over":
            continue
        others = Appointment.objects.filter(
            unit=one.appointment.unit, role=one.appointment.role, person__is_active=True
        ).exclude(person=person)
        if not any(other.state == "now" for other in held(others.select_related("unit"), reader)):
            role = dict(Role.choices)[one.appointment.role]
            out.append(_("%(role)s, %(unit)s") % {"role": role, "unit": one.appointment.unit.name})
    return out


@require_http_methods(["GET", "POST"])
@signed_in
def left(request: StaffRequest, pk: int) -> HttpResponse:
    """Note a departure, after listing every account, request and role that it touches."""
    need(request.user, "person:manage")
    person = get_person(pk)
    here = reverse("web:person", args=[pk])
    if person.pk == request.user.pk:
        raise NotAllowed(
            _("You cannot note your own departure. Ask someone else who keeps the list of people."), url=here
        )
    if not person.is_active:
        raise WrongState(_("This person is already noted as having left."), url=here)
    form = DepartureForm(sent(request), initial=today())

    def act() -> str:
        it = departures.depart(person, by=request.user, **form.cleaned_data)
        if it is not None and it.state == DepartureState.AHEAD:
            messages.success(request, _("Their last day is noted. Until it is over they work and sign in as before."))
        else:
            messages.success(
                request, _("%(name)s can no longer sign in. Their roles have ended.") % {"name": person.name}
            )
        return reverse("web:departure", args=[it.pk]) if it is not None else here

    parts = parts_of(person)
    waiting = still_open(parts.requests)
    return answer(
        request,
        form,
        act,
        "web/people/person_left.html",
        {
            "person": person,
            "back": here,
            "touched": parts.touched,
            "requests": waiting,
            "crumbs": _crumbs(person=person),
            "roles": [
                one
                for one in held(
                    Appointment.objects.filter(person=person).select_related("unit"), request.user
                )
                if one.state != "over"
            ],
            "vacant": _left_vacant(person, request.user),
            "stands": _absences(person)[1],
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def back(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that a person is back."""
    need(request.user, "person:manage")
    person = get_person(pk)
    here = reverse("web:person", args=[pk])
    if person.is_active:
        raise WrongState(_("This person is here already."), url=here)
    form = forms.Form(sent(request))

    def act() -> str:
        departures.come_back(person, by=request.user)
        messages.success(
            request,
            _("%(name)s can sign in again. Appoint them anew if they take up a role.")
            % {"name": person.name},
        )
        return here

    return answer(
        request,
        form,
        act,
        "web/people/decision.html",
        {
            "title": _("%(name)s is back") % {"name": person.name},
            "button": _("Note the return"),
            "back": here,
            "sentence": _("You are about to note that %(name)s works here again.") % {"name": person.name},
            "next": _("They can sign in again. Roles that ended stay ended."),
            "crumbs": _crumbs(person=person),
        },
    )
