"""Hand-over campaigns: the list, starting one, its progress school by school, one account's answer, ending it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history_many
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.custody import campaigns
from rostrum.custody.campaign_models import HandOverCampaign, HandOverLine
from rostrum.custody.campaign_queries import (
    Seen,
    answerable,
    campaigns_visible_to,
    lines_visible_to,
    may_answer,
    may_start,
    people_of,
    seen,
)
from rostrum.custody.campaign_states import ANSWER, END, CampaignState
from rostrum.people.models import Person, Unit
from rostrum.people.queries import open_units
from rostrum.policies.rolewords import worded
from rostrum.schoolyear.words import by_words
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.custody.forms import Reason
from rostrum.web.custody.wording import people_url
from rostrum.web.people.forms import DayField, UnitField
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import answer as answer_form
from rostrum.web.submitting import place, refuse_unknown, sent

PER_PAGE = 25
SHOWS = [
    ("", gettext_lazy("All")), ("missing", gettext_lazy("Something is missing")), ("done", gettext_lazy("Finished")),
]  # fmt: skip


def campaign_badge(it: HandOverCampaign) -> dict[str, str]:
    """Whether a campaign runs, as a word with a colour."""
    return {"tone": "moving" if it.state == CampaignState.RUNNING else "over", "word": it.get_state_display()}


def line_badge(one: Seen) -> dict[str, str]:
    """Where one account stands: finished, something missing, or nobody has answered."""
    if one.settled:
        return {"tone": "good", "word": _("Finished")}
    if one.line.answered_at is None:
        return {"tone": "act", "word": one.line.get_state_display()}
    missing = ngettext("%(n)d thing is missing", "%(n)d things are missing", len(one.missing))
    return {"tone": "act", "word": missing % {"n": len(one.missing)}}


def progress_words(done: int, many: int) -> str:
    """How far it has come: "3 of 14 accounts finished"."""
    words = ngettext("%(done)d of %(many)d account finished", "%(done)d of %(many)d accounts finished", many)
    return words % {"done": done, "many": many}


def _startable(person: Person) -> list[Unit]:
    places = open_units().filter(kind__in=[*OWN_PLACES, "division"]).order_by("path")
    return [unit for unit in places if may_start(person, unit)]


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Every campaign that the reader may read, the newest first, with how far it has come."""
    me = request.user
    page = Paginator(campaigns_visible_to(me), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    theirs: dict[int, list[Seen]] = {one.pk: [] for one in rows}
    for one in seen(list(lines_visible_to(me).filter(campaign__in=rows))):
        theirs[one.line.campaign_id].append(one)
    context = {
        "page": page, "may_start": bool(_startable(me)),
        "rows": [
            {"it": it, "badge": campaign_badge(it),
             "progress": progress_words(sum(one.settled for one in theirs[it.pk]), len(theirs[it.pk]))}
            for it in rows
        ],
    }  # fmt: skip
    return render(request, "web/custody/rounds.html", context)


class Start(forms.Form):
    """Where, called what, until when, and a word to those who are asked."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name of the campaign"), max_length=400, strip=False,
        help_text=gettext_lazy("For example: Hand-over June 2027."),
        error_messages={"required": gettext_lazy("Give the campaign a name.")},
    )  # fmt: skip
    ends_on = DayField(label=gettext_lazy("Last day"),
                       help_text=gettext_lazy("It ends by itself when this day is over."),
                       error_messages={"required": gettext_lazy("Choose the last day.")})  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("A word to the managers"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        strip=False, max_length=20_000,
    )  # fmt: skip

    def __init__(self, data: Any, units: list[Unit]) -> None:
        super().__init__(data)
        self.fields["unit"] = UnitField(label=_("For"), units=units)
        self.order_fields(["unit", "name", "ends_on", "note"])
        if units:
            self.fields["unit"].initial = str(units[0].pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: StaffRequest) -> HttpResponse:
    """Start a hand-over campaign for a school or the division."""
    units = _startable(request.user)
    back = reverse("web:handover_campaigns")
    try:
        if not units:
            raise NotAllowed(worded(_("Only whoever leads the school or department and {keeper} can start this.")))
        form = Start(sent(request), units)

        def act() -> str:
            data = form.cleaned_data
            made = campaigns.start(data["unit"], by=request.user, name=data["name"], ends_on=data["ends_on"],
                                   note=data["note"])  # fmt: skip
            messages.success(request, _("It has started. Every content manager of these accounts is asked."))
            return reverse("web:handover_campaign", args=[made.pk])

        return answer_form(request, form, act, "web/custody/form.html", {
            "title": _("Start a hand-over campaign"), "button": _("Start it"), "back": back, "clause": "1.7",
            "lead": _("Each account is asked who stays next year and who goes, groups of student editors included."),
            "crumbs": [(_("Reviews"), reverse("web:oversight")), (_("Hand-over campaigns"), back)],
        })  # fmt: skip
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise


def the_campaign(person: Person, pk: int) -> HandOverCampaign:
    """A campaign that the person may read; otherwise there is nothing at this address (404)."""
    found = campaigns_visible_to(person).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _schools(rows: Collection[Seen], places: Places) -> list[dict[str, Any]]:
    """Each school with how many of its accounts are finished, the one with most to do first."""
    sums: dict[int, dict[str, Any]] = {}
    for one in rows:
        unit = one.line.account.unit
        home = places.school(unit) or unit
        row = sums.setdefault(home.pk, {"unit": home, "done": 0, "many": 0})
        row["many"] += 1
        row["done"] += one.settled
    ordered = sorted(sums.values(), key=lambda row: (row["done"] - row["many"], row["unit"].name))
    return [{**row, "words": progress_words(row["done"], row["many"])} for row in ordered]


@require_safe
@signed_in
def campaign(request: StaffRequest, pk: int) -> HttpResponse:
    """A campaign: each school's progress, and each account with who stays, who goes and what is missing."""
    me = request.user
    it = the_campaign(me, pk)
    every = seen(list(lines_visible_to(me).filter(campaign=it)))
    places = Places(one.line.account.unit for one in every)
    schools = _schools(every, places)
    wanted, show = request.GET.get("school", ""), request.GET.get("show", "")
    chosen = next((row["unit"] for row in schools if row["unit"].code == wanted), None)
    kept = [
        one for one in every
        if (chosen is None or (places.school(one.line.account.unit) or one.line.account.unit).pk == chosen.pk)
        and (show not in {"missing", "done"} or one.settled == (show == "done"))
    ]  # fmt: skip
    kept.sort(key=lambda one: (one.settled, one.line.account.name))
    page = Paginator(kept, PER_PAGE).get_page(request.GET.get("page"))
    done = sum(one.settled for one in every)
    mine = answerable(me, [one.line.account for one in page.object_list])
    context: dict[str, Any] = {
        "it": it, "badge": campaign_badge(it), "progress": progress_words(done, len(every)), "schools": schools,
        "chosen": chosen, "show": show, "shows": SHOWS, "page": page, "until": by_words(it.ends_on),
        "running": it.state == CampaignState.RUNNING, "late": it.ends_on < clock.today(),
        "rows": [
            {"it": one.line, "badge": line_badge(one), "icon": picture(one.line.account.platform),
             "place": places.of(one.line.account.unit), "missing": one.missing, "people_url": people_url(one.line.account),
             "stays": [who.name for who in one.stays], "goes": [who.name for who in one.goes],
             "groups": [group.label for group in one.groups_go],
             "may": it.state == CampaignState.RUNNING and one.line.account_id in mine}
            for one in page.object_list
        ],
        "filtered": bool(chosen or show), "may_end": it.state == CampaignState.RUNNING and may_start(me, it.unit),
        "entries": timeline(history_many([it])),
    }  # fmt: skip
    return render(request, "web/custody/round.html", context)


class Answer(forms.Form):
    """Who goes; everyone else who has a part stays."""

    use_required_attribute = False

    def __init__(
        self, data: Any, people: list[tuple[int, str]], groups: list[tuple[int, str]], went: list[str]
    ) -> None:
        super().__init__(data, initial={"goes": went})
        choices = [*((f"p{pk}", words) for pk, words in people), *((f"g{pk}", words) for pk, words in groups)]
        self.fields["goes"] = forms.MultipleChoiceField(
            label=_("Who goes"), required=False, choices=choices, widget=forms.CheckboxSelectMultiple,
            help_text=_("Tick whoever will not look after this account next year. Everyone else stays."),
            error_messages={"invalid_choice": _("Somebody whom you ticked has no part in this account any more.")},
        )  # fmt: skip

    def ticked(self, letter: str) -> list[int]:
        """The numbers of the people ("p") or the groups ("g") that were ticked."""
        return [int(one[1:]) for one in self.cleaned_data["goes"] if one.startswith(letter)]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def line(request: StaffRequest, pk: int) -> HttpResponse:
    """One account of a campaign: tick who goes, then see what is missing."""
    me = request.user
    it = lines_visible_to(me).filter(pk=pk).first() if pk < 2**63 else None
    if it is None:
        raise Http404
    back = reverse("web:handover_campaign", args=[it.campaign_id])
    here = reverse("web:handover_line", args=[it.pk])
    one = seen([it])[0]
    people = [(who.pk, who.name) for who in people_of(one.row)]
    groups = [
        (group.pk, _("Group: %(label)s (%(adult)s answers)") % {"label": group.label, "adult": group.adult.name})
        for group in one.row.groups
    ]
    went = [f"p{who.pk}" for who in one.goes] + [f"g{group.pk}" for group in one.groups_go]
    form, status, version = Answer(sent(request), people, groups, went), 200, str(it.version)
    may = it.campaign.state == CampaignState.RUNNING and may_answer(me, it.account)

    def act() -> str:
        campaigns.answer(it, by=me, goes=form.ticked("p"), groups=form.ticked("g"),
                         seen_version=seen_version(request.POST))  # fmt: skip
        messages.success(request, str(ANSWER.done))
        return here

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            version, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
    except Refusal as refusal:
        refusal.url = refusal.url or here
        raise
    context = {
        "it": it, "form": form, "badge": line_badge(one), "may": may, "missing": one.missing, "back": back,
        "place": Places([it.account.unit]).of(it.account.unit), "icon": picture(it.account.platform),
        "people_url": people_url(it.account), "stays": [who.name for who in one.stays], "effect": ANSWER.effect,
        "reset_url": reverse("web:reset_make", args=[it.account.public_id]), "anybody": bool(people or groups),
        "hidden": {"seen": version, "_key": new_key()}, "entries": timeline(history_many([it])),
    }  # fmt: skip
    return render(request, "web/custody/line.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End a campaign before its last day."""
    it = the_campaign(request.user, pk)
    back = reverse("web:handover_campaign", args=[it.pk])
    form, status, version = Reason(sent(request)), 200, str(it.version)

    def act() -> str:
        campaigns.end(it, by=request.user, reason=form.cleaned_data["reason"], seen_version=seen_version(request.POST))
        messages.success(request, str(END.done))
        return back

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            version, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        else:
            _check_may_end(request.user, it)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise
    context = {
        "heading": END.label, "form": form, "back": back, "effect": END.effect, "button": END.label, "tone": "danger",
        "sentence": _("You are about to end this campaign: %(name)s.") % {"name": it.name}, "clause": "1.7",
        "crumbs": [(_("Hand-over campaigns"), reverse("web:handover_campaigns")), (it.name, back)],
        "hidden": {"seen": version, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/custody/decide.html", context, status=status)


def _check_may_end(person: Person, it: HandOverCampaign) -> None:
    if not may_start(person, it.unit):
        raise NotAllowed(worded(_("Only whoever leads the school or department and {keeper} can end this.")))
    if it.state not in END.sources:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip


def cards_of(lines: list[HandOverLine]) -> list[dict[str, Any]]:
    """What the desk says of the lines that wait for somebody's answer: one entry for each campaign."""
    found: dict[int, dict[str, Any]] = {}
    for one in lines:
        card = found.setdefault(one.campaign_id, {"it": one.campaign, "names": []})
        card["names"].append(one.account.name)
    return list(found.values())
