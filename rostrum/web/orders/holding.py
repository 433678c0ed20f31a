"""Crisis holds on pages: the list, one hold with its progress, the one tap of a manager, extending, saying, lifting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.audit.queries import history
from rostrum.core import clock
from rostrum.core.dates import when
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.notices.models import MailState, Notice
from rostrum.orders import hold_queries as Q
from rostrum.orders import holds
from rostrum.orders.hold_models import CrisisHold
from rostrum.orders.hold_states import EXTEND, HOLD_MOVES, LIFT, SAY, HoldKind, HoldState
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded
from rostrum.registry.models import AccessHolder, Account
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.orders.placing import EndForm, Lines
from rostrum.web.orders.wording import hold_badge, hold_title
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import place, refuse_unknown, sent

PER_PAGE = 25
SHOWN = 200  # accounts and people that a page names
MOVES = {move.name: move for move in HOLD_MOVES}
ICONS = {"extend": {"icon": "clock-edit"}, "say": {"icon": "speakerphone"}, "lift": {"icon": "lock-open"}}


@require_safe
@signed_in
def holds_list(request: StaffRequest) -> HttpResponse:
    """Every hold that the reader may see, those that stand first."""
    found = Q.visible_to(request.user).order_by("-state", "-since", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    numbers = Q.progress_many(rows)
    context = {
        "page": page, "may_place": holds.may_place(request.user),
        "rows": [
            {"it": one, "badge": hold_badge(one), "title": hold_title(one, numbers[one.pk].accounts),
             "progress": numbers[one.pk]}
            for one in rows
        ],
    }  # fmt: skip
    return render(request, "web/orders/holds.html", context)


def the_hold(person: Person, pk: int) -> CrisisHold:
    """A hold that the person may read; otherwise there is nothing at this address (404)."""
    found = Q.visible_to(person).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def progress_of(it: CrisisHold) -> dict[str, Any]:
    """Who was asked and who has stopped, with letters that could not be handed over yet."""
    rows = list(it.told.filter(asked=True).select_related("person__home_unit").order_by("person__name"))
    letters = dict(
        Notice.objects.filter(about_type="crisishold", about_id=it.pk, kind__in=("hold.frozen", "hold.taken_over"))
        .order_by().values_list("person", "mail")
    )  # fmt: skip
    waiting = [row for row in rows if row.stopped_at is None]
    mail = list(letters.values())
    return {
        "asked": len(rows), "stopped": len(rows) - len(waiting), "waiting": waiting[:SHOWN],
        "done": [row for row in rows if row.stopped_at is not None][-SHOWN:],
        "underway": mail.count(MailState.OWED.value), "sent": mail.count(MailState.SENT.value),
        "failed": [row for row in waiting if letters.get(row.person_id) == MailState.FAILED],
        "stands": it.state == HoldState.STANDING,
    }  # fmt: skip


def _reach(it: CrisisHold, accounts: list[Account]) -> dict[int, dict[str, Any]]:
    """For those who take over: where each account's password is kept, and who can get in. Never a secret."""
    registrations = {one.registration_id: one.pk for one in accounts}
    found: dict[int, dict[str, Any]] = {
        one.pk: {"custody": one.registration.custody, "names": []} for one in accounts
    }
    rows = AccessHolder.objects.filter(registration__in=registrations, until=None).order_by("name")
    for registration, name in rows.values_list("registration_id", "name"):
        found[registrations[registration]]["names"].append(name)
    return found


@require_safe
@signed_in
def hold(request: StaffRequest, pk: int) -> HttpResponse:
    """One hold: the button for whoever was asked, how far it has come, on what it stands, who lifted it."""
    it, me = the_hold(request.user, pk), request.user
    acts = [
        {"label": m.label, "url": reverse("web:hold_move", args=[it.pk, m.name]), "primary": m is LIFT, **ICONS[m.name]}
        for m in Q.allowed(me, it)
    ]  # fmt: skip
    keeps = holds.may_place(me)
    numbers = Q.progress(it)
    accounts = list(Q.accounts_of(it)[:SHOWN])
    places, mine = Places(one.unit for one in accounts), Q.told_row(me, it)
    reach = _reach(it, accounts) if keeps and it.kind == HoldKind.TAKEOVER else {}
    overlap = Q.also_held((one.pk for one in accounts), but=it.pk) if it.state == HoldState.STANDING else {}
    context: dict[str, Any] = {
        "it": it, "called": hold_title(it, numbers.accounts), "badge": hold_badge(it), "numbers": numbers,
        "kind": HoldKind(it.kind).label, "keeps": keeps, "mine": mine,
        "late": it.state == HoldState.STANDING and it.ends_at <= clock.now(),
        "ask_me": bool(mine and mine.asked and not mine.stopped_at and it.state == HoldState.STANDING),
        "primary": next((one for one in acts if one["primary"]), None),
        "more": [one for one in acts if not one["primary"]], "key": new_key(),
        "accounts": [
            {"it": one, "icon": picture(one.platform), "place": places.of(one.unit), "reach": reach.get(one.pk)}
            for one in accounts
        ],
        "more_accounts": max(0, numbers.accounts - len(accounts)),
        "others": list(Q.holds().filter(pk__in=overlap)) if overlap else [],
        "entries": timeline(history(it)), **progress_of(it),
    }  # fmt: skip
    return render(request, "web/orders/hold.html", context)


