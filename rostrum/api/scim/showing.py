"""How SCIM sees Rostrum: a person as a user, and what this provider can do."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from rostrum.api.models import Provisioned
from rostrum.api.scim.reading import USER
from rostrum.people.models import Person

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MOST_ROWS = 200


def base() -> str:
    """Where the endpoint is."""
    return f"{settings.SITE_URL}/scim/v2"


def externals(people: list[Person]) -> dict[int, str]:
    """The provider's own numbers of some people."""
    return dict(Provisioned.objects.filter(person__in=people).values_list("person_id", "external"))


def user(person: Person, external: str = "") -> dict[str, Any]:
    """A person as a user. Roles and accounts are Rostrum's own affair and are not told."""
    first, _blank, rest = person.name.partition(" ")
    shown: dict[str, Any] = {
        "schemas": [USER], "id": str(person.pk), "userName": person.email, "displayName": person.name,
        "name": {"formatted": person.name, "givenName": first, "familyName": rest}, "title": person.title,
        "userType": person.kind, "active": person.is_active, "preferredLanguage": person.language,
        "emails": [{"value": person.email, "type": "work", "primary": True}],
        "meta": {
            "resourceType": "User", "created": person.created_at.isoformat(), "location": f"{base()}/Users/{person.pk}",
        },
    }  # fmt: skip
    if external:
        shown["externalId"] = external
    return shown


def listed(rows: list[dict[str, Any]], total: int, start: int = 1) -> dict[str, Any]:
    """A list as SCIM wraps it."""
    return {
        "schemas": [LIST], "totalResults": total, "startIndex": start, "itemsPerPage": len(rows), "Resources": rows,
    }  # fmt: skip


def provider() -> dict[str, Any]:
    """What this provider can do, for whoever sets the provisioning up."""
    no = {"supported": False}
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": f"{settings.SITE_URL}/api/docs", "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_ROWS}, "changePassword": no, "sort": no, "etag": no,
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken", "name": "Access token", "primary": True,
                "description": "A token with the scope scim, made by a system administrator under Preferences.",
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base()}/ServiceProviderConfig"},
    }  # fmt: skip


def resource_type() -> dict[str, Any]:
    """The one type of resource: users."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": "User", "name": "User",
        "endpoint": "/Users", "description": "People who work or volunteer for the division", "schema": USER,
        "meta": {"resourceType": "ResourceType", "location": f"{base()}/ResourceTypes/User"},
    }  # fmt: skip


def _attribute(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "name": name, "type": kind, "multiValued": False, "required": False, "mutability": "readWrite",
        "returned": "default", "description": "",
    }  # fmt: skip
    if kind == "string":
        usual |= {"caseExact": False, "uniqueness": "none"}
    return {**usual, **more}


def user_schema() -> dict[str, Any]:
    """The attributes of a user that Rostrum keeps."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"], "id": USER, "name": "User",
        "description": "A person who works or volunteers for the division",
        "attributes": [
            _attribute("userName", required=True, uniqueness="server", description="The work e-mail: one per person."),
            _attribute("displayName", description="The whole name."),
            _attribute(
                "name", "complex", description="The name in parts.",
                subAttributes=[_attribute("formatted"), _attribute("givenName"), _attribute("familyName")],
            ),
            _attribute("title", description="What they are here, for example Grade 4 teacher."),
            _attribute("userType", canonicalValues=["employee", "volunteer"], description="Employee or volunteer."),
            _attribute("active", "boolean", description="False: the person has left, and every role ends."),
            _attribute("preferredLanguage", mutability="readOnly", description="The language they chose here."),
            _attribute(
                "emails", "complex", multiValued=True, mutability="readOnly", description="The work e-mail again.",
                subAttributes=[_attribute("value"), _attribute("type"), _attribute("primary", "boolean")],
            ),
        ],
        "meta": {"resourceType": "Schema", "location": f"{base()}/Schemas/{USER}"},
    }  # fmt: skip
