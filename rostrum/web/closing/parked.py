"""Handles of retired accounts: the list and its table, one handle, looking after it, giving it up, using it again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.audit.queries import history
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person, Unit
from rostrum.people.queries import subtree
from rostrum.registry import closing, parking
from rostrum.registry.closing_models import ParkedHandle
from rostrum.registry.closing_queries import allowed_with_handle, handles_visible_to
from rostrum.registry.closing_states import HANDLE_MOVES, TAKE_UP, HandleState
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.closing.checklist import NO_DAY
from rostrum.web.closing.wording import handle_badge
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import place, refuse_unknown, sent

PER_PAGE, AT_ONCE = 25, 500
DUE = "due"
MOVES = {move.name: move for move in HANDLE_MOVES if move is not TAKE_UP}
ICONS = {"renew": {"icon": "rotate"}, "give_up": {"icon": "ban"}}
SENTENCES = {
    "renew": gettext_lazy("You are about to say that you looked after this name: %(handle)s."),
    "give_up": gettext_lazy("You are about to give this name up, so that anyone may take it: %(handle)s."),
}


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        for name, choices in (
            ("school", [(one.code, one.name) for one in schools]),
            ("state", [(DUE, _("To be looked after now")), *HandleState.choices]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *choices]


def _narrowed(request: StaffRequest) -> tuple[Filter, dict[str, str], QuerySet[ParkedHandle]]:
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    found = handles_visible_to(request.user)
    school = next((one for one in schools if one.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(account__unit__in=subtree(school).values("pk"))
    if chosen.get("state") == DUE:
        found = found.filter(state=HandleState.PARKED, renew_on__lte=clock.today())
    elif chosen.get("state"):
        found = found.filter(state=chosen["state"])
    try:
        words = clean(chosen.get("q", ""))
    except UnsafeText:
        words = ""
    for word in words.split()[:8]:
        found = found.filter(Q(account__name__icontains=word) | Q(account__handle__icontains=word))
    first = Case(When(state=HandleState.PARKED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return form, chosen, found.annotate(first=first).order_by("first", "renew_on", "-since", "-pk")


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every handle that the filters leave, as plain cells."""
    _form, _chosen, found = _narrowed(request)
    left = found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places = Places(one.account.unit for one in rows)
        for one in rows:
            yield {
                "account": one.account.name, "handle": one.account.handle, "place": places.of(one.account.unit),
                "platform": one.account.platform, "state": handle_badge(one)["word"], "renew": one.renew_on,
                "since": timezone.localdate(one.since), "address": one.account.address,
                "public_id": one.account.public_id,
            }  # fmt: skip


LISTING = Listing(
    "parked",
    gettext_lazy("Names of retired accounts"),
    "web:parked_list",
    (
        Column("account", gettext_lazy("Account"), always=True),
        Column("handle", gettext_lazy("Handle"), always=True),
        Column("place", gettext_lazy("Spoke for")),
        Column("platform", gettext_lazy("Platform"), usual=False),
        Column("state", gettext_lazy("Status")),
        Column("renew", gettext_lazy("To be looked after")),
        Column("since", gettext_lazy("Since"), usual=False),
        Column("address", gettext_lazy("Address"), usual=False),
        Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "school", "state"),
    rows_of,
    (),
)


@require_safe
@signed_in
def parked_list(request: StaffRequest) -> HttpResponse:
    """Handles of retired accounts that the reader may see: parked ones first, by when they are looked after."""
    form, chosen, found = _narrowed(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places, count, filtered = Places(one.account.unit for one in rows), page.paginator.count, any(chosen.values())
    context = {
        "page": page, "form": form, "filtered": filtered,
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": handle_badge(one), "late": one.renew_on is not None and one.renew_on <= clock.today()}
            for one in rows
        ],
        "count_words": ngettext("One name", "%(count)d names", count) % {"count": count},
        "reset": reverse("web:parked_list") if filtered else "", "tools": tools(LISTING, request, form),
    }  # fmt: skip
    return render(request, "web/closing/parked_list.html", context)


