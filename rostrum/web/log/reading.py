"""The log in words: searched, filtered, page by page, and as a table to take away."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from rostrum.audit.queries import HistoryEntry, LogPage, head, search
from rostrum.audit.words import known_acts
from rostrum.core import clock
from rostrum.core.dates import when
from rostrum.core.tables import safe_cell
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.people.queries import people_named
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.log.access import need
from rostrum.web.requests.wording import role_words, timeline, words_of

EXPORT_LIMIT = 10_000
EXPORT_PAGE = 1_000
# A spreadsheet takes a cell that starts with one of these for a formula (OWASP "CSV injection").


class Filter(forms.Form):
    """What narrows the log."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    act = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    who = forms.CharField(label=gettext_lazy("Who did it"), required=False, max_length=254)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("To and including"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["act"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Everything")), *known_acts()]

    def clean_q(self) -> str:
        """Words of plain text."""
        try:
            return clean(self.cleaned_data["q"])
        except UnsafeText:
            raise forms.ValidationError(_("Search for plain letters.")) from None

    def clean_who(self) -> Person | None:
        """One person, by work e-mail or by a name that only one person has. People who left count too."""
        typed = self.cleaned_data["who"].strip()
        if not typed:
            return None
        ids = people_named(typed, Person.objects.order_by("name"))
        if len(ids) != 1:
            raise forms.ValidationError(
                _("More than one person fits. Write the work e-mail.")
                if ids
                else _("Nobody here is called that.")
            )
        return Person.objects.get(pk=ids[0])


@dataclass(frozen=True)
class Query:
    """A filter as the log is asked."""

    text: str = ""
    act: str = ""
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def page(self, before: int | None, size: int = 50) -> LogPage:
        """One page of entries older than `before`, newest first."""
        return search(
            self.text,
            act=self.act,
            actor_id=self.actor_id,
            since=self.since,
            until=self.until,
            before=before,
            size=size,
        )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def query_of(form: Filter) -> Query | None:
    """What the filter asks; None when it cannot be understood."""
    if not form.is_valid():
        return None
    chosen = form.cleaned_data
    try:
        since = _start(chosen["since"]) if chosen["since"] else None
        until = _start(chosen["until"] + timedelta(days=1)) if chosen["until"] else None
    except OverflowError:
        return None
    who = chosen["who"]
    return Query(chosen["q"], chosen["act"], who.pk if who else None, since, until)


def pages_of(entries: Iterable[HistoryEntry]) -> dict[tuple[str, int], str]:
    """Where the things that entries are about can be read; at most three queries, however many entries."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        if entry.subject_id is not None:
            wanted.setdefault(entry.subject_type, set()).add(entry.subject_id)
    found: dict[tuple[str, int], str] = {}
    if wanted.get("accountrequest"):
        rows = AccountRequest.objects.filter(pk__in=wanted["accountrequest"], ref__isnull=False).values_list(
            "pk", "ref"
        )
        found |= {("accountrequest", pk): reverse("web:request", args=[ref]) for pk, ref in rows}
    if wanted.get("registration"):
        forms_ = Registration.objects.filter(pk__in=wanted["registration"]).values_list("pk", "request__ref")
        found |= {("registration", pk): reverse("web:request", args=[ref]) for pk, ref in forms_ if ref}
    if wanted.get("account"):
        ids = Account.objects.filter(pk__in=wanted["account"]).values_list("pk", "public_id")
        found |= {("account", pk): reverse("web:account", args=[public_id]) for pk, public_id in ids}
    found |= {("person", pk): reverse("web:person", args=[pk]) for pk in wanted.get("person", ())}
    found |= {("unit", pk): reverse("web:unit", args=[pk]) for pk in wanted.get("unit", ())}
    return found


def _value(value: Any) -> list[tuple[str, str]]:
    """A before or after as pairs to read."""
    if not value:
        return []
    if isinstance(value, dict):
        return [
            (str(k), v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) for k, v in value.items()
        ]
    return [("", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))]


def rows_of(entries: list[HistoryEntry]) -> list[dict[str, Any]]:
    """Entries as the page shows them."""
    places = pages_of(entries)
    return [
        {
            **told,
            "seq": e.seq,
            "label": e.label,
            "act": e.act,
            "before": _value(e.before),
            "after": _value(e.after),
            "url": places.get((e.subject_type, e.subject_id or 0), ""),
        }
        for e, told in zip(entries, timeline(entries), strict=True)
    ]


def _older(request: StaffRequest) -> int | None:
    typed = request.GET.get("before", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None


@require_safe
@signed_in
def log(request: StaffRequest) -> HttpResponse:
    """The log, newest first. Pages go by entry number, so that a page costs the same at either end."""
    need(request.user, "log:read")
    form = Filter(request.GET if request.GET else {})
    asked = query_of(form)
    before = _older(request)
    page = asked.page(before) if asked else LogPage([], None)
    carried = request.GET.copy()
    carried.pop("before", None)
    context = {
        "form": form,
        "rows": rows_of(page.entries),
        "older": page.older,
        "newer": before is not None,
        "size": head().size,
        "query": carried.urlencode(),
        "limit": EXPORT_LIMIT,
        "filtered": any(request.GET.get(k) for k in ("q", "act", "who", "since", "until")),
    }
    return render(request, "web/log/log.html", context, status=200 if asked else 422)


def _everything(asked: Query) -> Iterator[HistoryEntry]:
    before: int | None = None
    given = 0
    while given < EXPORT_LIMIT:
        page = asked.page(before, size=EXPORT_PAGE)
        yield from page.entries
        given += len(page.entries)
        if page.older is None:
            return
        before = page.older


@require_safe
@signed_in
def export(request: StaffRequest) -> HttpResponse:
    """The entries that the filter leaves, newest first, at most 10,000, as CSV in UTF-8."""
    need(request.user, "log:read")
    asked = query_of(Filter(request.GET if request.GET else {}))
    if asked is None:
        return log(request)  # type: ignore[return-value]  # the page says what is wrong with the filter
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="log-{clock.today().isoformat()}.csv"'
    out = csv.writer(response, quoting=csv.QUOTE_ALL)
    out.writerow(
        [
            _("Number"),
            _("When"),
            _("When (UTC)"),
            _("Who"),
            _("Role"),
            _("Act"),
            _("In words"),
            _("About"),
            _("Comment"),
            _("Clauses"),
            _("Before"),
            _("After"),
            _("Details removed"),
        ]
    )
    for e in _everything(asked):
        cells = [
            e.seq,
            when(e.at),
            e.at.isoformat(),
            e.who,
            role_words(e.role) or e.role,
            e.act,
            words_of(e),
            e.label,
            e.note,
            "; ".join(e.citations),
            _plain(e.before),
            _plain(e.after),
            _("Yes") if e.redacted else _("No"),
        ]
        out.writerow([safe_cell(cell) for cell in cells])
    return response


def _plain(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
