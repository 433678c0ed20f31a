"""What stood on the platforms before Rostrum: the office's old list, three accounts that someone found, first answers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from rostrum.core import clock
from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.intake import accounts, accounts_reading
from rostrum.people.models import Person, Unit
from rostrum.registry import known, registering
from rostrum.registry.known_queries import to_approve, undecided_of
from rostrum.registry.models import AccountRequest
from rostrum.registry.queries import registration_of

FILE = "Social media accounts (office list).csv"
LIST = """School,Platform,Link,Account name,Who runs it,E-mail,Notes
Rendell Park,Facebook,https://www.facebook.com/RendellParkBookFair,Rendell Park Book Fair,Owen Clarke,library@lpsd.ca,
Rendell Park School,Instagram,@rendellparkrunners,Rendell Park Running Club,Sofia Nguyen,runners@lpsd.ca,
Rendell Park School,Twitter,https://twitter.com/RPSmusicroom,Rendell Park Music Room,M. Delorme,rpsmusic@gmail.com,Ms. Delorme left in 2023
Rendell Park School,Facebook,https://www.facebook.com/RendellParkGrads2019,Rendell Park Grads 2019,,,nobody has the password
"Grade 4, Rendell Park School",Blog,https://rendellgardenbeds.wordpress.com,Grade 4 Garden Beds,s.nguyen@lpsd.ca,garden@lpsd.ca,
Rendell Park School Community Council,Instagram,https://www.instagram.com/rpcouncil.volunteers/,Rendell Park Council Volunteers,Kelly-Ann Moyah,council@lpsd.ca,
Winston Churchill,Facebook,https://www.facebook.com/ChurchillLunchProgram,Winston Churchill Lunch Program,Hannah Friesen,lunch@lpsd.ca,
Winston Churchill,Instagram,https://www.instagram.com/wcs.ukuleles,Winston Churchill Ukuleles,Kwame Boateng,ukuleles@lpsd.ca,
Winston Churchill,Twitter,https://twitter.com/ChurchillHomework,Churchill Homework Help,,churchillhomework@hotmail.com,not updated since 2017
Winston Churchill,Facebook,https://www.facebook.com/ChurchillPlayground,Churchill Playground Project,Charlie Dubois,,
Barr Colony,Instagram,https://www.instagram.com/barr.snowshoes,Barr Colony Snowshoe Club,Amber Desjarlais,snowshoes@lpsd.ca,
Barr Colony,Facebook,https://www.facebook.com/BarrBreakfastClub,Barr Breakfast Club,Pieter van Dyk,breakfast@lpsd.ca,
Jack Kemp,Facebook,https://www.facebook.com/KempFamilyNights,Jack Kemp Family Nights,Ben Okemow,families@lpsd.ca,
Jack Kemp,YouTube,https://www.youtube.com/@kempstorytellers,Jack Kemp Storytellers,Tyler Moosomin,stories@lpsd.ca,
Bishop Lloyd,Instagram,https://www.instagram.com/bishop.yearbook,Bishop Lloyd Yearbook,Fatima Yusuf,yearbook@lpsd.ca,
Laird,Facebook,https://www.facebook.com/LairdSkiTrip,E.S. Laird Ski Trip,Arjun Patel,skitrip@lpsd.ca,only in winter
Lloydminster Comprehensive,Instagram,https://www.instagram.com/barons.badminton,Barons Badminton,Chantal Beaulieu,badminton@lpsd.ca,
Lloydminster Comprehensive,Instagram,https://www.instagram.com/comp.ceramics,Comprehensive Ceramics,Samantha Littlechief,ceramics@lpsd.ca,
Lloydminster Comprehensive,Facebook,https://www.facebook.com/CompMusicalTheatre,Comprehensive Musical Theatre,Grace Kim,musical@lpsd.ca,
Lloydminster Comprehensive,Facebook,https://www.facebook.com/CompMusicalTheatre/,Musical Theatre,,,the same once more
College Park,Facebook,https://www.facebook.com/ParkImmersionParents,Parents de l’immersion,Émilie Fontaine,parents@lpsd.ca,
"""  # noqa: E501 - a list as an office keeps it
# (working days back, who, unit, address, name, what they saw)
FOUND = (
    (9, "k.moyah", "rendell", "https://www.instagram.com/rendellpark.confessions", "Rendell Park Confessions",
     "Uses the school’s logo and asks pupils to send in stories."),
    (6, "l.oreilly", "lchs", "https://www.tiktok.com/@barons.highlights", "Barons Highlights",
     "Game clips with our crest. Perhaps a team account from last year."),
    (3, "c.mckay", "lpsd", "https://x.com/LPSDjobs", "LPSD Jobs",
     "Reposts our job ads and answers applicants as if it were us."),
)  # fmt: skip


def before_rostrum(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """The list comes in; two principals answer; what was claimed is approved; others still wait."""
    yield calendar.moment(16, 13, 20)
    batch = accounts_reading.stage(FILE, io.BytesIO(LIST.encode()), by=cast["m.laurent"])
    yield calendar.moment(16, 13, 55)
    for row in batch.rows.filter(level="problem"):  # longer than any name on X: copied wrong, years ago
        accounts.repair(batch, row.number, by=cast["m.laurent"], values={"address": "https://x.com/WCShomework"})
    accounts.bring_in(batch, by=cast["m.laurent"])
    yield calendar.moment(15, 15, 40)
    _answer(units["winston"], cast["c.dubois"], {"Churchill Homework": "not_ours"}, no_others=True)
    yield calendar.moment(14, 8, 30)
    done = known.approve_together(
        [(one, None) for one in to_approve(cast["j.gagnon"])[:2]], by=cast["j.gagnon"],
        reason="Good to have these in the register.",
    )  # fmt: skip
    yield calendar.moment(13, 9, 15)
    _answer(units["barr"], cast["n.haddad"], {}, no_others=False)
    yield calendar.moment(12, 15, 25)
    _answer(units["lchs"], cast["g.dhaliwal"], {"Musical": "unreachable", "Ceramics": ""}, no_others=False)
    yield calendar.moment(11, 10, 5)
    for request in done[:1]:
        _register(request.requester, request)
    yield calendar.moment(10, 11, 45)
    for request in done[:1]:
        form = registration_of(request)
        if form is not None:
            registering.confirm(form, by=cast["j.gagnon"])


def found_on_the_way(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Three people come across accounts that look like ours."""
    for back, who, unit, address, name, saw in FOUND:
        yield calendar.moment(back, 12, 10)
        entry = known.entry_of(address, units[unit], name=name, note=saw, seen_on=clock.today() - timedelta(days=1))
        known.sight(entry, by=cast[who])


