"""The Registration Form on pages: fill in any step, check it and send it (AP 193 3.2)."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.people.models import Person
from rostrum.registry.queries import registration_of
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.requests.access import pointing_to, the_request
from rostrum.web.requests.flow import RegistrationFlow
from rostrum.web.requests.steps import any_step


def the_flow(person: Person, ref: str) -> RegistrationFlow:
    """The Registration Form of a request; it exists once the request is approved (404 before)."""
    registration = registration_of(the_request(person, ref))
    if registration is None:
        raise Http404
    return RegistrationFlow(registration)


@require_safe
@signed_in
def resume(request: StaffRequest, ref: str) -> HttpResponse:
    """Go on where something is missing."""
    flow = the_flow(request.user, ref)
    with pointing_to(flow.request):
        flow.check_may_fill(request.user)
    return HttpResponseRedirect(flow.url(flow.first_open()))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def step(request: StaffRequest, ref: str, step: str) -> HttpResponse:
    """One step of the Registration Form; the last is the check before sending."""
    return any_step(request, the_flow(request.user, ref), step)
