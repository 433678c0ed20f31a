"""Acts on one review, each on a page that says what it does: start, leave to somebody else, call off, name, look again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, NotAllowed
from rostrum.people.models import Person
from rostrum.people.queries import by_email
from rostrum.policies.rolewords import worded, worded_lazy
from rostrum.registry.models import Account
from rostrum.reviews import planning, reviewing
from rostrum.reviews.models import Review
from rostrum.reviews.queries import allowed, may_ask
from rostrum.reviews.reviewers import Reviewers, detour_words
from rostrum.reviews.states import ASSIGN, OPEN_REVIEWS, REVIEW_MOVES, ReviewState
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places
from rostrum.web.keys.access import unlogged
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.widgets import near_people
from rostrum.web.requests.wording import picture
from rostrum.web.reviews.access import not_now, not_yours, pointing_to, review_url, the_review, unkept
from rostrum.web.reviews.wording import review_badge
from rostrum.web.submitting import answer, sent

OWN_PAGE = {move.name: move for move in REVIEW_MOVES if move.name in {"start", "decline", "drop"}}
SENTENCES = {
    "start": gettext_lazy("You are about to review this account: %(name)s."),
    "decline": gettext_lazy("You are about to leave this review to somebody else: %(name)s."),
    "drop": gettext_lazy("You are about to call this review off: %(name)s."),
}
SAY_WHO = gettext_lazy("Somebody with an account in Rostrum. Their work e-mail, or a name from the list.")


class Named(Reason):
    """Who reviews the account, and a word why."""

    reviewer = forms.CharField(
        label=gettext_lazy("Reviewer"), max_length=500, help_text=SAY_WHO,
        widget=forms.TextInput(attrs={"list": "people-list", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say who reviews the account.")},
    )  # fmt: skip
    field_order = ("reviewer", "reason")


class Wanted(forms.Form):
    """Why an account is reviewed, by when, by whom, and whether twice."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000, strip=False,
        help_text=gettext_lazy("The reviewer reads it, and the managers once the review is done. Never name a student."),
        error_messages={"required": gettext_lazy("Say why, so that the reviewer knows what to look for.")},
    )  # fmt: skip
    due_on = forms.DateField(
        label=gettext_lazy("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Leave it empty for the division’s own days, where it has set some."),
        error_messages={"invalid": gettext_lazy("Write the day as in 2026-09-30.")},
    )  # fmt: skip
    reviewer = forms.CharField(
        label=gettext_lazy("Reviewer"), required=False, max_length=500,
        help_text=worded_lazy(gettext_lazy("Leave it empty, and whoever of {keeper} is free of ties does it.")),
        widget=forms.TextInput(attrs={"list": "people-list", "autocomplete": "off"}),
    )  # fmt: skip
    twice = forms.BooleanField(label=gettext_lazy("Ask a second reviewer too"), required=False)


def person_named(typed: str) -> Person | None:
    """The person that was typed: "Name <e-mail>" or an e-mail; None where nothing was. Invalid where nobody is meant."""
    text = typed.strip()
    if not text:
        return None
    address = text.rpartition("<")[2].rstrip(">").strip()
    found = by_email(address[:254])
    if found is None:
        message = _("Nobody here has this work e-mail. Choose a name from the list.")
        raise Invalid(message, fields={"reviewer": [message]})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def move(request: StaffRequest, ref: str, move: str) -> HttpResponse:
    """Start a review, leave it to somebody else, or call it off (AP 193 1.5, 1.10)."""
    it = the_review(request.user, ref)
    wanted = OWN_PAGE.get(move)
    if wanted is None:
        raise Http404
    form = Reason(sent(request))
    if wanted.reason_required:
        form.fields["reason"].help_text = _("It stays in the review’s history.")
    else:
        del form.fields["reason"]
    back = review_url(it)

    def act() -> str:
        seen, reason = seen_version(request.POST), form.cleaned_data.get("reason", "")
        if move == "start":
            reviewing.start(it, by=request.user, seen=seen)
            return reverse("web:review_check", args=[it.ref])
        (planning.decline if move == "decline" else planning.drop)(it, by=request.user, reason=reason, seen=seen)
        messages.success(request, str(wanted.done))
        return back if move == "drop" else reverse("web:reviews")

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if request.method != "POST" and wanted not in allowed(request.user, it):
            _say_no(request.user, it, move)
        told = [it.reviewer.name] if move == "drop" and it.reviewer and it.reviewer_id != request.user.pk else []
        context = {
            "it": it, "heading": wanted.label, "badge": review_badge(it), "back": back, "told": told,
            "sentence": SENTENCES[move] % {"name": it.account.name}, "effect": wanted.effect, "clause": "1.10",
            "button": wanted.label, "tone": "danger" if wanted.tone == "danger" else "primary",
            "hidden": {"seen": request.POST.get("seen", "")[:12] or str(it.version), "_key": new_key()},
        }  # fmt: skip
        return unkept(request, form, act, "web/reviews/decide.html", context)


