"""Reads the simple list of staff: one row per person, in English or French, and offers a template for it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rostrum.core.text import fold
from rostrum.intake import tables
from rostrum.intake.entries import Bad, day_of, email_of, text_of
from rostrum.intake.faults import Fault, shown
from rostrum.intake.roll import PersonEntry, PostEntry, Roll, UnitEntry, is_outsider, tally
from rostrum.people.models import PersonKind, Role

SOURCE = "list"
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "staff name", "employee", "employee name", "display name", "nom complet", "nom et prenom",
             "prenom et nom", "nom de l employe"),
    "first": ("first name", "firstname", "given name", "givenname", "prenom"),
    "last": ("last name", "lastname", "surname", "family name", "familyname", "nom de famille", "nom"),
    "email": ("e mail", "email", "work e mail", "work email", "e mail address", "email address", "mail", "courriel",
              "adresse courriel", "adresse de courriel", "courriel professionnel", "courriel au travail"),
    "school": ("school", "school name", "school or department", "department", "site", "location", "unit", "building",
               "ecole", "nom de l ecole", "ecole ou service", "service", "etablissement", "lieu", "unite"),
    "position": ("position", "title", "job title", "job", "poste", "titre", "fonction"),
    "role": ("role", "type", "staff type", "rostrum role"),
    "from": ("from", "start", "start date", "starts", "since", "first day", "de", "du", "debut", "date de debut",
             "depuis", "premier jour"),
    "until": ("until", "end", "end date", "ends", "to", "last day", "a", "au", "fin", "date de fin", "jusqu au",
              "dernier jour"),
}  # fmt: skip
KNOWN = frozenset(name for names in COLUMNS.values() for name in names)
_ADMINISTRATOR = frozenset(
    {"administrator", "principal", "school administrator", "vice principal", "assistant principal", "administrateur",
     "administratrice", "directeur", "directrice", "direction", "direction d ecole", "direction adjointe",
     "administrator principal", "directeur d ecole", "directrice d ecole"}
)  # fmt: skip
_SUPERVISOR = frozenset(
    {"supervisor", "superviseur", "superviseure", "superintendent", "surintendant", "surintendante"}
)
_VOLUNTEER = frozenset({"volunteer", "benevole", "coach volunteer"})
# Roles that open the whole division are given by a person, on a page that says what they open: never by a file.
_BY_HAND = frozenset(
    {"communications", "communication", "privacy", "privacy officer", "director", "director of education", "auditor",
     "system administrator", "sysadmin", "vie privee", "direction de l education", "verification", "verificateur",
     "administrateur du systeme", "administratrice du systeme"}
)  # fmt: skip
_STUDENTS = frozenset(
    {"student number", "student no", "student id", "student name", "student", "grade level", "date of birth", "birthdate",
     "birth date", "dob", "learning support", "eleve", "numero d eleve", "nom de l eleve", "date de naissance",
     "niveau scolaire"}
)  # fmt: skip


@dataclass(frozen=True)
class _Columns:
    """Where each thing stands in this list; None where the list has no such column."""

    at: dict[str, int | None]
    header: tuple[str, ...]

    def value(self, row: tables.Row, what: str) -> str:
        place = self.at[what]
        return "" if place is None else row.cells[place]

    def called(self, what: str) -> str:
        place = self.at[what]
        return "" if place is None else self.header[place]


def read(name: str, file: Path | BinaryIO, *, sheet: str = "") -> Roll:
    """The roll of a simple list. What is wrong stands in its faults; students are counted and forgotten."""
    table = tables.read(name, file, sheet=sheet, known=KNOWN)
    roll = Roll(SOURCE, faults=table.faults, sheets=list(table.sheets), sheet=table.sheet)
    if table.faults.stopping:
        return roll
    if any(tables.plain_header(one) in _STUDENTS for one in table.header):
        roll.faults.add(
            Fault(
                "students",
                _("This looks like a list of students. Nothing of it was kept."),
                _("Bring a list of staff only."),
                weight="file",
            )
        )
        return roll
    columns = _Columns({what: table.column(*names) for what, names in COLUMNS.items()}, table.header)
    missing = _missing(columns)
    if missing:
        roll.faults.add(missing)
        return roll
    reading = _Reading(roll, columns)
    for row in table:
        roll.faults = table.faults
        reading.take(row)
    roll.faults = table.faults
    reading.finish(table.faults.stopping)
    return roll


def _missing(columns: _Columns) -> Fault | None:
    lacking = []
    if columns.at["email"] is None:
        lacking.append(_("E-mail"))
    if columns.at["name"] is None and columns.at["last"] is None:
        lacking.append(_("Name"))
    if not lacking:
        return None
    return Fault(
        "columns",
        _("The list has no column for: %(names)s.") % {"names": ", ".join(lacking)},
        _("Name the columns as in the template. Found were: %(names)s.") % {"names": shown(", ".join(columns.header))},
        weight="file",
    )


class _Reading:
    """One pass over the list."""

    def __init__(self, roll: Roll, columns: _Columns) -> None:
        self.roll = roll
        self.columns = columns
        self.schools: dict[str, str] = {}
        self.seen: dict[str, PersonEntry] = {}
        self.posts: set[tuple[str, str, str]] = set()
        self.mapped: Counter[tuple[str, str]] = Counter()

    def take(self, row: tables.Row) -> None:
        role = self.columns.value(row, "role")
        if is_outsider(role) or is_outsider(self.columns.value(row, "position")):
            self.roll.count("students")
            return
        try:
            self._person(row, role)
        except Bad as bad:
            self.roll.faults.add(bad.fault)

    def _person(self, row: tables.Row, role_text: str) -> None:
        columns, number = self.columns, row.number
        email = email_of(columns.value(row, "email"), row=number, column=columns.called("email"))
        name = self._name(row)
        title = text_of(columns.value(row, "position"), 120, row=number, column=columns.called("position"))
        school = text_of(columns.value(row, "school"), 120, row=number, column=columns.called("school"))
        starts = day_of(columns.value(row, "from"), row=number, column=columns.called("from"))
        ends = day_of(columns.value(row, "until"), row=number, column=columns.called("until"))
        role, kind = self._role(role_text, number)
        if starts and ends and ends < starts:
            raise Bad(
                Fault(
                    "dates",
                    _("The last day lies before the first day."),
                    _("Correct one of the two."),
                    number,
                    columns.called("until"),
                    ends.isoformat(),
                )
            )
        home = self._school(school, number)
        entry = PersonEntry(
            email, email, name, title if columns.at["position"] is not None else None, kind, home, number
        )
        known = self.seen.get(email)
        if known is None:
            self.seen[email] = entry
            self.roll.persons.append(entry)
        elif fold(known.name) != fold(name):
            raise Bad(
                Fault(
                    "contradiction",
                    _("The same e-mail stands in row %(row)d with another name.") % {"row": known.row},
                    _("Give each person their own address, or take one of the rows out."),
                    number,
                    columns.called("email"),
                    shown(email),
                )
            )
        elif (known.home, known.title) == (home, entry.title) and not role:
            self.roll.faults.add(
                Fault(
                    "double",
                    _("The same row stands in row %(row)d already.") % {"row": known.row},
                    _("It was used once."),
                    number,
                    columns.called("email"),
                    shown(email),
                    "note",
                )
            )
        if role:
            self._post(PostEntry(email, home, role, starts, ends, number))

    def _name(self, row: tables.Row) -> str:
        columns = self.columns
        if columns.at["name"] is not None:
            name = text_of(
                columns.value(row, "name"), 120, row=row.number, column=columns.called("name"), required=True
            )
            last, comma, first = name.partition(",")
            return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name
        whole = f"{columns.value(row, 'first')} {columns.value(row, 'last')}"
        return text_of(whole, 120, row=row.number, column=columns.called("last"), required=True)

    def _role(self, text: str, number: int) -> tuple[str, str | None]:
        """The role to appoint to (or none), and what kind of person it means."""
        plain = tables.plain_header(text)
        role, kind, words = "", None, _("may ask for accounts; no role needed")
        if plain in _ADMINISTRATOR:
            role, words = Role.ADMINISTRATOR.value, str(Role.ADMINISTRATOR.label)
        elif plain in _SUPERVISOR:
            role, words = Role.SUPERVISOR.value, str(Role.SUPERVISOR.label)
        elif plain in _VOLUNTEER:
            kind, words = PersonKind.VOLUNTEER.value, str(PersonKind.VOLUNTEER.label)
        elif plain in _BY_HAND:
            words = _("not given by a file")
            self.roll.faults.add(
                Fault(
                    "by-hand",
                    _("This role opens the whole division. No file gives it."),
                    _("Appoint the person on their own page. The rest of the row was used."),
                    number,
                    self.columns.called("role"),
                    shown(text),
                    "note",
                )
            )
        if plain:
            self.mapped[(shown(text), words)] += 1
        return role, kind

    def _school(self, name: str, number: int) -> str:
        if not name:
            return ""
        key = fold(name)
        if key not in self.schools:
            self.schools[key] = key
            self.roll.units.append(UnitEntry(key, "", name, row=number))
        return key

    def _post(self, post: PostEntry) -> None:
        if not post.unit:
            raise Bad(
                Fault(
                    "no-school",
                    _("A role needs a school or department."),
                    _("Fill in where it is held."),
                    post.row,
                    self.columns.called("school") or self.columns.called("role"),
                )
            )
        if (post.person, post.unit, post.role) not in self.posts:
            self.posts.add((post.person, post.unit, post.role))
            self.roll.posts.append(post)

    def finish(self, stopped: bool) -> None:
        self.roll.mapping = tally(self.mapped)
        if not stopped and not self.roll.persons and not self.roll.counts.get("students") and not len(self.roll.faults):
            self.roll.faults.add(
                Fault(
                    "nobody",
                    _("The list has a header and nobody beneath it."),
                    _("Fill in one row for each person."),
                    weight="file",
                )
            )


def template() -> bytes:
    """An example to fill in, in the active language, that a spreadsheet opens with its accents right."""
    french = (get_language() or "").startswith("fr")
    header = (
        ["Nom", "Prénom", "Courriel", "École", "Poste", "Rôle", "Du", "Au"]
        if french
        else ["Name", "E-mail", "School", "Position", "Role", "From", "Until"]
    )
    rows = (
        [
            ["Petrova", "Ana", "a.petrova@lpsd.ca", "Rendell Park School", "Directrice", "direction", "2026-09-01", ""],
            ["Nguyen", "Sofia", "s.nguyen@lpsd.ca", "Rendell Park School", "Enseignante, 4e année", "", "", ""],
        ]
        if french
        else [
            ["Ana Petrova", "a.petrova@lpsd.ca", "Rendell Park School", "Principal", "administrator", "2026-09-01", ""],
            ["Sofia Nguyen", "s.nguyen@lpsd.ca", "Rendell Park School", "Teacher, Grade 4", "", "", ""],
        ]
    )
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")
