"""The feed of changes: which accounts became official, were suspended, restored, retired or renamed (Atom)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from rostrum.core.dates import day
from rostrum.core.errors import WrongState
from rostrum.directory.asked import Asked, asked, refused
from rostrum.directory.machines import Made, for_machines, send_made
from rostrum.directory.rows import address
from rostrum.directory.words import name_there
from rostrum.people.queries import division
from rostrum.policies.queries import text
from rostrum.registry import directory as register
from rostrum.registry.change_models import FormerDetails
from rostrum.registry.dated import CHANGED, RESTORED, Change, newest_changes
from rostrum.registry.listing import OFFICIAL, RETIRED, SUSPENDED, speaks_for
from rostrum.registry.platforms import catalogue

PAGE_ENTRIES = 50
LANGUAGES = {"en": "en-ca", "fr": "fr-ca"}
KIND = "application/atom+xml; charset=utf-8"
# Under this name every entry's id is derived: it may never change, or readers would show all of it as new.
NAMESPACE = uuid.UUID("6f1a8d52-53c5-5c0e-9b1f-0c7a1d93b193")
# For a directory in which nothing has happened yet: a feed must say when it was last changed.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """Atom with the links of a paged feed (RFC 5005): readers that follow `next` get everything."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """What Atom asks for, then where the pages are."""
        super().add_root_elements(handler)
        for rel, href in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": rel, "href": href, "type": "application/atom+xml"})

    def latest_post_date(self) -> datetime:
        """When the newest entry happened."""
        return max((item["updateddate"] for item in self.items), default=NEVER)


@for_machines
def feed(request: HttpRequest) -> HttpResponseBase:
    """`/directory.atom`: q, school, kind and platform as on the page, `lang` en or fr, `page`."""
    wanted, typed, lang = asked(request), request.GET.get("page", "1"), request.GET.get("lang", "en")
    problems = dict(wanted.problems)
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
    if number < 1:
        problems["page"] = _("A number from 1 on.")
    if lang not in LANGUAGES:
        problems["lang"] = _("One of: %(values)s") % {"values": ", ".join(LANGUAGES)}
    if wanted.on:
        problems["on"] = _("The feed tells every change with its day; a past day belongs to the JSON, CSV or page.")
    if problems:
        return refused(problems)
    key = ("atom", wanted.query, lang, str(number))
    return send_made(request, key, lambda: atom_of(wanted, lang, number), kind=KIND, lang=lang)


def atom_of(wanted: Asked, lang: str = "en", number: int = 1, *, size: int = PAGE_ENTRIES) -> Made:
    """One page of the feed, in a language."""
    narrowed = wanted.text or wanted.unit or wanted.kind or wanted.platform
    accounts = register.directory(**{**wanted.wanted, "retired": True}) if narrowed else None
    found = newest_changes((number - 1) * size, number * size + 1, accounts)
    with translation.override(LANGUAGES[lang]):
        return _drawn(found[:size], wanted, lang, number, more=len(found) > size).encode(), ""


def _drawn(found: list[Change], wanted: Asked, lang: str, number: int, *, more: bool) -> str:
    def at(page: int) -> str:
        tongue = {"lang": lang} if lang != "en" else {}
        return address("atom", wanted.query, **tongue, **({"page": str(page)} if page > 1 else {}))

    pages = {"first": at(1)} | ({"previous": at(number - 1)} if number > 1 else {})
    root = division()
    name = settings.DIVISION_NAME or (root.name if root else settings.SITE_NAME)
    labels = _labels()
    drawn = Feed(
        title=_("Official accounts of %(division)s: changes") % {"division": name},
        link=address("home", wanted.query),
        description=None,
        subtitle=_(
            "Accounts that became official, were suspended, restored, retired, or got another name or address."
        ),
        language=f"{lang}-CA", author_name=name, feed_url=at(number), feed_guid=at(1),
        pages=pages | ({"next": at(number + 1)} if more else {}),
    )  # fmt: skip
    for one in found:
        drawn.add_item(**_entry(one, labels))
    return drawn.writeString("utf-8")


def _labels() -> dict[str, str]:
    try:
        return {platform.key: text(platform.label) for platform in catalogue()}
    except WrongState:  # before a procedure is loaded there is nothing official either
        return {}


def _renamed(before: FormerDetails, said: dict[str, str]) -> str:
    """What of an account is called otherwise since a day. An address that it left is to be relied on no more."""
    now = before.change
    told = [_("%(handle)s on %(platform)s, %(unit)s: the directory changed on %(day)s.") % said]
    # Against what that change said, so that an entry stays true when the account is renamed once more.
    if before.name != now.name:
        told.append(_("It was called %(name)s before.") % {"name": before.name})
    if before.address != now.address:
        told.append(_("Its address was %(address)s before. Do not rely on that one.") % {"address": before.address})
    if before.unit_id != now.unit_id:
        told.append(_("It spoke for %(unit)s before.") % {"unit": before.unit.name})
    return " ".join(told)


def _entry(one: Change, labels: dict[str, str]) -> dict[str, Any]:
    """An entry in words: what happened, to whose account, on which day."""
    account = one.account
    platform = labels.get(account.platform, account.platform)
    said = {
        "name": account.name, "platform": platform, "handle": name_there(account.platform, account.handle),
        "unit": speaks_for(account), "day": day(one.at),
    }  # fmt: skip
    titles = {
        OFFICIAL: _("Official: %(name)s (%(platform)s)"), SUSPENDED: _("Suspended: %(name)s (%(platform)s)"),
        RESTORED: _("Official again: %(name)s (%(platform)s)"), RETIRED: _("Retired: %(name)s (%(platform)s)"),
        CHANGED: _("Changed: %(name)s (%(platform)s)"),
    }  # fmt: skip
    sentences = {
        OFFICIAL: _("%(handle)s on %(platform)s speaks for %(unit)s since %(day)s."),
        SUSPENDED: _("The official mark of %(handle)s on %(platform)s (%(unit)s) is suspended since %(day)s. "
                     "Do not rely on it for now."),
        RESTORED: _("%(handle)s on %(platform)s speaks for %(unit)s again since %(day)s."),
        RETIRED: _("%(handle)s on %(platform)s no longer speaks for %(unit)s since %(day)s. Do not rely on it."),
    }  # fmt: skip
    described = _renamed(one.before, said) if one.before else sentences[one.kind] % said
    if one.kind == RETIRED and account.merged_into is not None:
        described += " " + _("It was merged into %(name)s.") % {"name": account.merged_into.name}
    moment = one.at.astimezone(UTC)
    return {
        "title": titles[one.kind] % said, "description": described,
        "link": settings.SITE_URL + reverse("directory:account", args=[account.public_id]),
        "unique_id": f"urn:uuid:{uuid.uuid5(NAMESPACE, f'{account.public_id} {one.kind} {moment.isoformat()}')}",
        "updateddate": moment, "pubdate": moment, "categories": [one.kind, account.platform],
    }  # fmt: skip