def the_handle(person: Person, pk: int) -> ParkedHandle:
    """A handle that the person may read of; otherwise there is nothing at this address (404)."""
    found = handles_visible_to(person).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in
def parked(request: StaffRequest, pk: int) -> HttpResponse:
    """One handle: whether it is still ours, when somebody looks after it, how it is used again."""
    it, me = the_handle(request.user, pk), request.user
    acts = [
        {"label": m.label, "url": reverse("web:parked_move", args=[it.pk, m.name]), "danger": m.tone == "danger",
         "primary": m.tone == "primary", **ICONS[m.name]}
        for m in allowed_with_handle(me, it)
    ]  # fmt: skip
    context: dict[str, Any] = {
        "it": it, "badge": handle_badge(it), "icon": picture(it.account.platform), "key": new_key(),
        "place": Places([it.account.unit]).of(it.account.unit), "due": it.renew_on is not None and it.renew_on <= clock.today(),
        "primary": next((one for one in acts if one["primary"]), None), "usable": it.state != HandleState.TAKEN_UP,
        "more": [one for one in acts if not one["primary"]], "entries": timeline(history(it)),
        "facts": [
            {"label": _("Address"), "value": it.account.address},
            {"label": _("To be looked after"), "value": day(it.renew_on) if it.renew_on else ""},
            {"label": _("What was noted last"), "value": it.note, "note": it.by.name if it.by and it.note else ""},
            {"label": _("Since"), "value": day(it.since)},
        ],
    }  # fmt: skip
    return render(request, "web/closing/parked.html", context)


class Renewal(Reason):
    """When somebody looks after it again, and a comment."""

    day = forms.DateField(
        label=gettext_lazy("When somebody looks after it again"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}), error_messages={"invalid": NO_DAY},
    )  # fmt: skip
    field_order = ("day", "reason")


def _form_of(name: str, request: StaffRequest) -> forms.Form:
    if name != "renew":
        return Reason(sent(request))
    form, usual = Renewal(sent(request)), closing.usual_renewal()
    form.fields["reason"].required, form.fields["reason"].label = False, _("A comment")
    if usual is None:
        form.fields["day"].help_text = _("The division has set no usual time, so choose a day.")
    else:
        form.fields["day"].help_text = _("Left empty, it is %(day)s, by the division’s usual time.") % {"day": day(usual)}
    return form


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Say that a parked handle was looked after, or give it up (AP 193 1.5, 3.4)."""
    it = the_handle(request.user, pk)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form, back, seen, status = _form_of(move, request), reverse("web:parked", args=[it.pk]), str(it.version), 200

    def act() -> str:
        data = form.cleaned_data
        more = {"day": data["day"]} if "day" in data else {}
        parking.ACTS[move](it, by=request.user, reason=data["reason"], seen=seen_version(request.POST), **more)
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
        elif wanted not in allowed_with_handle(request.user, it):
            if it.state not in wanted.sources:
                raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                                 % {"state": it.get_state_display()})  # fmt: skip
            raise NotAllowed(_("Only those who keep this name can do this."))
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(_("Why"), request.POST["reason"])]
        raise
    context = {
        "it": it, "heading": wanted.label, "badge": handle_badge(it), "form": form, "back": back,
        "sentence": SENTENCES[move] % {"handle": it.account.handle}, "effect": wanted.effect, "clause": wanted.cites[0],
        "button": wanted.label, "tone": "danger" if wanted.tone == "danger" else "primary",
        "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/closing/parked_act.html", context, status=status)


@require_POST
@signed_in
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Start Form 193-1 for the name, filled in with what the account was."""
    it = the_handle(request.user, pk)

    def act() -> str:
        made = parking.ask_again(it, by=request.user)
        messages.success(request, _("Your request is started, filled in with what the account was. Check it, then send it."))
        return reverse("web:request_form", args=[made.ref])

    try:
        return perform(request, act)
    except Refusal as refusal:
        refusal.url = refusal.url or reverse("web:parked", args=[it.pk])
        raise
