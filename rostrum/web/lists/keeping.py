"""Choosing columns; keeping, renaming and deleting filters. Works without scripts; nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.core.errors import Refusal
from rostrum.people import lists
from rostrum.people.list_models import SavedFilter
from rostrum.web.access import StaffRequest, perform, signed_in
from rostrum.web.listing import Listing
from rostrum.web.lists.catalogue import the_listing
from rostrum.web.submitting import answer, sent


def _query(listing: Listing, request: StaffRequest) -> str:
    try:
        return listing.query(request.POST.get("query", "")[:4000])
    except ValueError:
        return ""


@require_POST
@signed_in
def columns(request: StaffRequest, listing: str) -> HttpResponse:
    """Show these columns from now on, or the usual ones; then back to the list as it was filtered."""
    it = the_listing(listing)
    known = {one.key for one in it.columns if not one.always}
    wanted = [key for key in request.POST.getlist("column") if key in known]
    lists.choose_columns(request.user, it.key, None if "usual" in request.POST else wanted)
    return HttpResponseRedirect(it.address(_query(it, request)))


class Name(forms.Form):
    """The name under which a filter is kept."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name of the filter"), max_length=500, strip=False,
        help_text=gettext_lazy("For example: suspended at my school. Only you see it."),
        error_messages={"required": gettext_lazy("Give the filter a name, so that you find it again.")},
    )  # fmt: skip


class Kept(Name):
    """A name, and the query that it stands for."""

    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)


@require_POST
@signed_in
def keep(request: StaffRequest, listing: str) -> HttpResponse:
    """Keep what narrows the list under a name, and show the list as it was."""
    it = the_listing(listing)
    query = _query(it, request)
    form = Kept(request.POST)

    def act() -> str:
        made = lists.keep_filter(
            request.user, it.key, form.cleaned_data["name"], query if it.narrowed(query) else ""
        )
        messages.success(request, _("The filter “%(name)s” is kept above the list.") % {"name": made.name})
        return it.address(made.query)

    return _answer(request, form, act, it, query, _("Keep this filter"), _("Keep"))


def _answer(
    request: StaffRequest, form: forms.Form, act: Any, it: Listing, query: str, title: str, button: str, **more: Any
) -> HttpResponse:
    context = {"title": title, "button": button, "back": it.address(query), "list": it.title,
               "list_url": reverse(it.page), **more}  # fmt: skip
    try:
        return answer(request, form, act, "web/lists/filter.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or it.address(query)
        raise


def _kept(request: StaffRequest, pk: int) -> tuple[SavedFilter, Listing]:
    found = lists.filter_of(request.user, pk)
    if found is None:
        raise Http404
    return found, the_listing(found.listing)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rename(request: StaffRequest, pk: int) -> HttpResponse:
    """Another name for a kept filter; from here it is deleted as well."""
    it, listing = _kept(request, pk)
    form = Name(sent(request), initial={"name": it.name})

    def act() -> str:
        lists.rename_filter(it, form.cleaned_data["name"])
        messages.success(request, _("The filter is called “%(name)s” now.") % {"name": it.name})
        return listing.address(it.query)

    return _answer(request, form, act, listing, it.query, _("Kept filter"), _("Rename"),
                   drop_url=reverse("web:list_filter_drop", args=[it.pk]))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete a kept filter, after a clear question."""
    it, listing = _kept(request, pk)
    if request.method == "POST":

        def act() -> str:
            lists.drop_filter(it)
            messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": it.name})
            return listing.address(it.query)

        return perform(request, act)
    context = {"it": it, "back": listing.address(it.query), "list": listing.title, "list_url": reverse(listing.page)}
    return render(request, "web/lists/drop.html", context)