def _answer(home: Unit, by: Person, others: dict[str, str], *, no_others: bool) -> None:
    """Ours, unless the name says otherwise; looked after by whom the list names, else by whoever decides."""
    why = {
        "not_ours": "We never had one of this name. A parent may have made it.",
        "unreachable": "The teacher who made it has left, and the mailbox is gone.",
    }
    decisions = []
    for one in undecided_of(home):
        answer = next((said for name, said in others.items() if name in one.name), "ours")
        if answer:  # without an answer it waits for later
            manager = (one.manager or by) if answer == "ours" else None
            decisions.append(known.Decision(one, answer, manager, why.get(answer, "")))
    known.decide(home, decisions, by=by, no_others=no_others)


def _register(who: Person, request: AccountRequest) -> None:
    """The Registration Form, filled in beforehand, needs only what nobody else can know."""
    form = registration_of(request)
    if form is None:
        return
    said = {
        "visibility": ["public"], "comment_mode": ["moderated"], "logo_permission": ["none"],
        "recovery": ["shared_mailbox"], "second_factor": ["yes"], "custody": ["Office vault, entry 81"],
        "directory_link": ["yes"], "no_personal_address": ["yes"], "correct": ["yes"],
    }  # fmt: skip
    registering.send(registering.save(form, said, by=who), by=who)
