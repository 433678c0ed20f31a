"""Pages of campaigns: those that run, starting one, how far it is school by school, reminding, ending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.core.tables import Cell, csv_lines
from rostrum.keys import campaigns
from rostrum.keys.models import ResetCampaign
from rostrum.keys.states import CAMPAIGN_MOVES
from rostrum.keys.telling import managers_by_registration
from rostrum.people.lists import note_taken_away
from rostrum.people.models import Person, Unit
from rostrum.people.queries import open_units
from rostrum.policies.queries import text
from rostrum.policies.rolewords import worded
from rostrum.registry.platforms import catalogue
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.keys.access import BIG, forget_secrets, pointing_to, unlogged
from rostrum.web.keys.wording import campaign_badge, progress_words, scope_words, tabs
from rostrum.web.people.forms import DayField
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import answer, sent

PER_PAGE = 25
MOVES = {move.name: move for move in CAMPAIGN_MOVES}
SENTENCES = {
    "nudge": gettext_lazy("You are about to remind those who are missing in “%(name)s”."),
    "end": gettext_lazy("You are about to end the campaign “%(name)s”."),
}


class Start(forms.Form):
    """What a campaign asks for, of whom, by when and why."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name of the campaign"), max_length=500, strip=False,
        help_text=gettext_lazy("For example: Back to school 2026."),
        error_messages={"required": gettext_lazy("Give the campaign a name.")},
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=gettext_lazy("Whose accounts"), error_messages={"required": gettext_lazy("Choose whose accounts.")}
    )
    platform = forms.ChoiceField(label=gettext_lazy("On which platform"), required=False)
    due_on = DayField(label=gettext_lazy("By which day"), error_messages={"required": gettext_lazy("Choose a day.")})
    reason = forms.CharField(
        label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000, strip=False,
        help_text=gettext_lazy("Everyone who is asked can read this. Never write a password here."),
        error_messages={"required": gettext_lazy("Say why, so that those who are asked know.")},
    )  # fmt: skip

    def __init__(self, data: Any, scopes: list[Unit]) -> None:
        super().__init__(data)
        self._offer("scope", [(one.code, one.name) for one in scopes])
        self._offer("platform", [("", _("Every platform")), *((p.key, text(p.label)) for p in catalogue())])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def the_campaign(person: Person, pk: int) -> ResetCampaign:
    """A campaign that the person may read; otherwise there is nothing at this address (404)."""
    found = campaigns.visible_to(person).filter(pk=pk).first() if pk < BIG else None
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """The campaigns that the reader may read, those that run first."""
    found = campaigns.visible_to(request.user).order_by("-state", "-started_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "tabs": tabs(request.user, "campaigns"), "may_start": bool(_scopes(request.user)),
        "rows": [
            {"it": one, "badge": campaign_badge(one), "scope": scope_words(one), "progress": whole,
             "words": progress_words(whole)}
            for one in page for whole in [campaigns.progress(one, request.user)]
        ],
    }  # fmt: skip
    return render(request, "web/keys/campaigns.html", context)


