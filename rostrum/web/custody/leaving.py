"""Departures: who leaves or has left, what is still to be confirmed, the checklist of one, each confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history_many
from rostrum.core import clock
from rostrum.core.dates import when
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.custody import confirming, departures
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.departure_queries import (
    STEPS,
    counts_from,
    departures_visible_to,
    done_steps,
    due_day,
    items_visible_to,
    may_plan,
    progress,
)
from rostrum.custody.departure_states import CANCEL, CONFIRM, OPEN_DEPARTURES, SETTLE, DepartureState, ItemState
from rostrum.custody.queries import managers_of
from rostrum.custody.touches import TOUCHES
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded
from rostrum.schoolyear.words import by_words
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.custody.forms import Confirmation, LastDay, Reason
from rostrum.web.custody.wording import departure_badge, item_badge, people_url
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import answer, place, refuse_unknown, sent

PER_PAGE = 25


def progress_words(rows: list[DepartureItem]) -> str:
    """How far a departure has come: "2 of 6 confirmed"."""
    found = progress(rows)
    if not found.accounts:
        return _("Nothing to hand over")
    words = ngettext("%(done)d of %(many)d thing confirmed", "%(done)d of %(many)d things confirmed", found.needed)
    return words % {"done": found.confirmed, "many": found.needed}


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Every departure that the reader may read: what is open first. The queries do not grow with them."""
    me = request.user
    order = Case(When(state=DepartureState.OPEN, then=Value(0)), When(state=DepartureState.AHEAD, then=Value(1)),
                 default=Value(2), output_field=IntegerField())  # fmt: skip
    found = departures_visible_to(me).annotate(rank=order).order_by("rank", "last_day", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    mine: dict[int, list[DepartureItem]] = {one.pk: [] for one in rows}
    for item in items_visible_to(me).filter(departure__in=rows):
        mine[item.departure_id].append(item)
    context = {
        "page": page,
        "rows": [
            {"it": one, "badge": departure_badge(one), "progress": progress_words(mine[one.pk]),
             "accounts": sum(item.state != ItemState.DROPPED for item in mine[one.pk]),
             "done": progress(mine[one.pk])}
            for one in rows
        ],
    }  # fmt: skip
    return render(request, "web/custody/departures.html", context)


def the_departure(person: Person, pk: int) -> Departure:
    """A departure that the person may read; otherwise there is nothing at this address (404)."""
    found = departures_visible_to(person).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def step_labels(item: DepartureItem) -> dict[str, str]:
    """What each confirmation says, in the first person of the manager who stays."""
    name = item.departure.person.name
    return {
        "hand_over": _("Handed over: what %(name)s did here is in other hands.") % {"name": name},
        "removal": _("Access taken away: %(name)s can no longer get in, and no recovery or app leads to them.")
        % {"name": name},
        "reset": _("Reset: the account information was changed after that, and a second person witnessed it."),
    }


def _steps(item: DepartureItem, found: confirming.Obstacles) -> list[dict[str, Any]]:
    """The three confirmations: given by whom and when, or what stands in the way, or the reset to confirm."""
    labels, done = step_labels(item), done_steps(item)
    told = []
    for step in STEPS:
        confirmed = done[step]
        row: dict[str, Any] = {"key": step, "label": labels[step], "done": confirmed}
        if confirmed is not None:
            row["note"] = _("%(name)s confirmed it, %(when)s.") % {
                "name": confirmed[0].name,
                "when": when(confirmed[1]),
            }
        elif item.state == ItemState.OPEN:
            row["obstacle"] = found.of(item, step)
            reset = found.reset(item) if step == "reset" else None
            if reset is not None:
                row["note"] = _("%(maker)s reset it, %(witness)s witnessed it, %(when)s.") % {
                    "maker": reset.made_by.name, "when": when(reset.confirmed_at),
                    "witness": reset.confirmed_by.name if reset.confirmed_by else "-",
                }  # fmt: skip
            elif step == "reset" and counts_from(item) is not None:
                row["url"] = reverse("web:reset_make", args=[item.account.public_id])
        told.append(row)
    return told


def _item_row(me: Person, item: DepartureItem, place: str, living: list[Any], found: confirming.Obstacles,
              leads: bool) -> dict[str, Any]:  # fmt: skip
    stays = [one.person for one in living if one.person_id != item.departure.person_id]
    is_open, steps = item.state == ItemState.OPEN, _steps(item, found)
    mine = is_open and any(one.pk == me.pk for one in stays)
    ready = any(row["done"] is None and not row["obstacle"] for row in steps) if is_open else False
    return {
        "it": item, "badge": item_badge(item), "icon": picture(item.account.platform), "place": place, "steps": steps,
        "parts": [str(TOUCHES[part]) for part in item.parts], "stays": stays, "mine": mine,
        "confirm_url": reverse("web:departure_confirm", args=[item.pk]) if mine and ready else "",
        "people_url": people_url(item.account), "alone": is_open and not stays, "names": is_open and (mine or leads),
    }  # fmt: skip


@require_safe
@signed_in
def departure(request: StaffRequest, pk: int) -> HttpResponse:
    """The checklist of one departure: each account, what is confirmed by whom, what stands in the way."""
    me = request.user
    it = the_departure(me, pk)
    rows = list(items_visible_to(me).filter(departure=it).order_by("account__name", "pk"))
    for one in rows:
        one.departure = it
    living, places = managers_of([one.account for one in rows]), Places(one.account.unit for one in rows)
    found, elsewhere = confirming.Obstacles(rows), it.items.count() - len(rows)
    last = due_day(it) if it.state in OPEN_DEPARTURES else None
    left = it.state == DepartureState.OPEN
    context: dict[str, Any] = {
        "it": it, "badge": departure_badge(it), "progress": progress(rows), "progress_words": progress_words(rows),
        "rows": [
            _item_row(me, one, places.of(one.account.unit), living[one.account_id], found,
                      may(me, "manager:name", one.account.unit))
            for one in rows
        ],
        "elsewhere": elsewhere, "due": by_words(last) if last else "", "late": bool(last and left and last < clock.today()),
        "may_cancel": it.state == DepartureState.AHEAD and may_plan(me, it.person) and me.pk != it.person_id,
        "entries": timeline(history_many([it, *rows])),
    }  # fmt: skip
    return render(request, "web/custody/departure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """A manager who stays confirms one or more of hand-over, removal and reset of one account."""
    me = request.user
    item = items_visible_to(me).filter(pk=pk).first() if pk < 2**63 else None
    if item is None:
        raise Http404
    back = reverse("web:departure", args=[item.departure_id])
    labels, done = step_labels(item), done_steps(item)
    steps = _steps(item, confirming.Obstacles([item]))
    ready = {row["key"]: labels[row["key"]] for row in steps if row["done"] is None and not row.get("obstacle")}
    if request.method == "POST":  # what stood in the way a moment ago is said by the act, beside what was ticked
        ready = {step: labels[step] for step in STEPS if done[step] is None}
    form, status, seen = Confirmation(sent(request), ready), 200, str(item.version)

    def act() -> str:
        confirming.confirm(item, form.cleaned_data["steps"], by=me, reason=form.cleaned_data["reason"],
                           seen=seen_version(request.POST))  # fmt: skip
        messages.success(request, str(SETTLE.done if item.state == ItemState.DONE else CONFIRM.done))
        return back

    try:
        if request.method == "POST":
            confirming.check_may(me, item)
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        else:
            _check_may_confirm(me, item)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(_("Comment"), request.POST["reason"])]
        raise
    context = {
        "item": item, "form": form, "back": back, "badge": item_badge(item), "steps": steps, "ready": bool(ready),
        "parts": [str(TOUCHES[part]) for part in item.parts], "place": Places([item.account.unit]).of(item.account.unit),
        "people_url": people_url(item.account), "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/custody/confirm.html", context, status=status)


def _check_may_confirm(me: Person, item: DepartureItem) -> None:
    """Say no before anything is ticked: done already, or not this person."""
    if item.state != ItemState.OPEN:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": item.get_state_display()})  # fmt: skip
    confirming.check_may(me, item)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a last day back: they stay after all."""
    it = the_departure(request.user, pk)
    back = reverse("web:departure", args=[it.pk])
    form, status, seen = Reason(sent(request)), 200, str(it.version)
    form.fields["reason"].required = True
    form.fields["reason"].label = _("Why")

    def act() -> str:
        departures.cancel(it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST))
        messages.success(request, str(CANCEL.done))
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
        else:
            if it.state not in CANCEL.sources:
                raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                                 % {"state": it.get_state_display()})  # fmt: skip
            if not may_plan(request.user, it.person) or it.person_id == request.user.pk:
                raise NotAllowed(worded(_(
                    "Only whoever leads the place where %(name)s works, {keeper} and the "
                    "system administrator can note this."
                )) % {"name": it.person.name})  # fmt: skip
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise
    context = {
        "heading": CANCEL.label, "form": form, "back": back, "effect": CANCEL.effect, "button": _("Take it back"),
        "sentence": _("You are about to note that %(name)s does not leave after all.") % {"name": it.person.name},
        "crumbs": [(_("Departures"), reverse("web:departures")), (it.person.name, back)],
        "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/custody/decide.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Note somebody's last day beforehand, or move it: for whoever leads where they work."""
    person = Person.objects.select_related("home_unit").filter(pk=pk).first() if pk < 2**63 else None
    if person is None:
        raise Http404
    here = reverse("web:person", args=[pk])
    known = departures_visible_to(request.user).filter(person=person, state=DepartureState.AHEAD).first()
    form = LastDay(sent(request))
    form.initial["on"] = known.last_day if known else None

    def act() -> str:
        it = departures.plan(person, by=request.user, **form.cleaned_data)
        messages.success(request, _("Their last day is noted. Until it is over they work and sign in as before."))
        return reverse("web:departure", args=[it.pk])

    try:
        if not may_plan(request.user, person) or person.pk == request.user.pk:
            raise NotAllowed(worded(_(
                "Only whoever leads the place where %(name)s works, {keeper} and the "
                "system administrator can note this."
            )) % {"name": person.name})  # fmt: skip
        if not person.is_active:
            raise WrongState(_("This person is already noted as having left."))
        return answer(request, form, act, "web/custody/form.html", {
            "title": _("%(name)s leaves later") % {"name": person.name}, "button": _("Note the last day"), "back": here,
            "lead": _("Every account that they touch is named now, so that the hand-over can begin while they are here."),
            "crumbs": [(_("People"), reverse("web:people")), (person.name, here)], "clause": "3.4",
        })  # fmt: skip
    except Refusal as refusal:
        refusal.url = refusal.url or here
        raise
