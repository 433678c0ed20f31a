"""The number that a platform gives an account for good: how a typed one is read, and how an address shows one."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from rostrum.connectors import Resolved, resolve
from rostrum.registry.addresses import explain as explain_address
from rostrum.registry.models import Account
from rostrum.registry.platforms import key_of, label_of
from rostrum.registry.states import LIVE

NUMBER_ONLY = re.compile(r"(?:id:)?(\d+|UC[\w-]{22}|\d+@N\d+|did:[\w:.%-]+)")
LIMIT = 120
# Where a platform shows an account under its number alone, so that the connector can say whether it is one.
_SHOWN_AT = {
    "x": "https://x.com/i/user/%s", "youtube": "https://www.youtube.com/channel/%s",
    "facebook": "https://www.facebook.com/profile.php?id=%s", "flickr": "https://www.flickr.com/people/%s",
    "bluesky": "https://bsky.app/profile/%s", "linkedin": "https://www.linkedin.com/company/%s",
}  # fmt: skip
_DIGITS = re.compile(r"\d{3,30}")


def number_of(found: Resolved) -> str:
    """The number that an address shows instead of a name; "" for any other address."""
    shown = not found.handle and NUMBER_ONLY.fullmatch(found.canonical_id)
    return found.canonical_id.removeprefix("id:") if shown else ""


def read_number(typed: str, platform: str, but: Account | None = None) -> tuple[str, str]:
    """The number meant by what was typed, and what is wrong with it ("" where nothing is).

    Taken are the bare number and the address that shows it; empty takes the number away. What the platform's
    connector does not read as a number of that platform is refused, and so is one that another live account has.
    """
    text = typed.strip()
    if not text:
        return "", ""
    bare = text.removeprefix("id:")
    address = "://" in text or "/" in text
    if not address and platform not in _SHOWN_AT:
        if not _DIGITS.fullmatch(bare):
            return "", _("Paste the number as %(platform)s shows it: digits only.") % {"platform": label_of(platform)}
        return _free(bare, platform, but)
    found = resolve(text if address else _SHOWN_AT[platform] % bare)
    if found.status == "reject":
        return "", str(explain_address(found))
    if key_of(found.platform) != platform:
        return "", _("This is an address on %(found)s, but the account is on %(chosen)s.") % {
            "found": label_of(key_of(found.platform)), "chosen": label_of(platform),
        }  # fmt: skip
    number = number_of(found)
    if not number:
        return "", _("This is a name, not the number that %(platform)s gives an account for good.") % {
            "platform": label_of(platform)
        }
    return _free(number[:LIMIT], platform, but)


def _free(number: str, platform: str, but: Account | None) -> tuple[str, str]:
    """The number, unless another live account has it."""
    same = Account.objects.filter(platform=platform, platform_id=number, state__in=LIVE).exclude(pk=but.pk if but else 0)
    taken = same.select_related("unit").first()
    if taken is None:
        return number, ""
    said = _("This number belongs to another account of ours: %(name)s, %(unit)s.")
    return "", said % {"name": taken.name, "unit": taken.unit.name}
