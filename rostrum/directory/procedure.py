"""The procedure for everyone: each clause in plain words, how Rostrum carries it, and what it leaves open."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rostrum.core.dates import day
from rostrum.directory.answers import page
from rostrum.policies.models import Edition
from rostrum.policies.queries import SettingState, content, editions, in_force, settings_states, text
from rostrum.policies.schema import ClauseText, Document, Setting


@require_safe
def procedure(request: HttpRequest, label: str = "") -> HttpResponseBase:
    """The edition in force, or an older one by its label. 404 for a label that was never published."""
    current = in_force()
    known = editions(current.procedure.key)
    edition = next((one for one in known if one.label == label), None) if label else current
    if edition is None:
        raise Http404
    document = content(edition)
    states = {state.setting.key: state for state in settings_states()} if edition.pk == current.pk else {}
    context = {
        "edition": edition, "current": current, "is_current": edition.pk == current.pk, "document": document,
        "title": text(document.procedure.title), "name": text(document.procedure.name),
        "short": text(document.procedure.short), "revised": text(document.edition.revised),
        "source": text(document.edition.source), "note": text(document.edition.note),
        "parts": _parts(document, states), "forms": _forms(document), "laws": _laws(document),
        "others": [{"label": one.label, "from": _from(one)} for one in known if one.pk != edition.pk],
    }  # fmt: skip
    return page(request, "directory/procedure.html", context)


def _from(edition: Edition) -> str:
    return day(edition.effective_from)


def _parts(document: Document, states: dict[str, SettingState]) -> list[dict[str, Any]]:
    titles = {part.number: text(part.title) for part in document.parts}
    parts: dict[str, list[dict[str, Any]]] = {}
    for clause in document.clauses:
        parts.setdefault(clause.part, []).append(_clause(clause, document, states))
    return [
        {"number": number, "title": titles.get(number, ""), "clauses": clauses} for number, clauses in parts.items()
    ]


def _clause(clause: ClauseText, document: Document, states: dict[str, SettingState]) -> dict[str, Any]:
    kinds = {
        "requirement": _("Must"), "prohibition": _("Must not"), "authority": _("Who decides"), "guidance": _("Advice"),
    }  # fmt: skip
    scopes = {
        "official_accounts": _("Official accounts"), "personal_use": _("Personal use"), "everyone": _("Everyone"),
        "school_use": _("Use in school"),
    }  # fmt: skip
    carried = {
        "yes": ("good", _("Rostrum carries it")), "partly": ("moving", _("Rostrum carries part of it")),
        "by_hand": ("draft", _("Done by hand for now")), "guidance": ("over", _("Advice: nothing to carry")),
    }  # fmt: skip
    tone, word = carried[clause.carried]
    return {
        "number": clause.number, "title": text(clause.title), "text": text(clause.text), "kind": kinds[clause.kind],
        "scope": scopes[clause.scope], "tone": tone, "carried": word, "carried_by": text(clause.carried_by),
        "not_set": [text(words) for words in clause.not_set],
        "refers": [{"label": other, "is_clause": document.clause(other) is not None} for other in clause.refers_to],
        "settings": [_setting(one, states.get(one.key)) for one in document.settings if one.clause == clause.number],
    }  # fmt: skip


def _setting(found: Setting, state: SettingState | None) -> dict[str, str]:
    """A number of the procedure and who set it: the procedure, a reading of it, the division, or nobody."""
    value = state.value if state else found.value
    source = state.source if state else ((found.source or "procedure") if found.value is not None else "not_set")
    said = {
        "procedure": _("set by the procedure"), "reading": _("how Rostrum reads the procedure"),
        "division": _("chosen by the division"), "not_set": _("not set by the procedure"),
    }  # fmt: skip
    return {"label": text(found.label), "value": "" if value is None else _value(found, value), "source": said[source]}


def _value(found: Setting, value: int | str | bool) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if found.type == "choice":
        return next((text(option.label) for option in found.options if option.value == value), str(value))
    if not isinstance(value, int):
        return str(value)
    if found.unit == "days":
        return ngettext("%(count)s day", "%(count)s days", value) % {"count": value}
    if found.unit == "years":
        return ngettext("%(count)s year", "%(count)s years", value) % {"count": value}
    if found.unit == "people":
        return ngettext("%(count)s person", "%(count)s people", value) % {"count": value}
    if found.unit == "accounts":
        return ngettext("%(count)s account", "%(count)s accounts", value) % {"count": value}
    if found.unit == "percent":
        return _("%(count)s in a hundred") % {"count": value}
    return str(value)


def _forms(document: Document) -> list[dict[str, Any]]:
    return [
        {"title": text(form.title), "edition": form.edition, "note": text(form.edition_note), "clause": form.clause,
         "sections": len(form.sections), "fields": len(form.all_fields())}
        for form in document.forms
    ]  # fmt: skip


def _laws(document: Document) -> list[dict[str, str]]:
    return [{"label": text(law.label), "name": text(law.name), "note": text(law.note)} for law in document.laws]
