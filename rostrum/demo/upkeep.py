"""Accounts that their managers certified, or not; last posts from a list, by hand, and by looking; accounts that rest."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from django.utils import timezone

from rostrum.core import clock
from rostrum.demo.days import FIRST, Calendar
from rostrum.demo.play import Cast
from rostrum.intake import posts
from rostrum.jobs.actions import tick
from rostrum.people.models import Person, Unit
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import LIVE
from rostrum.registry.verifying import verify
from rostrum.schoolyear.queries import calendar as school_calendar
from rostrum.upkeep import certifying, liveness, pausing
from rostrum.upkeep.certifying import RIGHT, WRONG, Said
from rostrum.upkeep.models import Fact
from rostrum.upkeep.queries import waiting_for
from rostrum.upkeep.windows import AUTUMN_SPRING, window

# (setting, value, why): what this division chose. What it left open stays unset.
CHOSEN: tuple[tuple[str, int | str, str], ...] = (
    ("certification_windows", AUTUMN_SPRING, "In September managers change, in May the year is looked back on."),
    ("certification_answer_days", 15, "Three weeks are enough for two minutes."),
    ("certification_consequence", "suspend", "An account that nobody answers for should not carry our mark."),
    ("certification_grace_days", 20, "Principals talk to the managers first."),
    ("quiet_days", 90, "Families take an account without news for three months as closed."),
)
WEEK = timedelta(days=7)
# Whose managers do not answer in the newest window, so that something is late in the demonstration.
SILENT = (
    "https://www.youtube.com/@bishoplloydband", "https://www.flickr.com/photos/lloydcompdrama/",
    "https://www.pinterest.com/lloydearlylearning/",
)  # fmt: skip
# (account, fact, what it should be, note): what the first manager who is asked says is not right.
NOT_RIGHT = (
    ("https://www.instagram.com/rendellparkschool/", {"mailbox": "hello.rendellpark@lpsd.ca"}, "The office changed the box."),
    ("https://wcs-grade-two.wordpress.com/", {"purpose": "What the class learns, for families and for pen pals in Laval."}, ""),
)  # fmt: skip


def _at(day: datetime, hour: int, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(day), time(hour, minute)))


def certified(cast: Cast, _units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Two times a year: asked at night, answered in the days after by most, reminded weekly, late for a few."""
    for n, (key, value, why) in enumerate(CHOSEN):
        yield calendar.moment(FIRST - 4, 14, 5 + n)
        set_setting(key, value, by_name=cast["m.laurent"].name, reason=why, by=cast["m.laurent"], role="communications")
    chosen, today = clock.today(), timezone.localdate()
    newest = window(school_calendar(), AUTUMN_SPRING, today, chosen)
    before = window(school_calendar(), AUTUMN_SPRING, newest - WEEK, chosen) if newest else None
    for opened in sorted(one for one in (before, newest) if one is not None):
        start = timezone.make_aware(datetime.combine(opened, time(4, 20)))
        yield start
        tick("upkeep.nightly")
        dice = Random(opened.isoformat())  # noqa: S311 - who answers when; no secret
        moments: list[tuple[datetime, Person | None]] = [(start + n * WEEK, None) for n in range(1, 9)]
        for _key, person in sorted(cast.items()):
            if person.is_active:
                day = start + timedelta(days=dice.choice((0, 1, 1, 2, 3, 6, 8, 9, 13, 16)))
                moments.append((_at(day, dice.randint(8, 15), dice.randint(0, 59)), person))
        for moment, who in sorted(moments, key=lambda one: one[0]):
            yield moment
            if who is None:
                tick("upkeep.nightly")
            else:
                _answer(who, odd=opened == newest)


def _answer(person: Person, *, odd: bool) -> None:
    """What somebody says of all that waits for them: right, but for the two things that are not."""
    waiting = [one for one in waiting_for(person) if not (odd and one.account.address in SILENT)]
    for address, wrong, note in NOT_RIGHT if odd else ():
        it = next((one for one in waiting if one.account.address.rstrip("/") == address.rstrip("/")), None)
        if it is not None:
            said = {fact: Said(RIGHT) for fact in Fact.values} | {fact: Said(WRONG, said) for fact, said in wrong.items()}
            certifying.answer(it, said, by=person, note=note)
            waiting.remove(it)
    certifying.certify_many([(one, None) for one in waiting], by=person)


def _there(address: str) -> Account:
    account = verify(address).account
    if account is None:
        raise LookupError(f"Nothing official is at {address}.")
    return account


def posted(cast: Cast, _units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """A sheet of last posts comes in; some are noted by hand; one account rests, one is found to be somebody else's."""
    yield calendar.moment(22, 10, 30)
    marc = cast["m.laurent"]
    live = [one for one in accounts_visible_to(marc).order_by("name", "pk") if one.state in LIVE]
    lines, numbers = ["Account,Last post"], count()
    for one in live:
        n = next(numbers)
        back = (2, 5, 1, 9, 14, 3, 110, 7, 21, 4, 30, 12, 160, 6)[n % 14]
        if n % 9 != 8:  # of some, nobody knows
            lines.append(f"{one.public_id},{(clock.today() - timedelta(days=back)).isoformat()}")
    lines.append(f"@long.gone.account,{clock.today().isoformat()}")
    batch = posts.stage("Last posts (November).csv", io.BytesIO("\n".join(lines).encode()), by=marc)
    yield calendar.moment(22, 10, 42)
    posts.take(batch, by=marc, leave_out=True)
    yield calendar.moment(9, 15, 35)
    liveness.note_post(_there("https://www.instagram.com/rendellparkschool/"), clock.today(), by=cast["s.nguyen"])
    yield calendar.moment(6, 12, 20)
    choir = _there("https://www.youtube.com/@winstonchurchillchoir")
    pausing.pause(choir, by=cast["k.boateng"], ends_on=clock.today() + timedelta(days=70),
                  reason="The choir rehearses for spring. We post again at the concert.")  # fmt: skip
    yield calendar.moment(5, 9, 5)
    tick("upkeep.nightly")
    yield calendar.moment(4, 13, 15)
    liveness.note_look(_there("https://x.com/LloydSchoolBus"), "locked", by=cast["b.melnyk"],
                       note="The platform asks for a code that goes to an old phone.")  # fmt: skip
