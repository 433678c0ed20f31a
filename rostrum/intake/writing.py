"""Writes a plan into the division by the acts of people: units, persons, appointments, leavers, source ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rostrum.custody.departures import depart_many
from rostrum.custody.roles import end_appointment
from rostrum.intake.models import SourceRecord
from rostrum.intake.plan import Plan
from rostrum.intake.roll import Roll
from rostrum.people import actions
from rostrum.people.bulk import NewAppointment, NewPerson, PersonChange, add_people, appoint_people, change_people
from rostrum.people.models import Appointment, Person, Unit


@dataclass
class Written:
    """What was done: counts, and the ids of those who left by it."""

    counts: dict[str, int] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)


def write(roll: Roll, plan: Plan, *, by: Person | None, ends: set[str], reason: str) -> Written:
    """Write all of a plan in the caller's transaction. `ends` are ticked leavers and appointments."""
    return _Writing(roll, plan, by, reason).all(ends)


class _Writing:
    """One write. Keys of the file become rows here as they are made."""

    def __init__(self, roll: Roll, plan: Plan, by: Person | None, reason: str) -> None:
        self.roll = roll
        self.plan = plan
        self.by = by
        self.reason = _("Import of %(file)s") % {"file": reason[:200]}
        self.units: dict[str, Unit] = {}
        self.persons: dict[str, int] = {}
        self.records: list[SourceRecord] = []
        self.done = Written()

    def all(self, ends: set[str]) -> Written:
        self._known()
        self._units()
        self._persons()
        self._appointments()
        SourceRecord.objects.bulk_create(self.records, batch_size=500)
        self._ends(ends)
        return self.done

    def _count(self, what: str, n: int) -> None:
        if n:
            self.done.counts[f"done_{what}"] = n

    def _known(self) -> None:
        """Everything that the file calls by a key and that is here already."""
        source = self.roll.source
        here = {unit.pk: unit for unit in Unit.objects.all()}
        records = SourceRecord.objects.filter(source=source)
        self.units = {key: here[pk] for key, pk in records.filter(unit__isnull=False).values_list("source_id", "unit")}
        self.persons = dict(records.filter(person__isnull=False).values_list("source_id", "person"))
        for thing, key, pk in self.plan.links:
            if thing == "place":
                self.units[key] = here[pk]
            elif thing == "unit":
                self.units[key] = here[pk]
                self.records.append(SourceRecord(source=source, source_id=key, unit=here[pk], made=False))
            else:
                self.persons[key] = pk
                self.records.append(SourceRecord(source=source, source_id=key, person_id=pk, made=False))

    def _units(self) -> None:
        root = Unit.objects.filter(parent=None).first()
        made = self.plan.of("unit", "new")
        for change in made:
            fields = change.fields
            parent = self.units.get(fields["parent"], root) if fields["kind"] != "division" else None
            unit = actions.add_unit(
                kind=fields["kind"], name=fields["name"], parent=parent, code=fields["code"], by=self.by
            )
            root = root or unit
            self.units[change.key] = unit
            if self.roll.source != "list":
                self.records.append(SourceRecord(source=self.roll.source, source_id=change.key, unit=unit))
        renamed = self.plan.of("unit", "changed")
        for change in renamed:
            actions.change_unit(Unit.objects.get(pk=change.pk), by=self.by, **change.fields)
        self._count("unit_new", len(made))
        self._count("unit_changed", len(renamed))

    def _persons(self) -> None:
        changed = self.plan.of("person", "changed")
        rows = Person.objects.in_bulk([one.pk for one in changed])
        # First the changes: an address may be handed on to somebody who is new.
        if changed:
            change_people([PersonChange(rows[one.pk], self._fields(one.fields)) for one in changed], by=self.by)
        new = self.plan.of("person", "new")
        people = add_people((NewPerson(**self._fields(one.fields)) for one in new), by=self.by) if new else []
        for one, person in zip(new, people, strict=True):
            self.persons[one.key] = person.pk
            self.records.append(SourceRecord(source=self.roll.source, source_id=one.key, person=person))
        self._count("person_new", len(new))
        self._count("person_changed", len(changed))

    def _fields(self, fields: dict[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in fields.items() if key != "home"}
        if "home" in fields:
            kept["home_unit"] = self.units.get(fields["home"])
        return kept

    def _appointments(self) -> None:
        new = self.plan.of("post", "new")
        people = Person.objects.in_bulk([self.persons[one.fields["person"]] for one in new])
        made = appoint_people(
            [
                NewAppointment(
                    person=people[self.persons[one.fields["person"]]],
                    role=one.fields["role"],
                    unit=self.units[one.fields["unit"]],
                    starts_on=date.fromisoformat(one.fields["starts_on"]),
                    ends_on=date.fromisoformat(one.fields["ends_on"]) if one.fields["ends_on"] else None,
                    reason=self.reason,
                )
                for one in new
            ],
            by=self.by,
        )
        for one, appointment in zip(new, made, strict=True):
            self.records.append(SourceRecord(source=self.roll.source, source_id=one.key, appointment=appointment))
        self._count("post_new", len(made))

    def _ends(self, ends: set[str]) -> None:
        """Leavers and roles that a person ticked; only those that the plan found gone."""
        ended = 0
        gone: list[Person] = []
        for change in self.plan.of("post", "gone"):
            if f"post:{change.pk}" in ends:
                end_appointment(Appointment.objects.get(pk=change.pk), by=self.by, reason=self.reason)
                ended += 1
        for change in self.plan.of("person", "gone"):
            if f"person:{change.pk}" in ends:
                gone.append(Person.objects.get(pk=change.pk))
                self.done.left.append(change.pk)
        if gone:
            depart_many(gone, by=self.by, reason=self.reason)
        self._count("post_gone", ended)
        self._count("person_gone", len(gone))
