"""Accounts that got another name, address or school: two that did, two that still wait for a yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.people.models import Unit
from rostrum.registry import changing
from rostrum.registry.verifying import verify

# (working days back, address today, proposer, name to be, address to be ("" as it is), why, who agrees, who approves)
CHANGES = (
    (58, "https://x.com/LPSDbuses", "b.melnyk", "Lloydminster Public School Buses",
     "https://x.com/LloydSchoolBus", "Riders took LPSD for the whole division, and the name was too close to theirs.",
     "", "j.gagnon"),
    (33, "https://www.youtube.com/@winstonchurchillchoir", "k.boateng", "Winston Churchill Choir and Band",
     "", "The band plays on the channel too since September.", "c.dubois", "m.laurent"),
    (4, "https://www.instagram.com/rendellparkschool/", "s.nguyen", "Rendell Park School Community", "",
     "The school council posts with us this year, and the profile should say so.", "", ""),
    (3, "https://wcs-grade-two.wordpress.com/", "h.friesen", "Winston Churchill School Grade 3", "",
     "The class moves up together and keeps its blog.", "c.dubois", ""),
)  # fmt: skip


def called_otherwise(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Each is proposed, agreed to and approved on days of its own, as far as it has come."""
    for back, address, who, name, there, why, agrees, approves in CHANGES:
        yield calendar.moment(back, 10, 40)
        account = verify(address).account
        if account is None:
            raise LookupError(f"Nothing official is at {address}.")
        change = changing.propose(
            account, by=cast[who], name=name, address=there or account.address, unit=account.unit, reason=why
        )
        if agrees:
            yield calendar.moment(back - 1, 8, 25)
            changing.agree(change, by=cast[agrees])
        if approves:
            yield calendar.moment(back - 2, 14, 10)
            changing.approve(change, by=cast[approves], reason="Checked on the platform: it says the same.")
