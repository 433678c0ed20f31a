"""Which column of a list of accounts means what: names as people write them, in English and French."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.intake.tables import plain_header

# In the order in which a preview shows them.
FIELDS: dict[str, Promise | str] = {
    "address": _("Address or handle"),
    "platform": _("Platform"),
    "name": _("Name"),
    "unit": _("School or unit"),
    "manager": _("Who looks after it"),
    "mailbox": _("E-mail it is bound to"),
    "note": _("Note"),
}
NAMES: dict[str, tuple[str, ...]] = {
    "address": (
        "address", "url", "link", "account", "account url", "account link", "profile", "profile url", "profile link",
        "page", "web address", "website", "handle", "username", "user name", "account handle", "address or handle",
        "adresse", "lien", "compte", "adresse du compte", "lien du compte", "profil", "identifiant",
        "nom d utilisateur", "pseudo", "hyperlien",
    ),
    "platform": (
        "platform", "network", "social network", "service", "site", "social media", "type", "type of account",
        "plateforme", "reseau", "reseau social", "media social",
    ),
    "name": (
        "name", "account name", "display name", "shown name", "title", "page name", "name of account",
        "nom", "nom du compte", "nom affiche", "titre",
    ),
    "unit": (
        "school", "unit", "school name", "site name", "department", "school or department", "building", "location",
        "school unit", "school or unit", "which school", "group", "club", "class", "ecole", "unite", "nom de l ecole",
        "etablissement", "service ou ecole", "ecole ou service",
    ),
    "manager": (
        "manager", "content manager", "who runs it", "who looks after it", "run by", "managed by", "owner", "contact",
        "contact person", "staff", "staff contact", "person responsible", "responsible", "admin", "administrator",
        "teacher", "responsable", "gestionnaire", "gestionnaire de contenu", "personne responsable", "qui s en occupe",
        "gere par", "personne ressource", "proprietaire", "who", "by whom", "qui",
    ),
    "mailbox": (
        "mailbox", "email", "e mail", "account email", "account e mail", "login email", "email address", "bound to",
        "e mail it is bound to", "recovery email", "sign in email", "courriel", "courriel du compte", "adresse courriel",
        "boite aux lettres", "boite courriel",
    ),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks", "remarque", "remarques", "commentaire",
             "commentaires"),
}  # fmt: skip
ALL = frozenset(name for names in NAMES.values() for name in names)
_WHICH = {name: field for field, names in NAMES.items() for name in names}
Mapping = dict[str, int]


def guess(header: Sequence[str]) -> Mapping:
    """The column of each field, by its name; the first that fits. A field that no column fits is left out.

    An address column beats a handle column where a list has both: the address says the platform, too.
    """
    found: Mapping = {}
    for index, name in enumerate(header):
        field = _WHICH.get(plain_header(name))
        if field is not None and field not in found:
            found[field] = index
    bare = {"handle", "username", "user name", "account handle", "identifiant", "pseudo", "nom d utilisateur"}
    at = found.get("address")
    if at is not None and plain_header(header[at]) in bare:
        better = next(
            (
                i
                for i, n in enumerate(header)
                if _WHICH.get(plain_header(n)) == "address" and plain_header(n) not in bare
            ),
            None,
        )
        found["address"] = at if better is None else better
    return found


def sound(mapping: Mapping, width: int) -> Mapping:
    """A mapping with only known fields, each pointing at a column that exists, no column twice."""
    out: Mapping = {}
    for field in FIELDS:
        index = mapping.get(field)
        if isinstance(index, int) and 0 <= index < width and index not in out.values():
            out[field] = index
    return out
