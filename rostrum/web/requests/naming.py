"""The page on which a person named as content manager accepts or declines (AP 193 1.7, 3.4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.custody import managing
from rostrum.guidance.queries import must_read
from rostrum.people.models import Person
from rostrum.registry.deciding import requests
from rostrum.registry.models import Designation, Registration
from rostrum.registry.queries import registration_of, status_of
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.requests.access import pointing_to, record_url, the_request
from rostrum.web.requests.decisions import Comment, decision_facts
from rostrum.web.requests.wording import Titles


def the_designation(person: Person, registration: Registration) -> Designation:
    """The latest naming of this person. NotAllowed for anyone who is not named."""
    mine = registration.designations.filter(person=person).order_by("-pk").first()
    if mine is None:
        waiting = [
            d.person.name
            for d in registration.designations.all()
            if not (d.accepted_at or d.declined_at or d.released_at)
        ]
        raise NotAllowed(
            _("Only a person named as content manager can answer this. It is waiting for %(names)s.")
            % {"names": ", ".join(waiting)}
            if waiting
            else _("Only a person named as content manager can answer this.")
        )
    return mine


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def designation(request: StaffRequest, ref: str) -> HttpResponse:
    """Accept being content manager, or decline with a reason."""
    it = the_request(request.user, ref)
    registration = registration_of(it)
    if registration is None or registration.sent_at is None:
        raise Http404
    reason = request.POST.get("reason", "")
    with pointing_to(it, [(_("Comment"), reason)]):
        mine = the_designation(request.user, registration)
        if request.method != "POST":
            if mine.accepted_at or mine.declined_at or mine.released_at:
                raise WrongState(_("You have already answered this, or are no longer named."))
            if managing.account_of(mine) is not None:  # for a live account the page is another one
                return HttpResponseRedirect(reverse("web:custody_answer", args=[mine.pk]))
            return _page(request, registration, Comment(needed=False))
        answer = request.POST.get("answer", "")

        def act() -> str:
            if answer not in {"accept", "decline"}:
                raise Invalid(_("Choose “Accept” or “Decline”."))
            managing.answer(mine, by=request.user, accept=answer == "accept", reason=reason)
            status = status_of(requests().get(pk=it.pk), request.user)
            done = (
                _("You accepted being content manager.")
                if answer == "accept"
                else _("You declined. The person who asked has been told why.")
            )
            messages.success(request, f"{done} {status.next_step}")
            return record_url(it)

        try:
            return perform(request, act)
        except Invalid as refused:
            return _page(
                request, registration, Comment(needed=False, data=request.POST, refused=refused), status=422
            )


def _page(
    request: StaffRequest, registration: Registration, comment: Comment, status: int = 200
) -> HttpResponse:
    it = registration.request
    titles = Titles([it])
    comment.fields["reason"].help_text = _("Needed when you decline. %(name)s reads it as you write it.") % {
        "name": it.requester.name
    }
    others = [
        d.person.name
        for d in registration.designations.all()
        if d.person_id != request.user.pk and not (d.declined_at or d.released_at)
    ]
    context = {
        "it": it,
        "title": titles.of(it),
        "form": comment,
        "key": new_key(),
        "others": ", ".join(others),
        "must_read": must_read(request.user),
        "read_url": f"{reverse('web:guidance_read')}?next={request.path}",
        "facts": decision_facts(it, registration, titles),
        "back": record_url(it),
    }
    return render(request, "web/requests/designation.html", context, status=status)