@require_safe
@signed_in
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The part of a hold's page that keeps itself up to date while somebody looks."""
    it = the_hold(request.user, pk)
    return render(request, "web/orders/_hold_progress.html", {"it": it, **progress_of(it)})


@require_POST
@signed_in
def stopped(request: StaffRequest, pk: int) -> HttpResponse:
    """One tap: I have stopped posting."""
    it = the_hold(request.user, pk)
    back = reverse("web:hold", args=[it.pk])

    def act() -> str:
        holds.stopped(it, by=request.user)
        messages.success(request, _("It is noted that you have stopped. You are told when you can post again."))
        return back

    try:
        return perform(request, act)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise


class Extending(EndForm):
    """Another end, and why."""

    reason = Reason.base_fields["reason"]


class Lifting(Reason):
    """Why it is over."""


SENTENCES = {
    "extend": gettext_lazy("You are about to change when this hold ends: %(what)s."),
    "say": gettext_lazy("You are about to change what the public reads on these accounts’ pages: %(what)s."),
    "lift": gettext_lazy("You are about to lift this hold: %(what)s."),
}


def _form_of(name: str, it: CrisisHold, data: Any) -> forms.Form:
    """The form of one act, as it stands today."""
    if name == EXTEND.name:
        end = timezone.localtime(it.ends_at)
        from_now = {"ends_on": end.date(), "ends_time": end.strftime("%H:%M")}
        form: forms.Form = Extending(data, initial=from_now)
    elif name == SAY.name:
        return Lines(data, initial={"line_en": it.line_en, "line_fr": it.line_fr})
    else:
        form = Lifting(data)
    form.fields["reason"].help_text = _("Everyone who was told of the hold reads this.")
    return form


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Give a hold another end, change what the public reads, or lift it (AP 193 1.5)."""
    it = the_hold(request.user, pk)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form, back, seen, status = _form_of(move, it, sent(request)), reverse("web:hold", args=[it.pk]), str(it.version), 200

    def act() -> str:
        data, version = form.cleaned_data, seen_version(request.POST)
        if isinstance(form, Extending):
            holds.extend(it, by=request.user, ends_at=form.moment(), reason=data["reason"], seen=version)
        elif move == SAY.name:
            holds.say(it, by=request.user, line_en=data["line_en"], line_fr=data["line_fr"], seen=version)
        else:
            holds.lift(it, by=request.user, reason=data["reason"], seen=version)
        messages.success(request, str(wanted.done))
        return back

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        elif wanted not in Q.allowed(request.user, it):
            _say_no(it, wanted.sources)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(_("Why"), request.POST["reason"])]
        raise
    count = Q.marks(it).count()
    told = it.told.count()
    context = {
        "it": it, "heading": wanted.label, "badge": hold_badge(it), "form": form, "back": back,
        "title": hold_title(it, count), "sentence": SENTENCES[move] % {"what": hold_title(it, count)},
        "effect": f"{wanted.effect} {_('That is %(count)d people.') % {'count': told} if move != SAY.name else ''}",
        "button": wanted.label, "tone": "primary", "clause": wanted.cites[0], "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/orders/hold_act.html", context, status=status)


def _say_no(it: CrisisHold, sources: frozenset[str]) -> None:
    """Not in this state (WrongState), or not this person (NotAllowed)."""
    if it.state not in sources:
        raise WrongState(_("This hold was lifted on %(when)s by %(who)s. Nothing is left to do.")
                         % {"when": when(it.lifted_at), "who": it.lifted_by.name if it.lifted_by else "-"})  # fmt: skip
    raise NotAllowed(worded(_("Only {keeper} or {director} can change or lift a crisis hold.")))
