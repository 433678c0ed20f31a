"""The log's words for acts on lists that were brought in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "import:apply": _("{who} brought people in from the file {subject}."),
    "accountlist:bring_in": _("{who} brought a list of today's accounts in: {subject}."),
    "postlist:drop": _("{who} gave up a list of last posts: {subject}."),
    "accountlist:drop": _("{who} gave up a list of accounts: {subject}."),
}
