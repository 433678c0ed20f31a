"""Samples of accounts: drawing one, what was drawn and why, how fair it was school by school, calling one off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import NotAllowed
from rostrum.people.queries import division, may
from rostrum.policies.queries import setting
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.reviews import drawing
from rostrum.reviews.models import Review, ReviewSample, SamplePlace
from rostrum.reviews.periods import period_of
from rostrum.reviews.states import CALL_OFF, OPEN_REVIEWS, ReviewState, SampleState
from rostrum.reviews.weights import reason_words, rules_in_words
from rostrum.schoolyear.queries import calendar
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.keys.access import unlogged
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.reviews.access import not_now, pointing_to, the_sample, unkept
from rostrum.web.reviews.listing import findings_of
from rostrum.web.reviews.wording import review_badge, sample_badge, tabs
from rostrum.web.submitting import sent

PER_PAGE = 50
YEAR = timedelta(days=365)
DAY_WRONG = gettext_lazy("Write the day as in 2026-09-30.")


class Draw(forms.Form):
    """The period, how many accounts where the division has not said, and a word about it."""

    use_required_attribute = False
    starts_on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Say from when."), "invalid": DAY_WRONG},
    )  # fmt: skip
    ends_on = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Say until when."), "invalid": DAY_WRONG},
    )  # fmt: skip
    wanted = forms.IntegerField(
        label=gettext_lazy("How many accounts"), min_value=1, max_value=drawing.MOST,
        error_messages={"required": gettext_lazy("Say how many accounts to draw."),
                        "invalid": gettext_lazy("This is a whole number.")},
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("A word about it"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=20_000,
        strip=False, help_text=gettext_lazy("It stays with the sample."),
    )  # fmt: skip

    def __init__(self, data: Any, initial: dict[str, Any], *, size_is_set: bool) -> None:
        super().__init__(data, initial=initial)
        if size_is_set:
            del self.fields["wanted"]


def _period(on: date) -> tuple[date, date]:
    """The period to suggest: the division's own that a day lies in, else the rest of the month."""
    found = period_of(str(setting("review_period") or "") or "month", on, calendar())
    return found or (on, on)


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def new(request: StaffRequest, on: str = "") -> HttpResponse:
    """Draw a sample: what will be drawn from, how many, how, and who then reviews (AP 193 1.10)."""
    root = division()
    if root is None:
        raise Http404
    try:
        around = date.fromisoformat(on) if on else clock.today()
    except ValueError:
        raise Http404 from None
    starts_on, ends_on = _period(around)
    form = Draw(sent(request), {"starts_on": starts_on, "ends_on": ends_on}, size_is_set=drawing.size_is_set())
    back = reverse("web:review_samples")

    def act() -> str:
        data = form.cleaned_data
        made = drawing.draw(
            root, starts_on=data["starts_on"], ends_on=data["ends_on"], wanted=data.get("wanted"), note=data["note"],
            by=request.user,
        )  # fmt: skip
        said = ngettext("%(n)d account is drawn, and its reviewer has been asked.",
                        "%(n)d accounts are drawn, and their reviewers have been asked.", made.wanted)  # fmt: skip
        messages.success(request, said % {"n": made.wanted})
        return reverse("web:review_sample", args=[made.pk])

    with pointing_to(back, (_("A word about it"), request.POST.get("note", ""))):
        if not drawing.may_draw(request.user, root):
            raise NotAllowed(worded(_("Only {keeper} draws a sample of accounts.")))
        live = Account.objects.filter(state__in=LIVE).count()
        busy = Review.objects.filter(state__in=OPEN_REVIEWS, first=None).count()
        context: dict[str, Any] = {
            "back": back, "live": live, "busy": busy, "size": drawing.size(live - busy) if drawing.size_is_set() else None,
            "period_set": bool(setting("review_period")), "rules": rules_in_words(), "second": setting("review_second_share"),
        }  # fmt: skip
        return unkept(request, form, act, "web/reviews/draw.html", context)


