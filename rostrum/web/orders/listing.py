"""The list of orders: open ones first by their day, filtered, searched, taken away as a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.core import clock
from rostrum.core.text import UnsafeText, clean
from rostrum.orders.models import AccountOrder
from rostrum.orders.queries import found_by_words, visible_to
from rostrum.orders.states import OPEN_ORDERS, OrderKind, OrderState
from rostrum.people.models import Unit
from rostrum.people.queries import may, subtree
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.orders.wording import order_badge
from rostrum.web.requests.wording import picture

PER_PAGE = 25
AT_ONCE = 500
OPEN, LATE = "open", "late"


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What is to change"), required=False)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        self._offer("school", [(one.code, one.name) for one in schools])
        self._offer("state", [(OPEN, _("Open")), (LATE, _("Late")), *OrderState.choices])
        self._offer("kind", OrderKind.choices)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *choices]


def _words(typed: str) -> str:
    try:
        return clean(typed)
    except UnsafeText:
        return ""


def _narrowed(request: StaffRequest) -> tuple[Filter, dict[str, str], QuerySet[AccountOrder]]:
    """The filters of the address, and the orders that they leave: open ones first, by their day."""
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    found = visible_to(request.user)
    school = next((one for one in schools if one.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(account__unit__in=subtree(school).values("pk"))
    state = chosen.get("state", "")
    if state == OPEN:
        found = found.filter(state__in=OPEN_ORDERS)
    elif state == LATE:
        found = found.filter(state=OrderState.GIVEN, due_on__lt=clock.today())
    elif state:
        found = found.filter(state=state)
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    found = found_by_words(found, _words(chosen.get("q", "")))
    first = Case(When(state__in=OPEN_ORDERS, then=Value(0)), default=Value(1), output_field=IntegerField())
    return form, chosen, found.annotate(first=first).order_by("first", "due_on", "-pk")


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every order that the filters leave, as plain cells."""
    _form, _chosen, found = _narrowed(request)
    left = found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places = Places(one.account.unit for one in rows)
        for one in rows:
            yield {
                "account": one.account.name, "what": one.what, "place": places.of(one.account.unit),
                "kind": one.get_kind_display(), "clause": one.clause, "state": order_badge(one)["word"],
                "due": one.due_on, "given": timezone.localdate(one.given_at), "by": one.given_by.name,
                "answer": one.answer, "answered_by": one.answered_by.name if one.answered_by else "",
                "public_id": one.account.public_id,
            }  # fmt: skip


LISTING = Listing(
    "orders",
    gettext_lazy("Orders"),
    "web:orders",
    (
        Column("account", gettext_lazy("Account"), always=True),
        Column("what", gettext_lazy("Ordered"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("kind", gettext_lazy("What is to change"), usual=False),
        Column("clause", gettext_lazy("Clause"), usual=False),
        Column("state", gettext_lazy("Status")),
        Column("due", gettext_lazy("To be done by")),
        Column("given", gettext_lazy("Given on"), usual=False),
        Column("by", gettext_lazy("Given by"), usual=False),
        Column("answer", gettext_lazy("Answer"), usual=False),
        Column("answered_by", gettext_lazy("Answered by"), usual=False),
        Column("public_id", gettext_lazy("Public id"), usual=False),
    ),
    ("q", "school", "state", "kind"),
    rows_of,
    (),
)


@require_safe
@signed_in
def orders_list(request: StaffRequest) -> HttpResponse:
    """Orders on accounts that the reader may see. The number of queries does not grow with them."""
    form, chosen, found = _narrowed(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places, count = Places(one.account.unit for one in rows), page.paginator.count
    filtered = any(chosen.values())
    context = {
        "page": page, "form": form, "filtered": filtered, "gives": may(request.user, "order:give"),
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": order_badge(one), "late": order_badge(one)["late"]}
            for one in rows
        ],
        "count_words": ngettext("One order", "%(count)d orders", count) % {"count": count},
        "reset": reverse("web:orders") if filtered else "", "tools": tools(LISTING, request, form),
    }  # fmt: skip
    return render(request, "web/orders/list.html", context)
