"""One-click sign-in for the demonstration: invented people only, and only in demo mode."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from rostrum.people import queries as people
from rostrum.web.context import Site


@require_POST
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Signs in as one of the demonstration's people. Anywhere but in demo mode there is no such page."""
    if not settings.DEMO:
        raise Http404
    email = request.POST.get("email", "").strip().lower()
    # Only the people offered on the page: not whoever else was added to this database since.
    if email not in {str(getattr(role, "email", "")).lower() for role in Site(request).demo_roles}:
        raise Http404
    person = people.by_email(email)
    if person is None:
        raise Http404
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        after, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        after = settings.LOGIN_REDIRECT_URL
    if request.user.is_authenticated:
        return HttpResponseRedirect(after)
    answer: HttpResponseBase = perform_login(request, person, email_verification="none", redirect_url=after)
    return answer
