"""Reads a OneRoster 1.1 or 1.2 CSV export into a roll: schools and staff. Students are counted and forgotten.

Columns and their meaning follow the IMS (1EdTech) OneRoster CSV binding, versions 1.1 and 1.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.intake import rosterwords as words
from rostrum.intake.entries import Bad, day_of, email_of, text_of
from rostrum.intake.faults import Faults, shown
from rostrum.intake.roll import PersonEntry, PostEntry, Roll, UnitEntry, tally
from rostrum.intake.rosterfiles import RosterFiles, Unusable, lacks, open_roster
from rostrum.intake.tables import Row, Table, plain_header
from rostrum.people.models import Role, UnitKind

SOURCE = "oneroster"
COLUMNS: dict[str, tuple[str, ...]] = {
    "manifest": ("propertyName", "value"),
    "academicsessions": ("sourcedId", "status", "endDate"),
    "orgs": ("sourcedId", "status", "name", "type", "identifier", "parentSourcedId"),
    "users": ("sourcedId", "status", "enabledUser", "orgSourcedIds", "role", "givenName", "familyName", "email",
              "preferredFirstName", "preferredGivenName", "preferredLastName", "preferredFamilyName", "primaryOrgSourcedId"),
    "roles": ("sourcedId", "userSourcedId", "status", "roleType", "role", "beginDate", "endDate", "orgSourcedId"),
    "classes": ("sourcedId", "status", "title", "classCode", "classType", "schoolSourcedId", "termSourcedIds"),
    "enrollments": ("sourcedId", "status", "classSourcedId", "userSourcedId", "role"),
}  # fmt: skip
REQUIRED: dict[str, tuple[str, ...]] = {
    "manifest": ("propertyName", "value"),
    "academicsessions": ("sourcedId", "endDate"),
    "orgs": ("sourcedId", "name", "type"),
    "users": ("sourcedId", "givenName", "familyName", "email"),
    "roles": ("userSourcedId", "role", "orgSourcedId"),
    "classes": ("sourcedId", "title", "schoolSourcedId"),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
}
KINDS = {"district": UnitKind.DIVISION, "school": UnitKind.SCHOOL, "department": UnitKind.DEPARTMENT,
         "local": UnitKind.DEPARTMENT}  # fmt: skip
LEADERS = frozenset({"principal", "administrator", "siteadministrator"})
STAFF = LEADERS | {
    "teacher", "aide", "proctor", "counselor", "districtadministrator", "systemadministrator", "staff",
}  # fmt: skip
_NO_NAMES = frozenset({"users", "roles", "enrollments"})


class _File:
    """One table of the export, read by column name."""

    def __init__(self, table: Table, name: str, called: str) -> None:
        self.table = table
        self.name = name
        self.called = called
        self.at = {column: table.column(column) for column in COLUMNS[name]}

    def value(self, row: Row, column: str) -> str:
        place = self.at[column]
        return "" if place is None else row.cells[place]

    def place(self, row: Row, column: str) -> dict[str, Any]:
        """Where a value stands, as the readers of values want it."""
        return {"row": row.number, "column": column, "file": self.called}

    def rows(self, faults: Faults) -> Iterator[Row]:
        """The rows; what could not be read is told without its value where it could be a student's."""
        yield from self.table
        for fault in self.table.faults:
            value = "" if self.name in _NO_NAMES else fault.value
            faults.add(replace(fault, value=value, file=self.called))


@dataclass
class _Staff:
    """What is known of one member of staff before their own row is read: roles at places."""

    posts: list[tuple[str, str, date | None, date | None, int]] = field(default_factory=list)
    primary: str = ""
    outsider: bool = False


def read(path: Path | BinaryIO) -> Roll:
    """The roll of an export. What is wrong stands in its faults, with file, row and column."""
    roll = Roll(SOURCE)
    try:
        with open_roster(path) as files:
            _Reading(roll, files).all()
    except Unusable as unusable:
        roll.faults.add(unusable.fault)
    return roll


def _plain(role: str) -> str:
    return "".join(char for char in plain_header(role) if char.isalnum())


