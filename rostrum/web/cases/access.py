"""Which case, decision or appeal a page is about, refusals that point back to it, and files for those who may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import models
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from rostrum.audit.queries import history
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.cases.queries import find_appeal, find_case, find_decision
from rostrum.core import evidence
from rostrum.core.dates import when
from rostrum.core.errors import Overtaken, Refusal, WrongState
from rostrum.people.models import Person


def the_case(person: Person, pk: int) -> Case:
    """A case that the person may read; otherwise there is nothing at this address (404)."""
    found = find_case(person, pk)
    if found is None:
        raise Http404
    return found


def the_decision(person: Person, pk: int) -> Decision:
    """A decision that the person may read; otherwise there is nothing at this address (404)."""
    found = find_decision(person, pk)
    if found is None:
        raise Http404
    return found


def the_appeal(person: Person, pk: int) -> Appeal:
    """An appeal that the person may read; otherwise there is nothing at this address (404)."""
    found = find_appeal(person, pk)
    if found is None:
        raise Http404
    return found


@contextmanager
def pointing_to(thing: models.Model, url: str, typed: Sequence[tuple[str, str]] = ()) -> Iterator[None]:
    """Give every refusal within the way back, what happened last, and what the person had typed."""
    try:
        yield
    except Refusal as refusal:
        refusal.url = refusal.url or url
        if isinstance(refusal, Overtaken | WrongState) and not refusal.way_forward:
            entries = history(thing)
            if entries:
                refusal.way_forward = _("%(when)s: %(what)s") % {
                    "when": when(entries[-1].at), "what": entries[-1].words,
                }  # fmt: skip
        refusal.typed = refusal.typed or [(label, value) for label, value in typed if value.strip()]
        raise


def kept_file(digest: str, kind: str, name: str) -> FileResponse:
    """A file of evidence as it was sent; never run, never kept around. Http404 where it is no longer there."""
    place = evidence.path_of(digest, kind)
    if not place.is_file():
        raise Http404
    response = FileResponse(place.open("rb"), content_type=evidence.TYPES[kind])
    # A PDF is taken away and not shown: the sandbox below would leave a blank page.
    shown = "attachment" if kind == "pdf" else "inline"
    response["Content-Disposition"] = f'{shown}; filename="{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=0, no-store"
    return response
