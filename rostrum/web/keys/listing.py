"""The list of what calls for resets, and the list of statements: searched, filtered, taken away as tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.keys import queries
from rostrum.keys.due import period_days
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.states import CallState, ResetState, Trigger
from rostrum.people.models import Person, Unit
from rostrum.people.queries import subtree
from rostrum.policies.queries import text
from rostrum.registry.platforms import catalogue
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.search import search
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.listing import typed
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.keys.wording import call_badge, reset_badge, tabs
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.wording import picture

PER_PAGE = 25
AT_ONCE = 500  # rows read and written together, so that memory does not grow with the table
MOST_FOUND = 5000  # accounts that words may stand for
Row_ = TypeVar("Row_", ResetCall, Reset)
LATE, EVERY = "late", "every"


class Filter(forms.Form):
    """What narrows a list of resets. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        self._offer("school", [(u.code, u.name) for u in schools])
        self._offer("platform", [(p.key, text(p.label)) for p in catalogue()])

    def _offer(self, name: str, choices: list[Any], first: Any = None) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", str(first or _("All"))), *choices]


class CallFilter(Filter):
    """What narrows the list of calls. Without a status, those that are open."""

    trigger = forms.ChoiceField(label=gettext_lazy("Why"), required=False)
    whose = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data, schools)
        closed = [one for one in CallState.choices if one[0] != CallState.OPEN]
        self._offer("state", [(LATE, _("Late")), *closed, (EVERY, _("All"))], CallState.OPEN.label)
        self._offer("trigger", Trigger.choices)
        self._offer("whose", [("mine", _("For me to answer"))])


class ResetFilter(Filter):
    """What narrows the list of statements."""

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data, schools)
        self._offer("state", ResetState.choices)


def _schools() -> list[Unit]:
    return list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))


def _chosen(form: forms.Form) -> dict[str, str]:
    form.is_valid()
    return getattr(form, "cleaned_data", {})


def _accounts(person: Person, chosen: dict[str, str], schools: list[Unit]) -> Any:
    """The accounts that the filters leave; None where they leave all that the person may read.

    Words are looked up first: the search names the table of accounts and cannot stand inside another query.
    """
    school = next((u for u in schools if u.code == chosen.get("school")), None)
    words = typed(chosen.get("q", ""))
    if school is None and not chosen.get("platform") and not words:
        return None
    found = accounts_visible_to(person)
    if school is not None:
        found = found.filter(unit__in=subtree(school).values("pk"))
    if chosen.get("platform"):
        found = found.filter(platform=chosen["platform"])
    if words:
        return list(search(found, words).order_by().values_list("pk", flat=True)[:MOST_FOUND])
    return found.order_by().values("pk")


def _calls(request: StaffRequest) -> tuple[CallFilter, dict[str, str], QuerySet[ResetCall]]:
    me, schools = request.user, _schools()
    form = CallFilter(request.GET, schools)
    chosen = _chosen(form)
    found = queries.calls_waiting_for(me) if chosen.get("whose") == "mine" else queries.calls_visible_to(me)
    state = chosen.get("state") or CallState.OPEN.value
    if state == LATE:
        found = queries.late(found)
    elif state != EVERY:
        found = found.filter(state=state)
    if chosen.get("trigger"):
        found = found.filter(trigger=chosen["trigger"])
    accounts = _accounts(me, chosen, schools)
    if accounts is not None:
        found = found.filter(account__in=accounts)
    if state in {CallState.OPEN, LATE}:
        return form, chosen, found.order_by(F("due_on").asc(nulls_last=True), "asked_at", "pk")
    return form, chosen, found.order_by("-asked_at", "-pk")


def _resets(request: StaffRequest) -> tuple[ResetFilter, dict[str, str], QuerySet[Reset]]:
    me, schools = request.user, _schools()
    form = ResetFilter(request.GET, schools)
    chosen = _chosen(form)
    found = queries.resets_visible_to(me)
    if chosen.get("state"):
        found = found.filter(state=chosen["state"])
    accounts = _accounts(me, chosen, schools)
    if accounts is not None:
        found = found.filter(account__in=accounts)
    return form, chosen, found.order_by("-made_at", "-pk")


def call_rows(request: StaffRequest) -> Iterator[Row]:
    """Every call that the filters leave, as plain cells."""
    _form, _narrow, found = _calls(request)
    labels = {p.key: text(p.label) for p in catalogue()}
    left = found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places = Places(one.account.unit for one in rows)
        for one in rows:
            yield {
                "account": one.account.name, "public_id": one.account.public_id, "place": places.of(one.account.unit),
                "platform": labels.get(one.account.platform, one.account.platform),
                "trigger": one.get_trigger_display(), "state": call_badge(one)["word"],
                "asked": timezone.localdate(one.asked_at), "by": one.asked_by.name if one.asked_by else "Rostrum",
                "due": one.due_on, "closed": timezone.localdate(one.closed_at) if one.closed_at else None,
            }  # fmt: skip


