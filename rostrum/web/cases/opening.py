"""Pages on which a case is opened and what it rests on is added; files of evidence for whoever may read the case."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.cases import sources
from rostrum.cases.models import Case
from rostrum.cases.opening import Evidence, add_evidence, open_case
from rostrum.cases.parties import Parties, case_relations
from rostrum.cases.queries import open_case as open_on
from rostrum.cases.states import OPEN_CASES
from rostrum.core import evidence
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE, Standing
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import standing_badge
from rostrum.web.cases.access import kept_file, pointing_to, the_case
from rostrum.web.cases.acting import over
from rostrum.web.cases.forms import EvidenceForm, OpenForm
from rostrum.web.cases.wording import case_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import answer, sent


def _given(form: EvidenceForm, named: tuple[str, str] | None = None) -> Evidence:
    """What was handed in: a note, a file kept by its hash, or something noted elsewhere. Raises Invalid for the file."""
    words = form.cleaned_data["words"]
    if named is not None:
        return Evidence(words, named[0], named[1])
    upload = form.cleaned_data.get("file")
    if not upload:
        return Evidence(words)
    digest, kind = evidence.keep(upload, field="file", kinds=evidence.DOCUMENTS)
    return Evidence(words, sources.FILE if kind == "pdf" else sources.PICTURE, "", digest, kind)


def _beside_words(refusal: Invalid) -> Invalid:
    """What is wrong with evidence stands beside the field where its words are."""
    fields = {("words" if name == "evidence" else name): said for name, said in refusal.fields.items()}
    return Invalid(refusal.message, fields=fields)


def _named(request: StaffRequest, account: Account) -> tuple[tuple[str, str], sources.Found] | None:
    """The thing elsewhere in Rostrum that the address names as evidence ("finding:12"), of this account and readable."""
    kind, _colon, ref = request.GET.get("evidence", "")[:80].partition(":")
    found = sources.find(request.user, kind, ref) if kind else None
    return ((kind, ref), found) if found is not None and found.account.pk == account.pk else None


def _check_may(request: StaffRequest, account: Account) -> None:
    """Say no before anything is typed: not this person, or the account is closed."""
    if not may(request.user, "cases:open", account.unit):
        raise NotAllowed(worded(_("Only {keeper}, {director} or whoever leads the school can open a case.")))
    if request.user.pk in Parties([account]).own(account):
        raise NotAllowed(_("You look after this account yourself. Somebody else opens a case on it."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired already. There is nothing left to decide about it."))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: StaffRequest, public_id: str) -> HttpResponse:
    """Open a case on an account; where one is open already, that one is shown instead (AP 193 1.5, 1.10)."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    named = _named(request, it)
    may_review = may(request.user, "account:review", it.unit) and it.state == Standing.RECOGNISED
    initial = {"words": named[1].words} if named else {}
    form = OpenForm(
        sent(request), request.FILES or None, may_review=may_review, named=named is not None, initial=initial
    )

    def act() -> str:
        try:
            made = open_case(
                it, by=request.user, reason=form.cleaned_data["reason"],
                evidence=[_given(form, named[0] if named else None)],
                review=form.cleaned_data.get("review", False), seen=seen_version(request.POST),
            )  # fmt: skip
        except Invalid as refusal:
            raise _beside_words(refusal) from None
        messages.success(request, _("The case is open. Whoever may decide it has been told."))
        return reverse("web:case", args=[made.pk])

    with pointing_to(
        it, back, [(_("Why"), request.POST.get("reason", "")), (_("It rests on"), request.POST.get("words", ""))]
    ):
        _check_may(request, it)
        running = open_on(it)
        if running is not None and request.method != "POST":
            if named and adds(request, running):
                more_of = reverse("web:case_evidence", args=[running.pk])
                return HttpResponseRedirect(f"{more_of}?{urlencode({'evidence': ':'.join(named[0])})}")
            return HttpResponseRedirect(reverse("web:case", args=[running.pk]))
        context: dict[str, Any] = {
            "it": it, "back": back, "badge": standing_badge(it.state), "named": named[1] if named else None,
            "seen": request.POST.get("seen", "")[:12] or it.version,
        }  # fmt: skip
        return answer(request, form, act, "web/cases/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def more(request: StaffRequest, pk: int) -> HttpResponse:
    """Add to what an open case rests on: its opener, Communications, whoever may decide it."""
    it = the_case(request.user, pk)
    back = reverse("web:case", args=[it.pk])
    named = _named(request, it.account)
    form = EvidenceForm(sent(request), request.FILES or None, initial={"words": named[1].words} if named else {})
    if named:
        del form.fields["file"]

    def act() -> str:
        try:
            add_evidence(it, by=request.user, evidence=_given(form, named[0] if named else None))
        except Invalid as refusal:
            raise _beside_words(refusal) from None
        messages.success(request, _("It is added."))
        return back

    with pointing_to(it, back, [(_("It rests on"), request.POST.get("words", ""))]):
        if request.method != "POST":
            if it.state not in OPEN_CASES:
                raise over(it)
            if not adds(request, it):
                raise NotAllowed(_("Only whoever opened the case and those who may decide it add to what it rests on."))
        context = {"it": it, "back": back, "badge": case_badge(it), "named": named[1] if named else None}
        return answer(request, form, act, "web/cases/evidence.html", context)


def adds(request: StaffRequest, it: Case) -> bool:
    """Whether the reader may add to what a case rests on."""
    parties = Parties([it.account])
    mine = case_relations(request.user, it, parties)
    return request.user.pk not in parties.own(it.account) and may(request.user, "cases:evidence", it.unit, mine)


@require_safe
@signed_in
def file(request: StaffRequest, pk: int, number: int) -> HttpResponseBase:
    """A file that a case rests on, for whoever may read the case, or a decision that names it."""
    it = the_case(request.user, pk)
    one = it.evidence.filter(pk=number).first() if number < 2**63 else None
    if one is None or not one.file_hash:
        raise Http404
    return kept_file(one.file_hash, one.file_type, f"{it.ref}-{one.pk}")
