"""How a known account is told on pages: its state as a word with a colour, its place, the tabs above the lists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.known_states import KnownState, Outcome

TONES = {
    KnownState.KNOWN.value: "act",
    KnownState.CLAIMED.value: "moving",
    KnownState.DISOWNED.value: "stop",
    KnownState.UNREACHABLE.value: "stop",
    KnownState.SETTLED.value: "over",
}


def badge(known: KnownAccount) -> dict[str, str]:
    """A known account's state for the badge; a settled one says how it was settled."""
    if known.state == KnownState.SETTLED and known.outcome:
        tone = "good" if known.outcome == Outcome.OFFICIAL else "over"
        return {"tone": tone, "word": str(Outcome(known.outcome).label)}
    return {"tone": TONES[known.state], "word": str(KnownState(known.state).label)}


def tabs(person: Person, current: str) -> list[dict[str, Any]]:
    """The pages of known accounts that a person may open."""
    found = [("list", _("All that I may see"), reverse("web:known_list"))]
    if may(person, "known:view"):
        found.append(("schools", _("School by school"), reverse("web:known_schools")))
    if may(person, "known:import"):
        found.append(("approve", _("Approve together"), reverse("web:known_approve")))
        found.append(("import", _("Bring a list in"), reverse("web:known_import")))
    return [{"label": label, "url": url, "current": key == current} for key, label, url in found]
