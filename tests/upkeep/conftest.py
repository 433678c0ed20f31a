"""Accounts and certifications in every state, reached by the acts that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import count

import pytest
from django.utils import timezone

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry.change_queries import open_change
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.upkeep import certifying, nightly
from rostrum.upkeep.certifying import RIGHT, WRONG, Said
from rostrum.upkeep.models import Certification, Correction, Fact, SuspensionProposal
from tests.cast import Cast, official

_numbers = count(1)
MAILBOX = "class4.rendellpark@lpsd.ca"


def choose(key: str, value: int | str | None) -> None:
    set_setting(key, value, by_name="Marc Laurent", reason="The board decided.")


@contextmanager
def on(day: date, hour: int = 5) -> Iterator[None]:
    """Stand at a local hour of a day."""
    with clock.standing_at(datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())):
        yield


def all_right() -> dict[str, Said]:
    return {fact: Said(RIGHT) for fact in Fact.values}


def but(**wrong: str) -> dict[str, Said]:
    """Everything right but some facts, each with what it should be."""
    return {**all_right(), **{fact: Said(WRONG, should) for fact, should in wrong.items()}}


def asked(cast: Cast, account: Account | None = None) -> Certification:
    """A certification that Communications asked for."""
    return certifying.ask(account or official(cast), by=cast.communications, reason="A parent wrote to us.")


def certified(cast: Cast) -> Certification:
    return certifying.answer(asked(cast), all_right(), by=cast.teacher)


def correcting(cast: Cast) -> Certification:
    return certifying.answer(asked(cast), but(mailbox=MAILBOX), by=cast.teacher)


def missed(cast: Cast) -> Certification:
    """One that stayed open until the next window came."""
    it = asked(cast)
    choose("certification_days", 30)
    later = timezone.localdate() + nightly.DAY * 40
    for n in range(10):
        with on(later + n * nightly.DAY):
            nightly.open_windows()
    it.refresh_from_db()
    return it


def dropped(cast: Cast) -> Certification:
    it = asked(cast)
    change_standing(it.account, "close", by=cast.communications, reason="The class is over.")
    nightly.follow()
    it.refresh_from_db()
    return it


CERTIFICATIONS: dict[str, Callable[[Cast], Certification]] = {
    "open": asked, "correcting": correcting, "certified": certified, "missed": missed, "over": dropped,
}  # fmt: skip


def task(cast: Cast) -> Correction:
    return correcting(cast).corrections.get()


def proposed(cast: Cast) -> SuspensionProposal:
    """A suspension that the division's rule proposed."""
    choose("certification_consequence", "suspend")
    choose("certification_answer_days", 5)
    it = asked(cast)
    with on(timezone.localdate() + nightly.DAY * 40):
        nightly.propose_suspensions()
    return SuspensionProposal.objects.get(certification=it)


@pytest.fixture
def account(cast: Cast) -> Account:
    return official(cast)


def as_person(cast: Cast, who: str) -> Person:
    return getattr(cast, who)  # type: ignore[no-any-return]


__all__ = ["CERTIFICATIONS", "all_right", "as_person", "asked", "but", "choose", "on", "open_change", "proposed", "task"]
