"""The acts on who can get in, who answers and who helps, each on a short page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import WrongState
from rostrum.custody import keeping
from rostrum.custody.models import AccountTie, HelperGroup
from rostrum.custody.queries import platform_roles
from rostrum.policies.rolewords import worded
from rostrum.registry.models import AccessHolder, Account
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.custody.forms import Access, AccessRole, Helpers, Mailbox, Reason, TieForm
from rostrum.web.custody.managers import decide, refuse_unless
from rostrum.web.custody.wording import crumbs_of, leading_back, people_url
from rostrum.web.people.forms import written
from rostrum.web.submitting import answer, sent

MAY_NOT = "access:keep"


def _words() -> str:
    return worded(_("Only its managers, whoever leads its school and {keeper} can change this."))


def _form(request: StaffRequest, it: Account, form: forms.Form, act: Any, **context: Any) -> HttpResponse:
    whole = {"lead": it.name, "back": people_url(it), "crumbs": crumbs_of(it), "suggest": True, **context}
    with leading_back(request, people_url(it)):
        refuse_unless(request, MAY_NOT, it, _words())
        return answer(request, form, act, "web/custody/form.html", whole)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add_access(request: StaffRequest, public_id: str) -> HttpResponse:
    """Note that somebody can get in on the platform."""
    it = the_account(request.user, public_id)
    form = Access(sent(request), platform_roles(it))

    def act() -> str:
        made = keeping.add_access(it, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is noted that %(name)s can get in.") % {"name": made.name})
        return people_url(it)

    note = _("Give the access on the platform first. Here it is noted, so that everybody knows who can get in.")
    return _form(request, it, form, act, title=_("Who else can get in"), button=_("Note it"), note=note, clause="3.4")


def _the_holder(request: StaffRequest, pk: int) -> tuple[AccessHolder, Account]:
    """A holder of access of an account that the reader may read; 404 otherwise."""
    found = AccessHolder.objects.select_related("person").filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    account = Account.objects.filter(registration=found.registration_id).first()
    if account is None:
        raise Http404
    return found, the_account(request.user, account.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_access(request: StaffRequest, pk: int) -> HttpResponse:
    """Another role on the platform."""
    one, it = _the_holder(request, pk)
    form = AccessRole(sent(request), platform_roles(it), one.platform_role)

    def act() -> str:
        keeping.change_access(one, by=request.user, platform_role=form.cleaned_data["platform_role"])
        messages.success(request, _("It is noted what %(name)s may do.") % {"name": one.name})
        return people_url(it)

    title = _("What %(name)s may do on the platform") % {"name": one.name}
    return _form(request, it, form, act, title=title, button=_("Note it"), clause="3.4")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_access(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that somebody can no longer get in."""
    one, it = _the_holder(request, pk)
    form = Reason(sent(request))

    def act() -> str:
        keeping.end_access(one, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("It is noted that %(name)s can no longer get in.") % {"name": one.name})
        return people_url(it)

    def check() -> None:
        refuse_unless(request, MAY_NOT, it, _words())
        if one.until is not None:
            raise WrongState(_("%(name)s can no longer get in already.") % {"name": one.name})

    return decide(request, it, form, act, {
        "heading": _("%(name)s can no longer get in") % {"name": one.name},
        "sentence": _("You are about to note that %(name)s can no longer get into %(what)s.")
        % {"name": one.name, "what": it.name},
        "effect": _("Take the access away on the platform first. Here it is noted, and a reset is called for."),
        "button": _("Note it"), "tone": "danger", "clause": "3.4",
    }, check)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add_tie(request: StaffRequest, public_id: str) -> HttpResponse:
    """Note who answers for an account, who its recovery contact is, who owns a connected app."""
    it = the_account(request.user, public_id)
    form = TieForm(sent(request))

    def act() -> str:
        data = form.cleaned_data
        made = keeping.tie(it, data["person"], data["kind"], by=request.user, note=data["note"])
        messages.success(request, _("%(name)s is noted.") % {"name": made.person.name})
        return people_url(it)

    note = _("When one of them leaves, this account is on the list of what they hand over.")
    return _form(request, it, form, act, title=_("Who else has a part"), button=_("Note it"), note=note, clause="3.4")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_tie(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that such a part is over."""
    one = AccountTie.objects.select_related("account__unit", "person").filter(pk=pk).first() if pk < 2**63 else None
    if one is None:
        raise Http404
    it = the_account(request.user, one.account.public_id)

    def act() -> str:
        keeping.untie(one, by=request.user)
        messages.success(request, _("It is noted that this is over."))
        return people_url(it)

    def check() -> None:
        refuse_unless(request, MAY_NOT, it, _words())
        if one.until is not None:
            raise WrongState(_("This is over already."))

    return decide(request, it, forms.Form(sent(request)), act, {
        "heading": one.get_kind_display(),
        "sentence": _("You are about to note that %(name)s no longer has this part in %(what)s.")
        % {"name": one.person.name, "what": it.name},
        "effect": _("What was stays in the history."), "button": _("Note it"), "tone": "danger", "clause": "3.4",
    }, check)  # fmt: skip


def _helpers(request: StaffRequest, it: Account, group: HelperGroup | None) -> HttpResponse:
    initial: dict[str, Any] | None = None if group is None else {
        "label": group.label, "size": group.size, "adult": written(group.adult), "platform_role": group.platform_role
    }  # fmt: skip
    form = Helpers(sent(request), platform_roles(it), initial)

    def act() -> str:
        if group is None:
            keeping.add_helpers(it, by=request.user, **form.cleaned_data)
        else:
            keeping.change_helpers(group, by=request.user, **form.cleaned_data)
        messages.success(request, _("The group is noted."))
        return people_url(it)

    note = _("The label of the group and how many they are: nothing else about students is ever kept here.")
    more = {} if group is None else {"drop_url": reverse("web:custody_helpers_end", args=[group.pk]),
                                     "drop_words": _("The group helps no longer")}  # fmt: skip
    title = _("A group that helps") if group is None else group.label
    return _form(request, it, form, act, title=title, button=_("Note it"), note=note, clause="3.5", **more)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add_helpers(request: StaffRequest, public_id: str) -> HttpResponse:
    """Note a group that helps, with the adult who answers for it."""
    return _helpers(request, the_account(request.user, public_id), None)


def _the_group(request: StaffRequest, pk: int) -> tuple[HelperGroup, Account]:
    rows = HelperGroup.objects.select_related("account__unit", "adult")
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found, the_account(request.user, found.account.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_helpers(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a group, or name another adult."""
    group, it = _the_group(request, pk)
    return _helpers(request, it, group)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_helpers(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that a group helps no longer."""
    group, it = _the_group(request, pk)

    def act() -> str:
        keeping.end_helpers(group, by=request.user)
        messages.success(request, _("It is noted that the group helps no longer."))
        return people_url(it)

    def check() -> None:
        refuse_unless(request, MAY_NOT, it, _words())
        if group.until is not None:
            raise WrongState(_("This group helps no longer."))

    return decide(request, it, forms.Form(sent(request)), act, {
        "heading": _("The group helps no longer"),
        "sentence": _("You are about to note that this group helps no longer: %(label)s.") % {"label": group.label},
        "effect": _("Take its access away on the platform too, where it had any."),
        "button": _("Note it"), "tone": "danger", "clause": "3.5",
    }, check)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mailbox(request: StaffRequest, public_id: str) -> HttpResponse:
    """Note another work e-mail of the account (AP 193 1.6)."""
    it = the_account(request.user, public_id)
    form = Mailbox(sent(request))
    form.initial["mailbox"] = it.mailbox

    def act() -> str:
        keeping.change_mailbox(it, form.cleaned_data["mailbox"], by=request.user)
        messages.success(request, _("The work e-mail is noted."))
        return people_url(it)

    note = _("Change it on the platform first. Here it is noted.")
    return _form(
        request, it, form, act, title=_("Work e-mail of the account"), button=_("Note it"), note=note, clause="1.6"
    )
