"""Bringing a list of last posts in: choose the file, see every row that cannot be used, take the rest whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import Invalid, NotAllowed, Refusal
from rostrum.intake import posts
from rostrum.intake.post_models import PostList, PostListState
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.submitting import answer, sent

SHOWN = 50
TONES = {PostListState.OPEN.value: "act", PostListState.DONE.value: "good", PostListState.DROPPED.value: "over"}


class File(forms.Form):
    """The list as a file."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("The list"),
        help_text=gettext_lazy(
            "A spreadsheet (XLSX, XLS, ODS) or CSV, one account in a row: its address, handle or public id, and the day of "
            "its last post. Nothing changes before you have seen it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
        error_messages={"required": gettext_lazy("Choose the file."), "empty": gettext_lazy("This file is empty.")},
    )


def _need(request: StaffRequest) -> None:
    if not may(request.user, "liveness:import"):
        raise NotAllowed(worded(_("Only {keeper} can bring a list of last posts in.")), url=reverse("web:quiet"))


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Last posts and quiet accounts"), reverse("web:quiet"))]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: StaffRequest) -> HttpResponse:
    """Choose a file; lists that were begun wait beneath."""
    _need(request)
    form = File(sent(request), request.FILES or None)

    def act() -> str:
        upload = form.cleaned_data["file"]
        made = posts.stage(upload.name, upload.file, by=request.user)
        return reverse("web:post_list", args=[made.pk])

    lists = PostList.objects.select_related("by")
    context = {
        "crumbs": _crumbs(), "open": lists.filter(state=PostListState.OPEN),
        "past": lists.filter(state=PostListState.DONE)[:10],
    }  # fmt: skip
    return answer(request, form, act, "web/upkeep/import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One list as it stands. Sent: `act` is take or drop; `leave_out` says that bad rows are left out knowingly."""
    _need(request)
    it = PostList.objects.select_related("by").filter(pk=pk).first() if pk < 2**63 else None
    if it is None:
        raise Http404
    problem, status = "", 200
    if request.method == "POST":
        try:
            return perform(request, lambda: _act(request, it))
        except Invalid as refusal:
            problem, status = refusal.message, 422
        except Refusal as refusal:
            refusal.url = refusal.url or reverse("web:post_imports")
            raise
    context: dict[str, Any] = {
        "it": it, "crumbs": [*_crumbs(), (_("Bring a list in"), reverse("web:post_imports"))], "key": new_key(),
        "badge": {"tone": TONES[it.state], "word": it.get_state_display()}, "open": it.state == PostListState.OPEN,
        "rows": posts.seen(it, SHOWN), "more": max(0, len(it.rows) - SHOWN), "faults": it.faults[:SHOWN * 4],
        "more_faults": max(0, it.counts.get("bad", 0) - SHOWN * 4), "problem": problem, "problems": bool(problem),
    }  # fmt: skip
    return render(request, "web/upkeep/list.html", context, status=status)


def _act(request: StaffRequest, it: PostList) -> str:
    asked = request.POST.get("act", "")
    if asked == "drop":
        posts.drop(it, by=request.user)
        messages.success(request, _("The list is dropped. Nothing of it was brought in."))
    elif asked == "take":
        done = posts.take(it, by=request.user, leave_out=request.POST.get("leave_out") == "yes")
        newer = done.counts["newer"]
        said = ngettext("%(n)d account has a newer last post.", "%(n)d accounts have a newer last post.", newer)
        messages.success(request, said % {"n": newer})
    else:
        raise Invalid(_("Choose what to do with the list."))
    return reverse("web:post_list", args=[it.pk])


@require_safe
@signed_in
def template(request: StaffRequest) -> HttpResponse:
    """A table with examples, to fill in with any spreadsheet."""
    _need(request)
    response = HttpResponse(posts.template(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("last-posts")}.csv"'
    return response
