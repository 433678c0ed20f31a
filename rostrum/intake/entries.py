"""Owns reading one value of a person or a unit out of a cell, with the fault to tell when it cannot be used."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from rostrum.core.text import UnsafeText, clean
from rostrum.intake.days import Unreadable, as_day
from rostrum.intake.faults import Fault, shown


class Bad(Exception):
    """A value that cannot be used; carries the fault that says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def text_of(value: str, limit: int, *, row: int, column: str, file: str = "", required: bool = False) -> str:
    """A one-line text as it may be kept. Raises Bad."""
    try:
        kept = " ".join(clean(value.replace("\n", " ").replace("\t", " "), max_length=limit).split())
    except UnsafeText as error:
        long = error.reason == "too_long"
        raise Bad(
            Fault(
                "too-long" if long else "letters",
                _("This value is longer than %(limit)d characters.") % {"limit": limit}
                if long
                else _("This value holds characters that cannot be kept."),
                _("Shorten it.") if long else _("Delete the value and type it anew."),
                row,
                column,
                shown(value),
                file=file,
            )
        ) from None
    if required and not kept:
        raise Bad(
            Fault(
                "missing",
                _("Nothing stands here."),
                _("Fill in this cell, or take the row out."),
                row,
                column,
                file=file,
            )
        )
    return kept


def email_of(value: str, *, row: int, column: str, file: str = "") -> str:
    """A work e-mail in small letters. Raises Bad for one that is missing or is no address."""
    text = text_of(value, 254, row=row, column=column, file=file, required=True).lower().removeprefix("mailto:")
    if text.endswith(">") and "<" in text:
        text = text[text.rindex("<") + 1 : -1].strip()
    try:
        validate_email(text)
    except ValidationError:
        raise Bad(
            Fault(
                "email",
                _("This is no e-mail address."),
                _("Write one whole work address, for example r.okafor@lpsd.ca."),
                row,
                column,
                shown(value),
                file=file,
            )
        ) from None
    return text


def day_of(value: str, *, row: int, column: str, file: str = "") -> date | None:
    """A day, or None for an empty cell. Raises Bad for one that cannot be read or has two readings."""
    if not value.strip():
        return None
    try:
        return as_day(value)
    except Unreadable as error:
        raise Bad(
            Fault(
                "date",
                _("This could be two different days.") if error.ambiguous else _("This is no day that can be read."),
                _("Write the day as year-month-day, for example 2026-09-01."),
                row,
                column,
                shown(value),
                file=file,
            )
        ) from None
