"""The log's words for acts on units, people, appointments and stand-ins."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "unit:add": _("{who} added the unit {subject}."),
    "unit:change": _("{who} changed the unit {subject}."),
    "unit:close": _("{who} closed the unit {subject}."),
    "person:add": _("{who} added {subject}."),
    "person:change": _("{who} changed the entry of {subject}."),
    "person:leave": _("{who} noted that {subject} has left."),
    "person:return": _("{who} noted that {subject} is back."),
    "person:preferences": _("{who} changed their own preferences."),
    "list:export": _("{who} took a table away: {subject}."),
    "appointment:start": _("{who} appointed {subject}."),
    "appointment:end": _("{who} ended the appointment {subject}."),
    "standin:name": _("{who} named a stand-in: {subject}."),
    "standin:cancel": _("{who} cancelled the stand-in: {subject}."),
}
