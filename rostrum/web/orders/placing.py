"""Placing a crisis hold: one short form, then a page that says how many accounts and people, then it stands."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Refusal
from rostrum.orders import hold_queries as Q
from rostrum.orders import holds
from rostrum.orders.hold_states import HoldKind, HoldScope
from rostrum.orders.moments import local_moment
from rostrum.people.models import Unit
from rostrum.policies.queries import text
from rostrum.policies.rolewords import worded, worded_lazy
from rostrum.registry.directory import by_public_id
from rostrum.registry.models import Account
from rostrum.registry.platforms import catalogue
from rostrum.registry.verifying import verify
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.orders.wording import hold_title
from rostrum.web.submitting import ALWAYS, place, sent

MOST_CHOSEN = 200
BESIDE = ALWAYS | {"act", "expected"}


class EndForm(forms.Form):
    """When somebody is asked whether a hold ends: a day and an hour by the division's clock."""

    use_required_attribute = False
    ends_on = forms.DateField(
        label=gettext_lazy("Planned until"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Say until which day it is planned."),
            "invalid": gettext_lazy("There is no such day. Write it as year-month-day, for example 2026-11-30."),
        },
        help_text=worded_lazy(gettext_lazy(
            "It never ends by itself: at that time {keeper} is asked to "
            "lift it or to extend it."
        )),
    )  # fmt: skip
    ends_time = forms.TimeField(
        label=gettext_lazy("At what time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Say at what time."),
            "invalid": gettext_lazy("Write the time as hours and minutes, for example 16:30."),
        },
    )  # fmt: skip

    def moment(self) -> datetime:
        """The moment that was typed. Raises Invalid for an hour that the clock leaves out that day."""
        return local_moment(self.cleaned_data["ends_on"], self.cleaned_data["ends_time"], field="ends_on")


class Lines(forms.Form):
    """What the public reads on the accounts' pages while a hold stands; empty by default."""

    use_required_attribute = False
    line_en = forms.CharField(
        label=gettext_lazy("On the public pages, in English"), required=False, max_length=2000, strip=False,
        help_text=gettext_lazy(
            "One line, for example: This account is paused. News is on our website. Left empty, the public reads nothing "
            "of the hold."
        ),
    )  # fmt: skip
    line_fr = forms.CharField(
        label=gettext_lazy("On the public pages, in French"), required=False, max_length=2000, strip=False
    )


class Placing(EndForm):
    """A crisis hold: what it asks, on which accounts, until when, why, and what the public reads."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked"), choices=HoldKind.choices, widget=forms.RadioSelect,
        error_messages={"required": worded_lazy(gettext_lazy("Say whether nobody posts, or only {keeper}."))},
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=gettext_lazy("Which accounts"), choices=HoldScope.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say which accounts it is about.")},
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("School or department"), required=False)
    platform = forms.ChoiceField(label=gettext_lazy("Platform"), required=False)
    accounts = forms.CharField(
        label=gettext_lazy("The accounts"), required=False, max_length=60_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line: its address, or its public id from the directory."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("What happened, and what to do"), max_length=20_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everyone who is told reads this. Never name a student."),
        error_messages={"required": gettext_lazy("Say in a sentence what happened, so that people know why they stop.")},
    )  # fmt: skip
    line_en, line_fr = Lines.base_fields["line_en"], Lines.base_fields["line_fr"]
    field_order = ("kind", "scope", "unit", "platform", "accounts", "ends_on", "ends_time", "reason", "line_en", "line_fr")

    def __init__(self, data: Any, units: list[Unit], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        places = Places(units)
        self._offer("unit", [("", _("Choose")), *((str(one.pk), places.of(one)) for one in units)])
        self._offer("platform", [("", _("Choose")), *((one.key, text(one.label)) for one in catalogue())])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def wanted(self, units: list[Unit]) -> holds.Wanted:
        """What was typed, checked whole. Raises Invalid by field."""
        data = self.cleaned_data
        unit = next((one for one in units if str(one.pk) == data["unit"]), None)
        chosen = named_accounts(data["accounts"]) if data["scope"] == HoldScope.CHOSEN else ()
        return holds.check(
            holds.Wanted(
                data["kind"], data["scope"], self.moment(), data["reason"], unit=unit, platform=data["platform"],
                chosen=chosen, line_en=data["line_en"], line_fr=data["line_fr"],
            )
        )  # fmt: skip


def named_accounts(typed: str) -> tuple[int, ...]:
    """The accounts that lines of addresses or public ids name. Raises Invalid with every line that names none."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_CHOSEN:
        message = _("Name at most %(count)d accounts, or hold a whole school or platform.") % {"count": MOST_CHOSEN}
        raise Invalid(message, fields={"accounts": [message]})
    found: list[int] = []
    lost: list[str] = []
    for line in lines:
        account = by_public_id(line) or verify(line).account
        if account is None:
            lost.append(line[:80])
        else:
            found.append(account.pk)
    if lost:
        message = _("None of our accounts is meant by: %(lines)s") % {"lines": ", ".join(lost[:5])}
        raise Invalid(message, fields={"accounts": [message]})
    return tuple(dict.fromkeys(found))


