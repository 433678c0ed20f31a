"""One known account: what is known, where it came from, what was said of it; and the acts on it one by one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history_many
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, open_units
from rostrum.policies.rolewords import keeper
from rostrum.registry import known as acts
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.known_queries import Deciders, allowed_moves, decides_for, home_of, visible_to
from rostrum.registry.known_states import KNOWN_MOVES, KnownState, Origin
from rostrum.registry.platforms import label_of
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.evidence import evidence_file
from rostrum.web.known.wording import badge
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import answer, refuse_unknown, sent
from rostrum.web.submitting import place as put

# Acts with a page of their own; whose it is is said on the page for all of a school's accounts.
OWN_PAGES = {"reopen": acts.reopen, "closed": acts.note_closed}
SENTENCES = {
    "reopen": gettext_lazy("You are about to ask again whose this account is: %(name)s."),
    "closed": gettext_lazy("You are about to note that the platform has closed this account: %(name)s."),
}


def the_known(person: Person, pk: int) -> KnownAccount:
    """A known account that the person may read, or decides on; otherwise there is nothing at this address (404)."""
    found = visible_to(person).filter(pk=pk).first()
    if found is None:
        found = KnownAccount.objects.select_related("unit", "request", "account").filter(pk=pk).first()
        if found is None or not decides_for(person, found.unit):
            raise Http404
    return found


def _home(it: KnownAccount) -> Unit:
    return home_of(it.unit, {u.pk: u for u in Unit.objects.filter(pk__in=it.unit.ancestor_ids)})


def facts_of(it: KnownAccount, where: str) -> list[dict[str, Any]]:
    """What is known, each with the clause that asks for it where one does."""
    found_by = it.found_by.name if it.found_by else _("The command line")
    return [
        {"label": _("Seems to speak for"), "value": where, "url": reverse("web:unit", args=[it.unit_id]), "clause": "1.2"},
        {"label": _("Platform"), "value": label_of(it.platform)},
        {"label": _("Address"), "value": it.address, "url": it.address},
        {"label": _("Handle"), "value": it.handle},
        {"label": _("Name it shows"), "value": it.name, "clause": "1.3"},
        {"label": _("Said to look after it"), "value": it.manager.name if it.manager else it.manager_text, "clause": "1.7",
         "note": "" if it.manager or not it.manager_text else _("As written in the list; nobody here has this name.")},
        {"label": _("Bound to"), "value": it.mailbox, "clause": "1.6"},
        {"label": _("Known from"), "value": _("A list: %(name)s") % {"name": it.source}
         if it.origin == Origin.IMPORT else _("Found by %(name)s") % {"name": found_by},
         "note": _("%(name)s, %(day)s") % {"name": found_by, "day": day(it.found_at)}},
        {"label": _("Seen on"), "value": day(it.seen_on) if it.seen_on else ""},
        {"label": _("What was seen"), "value": it.note},
    ]  # fmt: skip


@require_safe
@signed_in
def known(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything that is known of one account that is not official, and everything that was said of it."""
    it = the_known(request.user, pk)
    moves, home = allowed_moves(request.user, it), _home(it)
    turn = Deciders([it.unit]).of(it.unit)
    more = [
        {"label": m.label, "url": reverse("web:known_move", args=[it.pk, m.name]), "icon": "rotate"}
        for m in moves if m.name in OWN_PAGES
    ]  # fmt: skip
    if it.state == KnownState.KNOWN and may(request.user, "known:place", it.unit):
        more.append({"label": _("It belongs to another school"), "url": reverse("web:known_place", args=[it.pk]),
                     "icon": "sitemap"})  # fmt: skip
    things = [it, *([it.request] if it.request else [])]
    context = {
        "it": it, "place": Places([it.unit]).of(it.unit), "icon": picture(it.platform), "badge": badge(it),
        "platform": label_of(it.platform), "facts": facts_of(it, Places([it.unit]).of(it.unit)), "more": more,
        "decides": any(m.name == "claim" for m in moves), "home": home,
        "waiting": [p.name for p in turn.people] if it.state == KnownState.KNOWN else [],
        "entries": timeline(history_many(things)),
    }  # fmt: skip
    return render(request, "web/known/record.html", context)


@require_safe
@signed_in
def screenshot(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The picture of an account that someone found, for whoever may read its record; never run, never kept around."""
    it = the_known(request.user, pk)
    return evidence_file(it.screenshot, it.screenshot_type, f"known-{it.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Open the question again, or note that the platform closed the account, with a reason."""
    it = the_known(request.user, pk)
    wanted = next((m for m in KNOWN_MOVES if m.name == move and move in OWN_PAGES), None)
    if wanted is None:
        raise Http404
    form, status, seen, back = Reason(sent(request)), 200, str(it.version), reverse("web:known", args=[it.pk])

    def act() -> str:
        OWN_PAGES[move](it, by=request.user, reason=request.POST.get("reason", ""), seen=seen_version(request.POST))
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
                    put(form, refusal)
        elif wanted not in allowed_moves(request.user, it):
            if it.state not in wanted.sources:
                raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                                 % {"state": it.get_state_display()})  # fmt: skip
            raise NotAllowed(_("Your role does not let you do this here."))
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise
    told = (
        [p.name for p in Deciders([it.unit]).of(it.unit).people if p.pk != request.user.pk] if move == "reopen" else []
    )
    context = {
        "it": it, "heading": wanted.label, "badge": badge(it), "form": form, "back": back, "told": told,
        "sentence": SENTENCES[move] % {"name": str(it)}, "effect": wanted.effect, "clause": wanted.cites[0],
        "button": wanted.label, "tone": "primary", "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/known/act.html", context, status=status)


class Place(forms.Form):
    """The unit that an account seems to speak for."""

    use_required_attribute = False
    unit = forms.ChoiceField(label=gettext_lazy("School or unit"))

    def __init__(self, data: Any, units: list[Unit], places: Places) -> None:
        super().__init__(data)
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose")), *((u.code, places.of(u)) for u in units)]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def place(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that a known account seems to speak for another school, whose decider is then asked."""
    it, back = the_known(request.user, pk), reverse("web:known", args=[pk])
    if not may(request.user, "known:place", it.unit):
        raise NotAllowed(_("Only %(keeper)s can move it to another school.") % {"keeper": keeper()}, url=back)
    if it.state != KnownState.KNOWN:
        raise WrongState(_("It has been decided on. Open it again first."), url=back)
    units = list(open_units().order_by("name"))
    form = Place(sent(request), units, Places(units))

    def act() -> str:
        unit = next(u for u in units if u.code == form.cleaned_data["unit"])
        acts.place(it, unit, by=request.user, seen=seen_version(request.POST))
        messages.success(request, _("%(unit)s is asked now.") % {"unit": unit.name})
        return back

    context = {
        "title": _("It belongs to another school"), "button": _("Ask them"), "back": back, "seen": it.version,
        "lead": _("Whoever decides there is asked whether it is theirs."), "crumbs": [(str(it), back)],
    }  # fmt: skip
    return answer(request, form, act, "web/known/place.html", context)