def reset_rows(request: StaffRequest) -> Iterator[Row]:
    """Every statement that the filters leave, as plain cells. What was typed into it stays on its own page."""
    _form, _narrow, found = _resets(request)
    labels = {p.key: text(p.label) for p in catalogue()}
    left = found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places = Places(one.account.unit for one in rows)
        for one in rows:
            yield {
                "account": one.account.name, "public_id": one.account.public_id, "place": places.of(one.account.unit),
                "platform": labels.get(one.account.platform, one.account.platform), "state": reset_badge(one)["word"],
                "made": timezone.localdate(one.made_at), "by": one.made_by.name,
                "confirmed": timezone.localdate(one.confirmed_at) if one.confirmed_at else None,
                "witness": one.confirmed_by.name if one.confirmed_by else "",
                "second_factor": one.get_second_factor_display(),
            }  # fmt: skip


CALLS = Listing(
    "resets",
    gettext_lazy("Resets that are asked for"),
    "web:resets",
    (
        Column("account", gettext_lazy("Account"), always=True),
        Column("trigger", gettext_lazy("Why"), always=True),
        Column("state", gettext_lazy("Status")),
        Column("place", gettext_lazy("Speaks for")),
        Column("due", gettext_lazy("Due")),
        Column("asked", gettext_lazy("Asked on")),
        Column("by", gettext_lazy("Asked by"), usual=False),
        Column("platform", gettext_lazy("Platform"), usual=False),
        Column("closed", gettext_lazy("Closed on"), usual=False),
        Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "school", "platform", "state", "trigger", "whose"),
    call_rows,
)
STATEMENTS = Listing(
    "statements",
    gettext_lazy("Statements about resets"),
    "web:reset_statements",
    (
        Column("account", gettext_lazy("Account"), always=True),
        Column("state", gettext_lazy("Status"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("made", gettext_lazy("Stated on")),
        Column("by", gettext_lazy("Stated by")),
        Column("confirmed", gettext_lazy("Confirmed on"), usual=False),
        Column("witness", gettext_lazy("Confirmed by")),
        Column("platform", gettext_lazy("Platform"), usual=False),
        Column("second_factor", gettext_lazy("Second factor"), usual=False),
        Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "school", "platform", "state"),
    reset_rows,
)


def _page(request: StaffRequest, found: QuerySet[Row_]) -> tuple[Page[Any], list[Row_]]:
    """One page of a list. Numbers are sorted first and whole rows fetched for the page alone: lists may be long."""
    page = Paginator(found.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    by_pk = found.order_by().in_bulk(list(page))
    return page, [by_pk[pk] for pk in page if pk in by_pk]


@require_safe
@signed_in
def calls(request: StaffRequest) -> HttpResponse:
    """What calls for resets of accounts that the reader may read, the most pressing day first."""
    form, chosen, found = _calls(request)
    page, rows = _page(request, found)
    places, count = Places(one.account.unit for one in rows), page.paginator.count
    labels = {p.key: text(p.label) for p in catalogue()}
    context = {
        "page": page, "form": form, "tabs": tabs(request.user, "calls"), "period": period_days(),
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": call_badge(one), "platform": labels.get(one.account.platform, one.account.platform)}
            for one in rows
        ],
        "count_words": ngettext("One reset", "%(count)d resets", count) % {"count": count},
        "filtered": any(chosen.values()), "reset": reverse("web:resets") if any(chosen.values()) else "",
        "tools": tools(CALLS, request, form),
    }  # fmt: skip
    return render(request, "web/keys/calls.html", context)


@require_safe
@signed_in
def statements(request: StaffRequest) -> HttpResponse:
    """The statements about accounts that the reader may read, the newest first."""
    form, chosen, found = _resets(request)
    page, rows = _page(request, found)
    places, count = Places(one.account.unit for one in rows), page.paginator.count
    labels = {p.key: text(p.label) for p in catalogue()}
    context = {
        "page": page, "form": form, "tabs": tabs(request.user, "statements"),
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": reset_badge(one), "platform": labels.get(one.account.platform, one.account.platform)}
            for one in rows
        ],
        "count_words": ngettext("One statement", "%(count)d statements", count) % {"count": count},
        "filtered": any(chosen.values()), "reset": reverse("web:reset_statements") if any(chosen.values()) else "",
        "tools": tools(STATEMENTS, request, form),
    }  # fmt: skip
    return render(request, "web/keys/statements.html", context)


@require_safe
@signed_in
def shown(request: StaffRequest, show: str) -> HttpResponse:
    """Where a letter about many resets leads: to the reader's own, or to what is late."""
    return HttpResponseRedirect(reverse("web:resets") + ("?state=late" if show == "late" else "?whose=mine"))
