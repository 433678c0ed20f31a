"""The log's words for acts on the reading of the procedure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {"acknowledgement:give": _("{who} said that they have read {subject}.")}
