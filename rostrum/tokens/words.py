"""The log's words for acts on access tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "token:make": _("{who} made an access token: {subject}."),
    "token:revoke": _("{who} ended an access token: {subject}."),
}
