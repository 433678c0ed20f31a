"""What others may ask about access tokens: whose a secret is, and the list a person sees of their own."""

from __future__ import annotations

from django.db.models import QuerySet

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.tokens.actions import MARK, digest_of
from rostrum.tokens.models import Token

LONGEST_SECRET = 100


def of_secret(secret: str) -> Token | None:
    """The live token of a secret, with its person; None for an unknown, ended or revoked one, or a person who left."""
    if not secret.startswith(MARK) or len(secret) > LONGEST_SECRET:
        return None
    live = Token.objects.filter(revoked_at=None, expires_at__gt=clock.now(), person__is_active=True)
    return live.select_related("person").filter(digest=digest_of(secret)).first()


def of_person(person: Person) -> QuerySet[Token]:
    """Every token that a person ever made, the latest first."""
    return Token.objects.filter(person=person)
