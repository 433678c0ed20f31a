"""Choose a file of people; what was begun and what was brought in stands beneath. The template to fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import NotAllowed
from rostrum.intake import actions, stafflist
from rostrum.intake.models import ImportRun, ImportState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.imports.wording import badge, result_words
from rostrum.web.submitting import answer, sent

PAST = 10


class UploadForm(forms.Form):
    """The file, and what to make of it."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "A OneRoster 1.1 or 1.2 export as a zip, or a list of staff as CSV, XLSX, XLS or ODS. Nothing changes until "
            "you have seen what would change."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.csv,.tsv,.txt,.xlsx,.xls,.ods"}),
        error_messages={"required": gettext_lazy("Choose the file."), "empty": gettext_lazy("This file is empty.")},
    )
    schools = forms.BooleanField(
        required=False,
        label=gettext_lazy("Add schools that are new"),
        help_text=gettext_lazy("For a list of staff: a school that is not here yet is added. Otherwise you are asked."),
    )
    classes = forms.BooleanField(
        required=False,
        label=gettext_lazy("Bring this year’s classes, too"),
        help_text=gettext_lazy("For OneRoster: each homeroom becomes a classroom, for which an account can be asked."),
    )


def need(person: Person) -> None:
    """Raise NotAllowed unless the person keeps both people and units."""
    if not (may(person, "person:manage") and may(person, "unit:manage")):
        raise NotAllowed(
            _("Your role does not let you bring people in."),
            way_forward=_("Ask your system administrator, or %(keeper)s, to do it.") % {"keeper": keeper()},
        )


def _lines(runs: Any) -> list[dict[str, Any]]:
    return [{"run": one, "words": result_words(one), "badge": badge(one)} for one in runs]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: StaffRequest) -> HttpResponse:
    """Choose a file. A file that was looked at and not confirmed waits for a day."""
    need(request.user)
    form = UploadForm(sent(request), request.FILES or None)

    def act() -> str:
        upload = form.cleaned_data["file"]
        options = {key: form.cleaned_data[key] for key in ("schools", "classes")}
        run = actions.stage(upload.file, name=upload.name, by=request.user, options=options)
        return reverse("web:import", args=[run.pk])

    runs = ImportRun.objects.select_related("by")
    over = [ImportState.APPLIED, ImportState.DROPPED]
    context = {
        "open": _lines(runs.exclude(state__in=over)[:PAST]),
        "past": _lines(runs.filter(state=ImportState.APPLIED)[:PAST]),
        "may_appoint": may(request.user, "appointment:manage"),
    }
    return answer(request, form, act, "web/imports/choose.html", context)


@require_safe
@signed_in
def template(request: StaffRequest) -> HttpResponse:
    """A list with two examples, in the reader's language, to fill in with any spreadsheet."""
    need(request.user)
    response = HttpResponse(stafflist.template(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_("staff-list")}.csv"'
    return response