def _usual(account: str) -> dict[str, Any]:
    """A hold for a day from the next full hour; on one account where the page was opened from its record."""
    end = timezone.localtime(clock.now() + timedelta(hours=25)).replace(minute=0, second=0, microsecond=0)
    usual: dict[str, Any] = {"kind": "freeze", "ends_on": end.date(), "ends_time": end.strftime("%H:%M")}
    found = by_public_id(account) if account else None
    return usual | ({"scope": "chosen", "accounts": found.public_id} if found else {"scope": "all"})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: StaffRequest) -> HttpResponse:
    """Fill in a hold; look at how many accounts and people it stops; place it (AP 193 1.5)."""
    if not holds.may_place(request.user):
        raise NotAllowed(worded(_("Only {keeper} or {director} can place a crisis hold.")), url=reverse("web:holds"))
    units = list(Unit.objects.filter(kind__in=OWN_PLACES, closed_on=None).order_by("name"))
    form = Placing(sent(request), units, _usual(request.GET.get("account", "")[:40]))
    if request.method != "POST":
        return _form(request, form)
    unknown = sorted(set(request.POST) - set(form.fields) - BESIDE)
    if unknown:
        raise Invalid(_("This form has no such fields: %(names)s.") % {"names": ", ".join(unknown[:5])[:200]})
    step = request.POST.get("act", "look")
    if not form.is_valid():
        return _form(request, form, 422)
    try:
        wanted = form.wanted(units)
        accounts = wanted.accounts()
        if not accounts:
            message = _("There is no live account there, so there is nothing to hold.")
            raise Invalid(message, fields={"accounts" if wanted.scope == HoldScope.CHOSEN else "scope": [message]})
        if step == "change":
            return _form(request, form)
        if step != "place":
            return _confirm(request, form, wanted, accounts)
        return perform(request, lambda: _place(request, wanted))
    except Invalid as refusal:
        place(form, refusal)
        return _form(request, form, 422)
    except Refusal as refusal:
        refusal.url = refusal.url or reverse("web:holds")
        refusal.typed = [(str(form.fields["reason"].label), request.POST.get("reason", ""))]
        raise


def _place(request: StaffRequest, wanted: holds.Wanted) -> str:
    typed = request.POST.get("expected", "")
    expected = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    made = holds.place(wanted, by=request.user, expected=expected)
    messages.success(request, _("The hold stands. Letters are on their way; this page shows who has stopped."))
    return reverse("web:hold", args=[made.pk])


def _form(request: StaffRequest, form: Placing, status: int = 200) -> HttpResponse:
    return render(request, "web/orders/hold_new.html", {"form": form}, status=status)


def _confirm(
    request: StaffRequest, form: Placing, wanted: holds.Wanted, accounts: list[Account]
) -> HttpResponse:
    """How many accounts and people it stops, whom nobody can reach, what is held already; two buttons."""
    same = holds.same_standing(wanted)
    if same is not None:
        messages.info(request, _("A hold like this stands already. You can give it another end, or lift it."))
        return HttpResponseRedirect(reverse("web:hold", args=[same.pk]))
    heard = Q.audience(accounts)
    alone = [one for one in accounts if one.pk in set(heard.alone)]
    overlap = Q.also_held(one.pk for one in accounts)
    standing = {one.pk: one for one in Q.standing() if one.pk in overlap}
    places = Places(one.unit for one in accounts)
    schools = Counter((places.school(one.unit) or one.unit).name for one in accounts)
    context = {
        "form": form, "hidden": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
        "wanted": wanted, "kind": HoldKind(wanted.kind).label, "count": len(accounts), "key": new_key(),
        "accounts_words": ngettext("one account", "%(count)d accounts", len(accounts)) % {"count": len(accounts)},
        "people_words": ngettext("One person", "%(count)d people", len(heard.asked)) % {"count": len(heard.asked)},
        "told_words": ngettext("one more", "%(count)d more", len(heard.told)) % {"count": len(heard.told)},
        "nobody": not heard.asked, "schools": sorted(schools.items()), "alone": alone[:20],
        "more_alone": max(0, len(alone) - 20), "ends_at": wanted.ends_at,
        "overlap": [
            {"title": hold_title(standing[pk], Q.marks(standing[pk]).count()), "count": len(many),
             "url": reverse("web:hold", args=[pk])}
            for pk, many in sorted(overlap.items()) if pk in standing
        ],
    }  # fmt: skip
    return render(request, "web/orders/hold_confirm.html", context)

