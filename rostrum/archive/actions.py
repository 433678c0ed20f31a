"""Every write of the archive: keeping a post as it stood, noting that it is gone or there again."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.archive.models import TEXT_LIMIT, Post, PostVersion
from rostrum.archive.queries import may_capture
from rostrum.audit.actions import hold_the_pen, record
from rostrum.connectors import author_in, is_number, resolve
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry.models import Account
from rostrum.registry.platforms import PLACES, key_of, label_of
from rostrum.workflow.moves import clean_reason

CITES = ("1.5", "1.7", "3.4")


def sha256_of(text: str) -> str:
    """The hash under which a text is known, of its bytes in UTF-8; half characters count as they come."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def text_of(typed: str) -> str:
    """A post's text as it is kept: line ends of one character. Raises Invalid where there is none, or too much."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not text.strip():
        raise _wrong("text", _("Paste the text of the post."))
    if len(text) > TEXT_LIMIT:
        raise _wrong("text", _("This text is longer than %(limit)d characters. Keep its beginning.") % {"limit": TEXT_LIMIT})
    if any(letter == "\0" or 0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise _wrong("text", _("The text holds signs that cannot be kept. Copy it again from the platform."))
    return text


def address_of(account: Account, typed: str) -> str:
    """A post's own address, which must lie where the account lies. Raises Invalid, beside `address`, otherwise."""
    try:
        address = clean(typed, max_length=500)
    except UnsafeText:
        raise _wrong("address", _("Write the address in plain text of at most 500 characters.")) from None
    found = resolve(address)
    if not address.lower().startswith(("https://", "http://")):
        raise _wrong("address", _("Paste the whole address of the post. It starts with https://."))
    there = key_of(found.platform) if found.platform else ""
    if found.platform and there != account.platform and not {there, account.platform} <= PLACES:
        words = {"there": label_of(there), "here": label_of(account.platform)}
        raise _wrong("address", _("This is an address on %(there)s, and the account is on %(here)s.") % words)
    author = "" if account.platform in PLACES or is_number(account.canonical_id) else author_in(address)
    if author and author.casefold() not in _known_as(account):
        said = {"author": author, "here": account.handle}
        raise _wrong("address", _(
            "This post is by %(author)s, and the account is %(here)s. Open the post on the account itself and copy the "
            "address there; a post of somebody else is not kept here."
        ) % said)  # fmt: skip
    return address


def _known_as(account: Account) -> set[str]:
    """Every name under which the account is or was found there: posts keep the address that they had."""
    former = account.former_details.values_list("canonical_id", "handle")
    names = {account.canonical_id, account.handle, *(name for row in former for name in row)}
    return {name.casefold().removeprefix("@") for name in names if name}


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: [message]})


def _need(account: Account, by: Person) -> None:
    if not may_capture(by, account):
        raise NotAllowed(_("Only those who look after this account, lead its school or review it can keep its posts."))


@transaction.atomic
def capture(
    account: Account,
    *,
    by: Person,
    address: str,
    text: str,
    posted_on: date | None = None,
    screenshot: tuple[str, str] = ("", ""),
) -> PostVersion:
    """Keep a post of a registered account as it stands: its address, its text, its hash, the moment, who saw it.

    `screenshot` is (hash, kind) as `core.evidence.keep` gave it. A post that is known gets another version when its
    text differs from the newest, or a screenshot comes with it. Raises NotAllowed, Invalid by field, WrongState when
    nothing is new.
    Source: AP 193 1.5, 1.7, 3.4 (accounts are monitored). Only an Account can have posts, so no personal one can.
    """
    _need(account, by)
    where, words = address_of(account, address), text_of(text)
    now = clock.now()
    if posted_on and posted_on > clock.today():
        raise _wrong("posted_on", _("This day has not come yet."))
    hold_the_pen()
    post = Post.objects.filter(account=account, address=where).first()
    if post is None:
        post = _new(account, where, by, posted_on, now)
    digest = sha256_of(words)
    before = post.versions.order_by("-number").first()
    if before is not None and before.sha256 == digest and not screenshot[0]:
        raise WrongState(_("This post is kept already, with this very text."))
    version = PostVersion(
        post=post, number=post.versions_kept + 1, text=words, sha256=digest, captured_at=now, captured_by=by,
        screenshot=screenshot[0], screenshot_type=screenshot[1],
    )  # fmt: skip
    changes: dict[str, Any] = {"versions_kept": version.number, "newest_at": now, "gone_since": None}
    if posted_on:
        changes["posted_on"] = posted_on
    if not Post.objects.filter(pk=post.pk, versions_kept=post.versions_kept).update(**changes):
        raise Overtaken(_("While you were reading, someone else kept this post. Look at it again."))
    version.save(force_insert=True)
    post.refresh_from_db()
    record(
        by, "post:keep", post, citations=cite(CITES), label=account.name,
        after={"account": account.public_id, "number": version.number, "sha256": digest, "screenshot": screenshot[0]},
    )  # fmt: skip
    return version


def _new(account: Account, address: str, by: Person, posted_on: date | None, now: datetime) -> Post:
    try:
        with transaction.atomic():
            return Post.objects.create(
                account=account, address=address, posted_on=posted_on, captured_at=now, captured_by=by, newest_at=now
            )
    except IntegrityError:
        raise Overtaken(_("While you were reading, someone else kept this post. Look at it again.")) from None


@transaction.atomic
def note_gone(post: Post, *, by: Person, reason: str = "") -> Post:
    """Note that a post is no longer on the platform. What was kept stays. Raises WrongState when it is noted already."""
    _need(post.account, by)
    note = clean_reason(reason, required=False)
    hold_the_pen()
    if not Post.objects.filter(pk=post.pk, gone_since=None).update(gone_since=clock.now()):
        raise WrongState(_("It is noted already that this post is gone."))
    post.refresh_from_db()
    record(by, "post:gone", post, citations=cite(CITES), label=post.account.name, note=note,
           after={"account": post.account.public_id})  # fmt: skip
    return post


@transaction.atomic
def note_back(post: Post, *, by: Person) -> Post:
    """Note that a post is there again. Raises WrongState when nobody had noted that it was gone."""
    _need(post.account, by)
    hold_the_pen()
    if not Post.objects.filter(pk=post.pk).exclude(gone_since=None).update(gone_since=None):
        raise WrongState(_("Nobody noted that this post is gone."))
    post.refresh_from_db()
    record(by, "post:back", post, citations=cite(CITES), label=post.account.name,
           after={"account": post.account.public_id})  # fmt: skip
    return post
