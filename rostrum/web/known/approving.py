"""Approving, together, requests for accounts that exist already: ticks on one page, each under the rules of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal
from rostrum.people.queries import may
from rostrum.policies.queries import form
from rostrum.policies.rolewords import approver
from rostrum.registry import known
from rostrum.registry.answers import read
from rostrum.registry.checks import notes_for
from rostrum.registry.known_queries import to_approve
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.known.wording import tabs
from rostrum.web.requests.wording import Titles, picture

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def approve(request: StaffRequest) -> HttpResponse:
    """Every claimed account whose approval waits for the reader, to be ticked and approved at once (AP 193 3.1)."""
    me = request.user
    found = to_approve(me)
    if not found and not may(me, "known:import"):
        message = _("Approving is for %(approver)s, or for whoever stands in.") % {"approver": approver()}
        raise NotAllowed(message, url=reverse("web:known_list"))
    rows, problem = found[:MOST], ""
    ticked = set(request.POST.getlist("tick"))
    if request.method == "POST":

        def act() -> str:
            chosen = {row.ref: row for row in rows}
            gone = ticked - set(chosen)
            if gone:
                raise Overtaken(_("Some of these were decided meanwhile: %(refs)s. Nothing was approved.")
                                % {"refs": ", ".join(sorted(one[:20] for one in gone)[:5])})  # fmt: skip
            pairs = [(chosen[ref], _seen(request, ref)) for ref in chosen if ref in ticked]
            done = known.approve_together(pairs, by=me, reason=request.POST.get("reason", ""))
            said = ngettext("One account is approved.", "%(count)d accounts are approved.", len(done))
            messages.success(request, _("%(said)s Whoever looks after it can register it now.")
                             % {"said": said % {"count": len(done)}})  # fmt: skip
            return reverse("web:known_approve")

        try:
            return perform(request, act)
        except Invalid as refusal:
            problem = refusal.message
        except Refusal as refusal:
            refusal.url = refusal.url or reverse("web:known_approve")
            raise
    titles = Titles(rows)
    context: dict[str, Any] = {
        "rows": [
            {"it": row, "title": titles.of(row), "icon": picture(row.platform), "ticked": row.ref in ticked,
             "flags": [n.message for n in notes_for(row, read(form(row.edition, "request"), row.answers))
                       if n.level in {"problem", "flag"}]}
            for row in rows
        ],
        "problems": [{"anchor": "", "message": problem}] if problem else [], "more": len(found) - len(rows),
        "tabs": tabs(me, "approve"), "key": new_key(), "reason": request.POST.get("reason", "") if problem else "",
        "words": ngettext("One account waits for your approval.", "%(count)d accounts wait for your approval.", len(found))
        % {"count": len(found)},
    }  # fmt: skip
    return render(request, "web/known/approve.html", context, status=422 if problem else 200)


def _seen(request: StaffRequest, ref: str) -> int | None:
    typed = request.POST.get(f"seen-{ref}", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None
