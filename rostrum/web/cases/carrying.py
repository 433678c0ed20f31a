"""The button under a finding that carries it over as evidence: into a new case, or into the one that is open."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.cases import sources
from rostrum.cases.models import CaseEvidence
from rostrum.cases.parties import Parties, case_relations
from rostrum.cases.queries import find_case, may_open, open_case
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.shapes import Act


def carry(person: Person, account: Account, kind: str, pk: int) -> Act | None:
    """What a reader may do with a finding beyond settling it; None where they may not, or a case rests on it already."""
    parties = Parties([account])
    if account.state not in LIVE or person.pk in parties.own(account):
        return None
    running = open_case(account)
    named = f"?evidence={kind}:{pk}"
    if running is None:
        if not may_open(person, account, parties) or sources.find(person, kind, str(pk)) is None:
            return None
        return Act(_("Open a case"), reverse("web:case_new", args=[account.public_id]) + named, icon="folder-plus")
    if find_case(person, running.pk) is None or sources.find(person, kind, str(pk)) is None:
        return None
    if CaseEvidence.objects.filter(case=running, kind=kind, ref=str(pk)).exists():
        return Act(_("Open the case %(ref)s") % {"ref": running.ref}, reverse("web:case", args=[running.pk]), icon="folder")
    if not may(person, "cases:evidence", account.unit, case_relations(person, running, parties)):
        return None
    label = _("Add it to case %(ref)s") % {"ref": running.ref}
    return Act(label, reverse("web:case_evidence", args=[running.pk]) + named, icon="paperclip")
