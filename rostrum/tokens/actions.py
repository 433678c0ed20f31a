"""Every write on access tokens: make, revoke, note that one was used, end those of people who left."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.tokens.models import Token
from rostrum.tokens.scopes import scopes_for

MARK = "rostrum_"  # lets a person, and a scanner of source code, recognise what they have found
NAME_LIMIT = 80
LONGEST = timedelta(days=365)
MOST_LIVE = 20
NOTED_EVERY = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """The hash under which a token is kept and found."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def make(person: Person, *, name: str, scopes: Collection[str], last_day: date) -> tuple[Token, str]:
    """Make a token for one's own program, and return it with its secret, which nobody can read again later.

    It ends with `last_day`, at most a year ahead. Raises NotAllowed for someone who has left, Invalid for a missing
    name, no scope or an unknown one, a day that is over or too far ahead, and more than twenty live tokens.
    """
    if not person.is_active:
        raise NotAllowed(_("Only people who work or volunteer for the division can have access tokens."))
    fields: dict[str, list[str]] = {}
    try:
        name = clean(name, max_length=NAME_LIMIT)
    except UnsafeText:
        name, fields["name"] = "", [_("Use plain letters and at most %(limit)d characters.") % {"limit": NAME_LIMIT}]
    if not name and "name" not in fields:
        fields["name"] = [_("Say which program uses it, for example “Website of the school”.")]
    offered = scopes_for(person)
    chosen = [scope for scope in offered if scope in scopes]
    if not chosen or set(scopes) - set(offered):
        fields["scopes"] = [_("Choose what the program may do.")]
    today = clock.today()
    if last_day < today:
        fields["last_day"] = [_("This day is over. Choose a later one.")]
    elif last_day > today + LONGEST:
        fields["last_day"] = [_("Choose a day within a year. You can make another token then.")]
    if fields:
        raise Invalid(_("The token was not made."), fields=fields)
    now = clock.now()
    if Token.objects.filter(person=person, revoked_at=None, expires_at__gt=now).count() >= MOST_LIVE:
        message = _("You have %(count)d tokens already. End one that is no longer used.") % {"count": MOST_LIVE}
        raise Invalid(message)
    prefix = MARK + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    end = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))
    token = Token.objects.create(
        person=person, name=name, prefix=prefix, digest=digest_of(secret), scopes=chosen, made_at=now, expires_at=end
    )
    record(person, "token:make", token, after={"scopes": chosen, "last_day": last_day})
    return token, secret


@transaction.atomic
def revoke(token: Token, *, by: Person) -> Token:
    """End a token at once. Raises NotAllowed for another person's, WrongState when it has ended already."""
    if by.pk != token.person_id:
        raise NotAllowed(_("Only the person who made a token can end it."))
    now = clock.now()
    if not Token.objects.filter(pk=token.pk, revoked_at=None, expires_at__gt=now).update(revoked_at=now):
        raise WrongState(_("This token has ended already."))
    token.refresh_from_db()
    record(by, "token:revoke", token)
    return token


def note_use(token: Token) -> None:
    """Note that a token was used, once a minute at most: a busy program must not make a write of every read."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


@transaction.atomic
def end_of_leavers() -> int:
    """End the tokens of people who have left, so that none comes alive again should they return; how many."""
    live = Token.objects.filter(revoked_at=None, person__is_active=False, expires_at__gt=clock.now())
    count = 0
    for token in live.select_related("person").order_by("pk"):
        count += Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now())
        record(None, "token:revoke", token)
    return count