def _say_no(person: Person, it: Review, name: str) -> None:
    if it.state not in OWN_PAGE[name].sources:
        raise not_now(it.get_state_display())
    if name == "drop":
        raise NotAllowed(worded(_("Only {keeper} calls a review off.")))
    if it.reviewer_id == person.pk:
        reviewing.start(it, by=person)  # says itself what stands in the way
    raise not_yours(it)


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def assign(request: StaffRequest, ref: str) -> HttpResponse:
    """Name who reviews an account: Communications, or anybody whom nothing ties to it."""
    it = the_review(request.user, ref)
    form = Named(sent(request))
    form.fields["reason"].required = False
    form.fields["reason"].label = _("A comment")
    form.fields["reason"].help_text = _("It stays in the review’s history.")
    back = review_url(it)

    def act() -> str:
        person = person_named(form.cleaned_data["reviewer"])
        if person is not None:
            planning.assign(
                it,
                by=request.user,
                reviewer=person,
                reason=form.cleaned_data["reason"],
                seen=seen_version(request.POST),
            )
            messages.success(request, _("%(name)s has been asked.") % {"name": person.name})
        return back

    with pointing_to(back, (_("A comment"), request.POST.get("reason", ""))):
        if request.method != "POST" and ASSIGN not in allowed(request.user, it):
            raise (
                not_now(it.get_state_display())
                if it.state not in OPEN_REVIEWS
                else NotAllowed(worded(_("Only {keeper} and {director} name who reviews an account.")))
            )
        context = {
            **_people(request.user, it.account), "it": it, "heading": ASSIGN.label, "badge": review_badge(it), "back": back,
            "effect": ASSIGN.effect, "seen": request.POST.get("seen", "")[:12] or it.version,
            "detour": detour_words(it.detour), "button": ASSIGN.label,
        }  # fmt: skip
        return unkept(request, form, act, "web/reviews/ask.html", context)


def _people(person: Person, account: Account) -> dict[str, Any]:
    """Whom to suggest: the usual reviewers who are free of ties, and who of them is not, with the reason."""
    crew = Reviewers([account])
    usual = [*crew.communications, *crew.upward]
    apart = crew.conflicts.apart(account)
    free = [one for one in usual if one.pk not in apart]
    suggested = [f"{one.name} <{one.email}>" for one in free]
    return {
        "free": free, "tied": [one for one in usual if one.pk in apart],
        "near": list(dict.fromkeys([*suggested, *near_people(person)])),
        "icon": picture(account.platform), "place": Places([account.unit]).of(account.unit),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def ask(request: StaffRequest, public_id: str) -> HttpResponse:
    """Ask for a review of an account, with a reason (AP 193 1.10: as the need arises)."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    form = Wanted(sent(request))

    def act() -> str:
        data = form.cleaned_data
        made = planning.ask(
            it, by=request.user, reason=data["reason"], due_on=data["due_on"], reviewer=person_named(data["reviewer"]),
            twice=data["twice"],
        )  # fmt: skip
        messages.success(request, _("The review is planned, and its reviewer has been asked."))
        return review_url(made)

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if not may_ask(request.user, it):
            raise NotAllowed(worded(_("Only {keeper} asks for a review of an account.")))
        planning.check_live(it)
        context = {
            **_people(request.user, it), "account": it, "heading": _("Ask for a review"), "back": back,
            "effect": _("One review is planned. The account stays as it is, and its managers are told once it is done."),
            "button": _("Ask for the review"),
        }  # fmt: skip
        return unkept(request, form, act, "web/reviews/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def again(request: StaffRequest, ref: str) -> HttpResponse:
    """Plan another look at an account after a review that is done."""
    it = the_review(request.user, ref)
    form = Wanted(sent(request))
    del form.fields["twice"]
    back = review_url(it)

    def act() -> str:
        data = form.cleaned_data
        made = planning.look_again(
            it, by=request.user, reason=data["reason"], due_on=data["due_on"], reviewer=person_named(data["reviewer"])
        )
        messages.success(request, _("The review is planned, and its reviewer has been asked."))
        return review_url(made)

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if it.reviewer_id != request.user.pk and not may_ask(request.user, it.account):
            raise NotAllowed(worded(_("Only its reviewer and {keeper} plan another look.")))
        if it.state != ReviewState.DONE:
            raise not_now(it.get_state_display())
        planning.check_live(it.account)
        context = {
            **_people(request.user, it.account), "it": it, "heading": _("Plan another look"), "badge": review_badge(it),
            "effect": _("One review is planned, after this one. What was found stays as it is."), "back": back,
            "button": _("Plan it"),
        }  # fmt: skip
        return unkept(request, form, act, "web/reviews/ask.html", context)


class Nothing(forms.Form):
    """A decision without a word to say."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def second(request: StaffRequest, ref: str) -> HttpResponse:
    """Ask a second reviewer, who does not see what the first answers."""
    it = the_review(request.user, ref)
    back = review_url(it)

    def act() -> str:
        made = planning.ask_second(it, by=request.user)
        name = made.reviewer.name if made.reviewer else "-"
        messages.success(request, _("%(name)s reviews it as well, without seeing the first answers.") % {"name": name})
        return back

    with pointing_to(back):
        if not may_ask(request.user, it.account):
            raise NotAllowed(worded(_("Only {keeper} asks for a second reviewer.")))
        if it.state not in OPEN_REVIEWS:
            raise not_now(it.get_state_display())
        context = {
            "it": it, "heading": _("Ask a second reviewer"), "badge": review_badge(it), "back": back, "clause": "1.10",
            "sentence": _("You are about to have this account reviewed twice: %(name)s.") % {"name": it.account.name},
            "effect": worded(_(
                "Somebody else answers the same questions without seeing the first answers. How far "
                "the two agree is shown to them, {director} and the auditor."
            )),
            "button": _("Ask a second reviewer"), "tone": "primary", "hidden": {"_key": new_key()},
        }  # fmt: skip
        return answer(request, Nothing(sent(request)), act, "web/reviews/decide.html", context)
