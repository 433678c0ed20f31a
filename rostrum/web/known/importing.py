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
from rostrum.intake import accounts
from rostrum.intake.accounts_columns import FIELDS
from rostrum.intake.accounts_models import AccountList, Level, ListState
from rostrum.intake.accounts_rows import Judge
from rostrum.people.queries import may
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.known.wording import tabs
from rostrum.web.submitting import answer, sent

PER_PAGE = 25
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
        raise NotAllowed(_("Only Communications can bring a list of accounts in."))


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
        batch = accounts.stage(upload.name, upload.file, by=request.user)
        return reverse("web:known_staged", args=[batch.pk])

    context = {
        "tabs": tabs(request.user, "import"),
        "open": AccountList.objects.filter(state=ListState.OPEN).select_related("by"),
        "past": AccountList.objects.filter(state=ListState.DONE).select_related("by")[:10],
    }
    return answer(request, form, act, "web/known/import.html", context)


def _place(pk: int, request: StaffRequest, anchor: str = "") -> str:
    """Back to the same rows of the list."""
    source = request.POST if request.method == "POST" else request.GET
    show, page = source.get("show", ""), source.get("page", "")
    query = f"?show={show}" if show in SHOWN else "?show=look"
    query += f"&page={page}" if page.isascii() and page.isdigit() and len(page) < 6 else ""
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
            made = accounts.bring_in(batch, by=request.user)
            said = ngettext("One account is known now.", "%(count)d accounts are known now.", len(made))
            messages.success(request, said % {"count": len(made)} + " " + _("Each school was asked whose they are."))
            return reverse("web:known_schools")

        try:
            return perform(request, act)
        except Invalid as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(f"{reverse('web:known_staged', args=[pk])}?show=problem")
        except Refusal as refusal:
            refusal.url = refusal.url or reverse("web:known_import")
            raise
    return _preview(request, batch)


def _preview(request: StaffRequest, batch: AccountList, status: int = 200) -> HttpResponse:
    counts = accounts.counts(batch)
    needs = counts["problem"] + counts["look"]
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ("look" if needs else "all")
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
        "rows": [_row(row, found[row.number], batch) for row in shown],
        "stuck": counts["problem"], "take": counts["look"] + counts["fine"], "tabs": tabs(request.user, "import"),
        "units": [judge.places.label(u) for u in judge.places.units.values()], "fields": list(FIELDS.items()),
        "columns": [
            {"name": name, "label": label, "at": batch.mapping.get(name, -1)} for name, label in FIELDS.items()
        ],
        "header": list(enumerate(batch.header)),
        "unread": [one for one in batch.notes if one["weight"] == "row"],
        "noted": [one for one in batch.notes if one["weight"] != "row"],
    }  # fmt: skip
    return render(request, "web/known/staged.html", context, status=status)


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
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Read the columns another way; kept for the next list with the same columns."""
    batch = _the_list(request, pk)
    chosen = {}
    for name in FIELDS:
        typed = request.POST.get(f"column-{name}", "")
        if typed.isascii() and typed.isdigit() and len(typed) < 4:
            chosen[name] = int(typed)
    try:
        accounts.read_columns(batch, chosen, by=request.user)
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
        kept, judged = accounts.repair(batch, number, by=request.user, values=typed, skipped=skipped)
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(_place(pk, request))
    label = Level(kept.level).label
    messages.success(request, _("Row %(row)d: %(level)s.") % {"row": number, "level": label})
    stays = request.POST.get("show") == "all" or (kept.level in {"look", "problem"} and judged.findings)
    return HttpResponseRedirect(_place(pk, request, f"#row-{number}" if stays else ""))
