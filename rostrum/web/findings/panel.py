"""What the account's record page shows of findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from rostrum.monitoring.queries import visible_to
from rostrum.monitoring.states import LIVE_FINDINGS
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.web.findings.wording import finding_rows
from rostrum.web.shapes import Act, Panel

SHOWN = 6


def panels(person: Person, account: Account) -> list[Panel]:
    """The live findings of the account that this reader may know of, worst first."""
    found = list(visible_to(person).filter(account=account, state__in=LIVE_FINDINGS).order_by("-rank", "found_at")[: SHOWN + 1])
    if not found:
        return []
    context = {"rows": finding_rows(found[:SHOWN]), "more": len(found) > SHOWN}
    return [Panel("web/findings/_panel.html", context, order=20)]


def acts(person: Person, account: Account) -> list[Act]:
    """Findings are decided on their own pages."""
    return []


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The account's findings: what was found and decided belongs into its history."""
    newest = account.findings.order_by("-moved_at").values("pk")[:40]
    return [account.findings.filter(pk__in=newest)]
