"""Pages that appoint a person to a role and end an appointment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.core.dates import day
from rostrum.core.errors import WrongState
from rostrum.custody.roles import end_appointment
from rostrum.people import actions
from rostrum.people.grants import GRANTS, PERMISSIONS, ROLES_NEEDING_SECOND_FACTOR
from rostrum.people.models import Appointment, Role
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.people.forms import AppointForm, EndForm, today
from rostrum.web.people.reading import get_person, held, holders_at, need, span
from rostrum.web.submitting import answer, sent


@require_http_methods(["GET", "POST"])
@signed_in
def start(request: StaffRequest, pk: int) -> HttpResponse:
    """Appoint a person to a role at a unit, from a day on."""
    need(request.user, "appointment:manage")
    person = get_person(pk)
    here = reverse("web:person", args=[pk])
    if not person.is_active:
        raise WrongState(_("%(name)s has left and cannot be appointed.") % {"name": person.name}, url=here)
    form = AppointForm(
        sent(request),
        initial={
            **today(),
            "unit": request.GET.get("unit") or person.home_unit_id or "",
            "role": request.GET.get("role", ""),
        },
    )

    def act() -> str:
        made = actions.appoint(person, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("%(name)s is appointed: %(role)s, %(unit)s.")
            % {"name": person.name, "role": made.get_role_display(), "unit": made.unit.name},
        )
        return here

    roles = [
        {
            "label": label,
            "can": [PERMISSIONS[one] for one in PERMISSIONS if one in GRANTS[value]],
            "factor": value in ROLES_NEEDING_SECOND_FACTOR,
        }
        for value, label in Role.choices
    ]
    return answer(
        request,
        form,
        act,
        "web/people/appoint.html",
        {
            "title": _("Appoint %(name)s to a role") % {"name": person.name},
            "button": _("Appoint"),
            "back": here,
            "lead": _("A role holds at the unit and everything beneath it, from its first day to its last."),
            "crumbs": [(_("People"), reverse("web:people")), (person.name, here)],
            "roles": roles,
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End an appointment on a day, after saying who holds the role then."""
    appointment = get_object_or_404(Appointment.objects.select_related("person", "unit"), pk=pk)
    need(request.user, "appointment:manage", appointment.unit)
    person, unit, role = appointment.person, appointment.unit, appointment.get_role_display()
    here = reverse("web:person", args=[person.pk])
    if held([appointment], request.user)[0].state == "over":
        raise WrongState(_("This appointment is over. What was stays as it was."), url=here)
    form = EndForm(sent(request), initial=today())

    def act() -> str:
        ended = end_appointment(appointment, by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("The appointment of %(name)s ends on %(day)s.")
            % {"name": person.name, "day": day(ended.ends_on)},
        )
        return here

    others = [
        one.person.name
        for one in holders_at([unit])
        if one.role == appointment.role and one.person_id != person.pk
    ]
    if others:
        following = _("Still in this role there: %(names)s.") % {"names": ", ".join(others)}
    else:
        following = _("Nobody else holds this role there. What waits for it then goes to the next level up.")
    return answer(
        request,
        form,
        act,
        "web/people/decision.html",
        {
            "title": _("End an appointment"),
            "button": _("End the appointment"),
            "tone": "danger",
            "back": here,
            "sentence": _("You are about to end the appointment of %(name)s: %(role)s, %(unit)s, %(days)s.")
            % {
                "name": person.name,
                "role": role,
                "unit": unit.name,
                "days": span(appointment.starts_on, appointment.ends_on),
            },
            "next": following,
            "crumbs": [(_("People"), reverse("web:people")), (person.name, here)],
        },
    )
