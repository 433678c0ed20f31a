"""Two lists of accounts: where each stands with its certification, and which are quiet. Filtered, sorted, taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.people.models import Person, Unit
from rostrum.people.queries import may
from rostrum.policies.queries import text
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import LIVE
from rostrum.upkeep.liveness_models import Plan
from rostrum.upkeep.looking_after import mine
from rostrum.upkeep.queries import CERTIFIED, LATE, with_certification
from rostrum.upkeep.quiet import PAUSED, QUIET, measure, with_quiet
from rostrum.upkeep.windows import choices, next_window
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.listing import AT_ONCE, narrowed, typed
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.wording import picture
from rostrum.web.upkeep.wording import quiet_badge, quiet_words, standing_badge, standing_words

PER_PAGE = 25
CERTIFICATION_SORTS = {
    "name": ("name", "pk"), "-name": ("-name", "-pk"), "unit": ("unit__name", "name", "pk"),
    "-unit": ("-unit__name", "-name", "-pk"), "due": (F("newest_due").asc(nulls_last=True), "name", "pk"),
    "-due": (F("newest_due").desc(nulls_last=True), "name", "pk"),
    "last": (F("certified_at").asc(nulls_first=True), "name", "pk"),
    "-last": (F("certified_at").desc(nulls_last=True), "name", "pk"),
}  # fmt: skip
QUIET_SORTS = {
    "name": ("name", "pk"), "-name": ("-name", "-pk"), "unit": ("unit__name", "name", "pk"),
    "-unit": ("-unit__name", "-name", "-pk"), "post": (F("last_post_on").asc(nulls_first=True), "name", "pk"),
    "-post": (F("last_post_on").desc(nulls_last=True), "name", "pk"),
}  # fmt: skip


class Filter(forms.Form):
    """What narrows either list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search"}))  # fmt: skip
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, schools: list[Unit], states: Mapping[str, str]) -> None:
        super().__init__(data)
        self._offer("state", list(states.items()))
        self._offer("school", [(u.code, u.name) for u in schools])
        self._offer("platform", [(p.key, text(p.label)) for p in catalogue()])

    def _offer(self, name: str, options: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *options]


@dataclass(frozen=True)
class Asked:
    """What a reader asked a list for."""

    found: QuerySet[Any]
    form: Filter
    tab: str
    sort: str
    filtered: bool


def _asked(
    request: StaffRequest, states: Mapping[str, str], sorts: Mapping[str, Any],
    annotated: Callable[[QuerySet[Account]], QuerySet[Any]], key: str,
) -> Asked:  # fmt: skip
    me = request.user
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools, states)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    wanted = chosen.get("tab", "")
    tab = wanted if wanted in {"mine", "all"} else ("all" if may(me, "account:view") else "mine")
    base = accounts_visible_to(me).filter(state__in=LIVE)
    if tab == "mine":
        base = base.filter(pk__in=mine(me).order_by().values("pk"))
    found = annotated(narrowed(base, {**chosen, "state": "", "q": typed(chosen.get("q", ""))}, schools))
    if chosen.get("state"):
        found = found.filter(**{key: chosen["state"]})
    sort = chosen.get("sort", "") if chosen.get("sort", "") in sorts else "name"
    filtered = any(chosen.get(name) for name in ("q", "state", "school", "platform"))
    return Asked(found.order_by(*sorts[sort]), form, tab, sort, filtered)


def _certification(request: StaffRequest) -> Asked:
    return _asked(request, standing_words(), CERTIFICATION_SORTS, with_certification, "certification")


def _quiet(request: StaffRequest) -> Asked:
    by = measure()
    return _asked(request, quiet_words(), QUIET_SORTS, lambda found: with_quiet(found, by), "quiet")


def _plain(found: QuerySet[Any], cells: Callable[[Any, str, str], Row]) -> Iterator[Row]:
    """Every account that the filters leave, as plain cells, read in parts."""
    labels = {p.key: text(p.label) for p in catalogue()}
    left = found.select_related("unit").iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places = Places(a.unit for a in rows)
        for a in rows:
            yield cells(a, places.of(a.unit), labels.get(a.platform, a.platform))


def certification_rows(request: StaffRequest) -> Iterator[Row]:
    """The list of certifications as a table."""
    return _plain(_certification(request).found, lambda a, place, platform: {
        "name": a.name, "handle": a.handle, "place": place, "platform": platform,
        "state": standing_badge(a.certification)["word"], "due": a.newest_due if a.certification != CERTIFIED else None,
        "last": timezone.localdate(a.certified_at) if a.certified_at else None, "public_id": a.public_id,
    })  # fmt: skip


def quiet_rows(request: StaffRequest) -> Iterator[Row]:
    """The list of quiet accounts as a table."""
    plans = dict(Plan.choices)
    found = _quiet(request).found.select_related("liveness")
    return _plain(found, lambda a, place, platform: {
        "name": a.name, "handle": a.handle, "place": place, "platform": platform, "state": quiet_badge(a.quiet)["word"],
        "post": a.last_post_on, "plan": str(plans.get(_row(a).plan, "")) if _row(a) else "",
        "looked": _row(a).alive_on if _row(a) else None, "public_id": a.public_id,
    })  # fmt: skip


