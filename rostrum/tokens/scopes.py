"""What an access token may be allowed, in words. A scope narrows what its person may do; it never widens it."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person, Role
from rostrum.people.queries import may, roles_of

READ_REQUESTS, ACT_REQUESTS, READ_ACCOUNTS, SCIM = "read:requests", "act:requests", "read:accounts", "scim"
IMPORT_PEOPLE, IMPORT_ACCOUNTS = "import:people", "import:accounts"

SCOPES: MappingProxyType[str, Promise | str] = MappingProxyType(
    {
        READ_REQUESTS: _("Read the requests that you may read"),
        ACT_REQUESTS: _("Start, change, send and decide on requests, as far as you may"),
        READ_ACCOUNTS: _("Read the full record of the accounts that you may read"),
        IMPORT_PEOPLE: _("Bring lists of people and schools in"),
        IMPORT_ACCOUNTS: _("Bring lists of today’s accounts in"),
        SCIM: _("Keep the list of people from the division's own directory (SCIM)"),
    }
)


def scopes_for(person: Person) -> dict[str, Promise | str]:
    """The scopes that a person can give a token: what only some may do is offered only to them."""
    allowed = {
        SCIM: Role.SYSADMIN in roles_of(person),
        IMPORT_PEOPLE: may(person, "person:manage") and may(person, "unit:manage"),
        IMPORT_ACCOUNTS: may(person, "known:import"),
    }
    return {scope: words for scope, words in SCOPES.items() if allowed.get(scope, True)}