@require_safe
@signed_in
def samples(request: StaffRequest) -> HttpResponse:
    """Every sample that was drawn, and school by school when it was last looked at."""
    if not may(request.user, "review:view"):
        raise NotAllowed(worded(_("Only {keeper} and those who oversee it see which accounts are drawn.")))
    done = Count("reviews", filter=Q(reviews__state=ReviewState.DONE, reviews__first=None))
    of = Count("reviews", filter=Q(reviews__first=None) & ~Q(reviews__state=ReviewState.DROPPED))
    found = ReviewSample.objects.select_related("drawn_by").annotate(done=done, of=of).order_by("-starts_on", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    since = clock.today() - YEAR
    period = setting("review_period")
    context: dict[str, Any] = {
        "tabs": tabs(request.user, "samples"), "page": page, "rows": [{"it": one, "badge": sample_badge(one)} for one in page],
        "schools": drawing.seen_by_school(since), "since": since, "may_draw": may(request.user, "review:plan"),
        "rhythm": _rhythm(period),
    }  # fmt: skip
    return render(request, "web/reviews/samples.html", context)


def _rhythm(period: object) -> str:
    """How often a sample is drawn, in words: the division's choice, or that the procedure names none."""
    words = {
        "month": _("The division draws a sample every month."),
        "quarter": _("The division draws a sample every three months."),
        "half_year": _("The division draws a sample every six months."),
        "year": _("The division draws a sample every school year."),
    }
    return words.get(str(period), _("The procedure says: as the need arises. The division has set no rhythm."))


def _about(n: float) -> str:
    """A number of accounts to expect by chance, with one decimal: most schools may expect less than one."""
    return localize(round(n, 1))


def _badge(review: Review | None, counted: dict[int, tuple[int, int]]) -> dict[str, str] | None:
    return None if review is None else review_badge(review, still=counted.get(review.pk, (0, 0))[1])


@require_safe
@signed_in
def sample(request: StaffRequest, pk: int) -> HttpResponse:
    """One sample: the draw with its seed, the accounts drawn and why, every school beside what chance would give."""
    it, me = the_sample(request.user, pk), request.user
    every = "all" in request.GET
    places = SamplePlace.objects.filter(sample=it).select_related("account__unit", "school").order_by("rank")
    page = Paginator(places if every else places.filter(drawn=True), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    of_sample = Review.objects.filter(sample=it, first=None, account__in=[row.account_id for row in rows])
    reviews = {one.account_id: one for one in of_sample.select_related("reviewer")}
    where, counted = Places(row.account.unit for row in rows), findings_of(list(reviews.values()))
    context: dict[str, Any] = {
        "it": it, "badge": sample_badge(it), "every": every, "page": page,
        "rows": [
            {"it": row, "icon": picture(row.account.platform), "place": where.of(row.account.unit),
             "reasons": reason_words(one for one in row.reasons.split(",") if one), "review": reviews.get(row.account_id),
             "badge": _badge(reviews.get(row.account_id), counted)}
            for row in rows
        ],
        "schools": [{"it": one, "expected": _about(one.expected)} for one in drawing.coverage(it)],
        "same": drawing.drawn_again(it), "rules": rules_in_words(), "entries": timeline(history(it)),
        "may_call_off": it.state == SampleState.DRAWN and may(me, "review:plan", it.scope),
        "doubled": Review.objects.filter(sample=it, first__isnull=False).count(),
    }  # fmt: skip
    return render(request, "web/reviews/sample.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def off(request: StaffRequest, pk: int) -> HttpResponse:
    """Call a sample off, with a reason; reviews of it that nobody has started go with it."""
    it = the_sample(request.user, pk)
    back = reverse("web:review_sample", args=[it.pk])
    form = Reason(sent(request))
    form.fields["reason"].help_text = _("It stays with the sample, and the reviewers read it.")

    def act() -> str:
        drawing.call_off(it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST))
        messages.success(request, str(CALL_OFF.done))
        return back

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if not may(request.user, "review:plan", it.scope):
            raise NotAllowed(worded(_("Only {keeper} calls a sample off.")))
        if request.method != "POST" and it.state != SampleState.DRAWN:
            raise not_now(it.get_state_display())
        said = _("You are about to call this sample off: %(from)s to %(to)s.")
        context = {
            "heading": CALL_OFF.label, "badge": sample_badge(it), "back": back, "sample": it,
            "sentence": said % {"from": day(it.starts_on), "to": day(it.ends_on)},
            "effect": CALL_OFF.effect, "clause": "1.10", "button": CALL_OFF.label, "tone": "danger",
            "hidden": {"seen": request.POST.get("seen", "")[:12] or str(it.version), "_key": new_key()},
        }  # fmt: skip
        return unkept(request, form, act, "web/reviews/decide.html", context)
