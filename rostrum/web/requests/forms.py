"""Form 193-1 on pages: start it, fill in any step, check it and send it (AP 193 3.1)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import Invalid, NotAllowed
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import in_force
from rostrum.registry import actions
from rostrum.registry.answers import key_for
from rostrum.registry.models import AccountRequest
from rostrum.web.access import StaffRequest, perform, signed_in
from rostrum.web.answers import wants_json
from rostrum.web.requests.access import pointing_to, the_request
from rostrum.web.requests.flow import RequestFlow
from rostrum.web.requests.sheet import posted
from rostrum.web.requests.steps import any_step, destination, live_answer, show_step
from rostrum.web.requests.widgets import written


def blank(person: Person) -> RequestFlow:
    """A Form 193-1 that nobody has saved, filled in with what is known about the person."""
    flow = RequestFlow(AccountRequest(edition=in_force(), requester=person, answers={}, version=0))
    known = {"primary_manager": written(person)}
    if person.home_unit_id and person.home_unit:
        known["unit"] = person.home_unit.code
    flow.answers = {key_for(flow.definition, bind): [value] for bind, value in known.items()}
    return flow


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: StaffRequest) -> HttpResponse:
    """The first step of a new Form 193-1. The draft starts when the step is saved; reading makes nothing."""
    if not may(request.user, "request:create"):
        raise NotAllowed(_("Only people who work or volunteer for the division can ask for an account."))
    flow = blank(request.user)
    section = flow.definition.sections[0]
    if request.method != "POST":
        return show_step(request, flow, section)
    raw = posted(section, request.POST)
    if wants_json(request):
        return JsonResponse(live_answer(flow, section, raw, saved=False))

    def act() -> str:
        started = actions.draft(request.user, {**flow.answers, **flow.completed(raw)})
        return destination(request, RequestFlow(started), section)

    try:
        return perform(request, act)
    except Invalid as refused:
        return show_step(request, flow, section, answers={**flow.answers, **raw}, refused=refused, status=422)


@require_safe
@signed_in
def resume(request: StaffRequest, ref: str) -> HttpResponse:
    """Go on where something is missing."""
    flow = RequestFlow(the_request(request.user, ref))
    with pointing_to(flow.request):
        flow.check_may_fill(request.user)
    return HttpResponseRedirect(flow.url(flow.first_open()))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def step(request: StaffRequest, ref: str, step: str) -> HttpResponse:
    """One step of a draft; the last is the check before sending."""
    flow = RequestFlow(the_request(request.user, ref))
    return any_step(request, flow, step)
