"""What the form finds out while it is filled in: the name of 1.3, the mailbox of 1.6, the address, doubles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rostrum.connectors import Resolved
from rostrum.people.models import Unit
from rostrum.policies.queries import content, in_force
from rostrum.policies.rolewords import keeper
from rostrum.registry.addresses import explain as explain_address
from rostrum.registry.answers import Reading
from rostrum.registry.likeness import nearest
from rostrum.registry.mailbox import check_mailbox
from rostrum.registry.models import Account, AccountRequest
from rostrum.registry.naming import NamingRules, check_name
from rostrum.registry.platforms import choices, key_of, label_of, understand
from rostrum.registry.states import LIVE, OPEN


@dataclass(frozen=True)
class Note:
    """One thing the form has to say about a field. `level`: problem (stops), flag (a person decides), hint, good."""

    field: str
    level: str
    message: str
    clause: str = ""


def naming_rules(edition: Any = None) -> NamingRules:
    """The naming rules of an edition, as the check takes them."""
    naming = content(edition or in_force()).naming
    return NamingRules(
        initials=tuple(naming.initials),
        division_names=tuple(naming.division_names),
        generic_words=tuple(naming.generic_words),
        exempt_kinds=tuple(naming.exempt_kinds),
    )


def unit_names(unit: Unit | None) -> list[str]:
    """The names that an account of a unit may be known by: the unit's and every unit's above, not the division's."""
    if unit is None:
        return []
    return list(Unit.objects.filter(pk__in=unit.ancestor_ids, parent__isnull=False).values_list("name", flat=True))


def mail_domains() -> list[str]:
    """The work-mail domains of the edition in force (AP 193 1.6)."""
    return list(content(in_force()).division.mail_domains)


def name_notes(name: str, unit: Unit | None, kind: str, field: str = "name") -> list[Note]:
    """What clause 1.3 has to say about a name. It never blocks: a person decides."""
    found = check_name(name, rules=naming_rules(), unit_names=unit_names(unit), entity_kind=kind)
    return [Note(field, f.severity, str(f.message), "1.3") for f in found]


def mailbox_notes(address: str, field: str = "mailbox") -> list[Note]:
    """What clause 1.6 has to say about a mailbox. A personal one is refused."""
    finding = check_mailbox(address, domains=mail_domains())
    return [Note(field, "problem", str(finding.message), "1.6")] if finding else []


def address_notes(typed: str, platform: str, field: str = "handle") -> tuple[Resolved, list[Note]]:
    """What a pasted address or handle means, or why it cannot be used."""
    found = understand(typed, platform)
    if found.status == "reject":
        return found, [Note(field, "problem", str(explain_address(found)))]
    key = key_of(found.platform)
    if platform and key and key != platform:
        message = _("This is an address on %(found)s, but you chose %(chosen)s.") % {
            "found": label_of(key),
            "chosen": label_of(platform),
        }
        return found, [Note(field, "problem", message)]
    if found.kind == "link":  # a short link can be pointed elsewhere tomorrow: it identifies nothing
        return found, [Note(field, "problem", str(explain_address(found)))]
    if found.reason:
        return found, [Note(field, "flag" if found.status == "ok" else "hint", str(explain_address(found)))]
    return found, [Note(field, "good", _("Understood: %(address)s") % {"address": found.canonical_url})]


