"""Owns the words about files that cannot be read, or only in part: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.intake import limits
from rostrum.intake.faults import Fault, Weight, shown


def _save_as() -> str:
    return _("Open the list in Excel, LibreOffice or Google Sheets, save it as XLSX or CSV, and bring that file.")


def unusable_kind(kind: str) -> Fault:
    """A file that is no list at all, by what it is."""
    if kind == "cut":
        return opened_badly("damaged")
    words = {
        "empty": (_("There is nothing in this file."), _("Check that you chose the right file and save it again.")),
        "pdf": (_("This is a PDF. A PDF holds pages, not rows."), _save_as()),
        "html": (_("This is a web page, although its name may end in .xls or .csv."), _save_as()),
        "xml": (_("This is an XML file, not a list."), _save_as()),
        "packed": (_("This file is packed."), _("Unpack it and bring the list that is inside.")),
        "picture": (_("This is a picture. Rows can't be read from a picture."), _save_as()),
        "document": (_("This is a text document or a presentation, not a list."), _save_as()),
        "zip": (
            _("This is a zip with other files in it, neither a list nor a OneRoster export."),
            _(
                "Unpack it and bring the list that is inside. A OneRoster zip has orgs.csv and users.csv in it, and belongs "
                "under “People and schools”."
            ),
        ),
    }
    message, remedy = words[kind]
    return Fault(kind, message, remedy, weight="file")


def opened_badly(code: str, *, row: int = 0, value: str = "") -> Fault:
    """A list that stops making sense, at opening or on the way."""
    words = {
        "binary": (_("This is not a list: it holds bytes that are no text."), _save_as()),
        "line": (
            _("A line of this file never ends."),
            _save_as(),
        ),
        "quote": (
            _("A quotation mark is opened here and never closed. The upload may have been cut off."),
            _("Upload the file again. If that does not help, look at this row and add or remove the mark."),
        ),
        "damaged": (
            _("This file is damaged, or was cut off on its way here."),
            _("Upload it again. If that does not help, open it, save it under a new name, and bring that file."),
        ),
        "password": (
            _("This file is locked with a password."),
            _("Open it, take the password off, save it, and bring it again."),
        ),
        "bomb": (
            _("This file unpacks to far more than a list of people or accounts can be. It was not opened."),
            _("Copy the rows you need into a new, empty workbook and bring that one."),
        ),
        "memory": (
            _("Reading this file takes more memory or time than Rostrum allows one file."),
            _(
                "There may be a value far away from the list, in a last row or column. Copy only the rows of the list "
                "into a new, empty workbook, or save the sheet as CSV."
            ),
        ),
        "sheet": (_("The workbook has no visible sheet of this name."), _("Choose one of its sheets.")),
        "empty": (_("There is nothing in this workbook."), _("Check that you chose the right file and save it again.")),
    }
    message, remedy = words[code]
    return Fault(code, message, remedy, row=row, value=shown(value), weight="file")


def encoding_assumed(name: str) -> Fault:
    """Nothing in the file said how its letters are written."""
    names = {"cp1252": _("Windows-1252 (Western European)"), "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
    return Fault(
        "encoding",
        _("The file does not say how its letters are written. It was read as %(encoding)s.")
        % {"encoding": names.get(name, name)},
        _("Look at a name with an accent. If it is wrong, save the file as “CSV UTF-8” and bring it again."),
        weight="note",
    )


def ends_in_a_letter() -> Fault:
    """The last bytes are half a letter."""
    return Fault(
        "cut",
        _("The file ends in the middle of a letter: it was cut off on its way here."),
        _("Upload it again."),
        weight="file",
    )


def one_of_many_sheets(sheet: str, count: int) -> Fault:
    """A workbook of several sheets: only one was read."""
    return Fault(
        "sheets",
        _("The workbook has %(n)d sheets. Only “%(sheet)s” was read.") % {"n": count, "sheet": sheet},
        _("If the list is on another sheet, choose that one."),
        weight="note",
    )


def too_large(size: int) -> Fault:
    """The file is larger than any list."""
    return Fault(
        "too-large",
        _("The file has %(size)d MB. The limit is %(limit)d MB.")
        % {"size": size // 1_000_000, "limit": limits.FILE_BYTES // 1_000_000},
        _("Leave out columns that are not needed, or bring the list in several files."),
        weight="file",
    )


def too_many_rows(row: int) -> Fault:
    """More rows than any list."""
    return Fault(
        "too-many-rows",
        _("The list has more than %(n)d rows.") % {"n": limits.ROWS},
        _("Bring it in several files."),
        row=row,
        weight="file",
    )


def too_many_columns(count: int) -> Fault:
    """More columns than any list."""
    return Fault(
        "too-many-columns",
        _("The list has %(n)d columns. The limit is %(limit)d.") % {"n": count, "limit": limits.COLUMNS},
        _("Leave out columns that are not needed."),
        weight="file",
    )


def extra_cell(row: int, column: str, value: str, separator: str) -> Fault:
    """A value that stands to the right of the last column."""
    remedy = _("Move the value under a header, or delete it.")
    if separator:
        remedy = _("A “%(sign)s” inside a value moves all that follows. Put that value in quotation marks.") % {
            "sign": separator
        }
    return Fault(
        "extra-cell",
        _("This row has more values than the list has columns."),
        remedy,
        row=row,
        column=column,
        value=shown(value),
    )


def too_long(row: int, column: str, value: str) -> Fault:
    """A cell that holds a whole text."""
    return Fault(
        "too-long",
        _("This value has %(n)d characters. The limit is %(limit)d.")
        % {"n": len(value), "limit": limits.CELL_CHARACTERS},
        _("Shorten it."),
        row=row,
        column=column,
        value=shown(value),
    )


def unreadable_letters(row: int, column: str, value: str) -> Fault:
    """Bytes that are no letters in the file's encoding."""
    return Fault(
        "letters",
        _("This value holds letters that cannot be read."),
        _("Correct the value, save the file as “CSV UTF-8” or XLSX, and bring it again."),
        row=row,
        column=column,
        value=shown(value.replace("\x00", "�")),
    )


