"""Which request a page is about, and refusals that point back to it with what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.audit.queries import history_many
from rostrum.core.dates import when
from rostrum.core.errors import Invalid, Overtaken, Refusal, WrongState
from rostrum.people.models import Person
from rostrum.registry.models import AccountRequest
from rostrum.registry.queries import find, registration_of
from rostrum.web.requests.wording import words_of


def the_request(person: Person, ref: str) -> AccountRequest:
    """A request that the person may read; otherwise there is nothing at this address (404)."""
    found = find(person, ref)
    if found is None:
        raise Http404
    return found


def record_url(request: AccountRequest) -> str:
    """The page of a request."""
    return reverse("web:request", args=[request.ref])


def seen_version(posted: QueryDict) -> int | None:
    """The version that the page showed; None when the form does not say. Invalid when it is no number."""
    typed = posted.get("seen", "").strip()
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise Invalid(_("The version in this form is not a number. Open the page again."))
    return int(typed)


def last_act(request: AccountRequest) -> str:
    """What happened to a request last, in words and with its moment."""
    registration = registration_of(request)
    entries = history_many([request, *([registration] if registration else [])])
    if not entries:
        return ""
    return _("%(when)s: %(what)s") % {"when": when(entries[-1].at), "what": words_of(entries[-1])}


@contextmanager
def pointing_to(request: AccountRequest, typed: Sequence[tuple[str, str]] = ()) -> Iterator[None]:
    """Give every refusal within the way back to the request, what happened last, and what was typed."""
    try:
        yield
    except Refusal as refusal:
        refusal.url = refusal.url or record_url(request)
        if isinstance(refusal, Overtaken | WrongState) and not refusal.way_forward:
            refusal.way_forward = last_act(request)
        refusal.typed = [(label, value) for label, value in typed if value.strip()]
        raise
