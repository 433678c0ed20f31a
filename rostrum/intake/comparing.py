"""Compares a roll with the division: what is new, changed, gone, unchanged. Reads only; writes nothing."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.text import fold
from rostrum.intake.faults import Fault, Faults, shown
from rostrum.intake.models import SourceRecord
from rostrum.intake.plan import Change, Plan
from rostrum.intake.roll import PersonEntry, PostEntry, Roll, UnitEntry
from rostrum.people.models import Appointment, Person, PersonKind, Role, Unit, UnitKind
from rostrum.people.queries import may


def compare(roll: Roll, *, by: Person | None, options: dict[str, Any] | None = None) -> Plan:
    """The plan of an import. `options`: `classes` brings classes as classroom units, `schools` makes schools that a
    simple list names and that are not here. `by` None is the operator at the command line.
    """
    asked = bool((options or {}).get("classes"))
    plan = Plan(faults=Faults(one for one in roll.faults if asked or one.weight == "file" or not _of_classes(one)))
    plan.faults.dropped = roll.faults.dropped
    if roll.faults.stopping:
        return plan
    work = _Comparing(roll, plan, by, options or {})
    work.units()
    if not plan.faults.stopping:
        work.persons()
        work.posts()
        work.gone()
    return plan


def _of_classes(fault: Fault) -> bool:
    """Whether a fault concerns nobody who did not ask for classes."""
    return fault.file.lower() in {"classes.csv", "enrollments.csv", "academicsessions.csv"}


class _Comparing:
    """One comparison; what is here is read once, in a handful of queries."""

    def __init__(self, roll: Roll, plan: Plan, by: Person | None, options: dict[str, Any]) -> None:
        self.roll = roll
        self.plan = plan
        self.by = by
        self.options = options
        self.today = clock.today()
        self.here = {unit.pk: unit for unit in Unit.objects.all()}
        self.open = {pk: unit for pk, unit in self.here.items() if not unit.closed_on or unit.closed_on > self.today}
        records = SourceRecord.objects.filter(source=roll.source)
        self.unit_of = dict(records.filter(unit__isnull=False).values_list("source_id", "unit"))
        self.person_of = dict(records.filter(person__isnull=False).values_list("source_id", "person"))
        self.made_units = set(records.filter(made=True, unit__isnull=False).values_list("source_id", flat=True))
        self.units_at: dict[str, int] = {}  # key of the file: id here (0: will be made)
        self.persons_at: dict[str, int] = {}
        self.may_appoint = by is None or may(by, "appointment:manage")

    # -- units

    def units(self) -> None:
        """Every unit the file names: here already, to be made, or not known."""
        root = next((unit for unit in self.here.values() if unit.parent_id is None), None)
        if root is None and not any(one.kind == UnitKind.DIVISION for one in self.roll.units):
            self.plan.faults.add(
                Fault(
                    "no-division",
                    _("There is no division yet, and the file names none."),
                    _("Set the division up first, or bring a OneRoster export, which holds it."),
                    weight="file",
                )
            )
            return
        self.codes = {unit.code for unit in self.here.values()}
        self.names: dict[tuple[str, str], list[Unit]] = {}
        for unit in self.open.values():
            self.names.setdefault((unit.kind, fold(unit.name)), []).append(unit)
        self.wanted: set[tuple[str, str, str]] = set()
        entries = list(self.roll.units) + (self.roll.classes if self.options.get("classes") else [])
        waiting, placed = entries, -1
        # Parents before children, however the file orders them.
        while waiting and len(waiting) != placed:
            placed, later = len(waiting), []
            for entry in waiting:
                if entry.parent and entry.parent not in self.units_at:
                    later.append(entry)
                else:
                    self._unit(entry, root)
            waiting = later

    def _unit(self, entry: UnitEntry, root: Unit | None) -> None:
        if not entry.kind:
            self._named(entry)
            return
        if entry.kind == UnitKind.DIVISION and root is not None:
            self._is(entry, root)
            return
        known = self.here.get(self.unit_of.get(entry.key, 0))
        if known is None:
            known = self._like(entry)
        if known is None:
            self._new_unit(entry)
            return
        self._is(entry, known)
        if known.pk not in self.open:
            self.plan.faults.add(
                Fault(
                    "closed",
                    _("“%(name)s” is closed here, and the file has it.") % {"name": known.name},
                    _("If it is open, add it anew by hand. Nothing was changed."),
                    entry.row,
                    "",
                    "",
                    "note",
                )
            )
        elif known.name != entry.name and entry.key in self.unit_of and entry.kind != UnitKind.DIVISION:
            self.plan.changes.append(
                Change(
                    "unit",
                    "changed",
                    known.name,
                    _("is now called “%(name)s”") % {"name": entry.name},
                    entry.key,
                    known.pk,
                    entry.row,
                    {"name": entry.name},
                )
            )
        else:
            self.plan.same("unit")

    def _is(self, entry: UnitEntry, unit: Unit) -> None:
        self.units_at[entry.key] = unit.pk
        if not entry.kind:
            self.plan.links.append(("place", entry.key, unit.pk))
        elif entry.key not in self.unit_of:
            self.plan.links.append(("unit", entry.key, unit.pk))
        if unit.parent_id is None:
            self.plan.same("unit")

    def _like(self, entry: UnitEntry) -> Unit | None:
        """A unit put in by hand that the file means: by code, else the only one of its kind and name in that place."""
        taken = set(self.units_at.values())
        for unit in self.open.values():
            if unit.code in {entry.code, entry.key} and unit.kind == entry.kind and unit.pk not in taken:
                return unit
        parent = self.units_at.get(entry.parent, 0)
        same = [one for one in self.names.get((entry.kind, fold(entry.name)), []) if one.pk not in taken]
        if entry.kind == UnitKind.CLASSROOM:
            same = [one for one in same if one.parent_id == parent]
        return same[0] if len(same) == 1 else None

    def _new_unit(self, entry: UnitEntry) -> None:
        place = (entry.parent, entry.kind, entry.name)
        if place in self.wanted:
            self.plan.faults.add(
                Fault(
                    "same-unit",
                    _("There are two units called “%(name)s” in one place.") % {"name": entry.name},
                    _("The first was taken. Give the second another name in your system."),
                    entry.row,
                    "name",
                    shown(entry.name),
                )
            )
            return
        self.wanted.add(place)
        self.units_at[entry.key] = 0
        code = entry.code if entry.code and entry.code not in self.codes else ""
        self.codes.add(code)
        self.plan.changes.append(
            Change(
                "unit",
                "new",
                entry.name,
                str(UnitKind(entry.kind).label),
                entry.key,
                0,
                entry.row,
                {"kind": entry.kind, "name": entry.name, "code": code, "parent": entry.parent},
            )
        )

    def _named(self, entry: UnitEntry) -> None:
        """A unit that a simple list calls by its name: it has to be here, or may be made as a school."""
        wanted = fold(entry.name)
        found = [unit for unit in self.open.values() if wanted in {fold(unit.name), fold(unit.code)}]
        big = [unit for unit in found if unit.kind in {"division", "school", "department"}]
        if len(big or found) == 1:
            self._is(entry, (big or found)[0])
            return
        if not found and self.options.get("schools"):
            self._new_unit(UnitEntry(entry.key, UnitKind.SCHOOL.value, entry.name, row=entry.row))
            return
        names = {fold(unit.name): unit.name for unit in self.open.values()}
        near = [names[one] for one in get_close_matches(wanted, names, n=2, cutoff=0.6)]
        remedy = _("Correct the name, or add the school under Units first.")
        if found:
            remedy = _("Write the unit's code instead of its name.")
        elif near:
            remedy = _("Did you mean: %(names)s?") % {"names": ", ".join(near)}
        self.plan.faults.add(
            Fault(
                "unknown-unit",
                _("There is more than one unit of this name.")
                if found
                else _("There is no school or department of this name."),
                remedy,
                entry.row,
                _("School"),
                shown(entry.name),
                "note",
            )
        )

    # -- persons

    def persons(self) -> None:
        """Every person the file names, matched by the file's id, else by work e-mail."""
        rows = Person.objects.values_list("pk", "email", "name", "title", "kind", "home_unit", "is_active", "left_on")
        self.people = {row[0]: row for row in rows}
        self.by_email = {row[1].lower(): row[0] for row in self.people.values()}
        self.holders = set(Appointment.objects.exclude(ends_on__lt=self.today).values_list("person_id", flat=True))
        freed = self._freed()
        seen: dict[int, int] = {}
        for entry in self.roll.persons:
            pk = self.person_of.get(entry.key) or self.by_email.get(entry.email, 0)
            other = self.by_email.get(entry.email, 0)
            if pk and other and other != pk and other not in freed:
                self.persons_at[entry.key] = pk
                self._contradiction(entry, self.people[pk][2], self.people[other][2])
            elif pk and pk in seen:
                self.plan.faults.add(
                    Fault(
                        "double",
                        _("Rows %(row)d and %(this)d are the same person.") % {"row": seen[pk], "this": entry.row},
                        _("Take one of them out."),
                        entry.row,
                        "",
                        shown(entry.email),
                    )
                )
            elif pk:
                seen[pk] = entry.row
                self.persons_at[entry.key] = pk
                self._known(entry, self.people[pk])
            else:
                self.persons_at[entry.key] = 0
                home = self.units_at.get(entry.home)
                self.plan.changes.append(
                    Change(
                        "person",
                        "new",
                        entry.name,
                        entry.email,
                        entry.key,
                        0,
                        entry.row,
                        {
                            "email": entry.email,
                            "name": entry.name,
                            "title": entry.title or "",
                            "kind": entry.kind or PersonKind.EMPLOYEE.value,
                            "home": entry.home if home is not None else "",
                        },
                    )
                )

    def _freed(self) -> set[int]:
        """People whose address the file itself replaces, so that somebody else of the file may get it."""
        return {
            pk
            for entry in self.roll.persons
            if (pk := self.person_of.get(entry.key)) and self.people[pk][1].lower() != entry.email
        }

    def _contradiction(self, entry: PersonEntry, one: str, other: str) -> None:
        self.plan.faults.add(
            Fault(
                "contradiction",
                _("By its id this row is %(one)s, by its e-mail %(other)s.") % {"one": one, "other": other},
                _("Correct the e-mail in your system, or the entry of one of the two here."),
                entry.row,
                "email",
                shown(entry.email),
            )
        )

    def _known(self, entry: PersonEntry, row: tuple[Any, ...]) -> None:
        pk, email, name, title, kind, home_id, active, left_on = row
        if entry.key not in self.person_of:
            self.plan.links.append(("person", entry.key, pk))
        if not active:
            self.plan.faults.add(
                Fault(
                    "left",
                    _("%(name)s is in the file, and noted here as having left.") % {"name": name},
                    _("If they are back, open their entry and note it. Nothing was changed."),
                    entry.row,
                    "",
                    left_on.isoformat() if left_on else "",
                    "note",
                )
            )
            return
        fields: dict[str, Any] = {}
        words: list[str] = []
        if entry.email != email.lower():
            if pk in self.holders and not self.may_appoint:
                self.plan.faults.add(
                    Fault(
                        "email-of-holder",
                        _("%(name)s holds a role here. Only a system administrator may change their e-mail.")
                        % {"name": name},
                        _("Ask your system administrator to bring this file."),
                        entry.row,
                        "email",
                        shown(entry.email),
                        "note",
                    )
                )
            else:
                fields["email"] = entry.email
                words.append(f"{email} → {entry.email}")
        if entry.name != name:
            fields["name"] = entry.name
            words.append(f"{name} → {entry.name}")
        if entry.title is not None and entry.title != title:
            fields["title"] = entry.title
            words.append(f"{title or '–'} → {entry.title or '–'}")
        if entry.kind and entry.kind != kind:
            fields["kind"] = entry.kind
            words.append(f"{PersonKind(kind).label} → {PersonKind(entry.kind).label}")
        if self._moves(entry.home, home_id):
            fields["home"] = entry.home
            before = self.here[home_id].name if home_id else "–"
            words.append(f"{before} → {self._unit_name(entry.home)}")
        if fields:
            self.plan.changes.append(
                Change("person", "changed", name, "; ".join(words), entry.key, pk, entry.row, fields)
            )
        else:
            self.plan.same("person")

    def _moves(self, home: str, home_id: int | None) -> bool:
        """Whether the file puts a person elsewhere. Someone at a classroom of the school is at the school."""
        if home not in self.units_at:
            return False
        unit = self.here.get(self.units_at[home])
        now = self.here.get(home_id or 0)
        return unit is None or now is None or not now.path.startswith(unit.path)

    def _unit_name(self, key: str) -> str:
        unit = self.here.get(self.units_at.get(key, 0))
        if unit is not None:
            return unit.name
        return next((one.label for one in self.plan.of("unit", "new") if one.key == key), key)

    # -- appointments

    def posts(self) -> None:
        """Roles that the file gives: new ones only. One who holds the role already keeps it as it is."""
        held = {
            (one.person_id, one.unit_id, one.role): one for one in Appointment.objects.exclude(ends_on__lt=self.today)
        }
        names = {entry.key: entry.name for entry in self.roll.persons}
        unit_names = {key: self._unit_name(key) for key in {post.unit for post in self.roll.posts}}
        self.held_by_file: set[int] = set()
        for post in self.roll.posts:
            person, unit = self.persons_at.get(post.person), self.units_at.get(post.unit)
            if person is None or unit is None or (post.ends_on and post.ends_on < self.today):
                continue
            known = held.get((person, unit, post.role)) if person and unit else None
            if known is not None:
                self.held_by_file.add(known.pk)
                self.plan.same("post")
            elif person and not self.people[person][6]:
                continue
            elif not self.may_appoint:
                self.plan.withheld += 1
            else:
                self._new_post(post, names.get(post.person, ""), unit_names[post.unit])

    def _new_post(self, post: PostEntry, name: str, unit: str) -> None:
        starts = post.starts_on or self.today
        self.plan.changes.append(
            Change(
                "post",
                "new",
                name,
                f"{Role(post.role).label}, {unit}",
                post.person,
                0,
                post.row,
                {
                    "person": post.person,
                    "unit": post.unit,
                    "role": post.role,
                    "starts_on": starts.isoformat(),
                    "ends_on": post.ends_on.isoformat() if post.ends_on else None,
                },
            )
        )

    # -- gone

    def gone(self) -> None:
        """What this source knew and its file no longer has: somebody then says who of them has left.

        A person counts whom a file of this source once had, whoever put them in; roles and units only if it brought them.
        """
        present = {entry.key for entry in self.roll.persons} | set(self.roll.present)
        removed = set(self.roll.removed)
        mine = self.by.pk if self.by else 0
        for key, pk in sorted(self.person_of.items(), key=lambda item: fold(self.people[item[1]][2])):
            absent = (self.roll.complete and key not in present) or (key in removed and key not in present)
            if absent and self.people[pk][6] and pk != mine:
                self.plan.changes.append(Change("person", "gone", self.people[pk][2], self.people[pk][1], key, pk))
        leavers = {one.pk for one in self.plan.of("person", "gone")}
        records = SourceRecord.objects.filter(source=self.roll.source, appointment__isnull=False, made=True)
        for record in records.select_related("appointment__person", "appointment__unit"):
            one = record.appointment
            assert one is not None  # noqa: S101 - asked for
            over = one.ends_on is not None and one.ends_on < self.today
            elsewhere = not self.roll.complete and record.source_id not in removed
            if over or elsewhere or one.pk in self.held_by_file or one.person_id in leavers or not self.may_appoint:
                continue
            if record.source_id in set(self.roll.present) or not one.person.is_active:
                continue
            self.plan.changes.append(
                Change(
                    "post",
                    "gone",
                    one.person.name,
                    f"{one.get_role_display()}, {one.unit.name}",
                    record.source_id,
                    one.pk,
                )
            )
        if self.roll.complete and self.roll.source == "oneroster":
            listed = set(self.units_at)
            classes = self.options.get("classes")
            for key, pk in self.unit_of.items():
                unit = self.open.get(pk)
                room = unit is not None and unit.kind == UnitKind.CLASSROOM
                if unit is not None and key in self.made_units and key not in listed and (classes or not room):
                    self.plan.changes.append(Change("unit", "gone", unit.name, str(unit.get_kind_display()), key, pk))
