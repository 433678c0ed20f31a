"""Text that people write into cases: plain, within its limit, and never a secret."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean

LONG, SHORT = 4000, 2000


def prose(typed: str, field: str, *, limit: int = SHORT, missing: str = "") -> str:
    """A text as it is kept. Raises Invalid beside the field: unsafe, too long, a secret, or missing where it must be.

    `missing` is what is said when nothing was written; empty where nothing need be.
    """
    try:
        text = clean(typed, multiline=True, max_length=limit)
    except UnsafeText:
        raise _wrong(field, _("Write it in plain text of at most %(limit)d characters.") % {"limit": limit}) from None
    if looks_secret(text):
        raise _wrong(field, _("This looks like a password. Rostrum keeps none: take it out, and have it changed."))
    if missing and not text:
        raise _wrong(field, missing)
    return text


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [message]})
