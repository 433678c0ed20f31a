"""Bringing a list of today's accounts in: choose the file, see and repair every row, then take it in whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rostrum.core.errors import Invalid, NotAllowed, Refusal
from rostrum.intake import accounts, accounts_reading, accounts_together, progress
from rostrum.intake.accounts_columns import FIELDS
from rostrum.intake.accounts_models import AccountList, AccountRow, Level, ListState
from rostrum.intake.accounts_rows import Judge
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.known.wording import tabs
from rostrum.web.submitting import answer, sent

PER_PAGE = 25
LOOKS_AGAIN_SECONDS = 2
SHOWN = ("look", "problem", "fine", "held", "skipped", "all")
TONES = {"problem": "stop", "look": "act", "fine": "good", "held": "over", "skipped": "over"}


class File(forms.Form):
    """The list as a file."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("The list"),
        help_text=gettext_lazy(
            "A spreadsheet (XLSX, XLS, ODS) or CSV, one account in a row. Useful columns: school, address, name, who "
            "looks after it, e-mail. What they are called hardly matters."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
        error_messages={"required": gettext_lazy("Choose the file."), "empty": gettext_lazy("This file is empty.")},
    )


def _need(request: StaffRequest) -> None:
    if not may(request.user, "known:import"):
        raise NotAllowed(_("Only %(keeper)s can bring a list of accounts in.") % {"keeper": keeper()})


def _the_list(request: StaffRequest, pk: int) -> AccountList:
    _need(request)
    found = AccountList.objects.filter(pk=pk).select_related("by").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: StaffRequest) -> HttpResponse:
    """Choose a file; lists that somebody has begun to look through wait beneath, with all the work on them."""
    _need(request)
    form = File(sent(request), request.FILES or None)

    def act() -> str:
        upload = form.cleaned_data["file"]
        batch = accounts_reading.stage(upload.name, upload.file, by=request.user)
        return reverse("web:known_staged", args=[batch.pk])

    context = {
        "tabs": tabs(request.user, "import"),
        "open": AccountList.objects.exclude(state__in=[ListState.DONE, ListState.DROPPED]).select_related("by"),
        "past": AccountList.objects.filter(state=ListState.DONE).select_related("by")[:10],
    }
    return answer(request, form, act, "web/known/import.html", context)


