"""The log's words for acts on procedures and their settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "edition:load": _("{who} published {subject}."),
    "edition:bring_into_force": _("{who} brought {subject} into force."),
    "setting:set": _("{who}, {role}, chose a setting: {subject}."),
    "graduated:set": _("{who}, {role}, wrote down the division's graduated actions."),
    "graduated:clear": _("{who}, {role}, took the division's graduated actions back."),
    "setting:clear": _("{who}, {role}, cleared a setting: {subject}."),
}
