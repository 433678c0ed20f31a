"""How an account is told on pages: its place, its standing as a word with a colour."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from rostrum.people.models import Unit
from rostrum.registry.states import Standing

TONES = {
    Standing.RECOGNISED.value: "good",
    Standing.REVIEW.value: "act",
    Standing.SUSPENDED.value: "stop",
    Standing.RETIRED.value: "over",
}
OWN_PLACES = frozenset({"school", "department"})


def standing_badge(state: str) -> dict[str, str]:
    """A standing as the badge shows it; the same word as in mail, directory and export."""
    return {"tone": TONES.get(state, "over"), "word": str(Standing(state).label)}


class Places:
    """Places of any number of units, in one query: "Grade 4, Rendell Park School"."""

    def __init__(self, units: Iterable[Unit]) -> None:
        ids = {pk for unit in units for pk in unit.ancestor_ids}
        self._units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=ids)} if ids else {}

    def school(self, unit: Unit) -> Unit | None:
        """The nearest school or department at or above a unit."""
        above = (self._units[pk] for pk in unit.ancestor_ids if pk in self._units)
        return next((one for one in above if one.kind in OWN_PLACES), None)

    def of(self, unit: Unit) -> str:
        """The unit and, where it lies within one, its school or department."""
        school = self.school(unit)
        if school is None or school.pk == unit.pk:
            return unit.name
        return _("%(unit)s, %(school)s") % {"unit": unit.name, "school": school.name}
