"""Owns the sentences that tell a person what a pasted address means and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rostrum.connectors import PLATFORMS, Resolved

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

# One sentence, or two, for each reason code of the connectors: what is wrong, then the way out.
# {platform} is the platform's name, {form} the shape of an address there.
_SENTENCES: dict[str, Words] = {
    "": _("This address is understood."),
    # Understood, with something left to look up.
    "resolve id to handle": _(
        "This is an account on {platform}, known by its number only. Add its name too."
    ),
    "resolve handle to UC id": _("This is a channel on {platform}. Its permanent id is not known yet."),
    "resolve legacy name to UC id": _(
        "This is an older kind of name on {platform}. Open the channel and copy the address with @ in it."
    ),
    "resolve alias to NSID": _("This is an account on {platform}. Its permanent id is not known yet."),
    "confirm by WebFinger": _("This is a fediverse account. Its server has not confirmed it yet."),
    "resolve handle to DID": _("This is an account on {platform}. Its permanent id is not known yet."),
    "discover feed (link rel=alternate, /feed/, wp-json)": _(
        "This is a website. If it is a blog, its posts are found from this address."
    ),
    "fetch and detect feed": _("This looks like the feed of a blog. Its content has not been read yet."),
    "short link: follow redirects safely, then parse again": _(
        "This is a short link that hides where it leads. Open it, then copy the address that your "
        "browser shows."
    ),
    "share link: follow redirects safely, then parse again": _(
        "This is a share link that hides where it leads. Open it, then copy the address of the "
        "account itself."
    ),
    "personal profile: policy warning": _(
        "This is a person's own profile. An official account is a page of the school, not a personal profile."
    ),
    # Refused: it names something other than an account.
    "post, list or space, not an account": _(
        "This leads to one post, list or space on {platform}. Open the account it belongs to and copy that "
        "address. It looks like {form}."
    ),
    "post, photo, video or event, not an account": _(
        "This leads to one post, photo, video or event on {platform}. Open the page it belongs to and copy "
        "that address. It looks like {form}."
    ),
    "post, not an account": _(
        "This leads to one post on {platform}. Open the account it belongs to and copy that address. "
        "It looks like {form}."
    ),
    "post or record, not an account": _(
        "This leads to one post on {platform}. Open the account it belongs to and copy that address. "
        "It looks like {form}."
    ),
    "video, not an account": _(
        "This leads to one video on {platform}. Open the page it belongs to and copy that address. "
        "It looks like {form}."
    ),
    "video, not a channel": _(
        "This leads to one video on {platform}. Open the channel it belongs to and copy that address. "
        "It looks like {form}."
    ),
    "photo, not an account": _(
        "This leads to one photo on {platform}. Open the account it belongs to and copy that address. "
        "It looks like {form}."
    ),
    "album, not an account": _(
        "This leads to one album on {platform}. Open the account it belongs to and copy that address. "
        "It looks like {form}."
    ),
    "author profile or dashboard, not a blog": _(
        "This leads to an author's profile or to the place where posts are written. Open the blog itself and "
        "copy its address. It looks like {form}."
    ),
    "reserved path": _(
        "This is a page of {platform} itself, not an account. Open the account and copy its address. "
        "It looks like {form}."
    ),
    "no account in URL": _(
        "This leads to {platform}, but to no account on it. Open the account and copy its address. "
        "It looks like {form}."
    ),
    "not a profile host": _(
        "This part of {platform} holds no accounts. Open the account and copy its address. It "
        "looks like {form}."
    ),
    "missing id": _(
        "The number of the page is missing from this address. Open the page again and copy the whole address."
    ),
    "missing server": _("The server is missing from this name. Write the whole name. It looks like {form}."),
    "invalid handle": _(
        "This cannot be a name on {platform}: it is too short, too long, or holds a character that "
        "{platform} does not allow. Check the spelling, or copy the address of the account. "
        "It looks like {form}."
    ),
    "invalid channel id": _(
        "This channel id is not complete: it starts with UC and has 24 characters. Copy the address of the "
        "channel again."
    ),
    "invalid DID": _(
        "This permanent id is not complete. Copy the address of the account. It looks like {form}."
    ),
    "retired platform": _("{platform} has closed. An account there can no longer be official."),
    # Refused: where it leads.
    "third-party mirror": _(
        "This is a copy of the account on another website. Open the account on its own platform and copy "
        "that address."
    ),
    "link hub, not an account": _(
        "This is a page of links, not an account. Open the account itself from that page and copy "
        "its address."
    ),
    "search page, not an account": _(
        "This is a search page. Open the account from the search results and copy its address."
    ),
    "unsupported platform": _(
        "This platform is not one that the division lists. Ask whoever keeps the register before you use it."
    ),
    "platform is not on the fediverse": _(
        "A name with two @ signs is for Mastodon and its kin, and this platform is not one of them. "
        "Copy the address of the account instead."
    ),
    "look-alike host": _(
        "This web address only looks like that of a known platform. Do not sign in there. Open the platform "
        "the way you always do and copy the address of the account."
    ),
    "non-ASCII host": _(
        "This web address holds letters that can be mistaken for others. Send it to whoever "
        "keeps the register: a person will look at it."
    ),
    "userinfo in URL": _(
        "This web address hides where it leads: what stands before the @ is not the website. Copy "
        "the address "
        "of the account again."
    ),
    "IP address": _(
        "This is the number of a computer, not a public website. Copy the address of the account."
    ),
    "not a public host name": _(
        "This is not the address of a public website. Check the spelling. A web address looks like "
        "blog.school.ca."
    ),
    "non-default port": _(
        "This web address asks for a special door of the website (the number after the colon). Use "
        "the public "
        "address without it."
    ),
    "unsupported scheme": _("This is not a web address. A web address starts with https://."),
    "e-mail address": _(
        "This is an e-mail address. Paste the web address of the account, or its name and the platform."
    ),
    # Refused: the text itself.
    "empty": _("Nothing was pasted. Paste the web address of the account, or its name and the platform."),
    "bare handle without a platform": _(
        "This can be a name on many platforms. Say which platform it is on, or paste the whole web address."
    ),
    "not an address or a handle": _(
        "This is not a web address or the name of an account. Paste the web address of the account."
    ),
    "more than one address": _("There is more than one web address here. Paste one at a time."),
    "control character": _(
        "This text holds hidden characters that can change how it reads. Type the address by hand instead."
    ),
    "too long": _("This text is too long for a web address. Paste only the address of the account."),
}

_UNKNOWN = _("This address cannot be read. Paste the web address of the account.")


def explain(resolved: Resolved) -> Words:
    """Return what is wrong with a pasted address, or what it still needs, and what to do next.

    Lazy: the sentence takes the language of whoever reads it. Covers every reason code of the connectors.
    """
    platform = PLATFORMS.get(resolved.platform)
    sentence = _SENTENCES.get(resolved.reason, _UNKNOWN)
    return format_lazy(
        sentence,
        platform=platform.label if platform else _("this website"),
        form=platform.address_form if platform else "example.ca",
    )


def codes() -> frozenset[str]:
    """Return the reason codes that have a sentence."""
    return frozenset(_SENTENCES)
