"""Owns the mailbox check of AP 193 1.6: an account is bound to a work mailbox, never to a personal one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rostrum.core.text import skeleton

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

# RFC 5321 4.5.3.1: 64 characters before the "@", 254 in all.
_LOCAL = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 254

_PROVIDERS = frozenset(
    [
        *("gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "aol.ca", "ymail.com"),
        *("rocketmail.com", "proton.me", "protonmail.com", "pm.me", "mail.com", "zoho.com", "zohomail.com"),
        *(
            "fastmail.com",
            "fastmail.fm",
            "tutanota.com",
            "tuta.io",
            "hey.com",
            "qq.com",
            "163.com",
            "126.com",
        ),
        *(
            "passport.com",
            "inbox.com",
            "duck.com",
            "hushmail.com",
            "runbox.com",
            "mailfence.com",
            "yandex.ru",
        ),
        # Home internet in Canada.
        *("shaw.ca", "telus.net", "telusplanet.net", "sasktel.net", "rogers.com", "bell.net", "sympatico.ca"),
        *("videotron.ca", "cogeco.ca", "eastlink.ca", "mts.net", "mymts.net", "xplornet.com", "xplornet.ca"),
        *("mcsnet.ca", "nucleus.com", "look.ca", "bellaliant.net", "ns.sympatico.ca", "persona.ca"),
    ]
)
# These give out addresses under many countries' endings.
_PROVIDER_NAMES = frozenset({"outlook", "hotmail", "live", "msn", "yahoo", "gmx", "yandex", "gmail"})
_COUNTRY_END = re.compile(r"(?:com|net|org|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})")
_SAME_SHAPE = str.maketrans({"1": "l", "i": "l", "0": "o", "5": "s", "-": None})


@dataclass(frozen=True, slots=True)
class MailboxFinding:
    """Why a mailbox may not be bound to an official account: a stable code, and the sentence for a person."""

    code: str
    message: Words


def check_mailbox(address: str, *, domains: Sequence[str]) -> MailboxFinding | None:
    """Return why this is no work mailbox, or None when it is one.

    `domains` comes from the edition in force: "lpsd.ca" means that domain exactly, ".lpsd.ca" any domain
    under it. Plus-addressing (name+tag@) is allowed. Without any domain set, only syntax and personal
    providers are judged. Source: AP 193 1.6; syntax RFC 5321, without quoted names and address literals.
    """
    text = address.strip(" \t\xa0")
    local, at, domain = text.rpartition("@")
    domain = domain.lower()
    example = _example(domains)
    if not at or len(text) > _LONGEST or not _LOCAL.fullmatch(local):
        return MailboxFinding(
            "syntax",
            format_lazy(
                _(
                    "This is not a complete e-mail address. Write it as name@{domain}, with "
                    "nothing before or after."
                ),
                domain=example,
            ),
        )
    if not domain.isascii() or any(label.startswith("xn--") for label in domain.split(".")):
        return _international(domain, domains)
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return MailboxFinding(
            "syntax",
            format_lazy(
                _("What stands after the @ is not a mail domain. Write the address as name@{domain}."),
                domain=example,
            ),
        )
    if _listed(domain, domains):
        return None
    if _personal(domain):
        return MailboxFinding(
            "personal",
            format_lazy(
                _(
                    "{domain} gives out personal mailboxes. An official account needs a work mailbox, for "
                    "instance name@{example}, so that the school keeps the account when people "
                    "change (AP 193 1.6)."
                ),
                domain=domain,
                example=example,
            ),
        )
    if not domains:
        return None
    if _imitates(domain, domains):
        return MailboxFinding(
            "imitates",
            format_lazy(
                _(
                    "{domain} only looks like the division's mail domain. Check the spelling: a work mailbox "
                    "ends in @{example} (AP 193 1.6)."
                ),
                domain=domain,
                example=example,
            ),
        )
    return MailboxFinding(
        "outside",
        format_lazy(
            _(
                "{domain} is not a mail domain of the division. Use a work mailbox that ends in @{example}; "
                "if this one is the division's, ask whoever keeps the register to add it (AP 193 1.6)."
            ),
            domain=domain,
            example=example,
        ),
    )


def _international(domain: str, domains: Sequence[str]) -> MailboxFinding:
    """A domain with letters outside ASCII is never accepted; worse when it looks like ours."""
    shown = domain
    if "xn--" in domain and domain.isascii():
        try:
            shown = domain.encode("ascii").decode("idna")
        except UnicodeError:
            shown = domain
    if _listed(skeleton(shown), domains) or _imitates(skeleton(shown), domains):
        return MailboxFinding(
            "confusable",
            format_lazy(
                _(
                    "This mail domain holds letters that only look like those of {example}. "
                    "Type the address by hand (AP 193 1.6)."
                ),
                example=_example(domains),
            ),
        )
    return MailboxFinding(
        "international",
        format_lazy(
            _(
                "This mail domain holds letters outside a to z and is not one of the division's. "
                "Use a work mailbox that ends in @{example} (AP 193 1.6)."
            ),
            example=_example(domains),
        ),
    )


def _listed(domain: str, domains: Sequence[str]) -> bool:
    """Exact domain, or a domain under an entry that starts with a dot. Nothing else."""
    for entry in domains:
        wanted = entry.strip().lower()
        if wanted.startswith("."):
            if len(wanted) > 1 and domain.endswith(wanted) and len(domain) > len(wanted):
                return True
        elif wanted and domain == wanted:
            return True
    return False


def _personal(domain: str) -> bool:
    """Mailboxes that belong to people, not to their work."""
    if domain in _PROVIDERS:
        return True
    name, _dot, end = domain.partition(".")
    return name in _PROVIDER_NAMES and _COUNTRY_END.fullmatch(end) is not None


def _imitates(domain: str, domains: Sequence[str]) -> bool:
    """The division's domain inside, in other letters, or under another ending."""
    shape = domain.translate(_SAME_SHAPE)
    for entry in domains:
        wanted = entry.strip().lower().lstrip(".")
        if not wanted or domain == wanted or domain.endswith(f".{wanted}"):
            continue  # the division's own, only not listed
        name = wanted.rpartition(".")[0] or wanted
        own = wanted.translate(_SAME_SHAPE)
        joined = own.replace(".", "")
        if (
            f".{wanted}." in f".{domain}."
            or shape == own
            or shape.endswith(own)
            or any(
                label.translate(_SAME_SHAPE) in {name.translate(_SAME_SHAPE), joined}
                for label in domain.split(".")
            )
        ):
            return True
    return False


def _example(domains: Sequence[str]) -> str:
    """The first exact domain, for the sentences."""
    for entry in domains:
        if entry.strip() and not entry.strip().startswith("."):
            return entry.strip().lower()
    return domains[0].strip().lstrip(".").lower() if domains and domains[0].strip(" .") else "example.ca"
