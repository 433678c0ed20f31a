"""Is this account ours? The one public answer about a pasted address or handle, and how it is reached.

The rule: only an address that the register holds, read as the same kind of place on the same platform, is ever
called official. A name that merely equals, resembles or contains a registered one is not. What is not registered
yet (a request on its way) is answered like anything unknown, so nobody learns of it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from rostrum.connectors import Resolved, resolve
from rostrum.core.dates import day
from rostrum.policies.queries import text
from rostrum.policies.schema import PlatformEntry
from rostrum.registry.addresses import explain as explain_address
from rostrum.registry.change_models import FormerDetails
from rostrum.registry.closing_queries import handle_words
from rostrum.registry.likeness import nearest, same_handle
from rostrum.registry.listing import OFFICIAL, SUSPENDED, listed, public_fields, public_standing, speaks_for
from rostrum.registry.models import Account
from rostrum.registry.numbers import number_of
from rostrum.registry.platforms import catalogue
from rostrum.registry.states import Standing

INPUT_LIMIT = 2048  # characters; no address of an account is longer
ECHOED = 200  # of a longer text, this much is shown back
BARE = "bare handle without a platform"
# Read well enough to know that it is no account of ours, although the text names no account that we could look up.
KNOWN_ELSEWHERE = frozenset(
    {"unsupported platform", "retired platform", "look-alike host", "third-party mirror", "link hub, not an account"}
)
# Texts in which a name of ours may be hidden: disguised letters, a copied website, the same name somewhere else.
MAY_IMITATE = KNOWN_ELSEWHERE | {"invalid handle", "non-ASCII host", "userinfo in URL", "not an address or a handle"}


@dataclass(frozen=True)
class Answer:
    """The public answer (contract: `verify`).

    `account` is there for official and retired, `resembles` for a look-alike.
    """

    input: str
    result: str  # official, retired, not_ours, look_alike, unreadable
    headline: str
    explanation: str
    account: Account | None = None
    resembles: Account | None = None
    platform: str = ""
    canonical_url: str = ""
    moved: bool = False  # the account stands elsewhere now; pages say so, machines read it in the explanation

    def as_dict(self, site: str = "") -> dict[str, Any]:
        """The answer for machines; only public fields. `account` is null unless the account itself is registered."""
        return {
            "input": self.input, "result": self.result, "headline": self.headline, "explanation": self.explanation,
            "platform": self.platform or None, "canonical_url": self.canonical_url or None,
            "account": public_fields(self.account, site) if self.account else None,
            "resembles": public_fields(self.resembles, site) if self.resembles else None,
        }  # fmt: skip


def verify(typed: str) -> Answer:
    """Whether a pasted address or handle is an official account of the division (AP 193 1.2, 3.2).

    official: registered and in good standing. retired: registered, but not to be relied on (retired, suspended for
    now, or an address that the account has left). not_ours: read, and not in the register. look_alike: not in the
    register, but easily taken for an account that is. unreadable: no account can be read from the text, or more than
    one could be meant.
    Never guesses in the asker's favour, never raises whatever the text holds.
    """
    shown = typed.strip()
    if not shown or len(typed) > INPUT_LIMIT:
        return Answer(shown[:ECHOED], "unreadable", _("We cannot read this"),
                      _("Paste the address of a profile, for example https://www.instagram.com/name."))  # fmt: skip
    found = resolve(shown)
    entries = catalogue()
    if found.status == "reject":
        return _without_address(shown, found, entries)
    key = next((p.key for p in entries if found.platform == p.connector or found.platform in p.connectors), "")
    account = _registered(key, found)
    if account is not None:
        return _about(shown, account, found.canonical_url)
    before = _formerly(key, found)
    if before is not None:
        return _moved_on(shown, before, found.canonical_url)
    names = [found.handle] if found.handle else []
    close = nearest(names, key)
    if close:
        return _look_alike(shown, close[0], close[1], entries, key, found.canonical_url)
    if found.kind == "link":
        return Answer(shown, "unreadable", _("We cannot tell from this address"), str(explain_address(found)),
                      platform=key, canonical_url=found.canonical_url)  # fmt: skip
    if not found.handle and _known_by_name(key):
        said = _(
            "This address holds a number only, and we know our accounts on %(platform)s by their names. "
            "Open it, then copy the address that shows the name."
        ) % {"platform": _label(entries, key)}
        return Answer(shown, "unreadable", _("We cannot tell from this address"), said, platform=key,
                      canonical_url=found.canonical_url)  # fmt: skip
    return _not_ours(shown, key, found.canonical_url)


def _without_address(shown: str, found: Resolved, entries: Iterable[PlatformEntry]) -> Answer:
    """The answer when no account can be read: a bare name, a disguise, something else than an account."""
    key = next((p.key for p in entries if found.platform == p.connector or found.platform in p.connectors), "")
    if found.reason == BARE:
        return _by_handle(shown, shown.lstrip("@＠").strip(), entries)
    if found.reason in MAY_IMITATE:
        close = nearest(_names_in(shown), "")
        if close:
            return _look_alike(shown, close[0], close[1], entries, key, "")
    if found.reason in KNOWN_ELSEWHERE:
        return Answer(shown, "not_ours", _("Not one of our accounts"), str(explain_address(found)), platform=key)
    return Answer(shown, "unreadable", _("We cannot read this"), str(explain_address(found)), platform=key)


def _names_in(shown: str) -> list[str]:
    """The parts of a text that could be meant as the name of an account: the segments of a path, or the text itself."""
    address = re.sub(r"^\s*\w+:/+", "", shown)
    host, slash, path = address.partition("/")
    segments = [unquote(part) for part in re.split(r"[/?#]", path) if part] if slash else [host]
    return [name for part in segments[:4] if (name := part.lstrip("@").strip()) and len(name) <= 120]


def _registered(key: str, found: Resolved) -> Account | None:
    """The account that an address leads to: a live one before a retired one.

    Platforms keep several kinds of place under the same name (a page and a group, a company and a person), so the
    registered address must read as the same kind. A number counts where it is the registered permanent id.
    """
    if not key or found.kind == "link" or not found.canonical_id:
        return None
    same = list(listed().filter(platform=key, canonical_id__in=_spellings(found)))
    number = number_of(found)
    if not same and number:
        # A query of its own: one with "or" in it walks all accounts of the platform.
        same = list(listed().filter(platform=key, platform_id__in=[found.canonical_id, number]))
    ours = [account for account in same if _same_kind(account, found)]
    return min(ours, key=lambda a: (a.state == Standing.RETIRED, -a.pk), default=None)


def _formerly(key: str, found: Resolved) -> FormerDetails | None:
    """What an account of ours was called when it stood at this address; the newest, where several were."""
    if not key or found.kind == "link" or not found.canonical_id:
        return None
    then = FormerDetails.objects.filter(account__platform=key).select_related("account__unit__parent")
    number = number_of(found)
    before = then.filter(canonical_id__in=_spellings(found)).first()
    return before or (then.filter(platform_id__in=[found.canonical_id, number]).first() if number else None)


def _moved_on(shown: str, before: FormerDetails, url: str) -> Answer:
    """The answer about an address that an account of ours has left. Anyone may have taken it since."""
    account = final(before.account)
    said = _("Until %(day)s this was the address of %(name)s. Do not rely on it: anyone may have taken it since.")
    if before.account.merged_into_id:
        said = _("Until %(day)s this was the address of %(name)s, which is now part of another account of ours. Do not "
                 "rely on it: anyone may have taken it since.")  # fmt: skip
    said %= {
        "day": day(before.until), "name": before.name,
    }  # fmt: skip
    if account.state != Standing.RETIRED:
        now = _("The account is here now: %(address)s") % {"address": account.address}
        said = f"{said} {now}"
    return Answer(shown, "retired", _("An old address: do not rely on it"), said, account=account,
                  platform=account.platform, canonical_url=url,
                  moved=account.state != Standing.RETIRED)  # fmt: skip


def _known_by_name(key: str) -> bool:
    """Whether a number on this platform could be one of our accounts whose permanent number nobody has registered."""
    return Account.objects.filter(platform=key, platform_id="").exclude(state=Standing.RETIRED).exists()


def _spellings(found: Resolved) -> list[str]:
    """The ids under which the place of an address may be registered: its own, and for a website those of its parents.

    A page below a registered website belongs to it, and www. in front of a host makes no other website.
    """
    own = found.canonical_id
    if found.kind not in {"site", "blog", "feed"} or "/" not in own:
        return [own]
    host, _slash, path = own.partition("/")
    hosts = (host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")
    parts = [part for part in path.split("/") if part][:12]
    paths = ["", *("/".join(parts[: n + 1]) for n in range(len(parts)))]
    return [own, *(f"{h}/{p}" for h in hosts for p in paths)]


def _same_kind(account: Account, found: Resolved) -> bool:
    """Whether the registered address is the same kind of place, on the same service, as the one asked about."""
    registered = resolve(account.address)
    if registered.status == "reject":
        return account.address == found.canonical_url
    return (registered.platform, registered.kind) == (found.platform, found.kind)


def _about(shown: str, account: Account, url: str, more: str = "") -> Answer:
    """The answer about a registered account, by how the public reads its standing."""
    unit, standing = speaks_for(account), public_standing(account)
    if account.merged_into_id:
        return _merged(shown, account, url)
    if standing == OFFICIAL:
        result, headline = "official", _("Yes, this is official")
        said = _("%(name)s speaks for %(unit)s.") % {"name": account.name, "unit": unit}
    elif standing == SUSPENDED:
        result, headline = "retired", _("Do not rely on it for now")
        said = _("This account is registered for %(unit)s, but its official mark is suspended.") % {"unit": unit}
    else:
        result, headline = "retired", _("Retired: do not rely on it")
        said = _("This account once spoke for %(unit)s. It no longer does.") % {"unit": unit}
        more = f"{handle_words(account)} {more}".strip()
    return Answer(shown, result, headline, f"{said} {more}".strip(), account=account, platform=account.platform,
                  canonical_url=url)  # fmt: skip


def _merged(shown: str, account: Account, url: str) -> Answer:
    """The answer about an account that was merged into another: the one that stays, however many merges later."""
    stays = final(account)
    said = _("Until %(day)s this was %(name)s. It is now part of %(stays)s. Do not rely on the old one.") % {
        "day": day(account.standing_since), "name": account.name, "stays": stays.name,
    }  # fmt: skip
    live = stays.state != Standing.RETIRED
    more = _("The account is here now: %(address)s") if live else _("That one is retired, too.")
    return Answer(shown, "retired", _("Merged: use the other account") if live else _("Retired: do not rely on it"),
                  f"{said} {more % {'address': stays.address}}" if live else f"{said} {more}", account=stays,
                  platform=account.platform, canonical_url=url, moved=live)  # fmt: skip


def final(account: Account) -> Account:
    """The account that stays after every merge: a merged one leads to another, which may have been merged itself."""
    seen = {account.pk}
    while account.merged_into_id and account.merged_into_id not in seen:
        seen.add(account.merged_into_id)
        account = listed().get(pk=account.merged_into_id)
    return account


def _not_ours(shown: str, platform: str, url: str) -> Answer:
    return Answer(shown, "not_ours", _("Not one of our accounts"),
                  _("This address is not in the register. Do not rely on it as speaking for a school."),
                  platform=platform, canonical_url=url)  # fmt: skip


def _label(entries: Iterable[PlatformEntry], key: str) -> str:
    return next((text(p.label) for p in entries if p.key == key), key)


def _look_alike(
    shown: str, account: Account, reason: str, entries: Iterable[PlatformEntry], platform: str, url: str
) -> Answer:
    explanation = _("It looks like %(name)s on %(platform)s, which is ours, but it is another account. %(reason)s") % {
        "name": account.name, "platform": _label(entries, account.platform), "reason": reason,
    }  # fmt: skip
    return Answer(shown, "look_alike", _("Not ours, though it looks like one of ours"), explanation, resembles=account,
                  platform=platform, canonical_url=url)  # fmt: skip


def _by_handle(shown: str, handle: str, entries: Iterable[PlatformEntry]) -> Answer:
    """A bare name: told of the one account that has exactly it, and on which platform; else it says too little."""
    same = same_handle(handle)
    live = [account for account in same if account.state != Standing.RETIRED]
    if len(live) > 1:
        where = ", ".join(sorted({_label(entries, account.platform) for account in live}))
        said = _("We have accounts of this name on %(platforms)s. Paste the whole address.") % {"platforms": where}
        return Answer(shown, "unreadable", _("Which platform do you mean?"), said)
    if same:
        only = live[0] if live else same[0]
        more = _("On %(platform)s only: %(address)s. The same name on another platform is not ours.") % {
            "platform": _label(entries, only.platform), "address": only.address,
        }  # fmt: skip
        return _about(shown, only, only.address, more if live else "")
    before = FormerDetails.objects.filter(handle__iexact=handle).select_related("account__unit__parent").first()
    if before is not None:
        return _moved_on(shown, before, "")
    close = nearest([handle], "")
    if close:
        return _look_alike(shown, close[0], close[1], entries, "", "")
    said = _("This name alone says too little, and no account of ours has it. Paste the whole address.")
    return Answer(shown, "unreadable", _("Which platform do you mean?"), said)