def _scopes(person: Person) -> list[Unit]:
    """The units for which a person may start a campaign, the division first."""
    found = open_units().filter(kind__in=campaigns.SCOPES).order_by("name")
    may_be = [one for one in found if campaigns.may_start(person, one)]
    return sorted(may_be, key=lambda one: one.parent_id is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def start(request: StaffRequest) -> HttpResponse:
    """Start a campaign of resets (AP 193 3.4)."""
    scopes = _scopes(request.user)
    back = reverse("web:reset_campaigns")
    form = Start(sent(request), scopes)

    def act() -> str:
        data = form.cleaned_data
        scope = next(one for one in scopes if one.code == data["scope"])
        made = campaigns.start(
            by=request.user, scope=scope, name=data["name"], reason=data["reason"], due_on=data["due_on"],
            platform=data["platform"],
        )  # fmt: skip
        count = made.places.count()
        said = ngettext("One account is asked for.", "%(n)d accounts are asked for.", count) % {"n": count}
        messages.success(request, _("%(said)s Those who look after them are told in one letter each.") % {"said": said})
        return reverse("web:reset_campaign", args=[made.pk])

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if not scopes:
            raise NotAllowed(
                worded(_("Only {keeper}, and whoever leads a school for that school, can start a campaign."))
            )
        context = {"back": back}
        response = answer(request, form, act, "web/keys/start.html", context)
    if response.status_code == 422:
        forget_secrets(form)
        response = render(request, "web/keys/start.html", {**context, "form": form, "key": new_key()}, status=422)
    return response


def _schools(it: ResetCampaign, person: Person) -> tuple[campaigns.Progress, list[dict[str, Any]]]:
    """How far the campaign is, in all and school by school, as far as the person may read."""
    whole = campaigns.progress(it, person)
    units = Unit.objects.filter(pk__in=whole.units).order_by("name")
    places = Places(units)
    by_school: dict[int, tuple[Unit, campaigns.Progress]] = {}
    for unit in units:
        school = places.school(unit) or unit
        by_school.setdefault(school.pk, (school, campaigns.Progress()))[1].add(*whole.units[unit.pk])
    rows = [
        {"unit": school, "progress": part, "words": progress_words(part)}
        for school, part in sorted(by_school.values(), key=lambda one: (-one[1].missing, one[0].name))
    ]
    return whole, rows


@require_safe
@signed_in
def campaign(request: StaffRequest, pk: int) -> HttpResponse:
    """One campaign: how far each school is, in words, bars and a table; who is missing; what can be done."""
    it = the_campaign(request.user, pk)
    whole, rows = _schools(it, request.user)
    left_out = campaigns.missing(it, request.user)
    page = Paginator(left_out.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    by_pk = left_out.order_by().in_bulk(list(page))
    left = [by_pk[pk] for pk in page if pk in by_pk]
    managers = _managers(left)
    places = Places(one.account.unit for one in left)
    moves = campaigns.allowed(request.user, it)
    acts = [
        {"label": m.label, "url": reverse("web:reset_campaign_move", args=[it.pk, m.name]),
         "danger": m.tone == "danger", "icon": "bell" if m.name == "nudge" else "flag-off",
         "primary": m.tone == "primary"}
        for m in moves
    ]  # fmt: skip
    again = campaigns.next_nudge(it)
    primary = next((one for one in acts if one["primary"] and again is None and whole.missing), None)
    context: dict[str, Any] = {
        "it": it, "badge": campaign_badge(it), "scope": scope_words(it), "whole": whole,
        "words": progress_words(whole), "schools": rows, "page": page,
        "missing": [
            {"it": one.account, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "managers": managers.get(one.account.registration_id, "")}
            for one in left
        ],
        "primary": primary, "more": [one for one in acts if not one["primary"]], "again": again,
        "late": it.state == "running" and it.due_on < clock.today(),
        "entries": timeline(history(it)),
    }  # fmt: skip
    return render(request, "web/keys/campaign.html", context)


def _managers(left: list[Any]) -> dict[int, str]:
    """The names of those who look after some accounts, by registration: two queries."""
    held = managers_by_registration(one.account.registration_id for one in left)
    people = Person.objects.in_bulk({pk for ids in held.values() for pk in ids})
    return {registration: ", ".join(people[pk].name for pk in ids) for registration, ids in held.items()}


@require_safe
@signed_in
def table(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Every account of a campaign that the reader may read, as a table to take away; that it was taken is in the log."""
    it = the_campaign(request.user, pk)
    found = campaigns.places(it, request.user).select_related("account__unit__parent")
    rows = list(found.order_by("account__unit__name", "account__name", "pk"))
    places, managers = Places(one.account.unit for one in rows), _managers(rows)
    labels = {p.key: text(p.label) for p in catalogue()}
    words = {(True, True): _("Confirmed"), (True, False): _("Confirmed"), (False, True): _("Stated"),
             (False, False): _("Missing")}  # fmt: skip
    heads = [_("Account"), _("Platform"), _("Speaks for"), _("Status"), _("Managers"), _("Public id")]
    cells: list[list[Cell]] = [
        [one.account.name, labels.get(one.account.platform, one.account.platform), places.of(one.account.unit),
         words[one.done, one.stated], managers.get(one.account.registration_id, ""), one.account.public_id]
        for one in rows
    ]  # fmt: skip
    if request.method == "GET":
        note_taken_away(request.user, "campaign", label=it.name, kind="csv", count=len(cells), columns=heads)
    response = StreamingHttpResponse(csv_lines(heads, iter(cells)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="campaign-{it.pk}-{clock.today().isoformat()}.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Remind those who are missing, or end the campaign."""
    it = the_campaign(request.user, pk)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form = Reason(sent(request))
    form.fields["reason"].required = wanted.reason_required
    form.fields["reason"].label = _("Why") if wanted.reason_required else _("A word to them")
    form.fields["reason"].help_text = _("They read this as you write it. Never write a password here.")
    back = reverse("web:reset_campaign", args=[it.pk])

    def act() -> str:
        reason, seen = form.cleaned_data["reason"], seen_version(request.POST)
        campaigns.ACTS[move](it, by=request.user, reason=reason, seen=seen)
        messages.success(request, str(wanted.done))
        return back

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if request.method != "POST":
            _check(request.user, it, move)
        context: dict[str, Any] = {
            "campaign": it, "heading": wanted.label, "badge": campaign_badge(it), "back": back,
            "sentence": SENTENCES[move] % {"name": it.name}, "effect": wanted.effect, "clause": "3.4",
            "button": wanted.label, "tone": "danger" if wanted.tone == "danger" else "primary", "told": [],
            "hidden": {"seen": request.POST.get("seen", "")[:12] or str(it.version), "_key": new_key()},
            "words": progress_words(campaigns.progress(it, request.user)),
        }  # fmt: skip
        response = answer(request, form, act, "web/keys/campaign_decide.html", context)
    if response.status_code == 422:
        forget_secrets(form)
        response = render(request, "web/keys/campaign_decide.html", {**context, "form": form}, status=422)
    return response


def _check(person: Person, it: ResetCampaign, name: str) -> None:
    if MOVES[name] in campaigns.allowed(person, it):
        return
    if it.state not in MOVES[name].sources:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip
    raise NotAllowed(worded(_("Only {keeper}, and whoever leads the school of this campaign, can do this.")))
