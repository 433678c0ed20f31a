"""The log's words for the one act of the demonstration itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {"demo:seed": _("Rostrum filled this database with an invented division.")}