def _row(account: Account) -> Any:
    """An account's liveness row, or None."""
    return getattr(account, "liveness", None)


_NAME = (Column("name", gettext_lazy("Name"), always=True), Column("handle", gettext_lazy("Handle"), always=True))
CERTIFICATIONS = Listing(
    "certifications", gettext_lazy("Certification of accounts"), "web:certifications",
    (
        *_NAME, Column("place", gettext_lazy("Speaks for")), Column("platform", gettext_lazy("Platform"), usual=False),
        Column("state", gettext_lazy("Status"), always=True), Column("due", gettext_lazy("Due")),
        Column("last", gettext_lazy("Last looked at")), Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "state", "school", "platform"), certification_rows, ("tab", "sort"),
)  # fmt: skip
QUIETS = Listing(
    "quiet", gettext_lazy("Last posts and quiet accounts"), "web:quiet",
    (
        *_NAME, Column("place", gettext_lazy("Speaks for")), Column("platform", gettext_lazy("Platform"), usual=False),
        Column("state", gettext_lazy("Status"), always=True), Column("post", gettext_lazy("Last post")),
        Column("plan", gettext_lazy("Is to post")), Column("looked", gettext_lazy("Last look"), usual=False),
        Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "state", "school", "platform"), quiet_rows, ("tab", "sort"),
)  # fmt: skip


def _page(request: StaffRequest, listing: Listing, asked: Asked, template: str, more: dict[str, Any],
          badge: Callable[[Any], dict[str, str]]) -> HttpResponse:  # fmt: skip
    page = Paginator(asked.found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places = Places(a.unit for a in rows)
    count = page.paginator.count
    labels = {p.key: text(p.label) for p in catalogue()}
    context = {
        "page": page, "form": asked.form, "tab": asked.tab, "sort": asked.sort, "filtered": asked.filtered,
        "tabs": [("mine", _("Mine")), ("all", _("All that I may see"))], "tools": tools(listing, request, asked.form),
        "rows": [{"account": a, "icon": picture(a.platform), "place": places.of(a.unit), "badge": badge(a),
                  "platform": labels.get(a.platform, a.platform), "row": _row(a)} for a in rows],
        "count_words": ngettext("One account", "%(count)d accounts", count) % {"count": count},
        "reset": f"{reverse(listing.page)}?tab={asked.tab}" if asked.filtered else "", **more,
    }  # fmt: skip
    return render(request, template, context)


@require_safe
@signed_in
def certifications(request: StaffRequest) -> HttpResponse:
    """Where every account stands with its certification. The number of queries does not grow with them."""
    chosen = choices()
    rhythm = chosen.rhythm
    ahead = next_window(chosen.counted.calendar, rhythm.choice, chosen.today) if rhythm.choice else None
    more = {
        "asks": rhythm.asks, "next": ahead, "days": rhythm.days, "due_set": chosen.answer_days is not None,
        "consequence": chosen.consequence, "sets": may(request.user, "procedure:set"),
    }  # fmt: skip
    asked = _certification(request)
    return _page(request, CERTIFICATIONS, asked, "web/upkeep/certifications.html", more,
                 lambda a: standing_badge(a.certification))  # fmt: skip


@require_safe
@signed_in
def late(request: StaffRequest, person: int) -> HttpResponse:
    """Where the letter to whoever leads a school leads: the list of those that were not certified in time."""
    if person != request.user.pk:
        raise Http404
    return HttpResponseRedirect(f"{reverse('web:certifications')}?tab=all&state={LATE}")


@require_safe
@signed_in
def quiet(request: StaffRequest) -> HttpResponse:
    """Last posts of every account, and which are quiet by the division's own number (AP 193 1.7)."""
    by = measure()
    asked = _quiet(request)
    asked = Asked(asked.found.select_related("unit", "liveness"), asked.form, asked.tab, asked.sort, asked.filtered)
    more = {
        "days": by.days, "sets": may(request.user, "procedure:set"), "imports": may(request.user, "liveness:import"),
        "quiet_key": QUIET, "paused_key": PAUSED,
    }  # fmt: skip
    return _page(request, QUIETS, asked, "web/upkeep/quiet.html", more, lambda a: quiet_badge(a.quiet))


@require_safe
@signed_in
def quiet_mine(request: StaffRequest, person: int) -> HttpResponse:
    """Where the letter about quiet accounts leads: one's own that are quiet."""
    if person != request.user.pk:
        raise Http404
    return HttpResponseRedirect(f"{reverse('web:quiet')}?tab=mine&state={QUIET}")


def needs_me(person: Person) -> int:
    """How many of a person's own accounts are quiet; for the desk."""
    return with_quiet(mine(person), measure()).filter(quiet=QUIET).count()
