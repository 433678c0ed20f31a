"""One closing with its checklist: every item is answered on its own and kept at once; the decisions on the whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.audit.queries import history
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded, worded_lazy
from rostrum.registry import closing
from rostrum.registry.closing_models import Closing, ClosingAnswer
from rostrum.registry.closing_queries import allowed, answers_of, handle_of, may_answer, missing, visible_to
from rostrum.registry.closing_states import (
    ANSWERS,
    BEFORE,
    CLOSING_MOVES,
    OPEN_CLOSINGS,
    ClosingItem,
    ClosingState,
    HandleState,
)
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.closing.wording import CLAUSES, LEADS, LINES, answer_words, closing_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import place, refuse_unknown, sent

PER_PAGE = 25
MOVES = {move.name: move for move in CLOSING_MOVES}
ICONS = {
    "hand_in": {"icon": "send"}, "return": {"icon": "arrow-back-up"}, "retire": {"icon": "archive"},
    "finish": {"icon": "circle-check"}, "abandon": {"icon": "arrow-back-up"},
}  # fmt: skip
SENTENCES = {
    "hand_in": worded_lazy(gettext_lazy("You are about to ask {keeper} to retire this account: %(name)s.")),
    "return": gettext_lazy("You are about to say what is missing before this account is retired: %(name)s."),
    "retire": gettext_lazy("You are about to retire this account: %(name)s."),
    "finish": gettext_lazy("You are about to say that the checklist is complete: %(name)s."),
    "abandon": gettext_lazy("You are about to leave this account as it is: %(name)s."),
}
NO_DAY = gettext_lazy("There is no such day. Write it as year-month-day, for example 2026-11-30.")


class Item(forms.Form):
    """The answer to one item: a choice, a line where one is needed, the public text in French, the day of a renewal."""

    use_required_attribute = False
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the answers.")},
    )  # fmt: skip
    detail = forms.CharField(required=False, max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any, item: str, given: ClosingAnswer | None) -> None:
        fields = ("answer", "detail", "detail_fr", "day")
        initial = {name: getattr(given, name) for name in fields} if given else {}
        super().__init__(data, initial=initial, auto_id=f"id_{item}_%s")
        field = self.fields["answer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, words) for key, (words, _needed) in ANSWERS[item].items()]
        self.fields["detail"].label = LINES[item]
        if item == ClosingItem.TOLD:  # both answers need a line
            self.fields["detail"].required = True
            self.fields["detail"].error_messages["required"] = _("Write it down in a line, so that it is known later.")
        if item == ClosingItem.NOTICE:
            self.fields["detail_fr"] = forms.CharField(
                label=_("In French"), required=False, max_length=20_000, strip=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
        if item == ClosingItem.HANDLE:
            self.fields["day"] = forms.DateField(
                label=_("When somebody looks after it again"), required=False,
                widget=forms.DateInput(attrs={"type": "date"}), error_messages={"invalid": NO_DAY},
                help_text=self._renewal_help(),
            )  # fmt: skip
            self.order_fields(["answer", "day", "detail"])

    @staticmethod
    def _renewal_help() -> str:
        usual = closing.usual_renewal()
        if usual is None:
            return _(
                "The division has set no usual time, so choose a day. Some platforms free a name after a year without a "
                "sign-in."
            )
        return _("Left empty, it is %(day)s, by the division’s usual time.") % {"day": usual.isoformat()}


@require_safe
@signed_in
def closings_list(request: StaffRequest) -> HttpResponse:
    """Every closing that the reader may see: open ones first."""
    first = Case(When(state__in=OPEN_CLOSINGS, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = visible_to(request.user).annotate(first=first).order_by("first", "-moved_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places = Places(one.account.unit for one in rows)
    context = {
        "page": page,
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": closing_badge(one)}
            for one in rows
        ],
    }  # fmt: skip
    return render(request, "web/closing/list.html", context)


def the_closing(person: Person, pk: int) -> Closing:
    """A closing that the person may read; otherwise there is nothing at this address (404)."""
    found = visible_to(person).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """A closing as it stands: each item with its answer or its form, whose turn it is, what comes next."""
    return _page(request, the_closing(request.user, pk))


def _page(request: StaffRequest, it: Closing, wrong: tuple[str, Item] | None = None) -> HttpResponse:
    me = request.user
    given, writes = answers_of(it), may_answer(me, it)
    acts = [
        {"label": m.label, "url": reverse("web:closing_move", args=[it.pk, m.name]), "danger": False,
         "primary": m.name in {"hand_in", "retire", "finish"}, **ICONS[m.name]}
        for m in allowed(me, it)
    ]  # fmt: skip
    retires = next((a for a in acts if a["icon"] == "archive"), None)
    primary = retires or next((a for a in acts if a["primary"]), None)
    left = missing(it)
    items = [
        {"key": item, "label": label, "given": given.get(item), "lead": LEADS[item], "clause": CLAUSES[ClosingItem(item)],
         "words": answer_words(item, given[item].answer) if item in given else "",
         "parks": item == ClosingItem.HANDLE and item in given and given[item].answer == HandleState.PARKED,
         "form": (wrong[1] if wrong and wrong[0] == item else Item(None, item, given.get(item))) if writes else None,
         "wrong": bool(wrong and wrong[0] == item), "key_": new_key()}
        for item, label in ClosingItem.choices
    ]  # fmt: skip
    context: dict[str, Any] = {
        "it": it, "badge": closing_badge(it), "icon": picture(it.account.platform), "items": items, "left": left,
        "answered": len(items) - len(left), "of": len(items), "primary": primary, "form": wrong[1] if wrong else None,
        "more": [a for a in acts if a is not primary], "place": Places([it.account.unit]).of(it.account.unit),
        "owed": it.state == ClosingState.OWED, "waits": it.state == ClosingState.READY,
        "keeps": may(me, "close:retire", it.unit), "handle": handle_of(it.account) if it.retired_at else None,
        "hurry": reverse("web:account_move", args=[it.account.public_id, "close"])
        if left and it.state in BEFORE and may(me, "account:close", it.unit) else "",
        "entries": timeline(history(it)),
    }  # fmt: skip
    return render(request, "web/closing/one.html", context, status=422 if wrong else 200)


@require_POST
@signed_in
def answer(request: StaffRequest, pk: int, item: str) -> HttpResponse:
    """Keep the answer to one item. What is wrong is said beside its field, and nothing typed is lost."""
    it = the_closing(request.user, pk)
    if item not in ClosingItem.values:
        raise Http404
    back = reverse("web:closing", args=[it.pk])
    form = Item(request.POST, item, answers_of(it).get(item))

    def act() -> str:
        data = form.cleaned_data
        closing.answer(
            it, item, by=request.user, answer=data["answer"], detail=data["detail"],
            detail_fr=data.get("detail_fr", ""), day=data.get("day"),
        )  # fmt: skip
        messages.success(request, _("Kept: %(item)s.") % {"item": ClosingItem(item).label})
        return f"{back}#{item}"

    try:
        if not may_answer(request.user, it):
            _say_no(it, frozenset({ClosingState.PREPARING.value, ClosingState.OWED.value}), "close:answer")
        refuse_unknown(request, form)
        if form.is_valid():
            try:
                return perform(request, act)
            except Invalid as refusal:
                place(form, refusal)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        refusal.typed = [(str(LINES[item]), request.POST.get("detail", ""))]
        raise
    return _page(request, it, (item, form))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Hand in, send back, retire, finish or abandon (AP 193 1.5, 1.10, 3.4)."""
    it = the_closing(request.user, pk)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form, back, seen, status = Reason(sent(request)), reverse("web:closing", args=[it.pk]), str(it.version), 200
    reason = form.fields["reason"]
    reason.required = wanted.reason_required
    if move == "retire":
        reason.initial = it.reason
    if not wanted.reason_required:
        reason.label = _("A comment")

    def act() -> str:
        closing.ACTS[move](it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST))
        messages.success(request, str(wanted.done))
        return back

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        elif wanted not in allowed(request.user, it):
            _say_no(it, wanted.sources, wanted.permission)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(_("Why"), request.POST["reason"])]
        raise
    context = {
        "it": it, "heading": wanted.label, "badge": closing_badge(it), "form": form, "back": back,
        "sentence": SENTENCES[move] % {"name": it.account.name}, "effect": wanted.effect, "clause": wanted.cites[0],
        "button": wanted.label, "tone": "danger" if wanted.tone == "danger" else "primary",
        "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/closing/act.html", context, status=status)


def _say_no(it: Closing, sources: frozenset[str], permission: str) -> None:
    """Not in this state, or the checklist is not complete (WrongState), or not this person (NotAllowed)."""
    if it.state not in sources:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip
    left = missing(it)
    if left and permission != "close:answer":
        names = ", ".join(str(ClosingItem(item).label) for item in left)
        raise WrongState(_("The checklist is not complete yet. Missing: %(items)s.") % {"items": names})
    if permission == "close:retire":
        raise NotAllowed(worded(_("Only {keeper} can retire an account.")))
    raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can do this."))
