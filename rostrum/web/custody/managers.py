"""The acts on content managers of a live account, each on its own page: name, answer, release, first, hand over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.custody import managing
from rostrum.custody.queries import hand_over_to, managers
from rostrum.custody.states import ACCEPT, WITHDRAW
from rostrum.guidance.queries import must_read
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account, Designation
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places
from rostrum.web.custody.forms import Reason, Who
from rostrum.web.custody.wording import (
    crumbs_of,
    leading_back,
    may_here,
    people_url,
    the_designation,
    the_hand_over,
)
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import answer, place, refuse_unknown, sent


def refuse_unless(request: StaffRequest, permission: str, account: Account, words: str) -> None:
    """Say no before anything is typed: a form that ends in a no helps nobody."""
    managing.check_live(account)
    if not may_here(request.user, permission, account):
        raise NotAllowed(words)


def the_account_of(request: StaffRequest, one: Designation) -> Account:
    """The live account of a designation, for whoever may read it; 404 otherwise."""
    account = managing.account_of(one)
    if account is None:
        raise Http404
    if one.person_id == request.user.pk:
        return account
    return the_account(request.user, account.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def name(request: StaffRequest, public_id: str) -> HttpResponse:
    """Name another content manager, who then accepts or declines (AP 193 1.7, 3.4)."""
    it = the_account(request.user, public_id)
    form = Who(sent(request))

    def act() -> str:
        who = form.cleaned_data["person"]
        made = managing.name_manager(it, who, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(
            request,
            _("You look after it now.") if made.accepted_at
            else _("%(name)s is asked. They look after it once they have accepted.") % {"name": who.name},
        )  # fmt: skip
        return people_url(it)

    context = {
        "title": _("Name a content manager"), "lead": it.name, "button": _("Ask them"), "back": people_url(it),
        "crumbs": crumbs_of(it), "suggest": True, "clause": "1.7",
        "note": _("Whoever accepts answers for the account: it is kept up to date, watched, and its sign-in kept safe."),
    }  # fmt: skip
    with leading_back(request, people_url(it), typed=request.POST.get("reason", "")):
        words = worded(_("Only its managers, whoever leads its school and {keeper} can name a manager."))
        refuse_unless(request, "manager:name", it, words)
        return answer(request, form, act, "web/custody/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def respond(request: StaffRequest, pk: int) -> HttpResponse:
    """A person who was named accepts or declines; where they are asked to take over, the hand-over is done."""
    mine = the_designation(pk)
    account = managing.account_of(mine)
    if account is None:
        return HttpResponseRedirect(reverse("web:designation", args=[mine.registration.request.ref]))
    it = the_account_of(request, mine)
    form, status = Reason(sent(request)), 200
    form.fields["reason"].help_text = _("Needed when you decline. Whoever asked you reads it as you write it.")
    handed = hand_over_to(mine)
    chosen = request.POST.get("answer", "")

    def act() -> str:
        if chosen not in {"accept", "decline"}:
            raise Invalid(_("Choose “Accept” or “Decline”."))
        managing.answer(mine, by=request.user, accept=chosen == "accept", reason=form.cleaned_data["reason"])
        done = (
            _("You look after this account now.")
            if chosen == "accept"
            else _("You declined. Whoever asked has been told.")
        )
        messages.success(request, done)
        return people_url(it) if chosen == "accept" else reverse("web:today")

    with leading_back(request, people_url(it), typed=request.POST.get("reason", "")):
        if mine.person_id != request.user.pk:
            raise NotAllowed(_("Only %(name)s can answer this.") % {"name": mine.person.name})
        if request.method == "POST":
            status = 422
            _refuse_unknown(request, form)
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        elif mine.accepted_at or mine.declined_at or mine.released_at:
            raise WrongState(_("You have already answered this, or are no longer named."))
        else:
            managing.check_live(it)
    others = [one.person.name for one in managers(it) if one.person_id != mine.person_id]
    context = {
        "it": it, "mine": mine, "form": form, "key": new_key(), "handed": handed, "others": ", ".join(others),
        "crumbs": crumbs_of(it, deep=False), "place": Places([it.unit]).of(it.unit), "back": people_url(it),
        "must_read": must_read(request.user), "read_url": f"{reverse('web:guidance_read')}?next={request.path}",
        "effect": ACCEPT.effect,
    }  # fmt: skip
    return render(request, "web/custody/answer.html", context, status=status)


def _refuse_unknown(request: StaffRequest, form: forms.Form) -> None:
    """The two buttons carry the answer; nothing else may be in the form."""
    extra = set(request.POST) - {"answer", "reason", "_key", "csrfmiddlewaretoken", "seen"}
    if extra:
        raise Invalid(_("This form has no such fields: %(names)s.") % {"names": ", ".join(sorted(extra))[:200]})


def decide(request: StaffRequest, it: Account, form: forms.Form, act: Callable[[], str], context: dict[str, Any],
           check: Callable[[], None]) -> HttpResponse:  # fmt: skip
    """One decision on who holds an account: said in a sentence, with what follows, done once."""
    status, seen = 200, request.POST.get("seen", "")[:12]
    with leading_back(request, people_url(it), typed=request.POST.get("reason", "")):
        if request.method == "POST":
            refuse_unknown(request, form)
            status = 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        else:
            check()
    hidden = {"_key": new_key(), **({"seen": seen} if seen else {}), **context.pop("hidden", {})}
    whole = {"form": form, "back": people_url(it), "crumbs": crumbs_of(it), "hidden": hidden, "it": it, **context}
    return render(request, "web/custody/decide.html", whole, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def release(request: StaffRequest, pk: int) -> HttpResponse:
    """Release a content manager, take back that somebody was named, or step down oneself."""
    one = the_designation(pk)
    it = the_account_of(request, one)
    form, own = Reason(sent(request)), one.person_id == request.user.pk

    def act() -> str:
        managing.release(one, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(name)s is released. Take their access away on the platform, then note it here.")
                         % {"name": one.person.name})  # fmt: skip
        return people_url(it)

    def check() -> None:
        managing.check_live(it)
        names = one.accepted_at is None and may_here(request.user, "manager:name", it)
        if not (own or names or may_here(request.user, "manager:release", it)):
            raise NotAllowed(worded(_("Only the person, whoever leads the school and {keeper} can release a manager.")))
        if one.released_at or one.declined_at:
            raise WrongState(_("%(name)s is no manager of this account now.") % {"name": one.person.name})

    asked = one.accepted_at is None
    sentence = (
        _("You are about to step down as content manager of %(what)s.") if own and not asked
        else _("You are about to take back that %(name)s was named for %(what)s.") if asked
        else _("You are about to release %(name)s as content manager of %(what)s.")
    ) % {"name": one.person.name, "what": it.name}  # fmt: skip
    return decide(request, it, form, act, {
        "heading": _("Step down") if own else _("Release %(name)s") % {"name": one.person.name},
        "sentence": sentence, "effect": _("The last content manager cannot be released: an account is handed over first."),
        "button": _("Step down") if own else _("Release"), "tone": "danger", "clause": "3.4",
    }, check)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def first(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a manager the first one."""
    one = the_designation(pk)
    it = the_account_of(request, one)

    def act() -> str:
        managing.make_first(one, by=request.user)
        messages.success(request, _("%(name)s is the first content manager now.") % {"name": one.person.name})
        return people_url(it)

    def check() -> None:
        words = worded(_("Only its managers, whoever leads its school and {keeper} can say who is the first."))
        refuse_unless(request, "manager:name", it, words)
        if one.kind == "primary" or not one.accepted_at or one.released_at or not one.person.is_active:
            raise WrongState(_("%(name)s is the first content manager already, or no manager now.")
                             % {"name": one.person.name})  # fmt: skip

    return decide(request, it, forms.Form(sent(request)), act, {
        "heading": _("Make %(name)s the first content manager") % {"name": one.person.name},
        "sentence": _("You are about to make %(name)s the first content manager of %(what)s.")
        % {"name": one.person.name, "what": it.name},
        "effect": _("Whoever was the first becomes a second content manager. Both keep what they may do."),
        "button": _("Make first"), "clause": "1.7",
    }, check)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask somebody to take over from a content manager."""
    one = the_designation(pk)
    it = the_account_of(request, one)
    form, own = Who(sent(request)), one.person_id == request.user.pk

    def act() -> str:
        who = form.cleaned_data["person"]
        made = managing.hand_over(one, who, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(
            request,
            _("You took it over.") if made.state == "done"
            else _("%(name)s is asked. It is handed over once they accept.") % {"name": who.name},
        )  # fmt: skip
        return people_url(it)

    context = {
        "title": _("Hand over to somebody else"), "lead": it.name, "button": _("Ask them to take over"),
        "back": people_url(it), "crumbs": crumbs_of(it), "suggest": True, "clause": "3.4",
        "note": (
            _("You stay content manager until they accept. Show them what they need to know until then.") if own
            else _("%(name)s stays content manager until they accept.") % {"name": one.person.name}
        ),
    }  # fmt: skip
    with leading_back(request, people_url(it), typed=request.POST.get("reason", "")):
        managing.check_live(it)
        if not (may_here(request.user, "manager:name", it) and (own or may_here(request.user, "manager:release", it))):
            raise NotAllowed(worded(_("Only the manager, whoever leads the school and {keeper} can hand this over.")))
        return answer(request, form, act, "web/custody/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back that somebody was asked to take over."""
    one = the_hand_over(pk)
    it = the_account(request.user, one.account.public_id)

    def act() -> str:
        managing.withdraw_hand_over(one, by=request.user, reason=form.cleaned_data["reason"],
                                    seen=seen_version(request.POST))  # fmt: skip
        messages.success(request, str(WITHDRAW.done))
        return people_url(it)

    def check() -> None:
        if one.state not in WITHDRAW.sources:
            raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                             % {"state": one.get_state_display()})  # fmt: skip
        words = worded(_("Only a manager of this account, whoever leads its school or {keeper} can withdraw it."))
        refuse_unless(request, "handover:withdraw", it, words)

    form = Reason(sent(request))
    return decide(request, it, form, act, {
        "heading": WITHDRAW.label, "effect": WITHDRAW.effect, "button": WITHDRAW.label, "tone": "danger", "clause": "3.4",
        "sentence": _("You are about to take back that %(name)s was asked to take over %(what)s.")
        % {"name": one.taken_by.person.name, "what": it.name},
        "hidden": {"seen": request.POST.get("seen", "")[:12] or str(one.version)},
    }, check)  # fmt: skip
