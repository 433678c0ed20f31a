"""Reading what a provider sends: a filter, a user, a list of changes; with the habits of Okta, Entra and Google.

Attribute names are compared without case. What Rostrum does not keep (phones, addresses, departments) is passed over,
because providers send all they have; what it keeps is judged by the same rules as on the pages.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rostrum.api.scim.errors import ScimError

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
FILTER = re.compile(r'\s*([A-Za-z][\w.:\[\]" -]{0,120}?)\s+eq\s+("(?:[^"\\]|\\.){0,300}"|true|false)\s*', re.IGNORECASE)
FILTERED = {"username": "email", "emails.value": "email", 'emails[type eq "work"].value': "email", "emails": "email",
            "externalid": "external", "id": "pk", "active": "active"}  # fmt: skip
MOST_CHANGES = 100


@dataclass
class User:
    """What was said of a person. None: nothing was said."""

    email: str | None = None
    external: str | None = None
    formatted: str | None = None
    given: str | None = None
    family: str | None = None
    display: str | None = None
    title: str | None = None
    active: bool | None = None
    kind: str | None = None

    def name(self, before: str = "") -> str:
        """The whole name: as displayed or formatted, else put together; what is not said stays as it was."""
        if self.display or self.formatted:
            return (self.display or self.formatted or "").strip()
        if self.given is None and self.family is None:
            return before
        first, _blank, rest = before.partition(" ")
        return f"{first if self.given is None else self.given} {rest if self.family is None else self.family}".strip()


@dataclass(frozen=True)
class Filter:
    """One equality: a column and what it must be."""

    column: str = ""
    value: Any = field(default=None)


def filter_of(typed: str) -> Filter:
    """The filter of a list. Providers ask for one user by name or number; anything else is invalidFilter."""
    if not typed.strip():
        return Filter()
    found = FILTER.fullmatch(typed)
    column = FILTERED.get(found[1].strip().lower().removeprefix(f"{USER.lower()}:")) if found else None
    if found is None or column is None:
        said = _("Filter by userName, emails.value, externalId, id or active with eq.")
        raise ScimError(400, said, "invalidFilter")
    try:
        value = json.loads(found[2] if found[2].startswith('"') else found[2].lower())
    except ValueError:
        raise ScimError(400, _("The filter's text cannot be read."), "invalidFilter") from None
    if column == "active":
        return Filter(column, truth(value))
    if not isinstance(value, str):
        raise ScimError(400, _("The filter's value must be a text."), "invalidFilter")
    return Filter(column, value)


def truth(value: Any) -> bool:
    """A yes or no. Entra sends it as the text "False"."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    raise ScimError(400, _("active must be true or false."), "invalidValue")


def user_of(body: Any) -> User:
    """A whole user, as POST and PUT send it."""
    if not isinstance(body, dict):
        raise ScimError(400, _("Send a user as a JSON object."), "invalidSyntax")
    found = User()
    for key, value in body.items():
        take(found, str(key), value)
    return found


def _text(key: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 300:
        raise ScimError(400, _("%(name)s must be a text of at most 300 characters.") % {"name": key}, "invalidValue")
    return value.strip()


def take(user: User, key: str, value: Any) -> None:
    """Take over one attribute by its name, in any letter case; one that Rostrum does not keep is passed over."""
    name = key.lower().removeprefix(f"{USER.lower()}:")
    if name == "username":
        user.email = _text(key, value)
    elif name == "externalid":
        user.external = _text(key, value)
    elif name == "displayname":
        user.display = _text(key, value)
    elif name == "title":
        user.title = _text(key, value)
    elif name == "active":
        user.active = truth(value)
    elif name == "usertype":
        user.kind = _text(key, value).lower()
    elif name == "name" and isinstance(value, dict):
        for part, words in value.items():
            take(user, f"name.{part}", words)
    elif name in {"name.formatted", "name.givenname", "name.familyname"}:
        setattr(
            user, {"formatted": "formatted", "givenname": "given", "familyname": "family"}[name[5:]], _text(key, value)
        )


def changes_of(body: Any) -> User:
    """The changes of a PATCH, one after the other (RFC 7644 section 3.5.2)."""
    known = {str(key).lower(): value for key, value in body.items()} if isinstance(body, dict) else {}
    operations = known.get("operations")
    if PATCH not in (known.get("schemas") or []) or not isinstance(operations, list) or len(operations) > MOST_CHANGES:
        raise ScimError(400, _("Send a PatchOp with a list of operations."), "invalidSyntax")
    found = User()
    for one in operations:
        _change(found, one)
    return found


def _change(user: User, operation: Any) -> None:
    if not isinstance(operation, dict):
        raise ScimError(400, _("An operation must be an object."), "invalidSyntax")
    said = {str(key).lower(): value for key, value in operation.items()}
    act, path, value = str(said.get("op", "")).lower(), said.get("path"), said.get("value")
    if act not in {"add", "replace", "remove"}:
        raise ScimError(400, _("An operation must be add, replace or remove."), "invalidSyntax")
    if path is not None and not isinstance(path, str):
        raise ScimError(400, _("A path must be a text."), "invalidPath")
    if act == "remove":
        if not path:
            raise ScimError(400, _("Say what is to be removed."), "noTarget")
        if path.lower() in {"title", "externalid"}:
            take(user, path, "")
        elif path.lower() in {"username", "active", "id"}:
            raise ScimError(400, _("This cannot be removed."), "mutability")
    elif path:
        take(user, path, value)
    elif isinstance(value, dict):  # Okta leaves the path out
        for key, inner in value.items():
            take(user, str(key), inner)
    else:
        raise ScimError(400, _("Say what is to be changed."), "invalidValue")
