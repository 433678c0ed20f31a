"""Which reset or call a page is about, and forms into which somebody may type what must not be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from rostrum.core.errors import Refusal
from rostrum.core.secretive import looks_secret
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.queries import calls_visible_to, resets_visible_to
from rostrum.people.models import Person

P = ParamSpec("P")
BIG = 2**63


def the_reset(person: Person, pk: int) -> Reset:
    """A statement about an account that the person may read; otherwise there is nothing at this address (404)."""
    found = resets_visible_to(person).filter(pk=pk).first() if pk < BIG else None
    if found is None:
        raise Http404
    return found


def the_call(person: Person, pk: int) -> ResetCall:
    """A call for an account that the person may read; otherwise there is nothing at this address (404)."""
    found = calls_visible_to(person).filter(pk=pk).first() if pk < BIG else None
    if found is None:
        raise Http404
    return found


def unlogged(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Keep what is typed into a form out of every report of an error: its fields, and the variables of all beneath.

    People are told not to write a password here. Some will, and a mail about an unrelated bug must not carry it.
    """

    @wraps(view)
    @sensitive_variables()
    @sensitive_post_parameters()
    def covered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], covered)


def forget_secrets(form: forms.Form) -> None:
    """Before a form is shown again: empty every field whose text looks like a password. The others keep theirs."""
    if isinstance(form.data, QueryDict):
        data = form.data.copy()
        for name, values in list(data.lists()):
            data.setlist(name, ["" if looks_secret(str(value)) else value for value in values])
        form.data = data


@contextmanager
def pointing_to(url: str, *typed: tuple[str, str]) -> Iterator[None]:
    """Give every refusal within the way back, and what was typed as far as it may be shown."""
    try:
        yield
    except Refusal as refusal:
        refusal.url = refusal.url or url
        refusal.typed = [(label, text) for label, text in typed if text.strip() and not looks_secret(text)]
        raise
