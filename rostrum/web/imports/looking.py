"""One import: what it would change, what is wrong with the file, yes or no; afterwards what it did and who left."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import Invalid, Overtaken, Refusal
from rostrum.core.tables import safe_cell
from rostrum.core.text import fold
from rostrum.intake import actions, progress
from rostrum.intake.faults import Fault
from rostrum.intake.leavers import left_behind
from rostrum.intake.models import ImportKind, ImportRun, ImportState
from rostrum.intake.plan import Change, Plan
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.imports.choosing import need
from rostrum.web.imports.wording import (
    WHAT_TONES,
    badge,
    outside_words,
    result_words,
    thing_word,
    what_word,
)

PER_PAGE = 50
LOOKS_AGAIN_SECONDS = 2
# Leavers are ticked one by one up to here; beyond it only all of them or none.
TICKED_AT_MOST = 150


def _the_run(request: StaffRequest, pk: int) -> ImportRun:
    need(request.user)
    found = ImportRun.objects.filter(pk=pk).select_related("by").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """The import as it stands. Sent: `act` is confirm, again or drop."""
    run = _the_run(request, pk)
    if request.method == "POST":
        return _act(request, run)
    if run.state in {ImportState.READING, ImportState.APPLYING}:
        context = {
            "run": run, "badge": badge(run), "key": new_key(), "so_far": progress.of(run.kept_in),
            "reading": run.state == ImportState.READING,
        }  # fmt: skip
        response = render(request, "web/imports/waiting.html", context)
        response.headers["Refresh"] = str(LOOKS_AGAIN_SECONDS)
        return response
    if run.state == ImportState.APPLIED:
        return _result(request, run)
    if run.state == ImportState.DROPPED:
        return render(request, "web/imports/dropped.html", {"run": run, "badge": badge(run)})
    return _preview(request, run)


def _act(request: StaffRequest, run: ImportRun) -> HttpResponse:
    here = reverse("web:import", args=[run.pk])
    asked = request.POST.get("act", "")

    def act() -> str:
        if asked == "drop":
            actions.drop(run, by=request.user)
            messages.success(request, _("The file is set aside. Nothing of it was brought in."))
            return reverse("web:imports")
        if asked == "again":
            options = {key: request.POST.get(key, "") for key in actions.OPTIONS}
            actions.again(run, by=request.user, options=options)
            return here
        if asked != "confirm":
            raise Invalid(_("Choose what to do with the file."))
        actions.confirm(run, by=request.user, digest=request.POST.get("digest", ""), ends=_ends(request, run))
        return here

    try:
        return perform(request, act)
    except Overtaken as refusal:
        run.refresh_from_db()
        if run.state != ImportState.READY:
            refusal.url = here
            raise
        messages.warning(request, refusal.message)
        return HttpResponseRedirect(here)
    except Refusal as refusal:
        refusal.url = refusal.url or reverse("web:imports")
        raise


def _ends(request: StaffRequest, run: ImportRun) -> list[str]:
    """The leavers and ended roles that were ticked, or all of them."""
    if request.POST.get("end_all") != "yes":
        return request.POST.getlist("end")
    gone = [one for one in actions.saved_plan(run).changes if one.what == "gone" and one.thing != "unit"]
    return [f"{one.thing}:{one.pk}" for one in gone]


def _row(change: Change) -> dict[str, Any]:
    return {
        "it": change,
        "thing": thing_word(change.thing),
        "tone": WHAT_TONES[change.what],
        "word": what_word(change.what),
        "url": _url(change),
    }


def _url(change: Change) -> str:
    if not change.pk or change.thing == "post":
        return ""
    return reverse("web:person" if change.thing == "person" else "web:unit", args=[change.pk])


def _preview(request: StaffRequest, run: ImportRun) -> HttpResponse:
    plan = actions.saved_plan(run)
    found = actions.saved_roll(run)
    asked = request.GET
    rows = {
        "new": [one for one in plan.changes if one.what == "new"],
        "changed": [one for one in plan.changes if one.what == "changed"],
        "gone": [one for one in plan.changes if one.what == "gone"],
    }
    problems = sorted(
        plan.faults, key=lambda fault: ({"file": 0, "row": 1, "note": 2}[fault.weight], fault.file, fault.row)
    )
    sizes = {**{key: len(lines) for key, lines in rows.items()}, "faults": len(problems)}
    first = next((key for key in ("new", "changed", "faults") if sizes[key]), "new")
    problems_only = run.state != ImportState.READY
    shown = "faults" if problems_only else asked.get("show", "") if asked.get("show", "") in sizes else first
    typed, thing = asked.get("q", "")[:100], asked.get("thing", "")
    if problems_only:  # what stops the file stands on top already
        problems = [fault for fault in problems if fault.weight != "file"]
    lines: list[Any] = list(problems) if shown == "faults" else rows[shown]
    if shown != "faults":
        lines = [one for one in lines if _fits(one, typed, thing)]
    leavers = _leavers(rows["gone"]) if run.state == ImportState.READY else {}
    # Those who can be ticked stand beneath anyway.
    listed = bool(leavers and not leavers["more"]) and all(one.thing != "unit" for one in rows["gone"])
    page = Paginator(lines, PER_PAGE).get_page(asked.get("page"))
    context = {
        **_frame(run, plan),
        "views": [
            {"key": key, "label": what_word(key) if key != "faults" else _("What to look at"), "count": sizes[key],
             "current": key == shown}
            for key in sizes
            if run.state == ImportState.READY and not (key == "gone" and listed)
        ],
        "shown": shown,
        # Where the file brings nothing, an empty list of changes only stands above those who have left.
        "listed": problems_only or plan.does_something or sizes["faults"] > 0 or not leavers,
        "page": page,
        "rows": [_row(one) for one in page] if shown != "faults" else [],
        "faults": list(page) if shown == "faults" else [],
        "q": typed,
        "thing": thing,
        "things": [(key, thing_word(key)) for key in ("unit", "person", "post")],
        "filtered": bool(typed or thing),
        "mapping": found.mapping,
        "sheets": found.sheets if len(found.sheets) > 1 and actions.other_sheets(run) else [],
        "sheets_gone": len(found.sheets) > 1 and not actions.other_sheets(run),
        "sheet": found.sheet,
        "leavers": leavers,
        "stops": [fault for fault in plan.faults if fault.weight == "file"],
        "complete": found.complete,
        "may_appoint": may(request.user, "appointment:manage"),
    }  # fmt: skip
    return render(request, "web/imports/preview.html", context)


def _fits(change: Change, typed: str, thing: str) -> bool:
    text = fold(f"{change.label} {change.detail}")
    return (not thing or change.thing == thing) and all(word in text for word in fold(typed).split())


def _frame(run: ImportRun, plan: Plan) -> dict[str, Any]:
    return {
        "run": run,
        "plan": plan,
        "key": new_key(),
        "badge": badge(run),
        "words": result_words(run),
        "outside": outside_words(run.counts),
        "ready": run.state == ImportState.READY,
        "roster": run.kind == ImportKind.ONEROSTER,
        "left_out": run.counts.get("faults", 0),
    }


def _leavers(gone: list[Change]) -> dict[str, Any]:
    """Who is not in the file any more, each with all that they leave behind; and roles the file no longer gives."""
    people = [one for one in gone if one.thing == "person"]
    posts = [one for one in gone if one.thing == "post"]
    some = people[:TICKED_AT_MOST]
    behind = left_behind([one.pk for one in some])
    return {
        "people": [{"it": one, "left": behind[one.pk]} for one in some],
        "posts": posts[:TICKED_AT_MOST],
        "count": len(people) + len(posts),
        "more": max(0, len(people) - TICKED_AT_MOST) + max(0, len(posts) - TICKED_AT_MOST),
    }


def _result(request: StaffRequest, run: ImportRun) -> HttpResponse:
    people = Person.objects.filter(pk__in=run.left).order_by("name")
    behind = left_behind([one.pk for one in people])
    waiting = [one for one in people if behind[one.pk].accounts or behind[one.pk].requests]
    context = {
        "run": run,
        "badge": badge(run),
        "words": result_words(run),
        "outside": outside_words(run.counts),
        "left": [{"person": one, "left": behind[one.pk]} for one in people],
        "touching": len(waiting),
        "withheld": run.counts.get("post_withheld", 0),
        "left_out": run.counts.get("faults", 0),
    }
    return render(request, "web/imports/result.html", context)


@require_safe
@signed_in
def faults(request: StaffRequest, pk: int) -> HttpResponse:
    """All that is wrong with a file, row by row, to mend it by. CSV in UTF-8."""
    run = _the_run(request, pk)
    found: list[Fault] = list(actions.saved_plan(run).faults)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
    out = csv.writer(response, quoting=csv.QUOTE_ALL)
    out.writerow([_("File"), _("Row"), _("Column"), _("Value"), _("What is wrong"), _("What to do"), _("Left out")])
    for fault in found:
        left_out = _("No") if fault.weight == "note" else _("Yes")
        cells = [
            fault.file or run.file_name,
            fault.row or "",
            fault.column,
            fault.value,
            fault.message,
            fault.remedy,
            left_out,
        ]
        out.writerow([safe_cell(cell) for cell in cells])
    return response
