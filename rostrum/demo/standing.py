"""What became of some accounts: closed with a checklist, a name that is parked, an order, a crisis hold that was lifted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from rostrum.core import clock
from rostrum.demo.days import Calendar
from rostrum.demo.play import Cast
from rostrum.orders import giving, holds
from rostrum.people.models import Unit
from rostrum.registry import closing
from rostrum.registry.closing_queries import open_closing
from rostrum.registry.models import Account
from rostrum.registry.verifying import verify

# The retired account, and what was answered for each item: (item, answer, line, French line).
FIELD_NOTES = "https://barrfieldnotes.wordpress.com"
CHECKLIST = (
    ("told", "told", "Families of the class, in the last newsletter and on the blog itself.", ""),
    ("archive", "taken", "Export of the blog, on the school’s drive under Archive, Field Notes.", ""),
    ("keys", "recovered", "School office vault, entry 21. Both former editors are out.", ""),
    ("handle", "parked", "", ""),
    ("notice", "shown", "Thank you for walking the fields with us. The class has finished its project.",
     "Merci d’avoir parcouru les champs avec nous. La classe a terminé son projet."),
)  # fmt: skip
ORDERED, HELD = "https://www.facebook.com/JackKempSchool", "kemp"


def _account(address: str) -> Account:
    account = verify(address).account
    if account is None:
        raise LookupError(f"Nothing official is at {address}.")
    return account


def closed_and_parked(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """The class's blog was retired first; its checklist was completed in the weeks after, and its name is parked."""
    yield calendar.moment(50, 10, 15)
    it, who = open_closing(_account(FIELD_NOTES)), cast["m.laurent"]
    if it is None:
        raise LookupError("The field notes owe no checklist.")
    # Due soon, so that Communications has one to look after today.
    renewal = timezone.localdate(calendar.moment(1, 9, 0)) + timedelta(days=6)
    for item, answer, line, french in CHECKLIST:
        closing.answer(it, item, by=who, answer=answer, detail=line, detail_fr=french,
                       day=renewal if item == "handle" else None)  # fmt: skip
    closing.finish(it, by=who)


def ordered(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Communications ordered one change that is carried out, and one that the managers still have before them."""
    yield calendar.moment(20, 11, 5)
    account = _account(ORDERED)
    done = giving.give(
        account, by=cast["m.laurent"], kind="access", clause="3.4", due_on=clock.today() + timedelta(days=7),
        what="Take the two volunteers of last year off the page.", reason="They no longer help at the school.",
    )  # fmt: skip
    yield calendar.moment(18, 8, 40)
    giving.fulfil(done, by=cast["b.okemow"], reason="Both are off. Only Tyler and I can post.")
    yield calendar.moment(17, 13, 20)
    giving.confirm(done, by=cast["m.laurent"], reason="Seen.")
    yield calendar.moment(3, 14, 30)
    account.refresh_from_db()
    giving.give(
        account, by=cast["j.gagnon"], kind="visibility", clause="1.8", due_on=clock.today() + timedelta(days=9),
        what="Switch off visitor posts on the page.", reason="Strangers advertise there each week.",
    )  # fmt: skip


def held(cast: Cast, units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """For one afternoon nobody posted for a school: everyone said so, and it was lifted."""
    yield calendar.moment(30, 12, 2)
    hold = holds.place(
        holds.Wanted(
            "freeze", "unit", clock.now() + timedelta(hours=6), unit=units[HELD],
            reason="A gas leak near the school. Only the division’s page speaks until the fire department is done.",
            line_en="This account is paused. News is on the division’s page.",
            line_fr="Ce compte est en pause. Les nouvelles sont sur la page de la division.",
        ),
        by=cast["m.laurent"],
    )  # fmt: skip
    for minutes, key in ((3, "b.okemow"), (9, "t.moosomin")):
        yield calendar.moment(30, 12, 2 + minutes)
        holds.stopped(hold, by=cast[key])
    yield calendar.moment(30, 15, 10)
    holds.lift(hold, by=cast["j.gagnon"], reason="The fire department has given the all-clear.")
