"""Showing once more that it is still the same person, before a key is made that opens a door to programs."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from rostrum.core import clock
from rostrum.web.access import StaffRequest
from rostrum.web.context import url_of


def prove(request: StaffRequest) -> None:
    """Let through only who showed within the last quarter of an hour that it is them; ask everyone else, then go on.

    An unlocked screen must not be enough to take a lasting key away. Whoever has a password, a passkey or a code
    here gives it again, and what was sent goes on by itself. Whoever comes in by the division's own sign-in has
    nothing to give here: they sign out and in again, and what they typed is shown back. Both are raised, as answers
    that the middleware of allauth gives; call it after asking whether the person may do the thing at all.
    """
    if get_adapter().get_reauthentication_methods(request.user):
        raise_if_reauthentication_required(request, app="rostrum")
    elif _signed_in_for(request) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise ImmediateHttpResponse(_sign_in_again(request))


def _signed_in_for(request: StaffRequest) -> int:
    """Seconds since this session began; the middleware notes when that was."""
    now = int(clock.now().timestamp())
    return now - int(request.session.get("started_at", now))


def _sign_in_again(request: StaffRequest) -> HttpResponse:
    login = f"{url_of('account_login', settings.LOGIN_URL)}?{urlencode({'next': request.path, 'why': 'again'})}"
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value and not name.startswith(("_", "csrf"))
    ]
    status = 403 if request.method == "POST" else 200
    return render(request, "errors/sign_in_again.html", {"login": login, "typed": typed}, status=status)
