"""Owns the words about what is wrong in a OneRoster export, each with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from rostrum.intake.faults import Fault, shown


def nobody(file: str) -> Fault:
    """No member of staff at all."""
    return Fault(
        "nobody",
        _("The export holds no staff."),
        _("Export again with users of the roles teacher, administrator, principal and aide."),
        weight="file",
        file=file,
    )


def columns(file: str, missing: Iterable[str]) -> Fault:
    """A file without columns that the format requires."""
    return Fault(
        "columns",
        _("The file lacks the columns: %(names)s.") % {"names": ", ".join(missing)},
        _("Export again as OneRoster 1.1 or 1.2 CSV with all columns."),
        weight="file",
        file=file,
    )


def no_manifest() -> Fault:
    """The file that says what the export is."""
    return Fault(
        "no-manifest",
        _("The export has no file manifest.csv, which says its version."),
        _("It was read by what the other files hold."),
        weight="note",
    )


def version(file: str, said: str) -> Fault:
    """A version that is not read."""
    return Fault(
        "version",
        _("This is OneRoster %(version)s.") % {"version": shown(said)},
        _("Rostrum reads 1.1 and 1.2. Export one of these."),
        weight="file",
        file=file,
    )


def promised(file: str, name: str, *, needed: bool) -> Fault:
    """The manifest names a file that is not there. Staff and schools do not need what is about classes."""
    return Fault(
        "no-file",
        _("The manifest promises %(name)s.csv, and it is not there.") % {"name": name},
        _("The export may be incomplete. Export it again.") if needed else _("Only classes would need it."),
        weight="file" if needed else "note",
        file=file,
    )


def districts(file: str, names: list[str]) -> Fault:
    """More than one division."""
    return Fault(
        "districts",
        _("The export holds %(n)d districts: %(names)s.") % {"n": len(names), "names": shown(", ".join(names))},
        _("Rostrum serves one division. Export one district."),
        weight="file",
        file=file,
    )


def orphan(file: str, row: int, name: str, parent: str, *, circle: bool) -> Fault:
    """A unit whose parent is not there, or is itself."""
    message = (
        _("“%(name)s” is, by way of its parents, its own parent.")
        if circle
        else _("“%(name)s” names a parent that is not in the export.")
    )
    return Fault(
        "orphan",
        message % {"name": name},
        _("It was placed directly under the division. Correct parentSourcedId in your system."),
        row,
        "parentSourcedId",
        shown(parent),
        "note",
        file,
    )


def double_id(file: str, row: int, value: str) -> Fault:
    """One id for two things."""
    return Fault(
        "double-id",
        _("This sourcedId stands in an earlier row too."),
        _("The first row was used. Each sourcedId must be there once."),
        row,
        "sourcedId",
        shown(value),
        file=file,
    )


def dates(file: str, row: int, ends: date) -> Fault:
    """The end before the beginning."""
    return Fault(
        "dates",
        _("The last day lies before the first day."),
        _("Correct one of the two."),
        row,
        "endDate",
        ends.isoformat(),
        file=file,
    )


def double_email(file: str, row: int, email: str, first: int) -> Fault:
    """One address for two people."""
    return Fault(
        "double-email",
        _("The same e-mail stands in row %(row)d.") % {"row": first},
        _("Two people cannot share an address. Correct one of them in your system."),
        row,
        "email",
        email,
        file=file,
    )


def student_staff(file: str, row: int) -> Fault:
    """Somebody who is both; named by the row only."""
    return Fault(
        "student-staff",
        _("One user is both a student and staff. They were left out."),
        _("If they work here now, take the role of student away in your system."),
        row,
        "role",
        file=file,
    )


def unknown_org(file: str, row: int, column: str, org: str) -> Fault:
    """A member of staff whose school is not there."""
    return Fault(
        "unknown-org",
        _("This person belongs to an organisation that is not in orgs.csv."),
        _("They come without it. Correct it in your system, or choose their school here later."),
        row,
        column,
        shown(org),
        "note",
        file,
    )


def class_orphan(file: str, row: int, school: str) -> Fault:
    """A class whose school is not there."""
    return Fault(
        "orphan",
        _("This class names a school that is not in the export."),
        _("It was left out. Correct schoolSourcedId in your system."),
        row,
        "schoolSourcedId",
        shown(school),
        file=file,
    )


def untaught(file: str, count: int) -> Fault:
    """Classes whose teacher is not among the staff."""
    return Fault(
        "orphan",
        _("%(n)d times, a class is taught by someone who is not among the staff.") % {"n": count},
        _("Check that all teachers are in the export."),
        column="userSourcedId",
        weight="note",
        file=file,
    )
