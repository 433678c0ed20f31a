"""trust.txt: the division's accounts and relations in the format that search engines and news checkers read.

Published by JournalList (reference document of 2020-2024, individual Internet-Draft "Organization Trust Relationship
Protocol"): UTF-8 text, one `variable=value` a line, `#` starts a comment, at /trust.txt and /.well-known/trust.txt.
"""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rostrum.directory.machines import for_machines, send_made
from rostrum.people.queries import division
from rostrum.registry import directory as register
from rostrum.registry.states import Standing

# What the division may say of itself in settings (ROSTRUM_TRUST), in the order in which it is written.
RELATIONS = ("member", "belongto", "control", "controlledby", "vendor", "customer", "disclosure", "datatrainingallowed")


@for_machines
def trust(request: HttpRequest) -> HttpResponseBase:
    """The file, the same at both of its addresses."""
    return send_made(request, ("trust",), lambda: (trust_txt().encode(), ""), kind="text/plain; charset=utf-8")


def trust_txt() -> str:
    """`social` for every account that may be relied on today, how to reach the division, and what it said in settings.

    Suspended and retired accounts are left out: a line here says "this is us" without any "but".
    """
    root = division()
    name = settings.DIVISION_NAME or (root.name if root else settings.SITE_NAME)
    lines = [f"# {_plain(name)}", f"# {settings.SITE_URL}/", ""]
    given = {str(name): values for name, values in settings.TRUST.items()}
    for relation in RELATIONS:
        lines += [f"{relation}={_value(value)}" for value in given.get(relation, ())]
    email = settings.CONTACT_EMAIL or (root.email if root else "")
    contacts = [f"mailto:{email}"] if email else []
    if root is not None and root.website:
        contacts.append(root.website)
    lines += [f"contact={_value(contact)}" for contact in contacts]
    official = register.directory().filter(state__in=[Standing.RECOGNISED, Standing.REVIEW]).select_related(None)
    lines += [f"social={_value(address)}" for address in official.values_list("address", flat=True)]
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    return " ".join(words.split())


def _value(value: str) -> str:
    """An address on one line in which nothing is taken for a comment or a second line."""
    return quote(value.strip(), safe="/:?=&@%+,;~!$'()*[].-_")