def _place(pk: int, request: StaffRequest, anchor: str = "", said: int = 0) -> str:
    """Back to the same rows of the list; `said` is the row of which the page tells what became of it."""
    source = request.POST if request.method == "POST" else request.GET
    show, page = source.get("show", ""), source.get("page", "")
    query = f"?show={show}" if show in SHOWN else "?show=look"
    query += f"&page={page}" if page.isascii() and page.isdigit() and len(page) < 6 else ""
    query += f"&said={said}" if said else ""
    return f"{reverse('web:known_staged', args=[pk])}{query}{anchor}"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def staged(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows of a list, each with what it needs; sent with `act`, the list is taken in whole, or given up."""
    batch = _the_list(request, pk)
    if request.method == "POST":

        def act() -> str:
            if request.POST.get("act") == "drop":
                accounts.drop(batch, by=request.user)
                messages.success(request, _("The list is given up. Nothing of it was brought in."))
                return reverse("web:known_import")
            taken = accounts.confirm(batch, by=request.user)
            if taken.state != ListState.DONE:
                return reverse("web:known_staged", args=[batch.pk])
            _say_taken(request, taken)
            return reverse("web:known_schools")

        try:
            return perform(request, act)
        except Invalid as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(f"{reverse('web:known_staged', args=[pk])}?show=problem")
        except Refusal as refusal:
            refusal.url = refusal.url or reverse("web:known_import")
            raise
    if batch.state in {ListState.READING, ListState.TAKING}:
        return _waiting(request, batch)
    return _preview(request, batch)


def _say_taken(request: StaffRequest, batch: AccountList) -> None:
    made = batch.counts.get("taken", 0)
    said = ngettext("One account is known now.", "%(count)d accounts are known now.", made)
    messages.success(request, said % {"count": made} + " " + _("Each school was asked whose they are."))


def _waiting(request: StaffRequest, batch: AccountList) -> HttpResponse:
    """A job is at the list. The page looks again by itself, without a script, and may be left."""
    context = {
        "batch": batch, "tabs": tabs(request.user, "import"), "key": new_key(), "so_far": progress.of(batch.kept_in),
        "reading": batch.state == ListState.READING,
    }  # fmt: skip
    response = render(request, "web/known/waiting.html", context)
    response.headers["Refresh"] = str(LOOKS_AGAIN_SECONDS)
    return response


def _preview(request: StaffRequest, batch: AccountList, status: int = 200) -> HttpResponse:
    counts = accounts.counts(batch)
    needs = counts["problem"] + counts["look"]
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ("problem" if counts["problem"] else "look" if needs else "all")
    rows = batch.rows.all()
    if show == "look":
        rows = rows.filter(level__in=[Level.PROBLEM, Level.LOOK])
    elif show != "all":
        rows = rows.filter(level=show)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown, judge = list(page), Judge()
    found = accounts.judged(shown, batch, judge)
    labels = {"look": _("Needs a look"), "problem": Level.PROBLEM.label, "fine": Level.FINE.label,
              "held": Level.HELD.label, "skipped": Level.SKIPPED.label, "all": _("All rows")}  # fmt: skip
    sizes = counts | {"look": needs, "all": sum(counts.values())}
    context: dict[str, Any] = {
        "batch": batch, "page": page, "show": show, "key": new_key(), "open": batch.state == ListState.OPEN,
        "views": [{"key": k, "label": labels[k], "count": sizes[k], "current": k == show} for k in SHOWN
                  if sizes[k] or k in {"look", "all"}],
        "rows": [_row(row, found[row.number], batch) for row in shown], "said": _said(request, batch, shown),
        "alike": accounts_together.not_understood(batch, judge.places) if counts["problem"] > 1 else [],
        "stuck": counts["problem"], "take": counts["look"] + counts["fine"], "tabs": tabs(request.user, "import"),
        "units": [judge.places.label(u) for u in judge.places.units.values()], "fields": list(FIELDS.items()),
        "columns": [
            {"name": name, "label": label, "at": batch.mapping.get(name, -1)} for name, label in FIELDS.items()
        ],
        "header": list(enumerate(batch.header)),
        "unread": [one for one in batch.notes if one["weight"] == "row"],
        "noted": [one for one in batch.notes if one["weight"] == "note"],
        "stops": [one for one in batch.notes if one["weight"] == "file"],
        "refused": batch.state == ListState.REFUSED,
        "sheets": batch.sheets if len(batch.sheets) > 1 and accounts_reading.still_kept(batch) else [],
        "mended": batch.rows.exclude(edits={}).exists() or counts["skipped"] > 0,
    }  # fmt: skip
    return render(request, "web/known/staged.html", context, status=status)


def _said(request: StaffRequest, batch: AccountList, shown: list[AccountRow]) -> dict[str, Any] | None:
    """What became of the row that was just mended, and above which row it is told: where the eye is anyway."""
    asked = request.GET.get("said", "")
    row = batch.rows.filter(number=asked).first() if asked.isascii() and asked.isdigit() and len(asked) < 8 else None
    if row is None:
        return None
    above = next((one.number for one in shown if one.number >= row.number), 0)
    words = _("Row %(row)d: %(level)s.") % {"row": row.number, "level": Level(row.level).label}
    return {"words": words, "above": above, "tone": TONES[row.level]}


def _row(row: Any, judged: Any, batch: AccountList) -> dict[str, Any]:
    values = accounts.values_of(row, batch.mapping)
    by_field: dict[str, list[Any]] = {}
    for one in judged.findings:
        by_field.setdefault(one.field, []).append(one)
    return {
        "it": row, "level": row.level, "badge": {"tone": TONES[row.level], "word": str(Level(row.level).label)},
        "title": values["name"] or values["address"] or _("Row without an address"), "address": values["address"],
        "unit": values["unit"], "open": row.level in {"problem", "look"},
        "understood": judged.entry.address if judged.entry else "", "findings": judged.findings,
        "fields": [
            {"name": name, "label": label, "value": values[name], "findings": by_field.get(name, []),
             "edited": name in row.edits, "wrong": any(f.level == "problem" for f in by_field.get(name, []))}
            for name, label in FIELDS.items()
        ],
    }  # fmt: skip


@require_POST
@signed_in
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """Read another sheet of the workbook instead."""
    batch = _the_list(request, pk)
    try:
        accounts_reading.read_sheet(batch, request.POST.get("sheet", ""), by=request.user)
    except Invalid as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("web:known_staged", args=[pk]))


@require_POST
@signed_in
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Read the columns another way; kept for the next list with the same columns."""
    batch = _the_list(request, pk)
    chosen = {}
    for name in FIELDS:
        typed = request.POST.get(f"column-{name}", "")
        if typed.isascii() and typed.isdigit() and len(typed) < 4:
            chosen[name] = int(typed)
    try:
        accounts_reading.read_columns(batch, chosen, by=request.user)
        messages.success(request, _("The columns are read this way now, and next time."))
    except Invalid as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(_place(pk, request, "#columns"))


@require_POST
@signed_in
def row(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Keep what was typed over one row, take a suggestion, skip the row or take it back."""
    batch = _the_list(request, pk)
    typed = {name: request.POST[f"cell-{name}"] for name in FIELDS if f"cell-{name}" in request.POST}
    if request.POST.get("use_unit"):
        typed["unit"] = request.POST["use_unit"]
    skipped = {"skip": True, "back": False}.get(request.POST.get("act", ""))
    try:
        accounts.repair(batch, number, by=request.user, values=typed, skipped=skipped)
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(_place(pk, request))
    return HttpResponseRedirect(_place(pk, request, "#said", number))


@require_POST
@signed_in
def together(request: StaffRequest, pk: int) -> HttpResponse:
    """Mend one cell wherever it stands alike, or pass over every row that cannot be used yet."""
    batch = _the_list(request, pk)
    try:
        if request.POST.get("act") == "skip":
            count = accounts_together.skip_stuck(batch, by=request.user)
            said = ngettext("One row is skipped.", "%(count)d rows are skipped.", count)
        else:
            value, unit = request.POST.get("value", ""), request.POST.get("unit", "")
            count = accounts_together.same_place(batch, value, unit, by=request.user)
            said = ngettext("One row is mended.", "%(count)d rows are mended.", count)
        messages.success(request, said % {"count": count})
    except Invalid as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("web:known_staged", args=[pk]))
