"""Who holds the accounts of the demonstration: helpers and contacts, a hand-over campaign in June, two who leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone

from rostrum.core import clock
from rostrum.custody import campaigns, confirming, departures, keeping, managing
from rostrum.custody.campaign_queries import waiting_for as lines_of
from rostrum.custody.departure_queries import waiting_for
from rostrum.custody.queries import managers
from rostrum.demo.days import FIRST, Calendar
from rostrum.demo.play import Cast
from rostrum.guidance.actions import acknowledge
from rostrum.jobs.actions import tick
from rostrum.people.models import Person, Unit
from rostrum.policies.queries import in_force
from rostrum.registry.models import Account, Designation
from rostrum.registry.verifying import verify

# (working days back, address, label, how many, adult, what they may do on the platform)
GROUPS = (
    (62, "https://www.instagram.com/bishoplloydschool/", "yearbook team", 8, "f.yusuf", ""),
    (61, "https://www.instagram.com/lloydcomprehensive/", "student council", 12, "g.kim", "editor"),
    (60, "https://www.flickr.com/photos/lloydcompdrama/", "stage crew", 5, "s.littlechief", ""),
)
# (working days back, address, who notes it, what, whom, a word)
TIES = (
    (57, "https://www.facebook.com/RendellParkSchool", "o.clarke", "recovery", "o.clarke", "work phone"),
    (57, "https://www.facebook.com/RendellParkSchool", "o.clarke", "app_owner", "s.nguyen", "business manager"),
    (56, "https://www.facebook.com/LloydComprehensive", "l.oreilly", "answers", "g.dhaliwal", ""),
    (56, "https://www.facebook.com/BarrColonySchool", "a.desjarlais", "recovery", "p.vandyk", "work phone"),
)
READ_IT = ("s.nguyen", "o.clarke", "e.fontaine", "f.yusuf", "j.gagnon", "t.moosomin")
# Who never found the time to answer in June.
BUSY = frozenset({"k.boateng", "h.friesen", "r.bautista", "a.patel", "r.villanueva"})


def the_account(address: str) -> Account:
    """The official account at an address."""
    account = verify(address).account
    if account is None:
        raise LookupError(f"Nothing official is at {address}.")
    return account


def _part(address: str, person: Person) -> Designation:
    return next(one for one in managers(the_account(address)) if one.person_id == person.pk)


def helpers_and_contacts(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Groups of student editors as groups, recovery contacts, an app's owner."""
    for back, address, label, size, adult, role in GROUPS:
        yield calendar.moment(back, 11, 15)
        keeping.add_helpers(the_account(address), by=cast[adult], label=label, adult=cast[adult], size=size,
                            platform_role=role)  # fmt: skip
    for back, address, who, kind, whom, note in TIES:
        yield calendar.moment(back, 14, 40)
        keeping.tie(the_account(address), cast[whom], kind, by=cast[who], note=note)


def readers(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Some say that they read the procedure."""
    for back, key in zip(range(84, 0, -9), READ_IT, strict=False):
        yield calendar.moment(back, 16, 5)
        acknowledge(in_force(), by=cast[key])


def june(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Last June Communications asked every account who stays; most answered; it ended by itself."""
    backs = [back for back in range(FIRST, 20, -1) if calendar.day(back).month == 6 and calendar.day(back).day >= 2]
    if len(backs) < 12:
        return
    begun = backs[0]
    yield calendar.moment(begun, 9, 10)
    last = calendar.day(backs[-1])
    it = campaigns.start(
        units["lpsd"], by=cast["m.laurent"], name=f"Hand-over June {last.year}", ends_on=last,
        note="Before the holidays each account says who looks after it in September.",
    )  # fmt: skip
    yield calendar.moment(begun - 3, 15, 30)
    for key, person in cast.items():
        if key not in BUSY and person.is_active:
            for line in lines_of(person):
                campaigns.answer(line, by=person)
    yield timezone.make_aware(datetime.combine(it.ends_on + timedelta(days=1), time(7, 45)))
    tick("custody.campaigns")


def one_who_left(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """The curling coach left last week: handed over and out, but nothing is reset, and one manager is left."""
    yield calendar.moment(5, 16, 20)
    departures.depart(cast["d.hutchings"], by=cast["t.boyko"], reason="Coaches in Vermilion from now on.")
    yield calendar.moment(3, 12, 35)
    for item in waiting_for(cast["l.oreilly"]):
        confirming.confirm(item, ["hand_over", "removal"], by=cast["l.oreilly"],
                           reason="He gave me the list of bonspiels. His access is gone.")  # fmt: skip


def one_who_leaves(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Rendell Park's librarian leaves in a month: his principal noted it, and one account is being handed over."""
    yield calendar.moment(6, 8, 50)
    departures.plan(cast["o.clarke"], by=cast["a.petrova"], on=clock.today() + timedelta(days=34),
                    reason="A school library in Saskatoon.")  # fmt: skip
    yield calendar.moment(2, 13, 25)
    mine = _part("https://www.facebook.com/RendellParkSchool", cast["o.clarke"])
    managing.hand_over(mine, cast["a.petrova"], by=cast["o.clarke"], reason="You know where the calendar comes from.")


STORIES = (helpers_and_contacts, readers, june, one_who_left, one_who_leaves)
