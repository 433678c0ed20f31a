"""What an access token may be allowed, in words. A scope narrows what its person may do; it never widens it."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person, Role
from rostrum.people.queries import roles_of

READ_REQUESTS, ACT_REQUESTS, READ_ACCOUNTS, SCIM = "read:requests", "act:requests", "read:accounts", "scim"

SCOPES: MappingProxyType[str, Promise | str] = MappingProxyType(
    {
        READ_REQUESTS: _("Read the requests that you may read"),
        ACT_REQUESTS: _("Start, change, send and decide on requests, as far as you may"),
        READ_ACCOUNTS: _("Read the full record of the accounts that you may read"),
        SCIM: _("Keep the list of people from the division's own directory (SCIM)"),
    }
)


def scopes_for(person: Person) -> dict[str, Promise | str]:
    """The scopes that a person can give a token: keeping the list of people is the system administrator's."""
    own = roles_of(person)
    return {scope: words for scope, words in SCOPES.items() if scope != SCIM or Role.SYSADMIN in own}
