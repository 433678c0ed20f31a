"""Official accounts in every state, built by the actions that people use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, build_cast, official


@dataclass
class Accounts:
    """One account of each standing; `insta` is the one that imitators would choose."""

    insta: Account
    facebook: Account
    youtube: Account
    blog: Account
    suspended: Account
    retired: Account


def on(cast: Cast, platform: str, address: str, name: str) -> Account:
    """An official account at an address."""
    return official(cast, platform=platform, handle=address, name=name, page_kind="page")


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast, built once for a module: each test's own changes are rolled back to here, and this after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_cast()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built(cast: Cast) -> Accounts:
    """Six accounts of the school, one suspended, one retired."""
    built = Accounts(
        insta=on(cast, "instagram", "https://www.instagram.com/rendellpark_gr4/", "Rendell Park School Grade 4"),
        facebook=on(cast, "facebook", "https://www.facebook.com/RendellParkSchool", "École Rendell Park School"),
        youtube=on(cast, "youtube", "https://www.youtube.com/@rendellparkmedia", "Rendell Park School Media"),
        blog=on(cast, "blog", "https://rendellparkreaders.wordpress.com", "Rendell Park School Readers"),
        suspended=on(cast, "x", "https://x.com/rendellhockey", "Rendell Park School Hockey"),
        retired=on(cast, "flickr", "https://www.flickr.com/photos/rendellalbums/", "Rendell Park School Albums"),
    )
    change_standing(built.suspended, "suspend", by=cast.communications, reason="Its password was stolen.")
    change_standing(built.retired, "close", by=cast.communications, reason="The album moved.")
    return built


@pytest.fixture
def accounts(db: None, built: Accounts) -> Accounts:
    """The same six accounts, read afresh."""
    return Accounts(**{name: type(account).objects.get(pk=account.pk) for name, account in vars(built).items()})
