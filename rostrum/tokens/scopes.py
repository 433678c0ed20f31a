"""What an access token may be allowed, in words. A scope narrows what its person may do; it never widens it."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ_REQUESTS, ACT_REQUESTS, READ_ACCOUNTS = "read:requests", "act:requests", "read:accounts"

SCOPES: MappingProxyType[str, Promise | str] = MappingProxyType(
    {
        READ_REQUESTS: _("Read the requests that you may read"),
        ACT_REQUESTS: _("Start, change, send and decide on requests, as far as you may"),
        READ_ACCOUNTS: _("Read the full record of the accounts that you may read"),
    }
)
