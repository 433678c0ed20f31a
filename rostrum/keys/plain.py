"""Free text of the forms about resets: cleaned, of a length, and refused when it seems to hold a secret."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean

NOTE, ENTRY, NAME, WHY = 2000, 200, 120, 300


def refuse_secret(text: str, field: str) -> None:
    """Raise Invalid beside a field whose text looks like a password; the text itself is in no message."""
    if looks_secret(text):
        message = _(
            "This looks like a password, so Rostrum did not keep it. Say it without, or name the place where it is kept, "
            "for example “Office vault, entry 14”."
        )
        raise Invalid(message, fields={field: [message]})


def plain(text: str, field: str, limit: int = NOTE, *, needed: str = "") -> str:
    """A text as it may be kept; Invalid beside its field when it cannot be. `needed` is said when nothing is there.

    Nothing that looks like a password passes: house rule, AP 193 3.4 asks for a reset and never for a secret.
    """
    try:
        cleaned = clean(text, multiline=limit > ENTRY, max_length=limit)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": limit}
        raise Invalid(message, fields={field: [message]}) from None
    if needed and not cleaned:
        raise Invalid(needed, fields={field: [needed]})
    refuse_secret(cleaned, field)
    return cleaned
