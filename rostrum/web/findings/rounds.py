"""Checking everything that is kept again: asked for here, and how far it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import NotAllowed
from rostrum.monitoring.models import CheckRound
from rostrum.monitoring.rounds import ask_again
from rostrum.people.queries import may
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.findings.tuning import need

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: StaffRequest) -> HttpResponse:
    """The last rounds; and a button that has every kept post checked again."""
    need(request)
    if request.method == "POST":
        if not may(request.user, "rule:tune"):
            raise NotAllowed(_("Only those who keep the rules can have everything checked again."))

        def act() -> str:
            made = ask_again(by=request.user, why=_("Asked for by %(name)s") % {"name": request.user.name})
            return reverse("web:check_round", args=[made.pk])

        return perform(request, act)
    context = {
        "rounds": CheckRound.objects.all()[:SHOWN], "may_ask": may(request.user, "rule:tune"), "key": new_key(),
        "crumbs": [(_("Findings"), reverse("web:findings")), (_("How exact rules are"), reverse("web:finding_rules"))],
    }  # fmt: skip
    return render(request, "web/findings/rounds.html", context)


@require_safe
@signed_in
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far one round is. The page asks again by itself while it runs, and can be left."""
    need(request)
    it = get_object_or_404(CheckRound, pk=pk)
    context = {
        "it": it, "percent": 100 if it.finished_at or not it.total else min(99, 100 * it.done // it.total),
        "crumbs": [(_("Findings"), reverse("web:findings")), (_("Checked again"), reverse("web:check_rounds"))],
    }  # fmt: skip
    response = render(request, "web/findings/round.html", context)
    if not it.finished_at:
        response.headers["Refresh"] = "3"
    return response
