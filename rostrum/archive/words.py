"""The log's words for acts on captured posts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "post:keep": _("{who} kept a post as it stood."),
    "post:gone": _("{who} noted that the post is gone from the platform."),
    "post:back": _("{who} noted that the post is there again."),
}
