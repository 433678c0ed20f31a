"""Who is asking: the signed-in person, and the one way a page turns a form sent into an act done once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from rostrum.people.models import Person
from rostrum.workflow.once import fingerprint, once

# Whoever may do one of these keeps something of the house in order, and has the workshop in the menu.
KEEPERS = ("unit:manage", "person:manage", "procedure:set", "log:read", "mail:read", "job:manage")

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request whose sender is signed in."""

    user: Person


def signed_in(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Send whoever is not signed in to the sign-in page, and back here afterwards."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # login_required has made sure of it

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], login_required(checked))


def new_key() -> str:
    """A fresh key for one form: sending the form twice does the act once."""
    return uuid.uuid4().hex


def perform(request: StaffRequest, act: Callable[[], str]) -> HttpResponse:
    """Do what a form asks, once per idempotency key, and go to the page whose path the act returns.

    The key comes from the `Idempotency-Key` header or the form's hidden `_key`. Refusals pass through: the caller
    shows the form again for Invalid, and the middleware turns the others into their page.
    """
    key = request.headers.get("Idempotency-Key") or request.POST.get("_key", "")
    fields = sorted((name, value) for name, values in request.POST.lists() for value in values
                    if name not in {"_key", "csrfmiddlewaretoken"})
    sent = fingerprint(request.path, *(part for field in fields for part in field))
    return HttpResponseRedirect(once(request.user, key, sent, act))