class _Reading:
    """One pass over an export, file by file in the order in which they explain one another."""

    def __init__(self, roll: Roll, files: RosterFiles) -> None:
        self.roll = roll
        self.files = files
        self.staff: dict[str, _Staff] = {}
        self.orgs: dict[str, UnitEntry] = {}
        self.over: set[str] = set()
        self.kept: set[str] = set()
        self.mapped: Counter[tuple[str, str]] = Counter()
        self.delta = False
        self.version = ""

    def all(self) -> None:
        """Read everything that is there; stop at the first file that cannot be used."""
        self._manifest()
        for name in ("orgs", "users"):
            if name not in self.files:
                self.roll.faults.add(lacks(self.files, name))
        if self.roll.faults.stopping:
            return
        if not self.version:
            self.version = "1.2" if "roles" in self.files else "1.1"
        steps: list[tuple[str, Callable[[_File], None]]] = [
            ("academicsessions", self._sessions), ("orgs", self._orgs), ("roles", self._roles),
            ("users", self._users), ("classes", self._classes), ("enrollments", self._enrollments),
        ]  # fmt: skip
        for name, step in steps:
            if name in self.files:
                self._read(name, step)
            if self.roll.faults.stopping:
                return
        self.roll.complete = not self.delta
        self.roll.mapping = tally(self.mapped)
        self.roll.counts["version"] = int(self.version.replace(".", "")[:2] or 0)
        if not self.roll.persons and self.roll.complete:
            self.roll.faults.add(words.nobody(self.files.called("users")))

    def _read(self, name: str, step: Callable[[_File], None]) -> None:
        known = COLUMNS[name]
        with self.files.table(name, known) as table:
            called = self.files.called(name)
            if table.faults.stopping:
                # A file with nothing in it is common where a system has nothing to say.
                empty = all(fault.code == "empty" for fault in table.faults)
                for fault in table.faults:
                    if not (empty and name in {"academicsessions", "classes", "enrollments"}):
                        self.roll.faults.add(replace(fault, file=called, value=""))
                return
            file = _File(table, name, called)
            required = REQUIRED[name]
            if name == "users" and self.version == "1.1":
                required = (*required, "role", "orgSourcedIds")
            missing = [column for column in required if file.at[column] is None]
            if missing:
                self.roll.faults.add(words.columns(called, missing))
                return
            step(file)

    def _manifest(self) -> None:
        if "manifest" not in self.files:
            self.roll.faults.add(words.no_manifest())
            return
        said: dict[str, str] = {}

        def take(file: _File) -> None:
            for row in file.rows(self.roll.faults):
                said[plain_header(file.value(row, "propertyName"))] = file.value(row, "value").lower()

        self._read("manifest", take)
        version = said.get("oneroster version", "")
        self.version = version if version in {"1.1", "1.2"} else ""
        if version and not self.version:
            self.roll.faults.add(words.version(self.files.called("manifest"), version))
        for name in ("orgs", "users", "roles", "classes", "enrollments", "academicSessions"):
            mode = said.get(f"file {plain_header(name)}", "")
            needed = name in {"orgs", "users", "roles"}
            self.delta = self.delta or (mode == "delta" and needed)
            if mode in {"bulk", "delta"} and name.lower() not in self.files:
                self.roll.faults.add(words.promised(self.files.called("manifest"), name, needed=needed))

    def _gone(self, file: _File, row: Row) -> bool:
        """Whether a row is only there to say that it is no longer."""
        if plain_header(file.value(row, "status")) in {"tobedeleted", "to be deleted", "inactive"}:
            self.roll.count("deleted")
            return True
        return False

    def _sessions(self, file: _File) -> None:
        today = clock.today()
        for row in file.rows(self.roll.faults):
            try:
                ends = day_of(file.value(row, "endDate"), **file.place(row, "endDate"))
            except Bad as bad:
                self.roll.faults.add(replace(bad.fault, weight="note"))
                continue
            if ends and ends < today:
                self.over.add(file.value(row, "sourcedId"))

    def _orgs(self, file: _File) -> None:
        removed = []
        for row in file.rows(self.roll.faults):
            key = file.value(row, "sourcedId")
            if self._gone(file, row):
                removed.append(key)
                continue
            kind = KINDS.get(_plain(file.value(row, "type")))
            said = shown(file.value(row, "type"))
            self.mapped[(said, str(kind.label) if kind else _("left out"))] += 1
            if kind is None:
                continue
            try:
                entry = UnitEntry(
                    key=text_of(key, 255, **file.place(row, "sourcedId"), required=True),
                    kind=kind.value,
                    name=text_of(file.value(row, "name"), 120, **file.place(row, "name"), required=True),
                    code=text_of(file.value(row, "identifier"), 255, **file.place(row, "identifier"))[:40],
                    parent=file.value(row, "parentSourcedId"),
                    row=row.number,
                )
                self._once(key in self.orgs, file, row)
            except Bad as bad:
                self.roll.faults.add(bad.fault)
                continue
            self.orgs[key] = entry
        self.roll.removed += removed
        districts = [one for one in self.orgs.values() if one.kind == UnitKind.DIVISION]
        if len(districts) > 1:
            self.roll.faults.add(words.districts(file.called, [one.name for one in districts]))
        for entry in self.orgs.values():
            self.roll.units.append(self._placed(entry, file))

    def _placed(self, entry: UnitEntry, file: _File) -> UnitEntry:
        """The unit under its parent, or under the division when its parent is not there."""
        if entry.kind == UnitKind.DIVISION:
            return replace(entry, parent="")
        parent = self.orgs.get(entry.parent)
        above, steps = parent, 0
        while above is not None and above.key != entry.key and steps < 10:
            above, steps = self.orgs.get(above.parent), steps + 1
        circle = above is not None
        if entry.parent and (parent is None or circle):
            self.roll.faults.add(words.orphan(file.called, entry.row, entry.name, entry.parent, circle=circle))
        direct = parent is None or circle or parent.kind == UnitKind.DIVISION
        return replace(entry, parent="" if direct else entry.parent)

    def _once(self, known: bool, file: _File, row: Row) -> None:
        if known:
            raise Bad(
                words.double_id(file.called, row.number, "" if file.name in _NO_NAMES else file.value(row, "sourcedId"))
            )

    def _roles(self, file: _File) -> None:
        """Roles of 1.2: who is staff, where, since when."""
        for row in file.rows(self.roll.faults):
            role, user = _plain(file.value(row, "role")), file.value(row, "userSourcedId")
            if role not in STAFF:
                if role == "student":
                    self.staff.setdefault(user, _Staff()).outsider = True
                continue
            if self._gone(file, row):
                continue
            try:
                begins = day_of(file.value(row, "beginDate"), **file.place(row, "beginDate"))
                ends = day_of(file.value(row, "endDate"), **file.place(row, "endDate"))
            except Bad as bad:
                self.roll.faults.add(bad.fault)
                continue
            if begins and ends and ends < begins:
                self.roll.faults.add(words.dates(file.called, row.number, ends))
                continue
            staff = self.staff.setdefault(user, _Staff())
            org = file.value(row, "orgSourcedId")
            staff.posts.append((role, org, begins, ends, row.number))
            if plain_header(file.value(row, "roleType")) == "primary":
                staff.primary = org

    def _users(self, file: _File) -> None:
        seen: set[str] = set()
        emails: dict[str, int] = {}
        for row in file.rows(self.roll.faults):
            key = file.value(row, "sourcedId")
            staff = self._staff_of(file, row)
            if staff is None:
                continue
            if self._gone(file, row):
                self.roll.removed.append(key)
                continue
            if plain_header(file.value(row, "enabledUser")) in {"false", "0", "no"}:
                self.roll.count("disabled")
                self.roll.removed.append(key)
                continue
            try:
                self._once(key in seen, file, row)
                entry = self._person(file, row, key, staff)
                if entry.email in emails:
                    raise Bad(words.double_email(file.called, row.number, entry.email, emails[entry.email]))
            except Bad as bad:
                self.roll.faults.add(bad.fault)
                self.roll.present.append(key)
                continue
            seen.add(key)
            emails[entry.email] = row.number
            self.kept.add(key)
            self.roll.persons.append(entry)
            self._posts(staff, key)
        self.staff.clear()

    def _staff_of(self, file: _File, row: Row) -> _Staff | None:
        """What makes the user of a row staff; None for everybody else, who is counted and forgotten."""
        if file.at["role"] is None or (self.version == "1.2" and "roles" in self.files):
            staff = self.staff.get(file.value(row, "sourcedId"))
            if staff is None or not staff.posts:
                self.roll.count("students" if staff and staff.outsider else "others")
                return None
            if staff.outsider:
                self.roll.count("students")
                self.roll.faults.add(words.student_staff(file.called, row.number))
                return None
            return staff
        role = _plain(file.value(row, "role"))
        if role not in STAFF:
            self.roll.count("students" if role == "student" else "others")
            return None
        orgs = [one.strip() for one in file.value(row, "orgSourcedIds").split(",") if one.strip()]
        return _Staff([(role, org, None, None, row.number) for org in orgs] or [(role, "", None, None, row.number)])

    def _person(self, file: _File, row: Row, key: str, staff: _Staff) -> PersonEntry:
        given = file.value(row, "preferredFirstName") or file.value(row, "preferredGivenName")
        family = file.value(row, "preferredLastName") or file.value(row, "preferredFamilyName")
        first, last = given or file.value(row, "givenName"), family or file.value(row, "familyName")
        home = file.value(row, "primaryOrgSourcedId") or staff.primary
        places = [home, *(org for _role, org, *_rest in staff.posts)]
        known = [org for org in places if org in self.orgs]
        known.sort(key=lambda org: self.orgs[org].kind == UnitKind.DIVISION and org != home)
        unknown = next((org for org in places if org and org not in self.orgs), "")
        entry = PersonEntry(
            key=text_of(key, 255, **file.place(row, "sourcedId"), required=True),
            email=email_of(file.value(row, "email"), **file.place(row, "email")),
            name=text_of(f"{first} {last}", 120, **file.place(row, "familyName"), required=True),
            home=known[0] if known else "",
            row=row.number,
        )
        if unknown:
            self.roll.faults.add(words.unknown_org(file.called, row.number, "orgSourcedIds", unknown))
        return entry

    def _posts(self, staff: _Staff, key: str) -> None:
        done: set[str] = set()
        for role, org, begins, ends, row in staff.posts:
            unit = self.orgs.get(org)
            leads = role in LEADERS and unit is not None and unit.kind != UnitKind.DIVISION
            meaning = str(Role.ADMINISTRATOR.label) if leads else _("may ask for accounts; no role needed")
            if role in LEADERS | {"districtadministrator", "systemadministrator"} and not leads:
                meaning = _("no role: the division's roles are given by hand")
            self.mapped[(role, meaning)] += 1
            if leads and org not in done:
                done.add(org)
                self.roll.posts.append(PostEntry(key, org, Role.ADMINISTRATOR.value, begins, ends, row))

    def _classes(self, file: _File) -> None:
        seen: set[str] = set()
        rows: list[tuple[bool, UnitEntry]] = []
        for row in file.rows(self.roll.faults):
            key = file.value(row, "sourcedId")
            terms = [one.strip() for one in file.value(row, "termSourcedIds").split(",") if one.strip()]
            if self._gone(file, row) or (terms and all(term in self.over for term in terms)):
                continue
            school = self.orgs.get(file.value(row, "schoolSourcedId"))
            try:
                self._once(key in seen, file, row)
                if school is None:
                    raise Bad(words.class_orphan(file.called, row.number, file.value(row, "schoolSourcedId")))
                title = text_of(file.value(row, "title"), 120, **file.place(row, "title"), required=True)
            except Bad as bad:
                self.roll.faults.add(bad.fault)
                continue
            seen.add(key)
            entry = UnitEntry(key, UnitKind.CLASSROOM.value, title, key[:40], school.key, row.number)
            rows.append((plain_header(file.value(row, "classType")) == "homeroom", entry))
        homerooms = [entry for home, entry in rows if home]
        self.roll.classes = homerooms or [entry for _home, entry in rows]
        self.roll.count("classes", len(self.roll.classes))

    def _enrollments(self, file: _File) -> None:
        """Only counted: teachers without an entry hint at a wrong export; students are not looked at."""
        classes = {one.key for one in self.roll.classes}
        lost = 0
        for row in file.rows(self.roll.faults):
            if _plain(file.value(row, "role")) not in STAFF or self._gone(file, row):
                continue
            self.roll.count("teaching")
            if file.value(row, "userSourcedId") not in self.kept and file.value(row, "classSourcedId") in classes:
                lost += 1
        if lost:
            self.roll.faults.add(words.untaught(file.called, lost))
