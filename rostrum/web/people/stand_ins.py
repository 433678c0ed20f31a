"""Pages of absences: who is away today, saying that you or someone else will be away, cancelling it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rostrum.core import clock
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.people import actions
from rostrum.people.models import Appointment, Person, StandIn
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.people.forms import StandInForm, today
from rostrum.web.people.reading import get_person, span
from rostrum.web.submitting import answer, sent

SOON = 50


def _may_name(reader: Person, appointment: Appointment) -> bool:
    own = appointment.person_id == reader.pk and may(reader, "standin:own", appointment.unit)
    return own or may(reader, "standin:manage", appointment.unit)


@require_GET
@signed_in
def away(request: StaffRequest) -> HttpResponse:
    """Who is away today and who acts meanwhile; below, who will be. Why is nobody else's business."""
    now = clock.today()
    ahead = list(
        StandIn.objects.filter(
            Q(appointment__ends_on=None) | Q(appointment__ends_on__gte=now),
            cancelled_at=None,
            ends_on__gte=now,
            appointment__person__is_active=True,
        )
        .select_related("person", "appointment__person", "appointment__unit")
        .order_by("starts_on", "ends_on", "pk")
    )

    def line(stand: StandIn) -> dict[str, Any]:
        reader = request.user
        own = stand.appointment.person_id == reader.pk
        return {
            "stand": stand,
            "when": span(stand.starts_on, stand.ends_on),
            "may_cancel": own or may(reader, "standin:manage", stand.appointment.unit),
        }

    return render(
        request,
        "web/people/away.html",
        {
            "today": [line(one) for one in ahead if one.starts_on <= now],
            "later": [line(one) for one in ahead if one.starts_on > now][:SOON],
            "may_name": may(request.user, "standin:own") or may(request.user, "standin:manage"),
            "crumbs": [(_("People"), reverse("web:people"))],
        },
    )


def _choices(appointments: list[Appointment]) -> list[tuple[Any, Any]]:
    return [
        (str(one.pk), _("%(role)s, %(unit)s") % {"role": one.get_role_display(), "unit": one.unit.name})
        for one in appointments
    ]


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: StaffRequest) -> HttpResponse:
    """Say that I will be away, or that the person in `?person=` will be, and who acts meanwhile."""
    reader = request.user
    wanted = request.GET.get("person", "")
    person = reader
    if wanted:
        if not (wanted.isascii() and wanted.isdigit()):
            raise Http404
        person = get_person(int(wanted[:18]))
    own = person.pk == reader.pk
    if not own and not may(reader, "standin:manage"):
        raise NotAllowed(
            _("You can say this for yourself only."),
            way_forward=_("%(name)s can do it, or %(keeper)s, or your system administrator.")
            % {"name": person.name, "keeper": keeper()},
        )
    now = clock.today()
    held = (
        Appointment.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=now), person=person, person__is_active=True
        )
        .select_related("unit", "person")
        .order_by("starts_on")
    )
    appointments = {str(one.pk): one for one in held if _may_name(reader, one)}
    crumbs = [(_("People"), reverse("web:people")), (person.name, reverse("web:person", args=[person.pk]))]
    if not appointments:
        return render(request, "web/people/no_role.html", {"person": person, "own": own, "crumbs": crumbs})
    first = next(iter(appointments))
    form = StandInForm(
        sent(request),
        choices=_choices(list(appointments.values())),
        initial={
            "starts_on": today()["starts_on"],
            "appointment": first,
        },
    )

    def act() -> str:
        values = dict(form.cleaned_data)
        appointment = appointments[values.pop("appointment")]
        stand = actions.name_stand_in(appointment, by=reader, **values)
        days = span(stand.starts_on, stand.ends_on)
        if stand.person:
            done = _("%(stand_in)s stands in for %(name)s, %(days)s.") % {
                "stand_in": stand.person.name,
                "name": person.name,
                "days": days,
            }
        else:
            done = _(
                "%(name)s is away, %(days)s. What waits for the role goes to the next level up meanwhile."
            ) % {"name": person.name, "days": days}
        messages.success(request, done)
        return reverse("web:person", args=[person.pk])

    return answer(
        request,
        form,
        act,
        "web/people/form.html",
        {
            "title": _("I will be away") if own else _("%(name)s will be away") % {"name": person.name},
            "lead": _(
                "Whoever stands in can do everything that the role may, on these days only. The log "
                "says that they acted for the role."
            ),
            "button": _("Save these days"),
            "back": crumbs[-1][1],
            "crumbs": crumbs,
            "draft": "stand-in",
            "suggest": True,
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Cancel an absence: the holder of the role acts again from now on."""
    stand = get_object_or_404(
        StandIn.objects.select_related("person", "appointment__person", "appointment__unit"), pk=pk
    )
    holder, reader = stand.appointment.person, request.user
    here = reverse("web:person", args=[holder.pk])
    if holder.pk != reader.pk and not may(reader, "standin:manage", stand.appointment.unit):
        raise NotAllowed(
            _("Only %(name)s, or whoever keeps the stand-ins, can cancel this.") % {"name": holder.name}
        )
    if stand.cancelled_at is not None:
        raise WrongState(_("This stand-in was already cancelled."), url=here)
    if stand.ends_on < clock.today():
        raise WrongState(_("These days are over. What was stays as it was."), url=here)
    form = forms.Form(sent(request))

    def act() -> str:
        actions.cancel_stand_in(stand, by=reader)
        messages.success(request, _("%(name)s acts in the role again.") % {"name": holder.name})
        return here

    who = stand.person.name if stand.person else _("nobody")
    return answer(
        request,
        form,
        act,
        "web/people/decision.html",
        {
            "title": _("Cancel these days"),
            "button": _("Cancel these days"),
            "tone": "danger",
            "back": here,
            "sentence": _("%(name)s was to be away %(days)s, and %(stand_in)s to stand in.")
            % {"name": holder.name, "days": span(stand.starts_on, stand.ends_on), "stand_in": who},
            "next": _("From now on %(name)s acts in the role again: %(role)s, %(unit)s.")
            % {
                "name": holder.name,
                "role": stand.appointment.get_role_display(),
                "unit": stand.appointment.unit.name,
            },
            "crumbs": [(_("People"), reverse("web:people")), (holder.name, here)],
        },
    )
