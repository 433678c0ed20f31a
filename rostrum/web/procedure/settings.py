"""Pages of settings: what the procedure sets, what it leaves open, what the division chose and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from rostrum.core.dates import day
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.people.models import Person, Role
from rostrum.people.queries import may, roles_of
from rostrum.policies import actions, queries
from rostrum.policies.models import SettingValue
from rostrum.policies.queries import SettingState, Value, text
from rostrum.policies.rolewords import keeper
from rostrum.policies.schema import Setting
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.procedure.forms import ReasonForm, SettingForm
from rostrum.web.submitting import answer, sent

SET = "procedure:set"


def in_words(setting: Setting, value: Value) -> str:
    """A value as people say it: "5 days", "Yes", the label of a choice; empty when there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        if setting.unit == "days":
            return ngettext("%(n)d day", "%(n)d days", value) % {"n": value}
        if setting.unit == "school_days":
            return ngettext("%(n)d school day", "%(n)d school days", value) % {"n": value}
        if setting.unit == "years":
            return ngettext("%(n)d year", "%(n)d years", value) % {"n": value}
        if setting.unit == "people":
            return ngettext("%(n)d person", "%(n)d people", value) % {"n": value}
        if setting.unit == "accounts":
            return ngettext("%(n)d account", "%(n)d accounts", value) % {"n": value}
        if setting.unit == "percent":
            return _("%(n)d in a hundred") % {"n": value}
        return str(value)
    return next((text(option.label) for option in setting.options if option.value == value), str(value))


@dataclass(frozen=True)
class Shown:
    """A setting as a page shows it. Who set it is always said: a choice is never the procedure's word."""

    key: str
    label: str
    help: str
    clause: str
    value: str
    source: str  # procedure, reading, division, not_set
    says: str
    because: str = ""
    procedure_says: str = ""


def shown(state: SettingState) -> Shown:
    """The setting, its value and where the value comes from, in words."""
    setting, chosen = state.setting, state.chosen
    says, because, own = "", "", ""
    if state.source == "procedure":
        says = _("The procedure says so.")
    elif state.source == "reading":
        says = _("Rostrum reads the procedure so. The division may set it otherwise.")
    elif state.source == "not_set":
        says = _("Not set by the procedure.")
    elif chosen is not None:
        says = _("Set by the division on %(day)s, by %(name)s.") % {
            "day": day(chosen.set_at),
            "name": chosen.set_by_name,
        }
        because = chosen.reason
        if setting.value is None:
            own = _("The procedure sets nothing here.")
        elif setting.source == "reading":
            own = _("Rostrum would read the procedure as: %(value)s.") % {
                "value": in_words(setting, setting.value)
            }
        else:
            own = _("The procedure itself says: %(value)s.") % {"value": in_words(setting, setting.value)}
    return Shown(
        setting.key,
        text(setting.label),
        text(setting.help),
        setting.clause,
        in_words(setting, state.value),
        state.source,
        says,
        because,
        own,
    )


def _state(key: str) -> SettingState:
    """The setting of that key in the edition in force, or 404."""
    try:
        return queries.setting_state(key)
    except queries.UnknownSetting:
        raise Http404 from None


def _need(person: Person) -> None:
    if not may(person, SET):
        raise NotAllowed(
            _("Your role does not let you set what the procedure leaves open."),
            way_forward=_("It can be done by %(keeper)s or your system administrator.") % {"keeper": keeper()},
            url=reverse("web:settings"),
        )


def _role(person: Person) -> str:
    """The role under which the log notes the choice: Communications before the system administrator."""
    return next((role for role in (Role.COMMUNICATIONS, Role.SYSADMIN) if role in roles_of(person)), "")


