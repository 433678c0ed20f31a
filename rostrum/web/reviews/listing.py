"""The list of reviews: planned, under way, done; searched, filtered, taken away as a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from rostrum.people.models import Unit
from rostrum.people.queries import may, subtree
from rostrum.registry.models import Account
from rostrum.registry.search import search
from rostrum.reviews.models import Review
from rostrum.reviews.queries import reads_answers, visible_to
from rostrum.reviews.states import OPEN_FINDINGS, OPEN_REVIEWS, Outcome, ReviewKind, ReviewState
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.listing import typed
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.wording import picture
from rostrum.web.reviews.wording import review_badge, tabs

PER_PAGE, AT_ONCE = 25, 500


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Why"), required=False)
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        states = [
            ("mine", _("Mine, open")),
            *ReviewState.choices,
            *((f"done-{key}", label) for key, label in Outcome.choices),
        ]
        for name, choices in (
            ("state", states), ("kind", ReviewKind.choices), ("school", [(one.code, one.name) for one in schools]),
        ):  # fmt: skip
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *choices]


def _narrowed(request: StaffRequest) -> tuple[Filter, dict[str, str], QuerySet[Review]]:
    me = request.user
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    found, state = visible_to(me), chosen.get("state", "")
    if state == "mine":
        found = found.filter(reviewer=me, state__in=OPEN_REVIEWS)
    elif state.startswith("done-"):
        found = found.filter(outcome=state.removeprefix("done-"), first=None)
    elif state:
        found = found.filter(state=state)
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    school = next((one for one in schools if one.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(account__unit__in=subtree(school).values("pk"))
    words = typed(chosen.get("q", ""))
    if words:
        here = Account.objects.filter(pk__in=found.order_by().values("account"))
        accounts = list(search(here, words).order_by().values_list("pk", flat=True))
        found = found.filter(Q(account__in=accounts) | Q(ref__iexact=words) | Q(reviewer__name__icontains=words))
    first = Case(
        When(state=ReviewState.UNDER_WAY, then=Value(0)), When(state=ReviewState.PLANNED, then=Value(1)),
        default=Value(2), output_field=IntegerField(),
    )  # fmt: skip
    return form, chosen, found.annotate(first_come=first).order_by("first_come", "due_on", "-moved_at", "-pk")


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every review that the filters leave, as plain cells. How a second review ended is told to those who may compare."""
    me = request.user
    _form, _chosen, found = _narrowed(request)
    left = found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places, counted = Places(one.account.unit for one in rows), findings_of(rows)
        for one in rows:
            inside = reads_answers(me, one)
            yield {
                "ref": one.ref, "account": one.account.name, "place": places.of(one.account.unit),
                "kind": one.get_kind_display(), "reviewer": one.reviewer.name if one.reviewer else "",
                "state": review_badge(one, inside=inside, still=counted.get(one.pk, (0, 0))[1])["word"], "due": one.due_on,
                "asked": timezone.localdate(one.asked_at),
                "done": timezone.localdate(one.finished_at) if one.finished_at else None,
                "findings": counted.get(one.pk, (0, 0))[0] if inside else None, "reason": one.reason,
            }  # fmt: skip


def findings_of(rows: list[Review]) -> dict[int, tuple[int, int]]:
    """How many findings each review has, and how many of them are open, in one query."""
    counted = Review.objects.filter(pk__in=[one.pk for one in rows]).annotate(
        n=Count("findings"), still=Count("findings", filter=Q(findings__state__in=OPEN_FINDINGS))
    )
    return {pk: (n, still) for pk, n, still in counted.order_by().values_list("pk", "n", "still")}


LISTING = Listing(
    "reviews",
    gettext_lazy("Reviews of accounts"),
    "web:reviews",
    (
        Column("ref", gettext_lazy("Review"), always=True),
        Column("account", gettext_lazy("Account"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("kind", gettext_lazy("Why")),
        Column("reviewer", gettext_lazy("Reviewer")),
        Column("state", gettext_lazy("Status")),
        Column("due", gettext_lazy("By when")),
        Column("asked", gettext_lazy("Planned on"), usual=False),
        Column("done", gettext_lazy("Done on"), usual=False),
        Column("findings", gettext_lazy("Findings")),
        Column("reason", gettext_lazy("Reason"), usual=False),
    ),
    ("q", "state", "kind", "school"),
    rows_of,
    (),
)


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Reviews that the reader may know of: under way first, then planned, then done. Queries do not grow with them."""
    me = request.user
    form, chosen, found = _narrowed(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places, counted, count = Places(one.account.unit for one in rows), findings_of(rows), page.paginator.count
    filtered = any(chosen.get(name) for name in LISTING.narrows)
    shown = []
    for one in rows:
        inside, found_in = reads_answers(me, one), counted.get(one.pk, (0, 0))
        shown.append(
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit), "inside": inside,
             "badge": review_badge(one, inside=inside, still=found_in[1]), "counted": found_in}
        )  # fmt: skip
    context: dict[str, Any] = {
        "page": page, "form": form, "tabs": tabs(me, "reviews"), "filtered": filtered, "rows": shown,
        "tools": tools(LISTING, request, form), "reset": reverse("web:reviews") if filtered else "",
        "count_words": ngettext("One review", "%(count)d reviews", count) % {"count": count},
        "may_draw": may(me, "review:plan"),
    }  # fmt: skip
    return render(request, "web/reviews/reviews.html", context)
