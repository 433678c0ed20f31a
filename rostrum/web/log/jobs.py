"""Background work: what is due, what runs, what stopped and why; starting a stopped piece again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from rostrum.jobs.actions import retry
from rostrum.jobs.models import JobRun
from rostrum.jobs.queries import failing, lines, overview, readiness
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.log.access import need

SHOWN = 25
# What each piece of work is for, in words; one that is not listed shows its name alone.
WORDS = {
    "audit.checkpoint": gettext_lazy("Signs where the log stands, so that nobody can shorten it unseen."),
    "hooks.deliver": gettext_lazy("Sends what is due to one webhook."),
    "hooks.deliver_due": gettext_lazy("Sends messages of webhooks whose next attempt has come."),
    "hooks.forget": gettext_lazy("Forgets messages of webhooks after 90 days."),
    "hooks.gather": gettext_lazy("Looks for changes that webhooks must tell of."),
    "jobs.sweep": gettext_lazy("Delivers again what got lost, and forgets finished work."),
    "notices.deliver": gettext_lazy("Sends one letter soon after the act it tells of."),
    "notices.deliver_due": gettext_lazy("Sends letters whose next attempt has come."),
    "notices.daily_letter": gettext_lazy("Sends the daily letters in the morning."),
    "policies.bring_into_force": gettext_lazy("Brings an edition of the procedure into force on its day."),
    "registry.chase": gettext_lazy("Reminds people of accounts that are approved and not registered."),
    "registry.lapse": gettext_lazy(
        "Lets approvals lapse that nobody registered in time, if the division set a time."
    ),
    "workflow.forget_answers": gettext_lazy("Forgets which forms were sent, after a week."),
}
TONES = {"queued": "moving", "running": "moving", "done": "good", "dead": "stop"}


def _clock_words(every: Any, cron: str | None) -> str:
    if every is not None:
        minutes = int(every.total_seconds() // 60)
        return ngettext("every minute", "every %(count)d minutes", minutes) % {"count": minutes}
    return _("by the clock: %(cron)s") % {"cron": cron} if cron else _("when something asks for it")


def _lag_words(minutes: int) -> str:
    """How long the oldest piece of work that is due has waited."""
    if minutes < 120:
        return ngettext(
            "The oldest that is due waits for %(count)d minute.",
            "The oldest that is due waits for %(count)d minutes.",
            minutes,
        ) % {"count": minutes}
    hours = minutes // 60
    return ngettext(
        "The oldest that is due waits for %(count)d hour.",
        "The oldest that is due waits for %(count)d hours.",
        hours,
    ) % {"count": hours}


def _run(run: JobRun) -> dict[str, Any]:
    return {
        "run": run,
        "words": WORDS.get(run.name, ""),
        "badge": {"tone": TONES[run.state], "word": run.get_state_display()},
    }


@require_safe
@signed_in
def jobs(request: StaffRequest) -> HttpResponse:
    """The queue at a glance, what stopped first, then every declared piece of work and the last runs."""
    need(request.user, "job:manage")
    seen = overview()
    context = {
        "overview": seen,
        "lag_words": _lag_words(int(seen.lag.total_seconds() // 60)),
        "ready": readiness(),
        "dead": [_run(run) for run in failing()[:SHOWN]],
        "open": [
            _run(run)
            for run in JobRun.objects.filter(state__in=["queued", "running"]).order_by("queued_at")[:SHOWN]
        ],
        "last": [
            _run(run) for run in JobRun.objects.filter(state="done").order_by("-finished_at", "-pk")[:SHOWN]
        ],
        "lines": [
            {"line": line, "words": WORDS.get(line.name, ""), "clock": _clock_words(line.every, line.cron)}
            for line in lines()
        ],
        "key": new_key(),
    }
    return render(request, "web/log/jobs.html", context)


@require_POST
@signed_in
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a stopped piece of work its attempts back."""
    need(request.user, "job:manage")
    run = JobRun.objects.filter(pk=pk).first()
    if run is None:
        raise Http404

    def act() -> str:
        retry(run, request.user, role="sysadmin")
        messages.success(request, _("%(name)s runs again in a moment.") % {"name": run.name})
        return reverse("web:jobs")

    return perform(request, act)
