"""Which review, finding or sample a page is about, and refusals that point back to it with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core.errors import NotAllowed, Refusal, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewSample
from rostrum.reviews.queries import the_finding as find_finding
from rostrum.reviews.queries import visible_to
from rostrum.web.access import StaffRequest, new_key
from rostrum.web.keys.access import forget_secrets
from rostrum.web.submitting import answer


def the_review(person: Person, ref: str) -> Review:
    """A review that the person may know of; otherwise there is nothing at this address (404)."""
    found = visible_to(person).filter(ref=ref[:20]).first()
    if found is None:
        raise Http404
    return found


def the_finding(person: Person, ref: str) -> ReviewFinding:
    """A finding that the person may read; otherwise there is nothing at this address (404)."""
    found = find_finding(person, ref)
    if found is None:
        raise Http404
    return found


def the_sample(person: Person, pk: int) -> ReviewSample:
    """A sample, for whoever sees which reviews are planned (404 for everybody else)."""
    found = (
        ReviewSample.objects.select_related("scope", "drawn_by", "called_off_by").filter(pk=pk).first()
        if pk < 2**63
        else None
    )
    if found is None or not may(person, "review:view", found.scope):
        raise Http404
    return found


def review_url(it: Review) -> str:
    """The page of a review."""
    return reverse("web:review", args=[it.ref])


def unkept(
    request: StaffRequest, form: forms.Form, act: Callable[[], str], template: str, context: dict[str, Any]
) -> HttpResponse:
    """What `submitting.answer` does, for forms into which somebody may type what must not be shown again: a password."""
    response = answer(request, form, act, template, context)
    if response.status_code == 422:
        forget_secrets(form)
        response = render(request, template, {**context, "form": form, "key": new_key()}, status=422)
    return response


@contextmanager
def pointing_to(url: str, *typed: tuple[str, str]) -> Iterator[None]:
    """Give every refusal within the way back, and what was typed as far as it may be shown."""
    try:
        yield
    except Refusal as refusal:
        refusal.url = refusal.url or url
        refusal.typed = [(label, text) for label, text in typed if text.strip() and not looks_secret(text)]
        raise


def not_now(state: str) -> WrongState:
    """That something cannot be done in the state that it is in."""
    return WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.") % {"state": state})


def not_yours(it: Review) -> NotAllowed:
    """That a review is somebody else's."""
    name = it.reviewer.name if it.reviewer else "-"
    return NotAllowed(_("This review is not yours. It is with %(name)s.") % {"name": name})