def cut_off(row: int) -> Fault:
    """The last row is short and its line never ends."""
    return Fault(
        "cut",
        _("The last row is incomplete: the file was probably cut off on its way here."),
        _("Upload it again, and check that its last row is the last row of your list."),
        row=row,
        weight="file",
    )


def same_header(row: int, name: str) -> Fault:
    """Two columns of the same name."""
    return Fault(
        "same-header",
        _("Two columns are called “%(name)s”. The first is used.") % {"name": name},
        _("If the second is the right one, rename the first."),
        row=row,
        column=name,
        weight="note",
    )


def lost_cell(row: int, column: str, code: str, value: str, *, matters: bool) -> Fault:
    """A formula whose result is not in the file, or whose result is an error."""
    weight: Weight = "row" if matters else "note"
    if code == "formula":
        return Fault(
            "formula",
            _("This cell holds a formula, and its result is not in the file."),
            _("Open the file in Excel or LibreOffice, save it there, and bring it again. Or type the value itself."),
            row=row,
            column=column,
            weight=weight,
        )
    return Fault(
        "cell-error",
        _("This cell holds a formula that went wrong."),
        _("Repair the formula, or type the value itself."),
        row=row,
        column=column,
        value=shown(value),
        weight=weight,
    )


def merged_cells(first: int, last: int, column: str) -> Fault:
    """Cells that were made one."""
    rows = last - first + 1
    return Fault(
        "merged",
        ngettext(
            "Cells side by side are merged here. Each column of the area got their value.",
            "%(n)d rows share one merged cell here. Each of them got its value.",
            rows,
        )
        % {"n": rows},
        _("Check these rows. To be sure, unmerge the cells and fill in each one."),
        row=first,
        column=column,
        weight="note",
    )
