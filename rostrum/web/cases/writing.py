"""A decision as it is written: the form and what it means, shared by deciding a case and by changing one on appeal."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.cases.deciding import DRAFT_FIELDS, as_ruling
from rostrum.cases.decision_models import Decision
from rostrum.cases.graduating import Suggestion, suggestions
from rostrum.cases.models import Case
from rostrum.cases.rulings import Ruling, citable
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid
from rostrum.policies.queries import text
from rostrum.web.cases.forms import RulingForm
from rostrum.web.cases.wording import measures_words


def typed_of(posted: QueryDict) -> dict[str, list[str]]:
    """What was typed of a decision, by field."""
    return {name: posted.getlist(name) for name in DRAFT_FIELDS if name in posted}


def as_query(typed: dict[str, list[str]]) -> QueryDict:
    """A draft as a form reads it."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def beginning(case: Case, former: Decision | None = None) -> dict[str, Any]:
    """With what the form begins: nothing chosen for a first decision, the former one where it is to be replaced."""
    first: dict[str, Any] = {
        "effective_on": clock.today(), "suspend_for": "done",
        "evidence": [str(pk) for pk in case.evidence.values_list("pk", flat=True)],
    }  # fmt: skip
    if former is None:
        return first
    said = as_ruling(former)
    return first | {
        "measures": list(said.measures), "clauses": list(said.clauses), "evidence": [str(pk) for pk in said.evidence],
        "facts": said.facts, "to_do": said.to_do, "do_by": said.do_by, "severity": said.severity,
        "suspend_for": "day" if said.suspended_until else "done", "suspended_until": said.suspended_until,
    }  # fmt: skip


def ruling_form(data: Any, case: Case, **kwargs: Any) -> RulingForm:
    """The form of a decision in a case."""
    return RulingForm(data, clauses=citable(), evidence=case.evidence.all(), **kwargs)


def ruling_of(form: RulingForm) -> Ruling:
    """What a valid form means. Raises Invalid beside the day that is missing for a suspension until a day."""
    data = form.cleaned_data
    until = None
    if "suspend" in data["measures"] and data["suspend_for"] == "day":
        until = data["suspended_until"]
        if until is None:
            message = _("Say until which day, or choose until it is done.")
            raise Invalid(message, fields={"suspended_until": [message]})
    return Ruling(
        measures=tuple(data["measures"]), clauses=tuple(data["clauses"]),
        evidence=tuple(int(pk) for pk in data["evidence"]), facts=data["facts"], to_do=data["to_do"],
        do_by=data["do_by"], effective_on=data["effective_on"], suspended_until=until,
        severity=data.get("severity", ""),
    )  # fmt: skip


def suggested(case: Case) -> dict[str, Any]:
    """What the graduated actions suggest for this account today, in words; that nobody set any, where nobody did."""
    state, found = suggestions(case.account, but_case=case.pk)
    return {"source": state.source, "rows": [_said(one) for one in found]}


def _said(one: Suggestion) -> dict[str, Any]:
    nth = ngettext("It would be the first.", "It would be number %(n)d that counts.", one.occurrence) % {
        "n": one.occurrence
    }
    before = ", ".join(day(on) for on in one.before)
    lines = [nth]
    if before:
        lines.append(_("Before: %(days)s.") % {"days": before})
    if one.step is None:
        lines.append(_("Nothing was written down for this."))
    else:
        lines.append(_("Written down for it: %(measures)s.") % {"measures": measures_words(one.step.measures)})
        if one.step.note:
            lines.append(text(one.step.note))
    lines += [
        _("Under %(clauses)s: %(measures)s.")
        % {"clauses": ", ".join(step.clauses), "measures": measures_words(step.measures)}
        for step in one.special
    ]
    return {"label": text(one.severity.label), "help": text(one.severity.help), "lines": lines}