def neighbours(
    *,
    platform: str,
    canonical_id: str,
    handle: str,
    name: str,
    unit: Unit | None = None,
    but_request: int | None = None,
) -> list[Note]:
    """Warnings for a handle or name already registered, requested, or confusingly close to an official one."""
    notes: list[Note] = []
    if canonical_id:
        same = Account.objects.filter(platform=platform, canonical_id=canonical_id, state__in=LIVE).first()
        if same:
            notes.append(
                Note(
                    "handle",
                    "problem",
                    _("This account is registered already, for %(unit)s (%(id)s).")
                    % {"unit": same.unit.name, "id": same.public_id},
                    "1.2",
                )
            )
        asked = (
            AccountRequest.objects.filter(platform=platform, handle_key=canonical_id, state__in=OPEN)
            .exclude(pk=but_request or 0)
            .select_related("unit", "requester")
            .first()
        )
        if asked and asked.unit:
            notes.append(
                Note(
                    "handle",
                    "flag",
                    _("%(who)s has already asked for this one, for %(unit)s.")
                    % {"who": asked.requester.name, "unit": asked.unit.name},
                    "1.2",
                )
            )
    if handle and not notes:
        close = closest(handle, platform)
        # One school may well use one name on several platforms; that is not a look-alike.
        if close and not (unit and related(unit, close[0].unit)):
            account, reason = close
            notes.append(
                Note(
                    "handle",
                    "flag",
                    _("Close to an official account, %(name)s (%(handle)s): %(reason)s")
                    % {"name": account.name, "handle": account.handle, "reason": reason},
                )
            )
    if name:
        same_name = (
            Account.objects.filter(name__iexact=name, state__in=LIVE)
            .exclude(registration__request=but_request or 0)
            .select_related("unit")[:20]
        )
        # A school may carry its own name on several platforms; twice on one platform is worth a look.
        twin = next((a for a in same_name if a.platform == platform or not (unit and related(unit, a.unit))), None)
        if twin:
            said = _("An official account has the same name already: %(unit)s, on %(platform)s.")
            notes.append(
                Note("name", "flag", said % {"unit": twin.unit.name, "platform": label_of(twin.platform)}, "1.3")
            )
    return notes


def related(one: Unit, other: Unit) -> bool:
    """Whether two units are the same, or one lies within the other, below the division."""
    shared = set(one.ancestor_ids[:-1]) & set(other.ancestor_ids[:-1])
    return bool(shared) or one.pk == other.pk


def closest(handle: str, platform: str) -> tuple[Account, str] | None:
    """The live official account whose handle a handle is most easily taken for, and why; None when there is none.

    The very same handle on the same platform is that account itself and no look-alike.
    """
    return nearest([handle], platform, but_same_on=platform)


def columns(result: Reading, raw: Mapping[str, list[str]]) -> dict[str, Any]:
    """What a draft's answers mean, for its columns. Wrong answers leave a column empty; the typed text stays."""
    values = result.values
    out: dict[str, Any] = {
        "unit": values.get("unit"),
        "entity_kind": values.get("entity_kind", ""),
        "platform": values.get("platform", ""),
        "name": values.get("name", ""),
        "mailbox": values.get("mailbox", ""),
        "purpose": values.get("purpose", ""),
        "handle": "",
        "handle_key": "",
    }
    typed = values.get("handle", "")
    if typed:
        found = understand(typed, out["platform"])
        if found.status != "reject" and key_of(found.platform):
            out["platform"] = out["platform"] or key_of(found.platform)
            if key_of(found.platform) == out["platform"]:
                out["handle"] = (found.handle or typed)[:120]
                out["handle_key"] = found.canonical_id[:200]
    return out


def notes_for(request: AccountRequest, result: Reading) -> list[Note]:
    """Everything the form has to say about a request, for the person filling it in and for those who decide."""
    values = result.values
    notes: list[Note] = []
    if values.get("name"):
        notes += name_notes(values["name"], values.get("unit"), values.get("entity_kind", ""))
    if values.get("mailbox"):
        notes += mailbox_notes(values["mailbox"])
    platform = values.get("platform", "")
    if platform and platform not in {key for key, _label in choices()}:
        notes.append(
            Note(
                "platform",
                "problem",
                _("You cannot ask for an account on %(platform)s. Choose another platform, or ask %(keeper)s why.")
                % {"platform": label_of(platform), "keeper": keeper()},
            )
        )
    canonical = handle = ""
    if values.get("handle"):
        found, said = address_notes(values["handle"], platform)
        notes += said
        if found.status != "reject":
            canonical, handle = found.canonical_id, found.handle
    notes += neighbours(
        platform=platform,
        canonical_id=canonical,
        handle=handle,
        name=values.get("name", ""),
        unit=values.get("unit"),
        but_request=request.pk,
    )
    if values.get("primary_manager") and values.get("primary_manager") == values.get("second_manager"):
        notes.append(Note("second_manager", "problem", _("Choose two different people."), "1.7"))
    if values.get("primary_manager") and not values.get("second_manager"):
        notes.append(
            Note(
                "second_manager",
                "hint",
                _("With one manager, nobody can step in when that person is away. A second one is wise."),
                "1.7",
            )
        )
    return notes


def stopping(request: AccountRequest, result: Reading) -> dict[str, str]:
    """The notes that stop a request from being sent, by field."""
    return {note.field: note.message for note in notes_for(request, result) if note.level == "problem"}
