"""Accounts that got another name, address or school, were merged or split: some done, some waiting for a yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.people.models import Unit
from rostrum.registry import changing
from rostrum.registry.merging import merge, propose_merge
from rostrum.registry.models import Account
from rostrum.registry.splitting import split
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

# (working days back, address today, the one it goes into, proposer, why, who agrees, who approves)
MERGES = (
    (42, "https://www.flickr.com/photos/barrcolonyoutdoors/", "https://www.facebook.com/BarrColonySchool", "p.vandyk",
     "Families look for the outdoor pictures on the school's page. Nobody looks at them here any more.",
     "n.haddad", "m.laurent"),
    (6, "https://qe-room-three.wordpress.com", "https://www.facebook.com/QueenElizabethLloyd", "m.reyes",
     "The class posts on the school's page since October, and keeps no blog beside it.", "r.okafor", ""),
)  # fmt: skip
# (working days back, address today, proposer, school that gets it, name there, why, who gives, who agrees, who approves)
TRANSFERS = (
    (45, "https://www.pinterest.com/lloydcompartroom/", "s.littlechief", "bishop", "Bishop Lloyd Art Room",
     "The art room moved to Bishop Lloyd in September, and so did its pictures.", "g.dhaliwal", "o.hrynkiw", "j.gagnon"),
    (3, "https://www.instagram.com/eslairdhoops/", "r.villanueva", "lchs", "Comprehensive Junior Basketball",
     "The team trains and plays at the Comprehensive from this season on.", "", "", ""),
)  # fmt: skip
SPLIT = (2, "https://www.flickr.com/photos/lloydcompdrama/", "g.kim",
         "The improv team has its own shows and its own public. The club keeps this one for the spring play.")  # fmt: skip


def _account(address: str) -> Account:
    account = verify(address).account
    if account is None:
        raise LookupError(f"Nothing official is at {address}.")
    return account


def spoken_for() -> set[int]:
    """Ids of the accounts that the stories here tell of: a review drawn by chance must not cross them."""
    pairs = [(row[1], row[2]) for row in MERGES]
    named = [*(row[1] for row in CHANGES), *(one for pair in pairs for one in pair), *(row[1] for row in TRANSFERS), SPLIT[1]]
    return {found.pk for address in named if (found := verify(address).account) is not None}


def called_otherwise(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Each is proposed, agreed to and approved on days of its own, as far as it has come."""
    for back, address, who, name, there, why, agrees, approves in CHANGES:
        yield calendar.moment(back, 10, 40)
        account = _account(address)
        change = changing.propose(
            account, by=cast[who], name=name, address=there or account.address, unit=account.unit, reason=why
        )
        if agrees:
            yield calendar.moment(back - 1, 8, 25)
            changing.agree(change, by=cast[agrees])
        if approves:
            yield calendar.moment(back - 2, 14, 10)
            changing.approve(change, by=cast[approves], reason="Checked on the platform: it says the same.")


def merged_and_split(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Two merges, one done and one before Communications, and the request for a part of an account."""
    for back, address, into, who, why, agrees, approves in MERGES:
        yield calendar.moment(back, 11, 20)
        change = propose_merge(_account(address), _account(into), by=cast[who], reason=why)
        yield calendar.moment(back - 1, 8, 40)
        changing.agree(change, by=cast[agrees])
        if approves:
            yield calendar.moment(back - 2, 13, 35)
            merge(change, by=cast[approves], reason="The last post says where to find the pictures now.")
    back, address, who, why = SPLIT
    yield calendar.moment(back, 15, 10)
    split(_account(address), by=cast[who], reason=why)


def given_to_another_school(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """One account that went to another school when both principals agreed, and one that waits for the second yes."""
    for back, address, who, school, name, why, gives, agrees, approves in TRANSFERS:
        yield calendar.moment(back, 9, 25)
        account = _account(address)
        change = changing.propose(
            account, by=cast[who], name=name, address=account.address, unit=units[school], reason=why
        )
        if gives:
            yield calendar.moment(back - 1, 8, 15)
            changing.give(change, by=cast[gives])
        if agrees:
            yield calendar.moment(back - 1, 12, 50)
            changing.agree(change, by=cast[agrees], reason="Two of our teachers will look after it.")
        if approves:
            yield calendar.moment(back - 2, 10, 5)
            changing.approve(change, by=cast[approves])