@require_GET
@signed_in
def overview(request: StaffRequest) -> HttpResponse:
    """Every setting of the edition in force, and the editions; anyone signed in may read it."""
    try:
        edition = queries.in_force()
    except WrongState:
        return render(request, "web/procedure/none.html")
    document = queries.content(edition)
    states = [shown(state) for state in queries.settings_states()]
    open_count = sum(one.source == "not_set" for one in states)
    groups = [
        {
            "title": _("Set by the procedure, or read from it"),
            "rows": [one for one in states if one.source in {"procedure", "reading"}],
        },
        {"title": _("Set by the division"), "rows": [one for one in states if one.source == "division"]},
        {
            "title": _("Not set"),
            "rows": [one for one in states if one.source == "not_set"],
            "note": _(
                "The procedure gives no value here and neither does the division. Beside each stands what "
                "Rostrum does meanwhile."
            ),
        },
    ]
    return render(
        request,
        "web/procedure/settings.html",
        {
            "edition": edition,
            "name": text(document.procedure.name),
            "title": text(document.procedure.title),
            "revised": text(document.edition.revised),
            "groups": [one for one in groups if one["rows"]],
            "count_words": ngettext("%(n)d setting", "%(n)d settings", len(states)) % {"n": len(states)},
            "open_words": ngettext("%(n)d not set", "%(n)d not set", open_count) % {"n": open_count},
            "editions": queries.editions(edition.procedure.key),
            "may_set": may(request.user, SET),
        },
    )


def _history(setting: Setting, rows: list[SettingValue]) -> list[dict[str, Any]]:
    """What the division chose over time, as a timeline, newest last."""
    out = []
    for row in reversed(rows):
        if row.value is None:
            words, tone = _("%(name)s cleared it.") % {"name": row.set_by_name}, "over"
        else:
            words = _("%(name)s set it to %(value)s.") % {
                "name": row.set_by_name,
                "value": in_words(setting, row.value),
            }
            tone = "good"
        out.append({"at": row.set_at, "words": words, "note": row.reason, "tone": tone})
    return out


def _context(state: SettingState) -> dict[str, Any]:
    edition = queries.in_force()
    clause = queries.content(edition).clause(state.setting.clause)
    return {
        "shown": shown(state),
        "edition": edition,
        "crumbs": [(_("Settings of the procedure"), reverse("web:settings"))],
        "clause_title": text(clause.title) if clause else "",
        "clause_text": text(clause.text) if clause else "",
        "history": _history(state.setting, queries.setting_history(state.setting.key)),
        "back": reverse("web:settings"),
    }


@require_http_methods(["GET", "POST"])
@signed_in
def show(request: StaffRequest, key: str) -> HttpResponse:
    """One setting: what the clause says, the value, its history; the form to set it, for those who may."""
    state = _state(key)
    context = {**_context(state), "may_set": may(request.user, SET)}
    here = reverse("web:setting", args=[key])
    if request.method == "POST":
        _need(request.user)
    form = SettingForm(sent(request), state=state)

    def act() -> str:
        actions.set_setting(
            key,
            form.cleaned_data["value"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            by_name=request.user.name,
            role=_role(request.user),
        )
        messages.success(request, _("It is set, from now on. Decisions already made stay as they are."))
        return here

    return answer(request, form, act, "web/procedure/setting.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def clear(request: StaffRequest, key: str) -> HttpResponse:
    """Take the division's choice back, so that the procedure's own word, or nothing, holds again."""
    _need(request.user)
    state = _state(key)
    here = reverse("web:setting", args=[key])
    if state.source != "division":
        raise WrongState(_("The division has set nothing here, so there is nothing to clear."), url=here)
    form = ReasonForm(sent(request))

    def act() -> str:
        actions.set_setting(
            key,
            None,
            reason=form.cleaned_data["reason"],
            by=request.user,
            by_name=request.user.name,
            role=_role(request.user),
        )
        messages.success(request, _("The division's choice is cleared."))
        return here

    own = state.setting.value
    following = (
        _("Then nothing is set here again, by the procedure or by the division.")
        if own is None
        else _("Then it is again what the procedure gives: %(value)s.")
        % {"value": in_words(state.setting, own)}
    )
    return answer(
        request,
        form,
        act,
        "web/people/decision.html",
        {
            "title": _("Clear: %(setting)s") % {"setting": text(state.setting.label)},
            "button": _("Clear the choice"),
            "tone": "danger",
            "next": following,
            "back": here,
            "clause": state.setting.clause,
            "sentence": _("You are about to take back what the division chose: %(value)s.")
            % {"value": in_words(state.setting, state.value)},
            "crumbs": [
                (_("Settings of the procedure"), reverse("web:settings")),
                (text(state.setting.label), here),
            ],
        },
    )
