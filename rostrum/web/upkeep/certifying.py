"""Pages of certification: all of mine on one page, one answered fact by fact, one as a record, asking for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history_many
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, open_units
from rostrum.policies.rolewords import worded
from rostrum.registry.change_states import OPEN_CHANGES
from rostrum.upkeep import certifying
from rostrum.upkeep.certifying import RIGHT, WRONG, Said
from rostrum.upkeep.facts import FactRow, rows_of
from rostrum.upkeep.looking_after import asked_of
from rostrum.upkeep.models import Certification, Fact
from rostrum.upkeep.queries import certifications, may_answer, visible_to, waiting_for
from rostrum.upkeep.states import CertificationState, CorrectionState
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places
from rostrum.web.calendar.forms import DayField
from rostrum.web.keys.access import unlogged
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import answer, sent
from rostrum.web.upkeep.wording import account_crumbs, certification_badge, correction_badge

LONG = frozenset({Fact.PURPOSE.value, Fact.MANAGERS.value})
MOST = 100  # accounts on one page of certifying; more come when these are done


def the_certification(person: Person, pk: int) -> Certification:
    """A certification that the person may read; otherwise there is nothing at this address (404)."""
    found = certifications().filter(pk=pk).first() if pk < 2**63 else None
    if found is None or not (visible_to(person).filter(pk=pk).exists() or may_answer(person, found)):
        raise Http404
    return found


@require_safe
@signed_in
def mine_here(request: StaffRequest) -> HttpResponse:
    """The short address of one's own page."""
    return HttpResponseRedirect(reverse("web:certify_mine", args=[request.user.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mine(request: StaffRequest, person: int) -> HttpResponse:
    """Everything that I am asked to certify, on one page: tick those that are right, open those that are not (1.7)."""
    me = request.user
    if person != me.pk:
        raise Http404
    waiting = waiting_for(me)
    if request.method == "POST":
        return _certify_ticked(request, waiting)
    shown = waiting[:MOST]
    places = Places(one.account.unit for one in shown)
    rows = [
        {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
         "facts": [row for row in rows_of(one.account, ()) if row.fact != Fact.MANAGERS]}
        for one in shown
    ]  # fmt: skip
    context = {"rows": rows, "more": len(waiting) - len(shown), "count": len(waiting), "key": new_key()}
    return render(request, "web/upkeep/mine.html", context)


def _certify_ticked(request: StaffRequest, waiting: list[Certification]) -> HttpResponse:
    by_pk = {str(one.pk): one for one in waiting}
    ticked = request.POST.getlist("tick")[:MOST]
    here = reverse("web:certify_mine", args=[request.user.pk])
    # What was answered or retired since the page was opened is no longer among those that wait: it is said, not lost.
    late = certifications().filter(pk__in=[int(n) for n in ticked if n.isascii() and n.isdigit() and n not in by_pk])
    items = [(by_pk[n], _seen(request.POST, n)) for n in ticked if n in by_pk] + [(one, None) for one in late]

    def act() -> str:
        if not items:
            raise Invalid(_("Tick the accounts that are still ours and still right."))
        done = certifying.certify_many(items, by=request.user)
        if done.certified:
            count = len(done.certified)
            said = ngettext("%(count)d account is certified.", "%(count)d accounts are certified.", count)
            messages.success(request, said % {"count": count})
        for it, why in done.refused:
            messages.warning(request, f"{it.account.name}: {why}")
        return here

    try:
        return perform(request, act)
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(here)


def _seen(posted: QueryDict, number: str) -> int | None:
    given = posted.get(f"seen-{number}", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


@require_safe
@signed_in
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One certification as it stands: what was asked, what was said of each fact, what became of it."""
    it = the_certification(request.user, pk)
    corrections = list(it.corrections.select_related("change", "noted_by", "settled_by"))
    settles = may(request.user, "correction:settle", it.unit)
    labels = dict(Fact.choices)
    context: dict[str, Any] = {
        "it": it, "badge": certification_badge(it), "crumbs": account_crumbs(it.account),
        "may_answer": may_answer(request.user, it), "waiting": ", ".join(one.name for one in asked_of(it.account)),
        "open": it.state == CertificationState.OPEN,
        "said": [{**row, "label": labels.get(row["fact"], row["fact"]), "right": row["answer"] == RIGHT} for row in it.answers],
        "corrections": [
            {"it": one, "badge": correction_badge(one),
             "acts": settles and one.state == CorrectionState.OPEN
             and (one.change is None or one.change.state not in OPEN_CHANGES)}
            for one in corrections
        ],
        "entries": timeline(history_many([it, *corrections])),
    }  # fmt: skip
    return render(request, "web/upkeep/record.html", context)


class Answers(forms.Form):
    """For each fact: right, or wrong and what it should be; a note for whoever puts it right."""

    use_required_attribute = False

    def __init__(self, data: Any, rows: list[FactRow], units: list[Unit]) -> None:
        super().__init__(data)
        choices = [(RIGHT, _("Right")), (WRONG, _("Not right"))]
        for row in rows:
            self.fields[row.fact] = forms.ChoiceField(
                label=row.label, choices=choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"should_{row.fact}"] = self._should(row, units)
        self.fields["note"] = forms.CharField(
            label=_("A note (optional)"), required=False, max_length=20_000, strip=False,
            widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            help_text=_("Never a password. Whoever puts things right reads it."),
        )  # fmt: skip

    def _should(self, row: FactRow, units: list[Unit]) -> forms.Field:
        label = _("%(fact)s: what it should be") % {"fact": row.label}
        if row.fact == Fact.UNIT:
            places = Places(units)
            options = [("", _("Choose")), *((unit.code, places.of(unit)) for unit in units)]
            widget = forms.Select(attrs={"class": "form-select"})
            return forms.ChoiceField(label=label, choices=options, required=False, widget=widget)
        box = forms.Textarea(attrs={"rows": 2, "class": "form-control"}) if row.fact in LONG else forms.TextInput(
            attrs={"class": "form-control"})
        return forms.CharField(label=label, required=False, max_length=20_000, strip=False, widget=box)

    def said(self, units: list[Unit]) -> dict[str, Said]:
        """What was typed, as the act takes it."""
        by_code, data, found = {unit.code: unit for unit in units}, self.cleaned_data, dict[str, Said]()
        for fact in Fact.values:
            if data.get(fact):
                should = data.get(f"should_{fact}", "")
                unit = by_code.get(should) if fact == Fact.UNIT else None
                found[fact] = Said(data[fact], "" if fact == Fact.UNIT else should, unit)
        return found


@unlogged
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def answering(request: StaffRequest, pk: int) -> HttpResponse:
    """Certify one account: what was approved beside what the register says, each answered (AP 193 1.6, 1.7, 3.4)."""
    it = the_certification(request.user, pk)
    rows, units = rows_of(it.account), list(open_units().order_by("name"))
    form = Answers(sent(request), rows, units)
    back = reverse("web:certification", args=[it.pk])

    def act() -> str:
        done = certifying.answer(
            it, form.said(units), by=request.user, note=form.cleaned_data["note"], seen=seen_version(request.POST)
        )
        right = done.state == CertificationState.CERTIFIED
        messages.success(request, _("Certified.") if right else _("What is not right is on its way to be put right."))
        left = waiting_for(request.user)
        return reverse("web:certify_mine", args=[request.user.pk]) if left and right else back

    try:
        if request.method != "POST" and not may_answer(request.user, it):
            _say_no(it)
        pairs = [{"row": row, "answer": form[row.fact], "should": form[f"should_{row.fact}"]} for row in rows]
        context = {
            "it": it, "pairs": pairs, "back": back, "crumbs": [*account_crumbs(it.account), (_("Certification"), back)],
            "seen": request.POST.get("seen", "")[:12] or it.version, "icon": picture(it.account.platform),
        }  # fmt: skip
        return answer(request, form, act, "web/upkeep/answer.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise


def _say_no(it: Certification) -> None:
    """Not in this state (WrongState), or not this person (NotAllowed)."""
    if it.state != CertificationState.OPEN:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip
    names = ", ".join(one.name for one in asked_of(it.account)) or "-"
    raise NotAllowed(_("You do not look after this account today. It is waiting for %(names)s.") % {"names": names})


class Ask(forms.Form):
    """Why now, and by when."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Why now"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000, strip=False,
        help_text=gettext_lazy("Its managers read this as you write it."),
        error_messages={"required": gettext_lazy("Say why, so that the other person knows what to do.")},
    )  # fmt: skip
    due_on = DayField(
        label=gettext_lazy("By when (optional)"), required=False,
        help_text=gettext_lazy("Leave empty for the division’s usual time."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def asking(request: StaffRequest, public_id: str) -> HttpResponse:
    """Ask the managers of one account to certify it now (AP 193 1.10)."""
    it = the_account(request.user, public_id)
    form, back = Ask(sent(request)), reverse("web:account", args=[it.public_id])

    def act() -> str:
        data = form.cleaned_data
        made = certifying.ask(it, by=request.user, reason=data["reason"], due_on=data["due_on"])
        messages.success(request, _("Its managers are asked. They have a letter with your reason."))
        return reverse("web:certification", args=[made.pk])

    try:
        if not may(request.user, "certification:ask", it.unit):
            raise NotAllowed(worded(_("Only {keeper} can ask for a certification.")))
        if request.method != "POST" and (there := certifying.open_one(it)) is not None:
            return HttpResponseRedirect(reverse("web:certification", args=[there.pk]))
        context = {
            "title": _("Ask for a certification"), "button": _("Ask its managers"), "back": back,
            "crumbs": account_crumbs(it), "lead": _("Its managers say of each fact whether it is still right."),
            "told": [one.name for one in asked_of(it)],
        }  # fmt: skip
        return answer(request, form, act, "web/upkeep/form.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise
