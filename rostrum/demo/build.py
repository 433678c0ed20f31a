"""Filling an empty database with the invented division: its people, and fourteen months of what they did."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import count

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.custody.departures import depart
from rostrum.demo.cases import STORIES as CASES
from rostrum.demo.changes import called_otherwise, given_to_another_school, merged_and_split
from rostrum.demo.custody import STORIES as CUSTODY
from rostrum.demo.days import FIRST, Calendar, Steps
from rostrum.demo.findings import captured
from rostrum.demo.keys import keys_without_secrets
from rostrum.demo.mail import PastMail
from rostrum.demo.mark import SEEDED, is_demonstration
from rostrum.demo.people import MAIL, PEOPLE, ROLES
from rostrum.demo.places import PLACES, ROOT
from rostrum.demo.play import Cast, live
from rostrum.demo.reviews import STORIES as REVIEWS
from rostrum.demo.schoolyears import kept_years
from rostrum.demo.standing import closed_and_parked, held, ordered
from rostrum.demo.story import stories
from rostrum.demo.today import before_rostrum, found_on_the_way
from rostrum.demo.upkeep import certified, posted
from rostrum.jobs.actions import kept_back, tick, work_off
from rostrum.notices.actions import PAUSES, carried_by, deliver_digests, deliver_due, mark_read
from rostrum.people.actions import (
    add_person,
    add_unit,
    appoint,
    name_stand_in,
    set_preferences,
)
from rostrum.people.models import Unit
from rostrum.people.queries import active_people, appointments_of, division
from rostrum.policies.actions import load_edition, set_setting

# (working days back, setting, value, why): the few numbers that this division chose. The others stay unset.
CHOSEN: tuple[tuple[int, str, int | str, str], ...] = (
    (264, "decision_days.endorse", 5, "Principals’ meeting: a request should not wait longer than a week."),
    (264, "decision_days.approve", 5, "Communications promises the same."),
    (212, "registration_days", 30, "A month is enough to make an account and register it."),
    (212, "registration_reminder_days", 14, "One reminder every second week helps; every day does not."),
    (211, "lapse_days", 60, "Two requests of last year were never registered and blocked their handles."),
    (188, "deadline_days", "moved", "Nobody should find a deadline on a holiday."),
    (120, "shared_mailbox", "preferred", "Shared mailboxes stay with the school when people move on."),
)  # fmt: skip
FULL_MAILBOX = f"k.moyah@{MAIL}"  # her letters come back, so that the mail page has one in trouble


def beginning() -> datetime:
    """The morning on which the invented division starts to use Rostrum."""
    return Calendar(timezone.localdate()).moment(FIRST, 7, 30)


def seed() -> None:
    """Fill an empty database with the demonstration, all of it or nothing.

    Does nothing on a database that it has filled before. Raises WrongState on one that holds anything real,
    and in production: invented people must never stand beside real ones. No letter leaves this machine.
    """
    if is_demonstration():
        return
    if settings.PRODUCTION:
        raise WrongState(_("The demonstration does not run in production. To try it, use: make run"))
    if division() is not None or active_people().exists():
        raise WrongState(
            _("This database already holds a division. The demonstration needs a database of its own."),
            way_forward=_("Name another folder in ROSTRUM_DATA_DIR, then seed that one."),
        )
    carrier = PastMail(refusing=[FULL_MAILBOX])
    with translation.override("en-ca"), transaction.atomic(), kept_back(), carried_by(carrier), _in_haste():
        _Past(carrier).play()


@contextmanager
def _in_haste() -> Iterator[None]:
    """Without the search for cyclic garbage: a sixth of the time saved for 20 MB more, measured."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Past:
    """Fourteen months, lived in order of time."""

    def __init__(self, carrier: PastMail) -> None:
        self._now = clock.now()
        self._calendar = Calendar(timezone.localdate(self._now))
        self._carrier = carrier
        self._cast: Cast = {}
        self._units: dict[str, Unit] = {}
        self._queue: list[tuple[datetime, int, Iterator[datetime]]] = []
        self._order = count()

    def play(self) -> None:
        """Everything, from the first morning to the last working day."""
        with clock.standing_at(beginning()):
            load_edition(settings.DEMO_PROCEDURE)
        with clock.standing_at(beginning() + timedelta(minutes=10)):
            self._found()
        kinds = {place.code: place.kind for place in (ROOT, *PLACES)}
        for entry, story in enumerate(stories(), start=1):
            steps = Steps(self._calendar, story.start, f"{story.platform} {story.name}")
            self._add(live(story, kinds[story.unit], self._cast, steps, entry))
        old = (
            kept_years, before_rostrum, found_on_the_way, called_otherwise, given_to_another_school, merged_and_split,
            closed_and_parked, ordered, held, captured,
            certified, posted,
            *CUSTODY, keys_without_secrets, *REVIEWS, *CASES,
        )  # fmt: skip
        for other in (
            self._choose_settings(), self._people_come_and_go(), self._chase(), self._read(),
            *(tell(self._cast, self._units, self._calendar) for tell in old),
        ):  # fmt: skip
            self._add(other)
        self._run()

    def _add(self, story: Iterator[datetime]) -> None:
        """Put a story's next act in line. What would lie in the future does not happen."""
        moment = next(story, None)
        if moment is not None and moment < self._now:
            heapq.heappush(self._queue, (moment, next(self._order), story))

    def _run(self) -> None:
        last = self._queue[0][0]
        while self._queue:
            moment, _n, story = heapq.heappop(self._queue)
            moment = max(moment, last)  # whatever a story reckoned: nothing happens before what happened before it
            self._morning(last, moment)
            last = moment
            refused = self._carrier.refused
            with clock.standing_at(moment):
                self._add(story)
                work_off()
            if self._carrier.refused > refused:
                self._add(self._try_again(moment))
        self._morning(last, self._now)

    @staticmethod
    def _morning(before: datetime, moment: datetime) -> None:
        """The daily letters of the first morning after a day on which something happened."""
        day = timezone.localdate(before) + timedelta(days=1)
        morning = timezone.make_aware(datetime.combine(day, time(6, 30)))
        if morning < moment:
            with clock.standing_at(morning):
                deliver_digests()

    @staticmethod
    def _try_again(moment: datetime) -> Iterator[datetime]:
        """A refused letter is tried again after each pause, until it has failed."""
        for pause in PAUSES:
            moment += pause + timedelta(seconds=1)
            yield moment
            deliver_due()

    def _found(self) -> None:
        """The division as it was on the first morning."""
        record(None, SEEDED, None, label=ROOT.name)
        for place in (ROOT, *PLACES):
            contact = {"phone": place.phone, "email": place.email, "town": place.town, "street": place.street}
            self._units[place.code] = add_unit(
                kind=place.kind, name=place.name, code=place.code, by=None,
                parent=self._units[place.above] if place.above else None,
                **{key: value for key, value in contact.items() if value},
            )  # fmt: skip
        first = next(who for who in PEOPLE if who.key == "t.boyko")
        keeper = None
        for who in (first, *(other for other in PEOPLE if other is not first)):
            person = add_person(
                email=who.email, name=who.name, title=who.title, kind=who.kind, language=who.language,
                home_unit=self._units[who.home], by=keeper,
            )  # fmt: skip
            self._cast[who.key] = person
            if keeper is None:
                keeper = person
                appoint(person, role="sysadmin", unit=self._units[ROOT.code], by=None)
            if who.rhythm:
                self._cast[who.key] = set_preferences(person, language=who.language, mail_rhythm=who.rhythm)
        for key, role, unit in ROLES:
            appoint(self._cast[key], role=role, unit=self._units[unit], by=keeper)

    def _choose_settings(self) -> Iterator[datetime]:
        marc = self._cast["m.laurent"]
        for n, (back, key, value, why) in enumerate(CHOSEN):
            yield self._calendar.moment(back, 15, 10 + n)
            set_setting(key, value, by_name=marc.name, reason=why, by=marc, role="communications")

    def _people_come_and_go(self) -> Iterator[datetime]:
        """One principal has retired; another is away, and her vice-principal acts for her."""
        yield self._calendar.moment(100, 9, 20)
        depart(self._cast["e.hargreaves"], by=self._cast["t.boyko"], reason="Retired after 31 years.")
        yield self._calendar.moment(12, 8, 5)
        away = self._cast["l.cardinal"]
        appointment = appointments_of(away).get()
        name_stand_in(
            appointment, person=self._cast["b.okemow"], by=away, starts_on=clock.today(),
            ends_on=timezone.localdate(self._now) + timedelta(days=24), reason="Family leave.",
        )  # fmt: skip

    def _chase(self) -> Iterator[datetime]:
        """Every Monday morning: whoever has an approval and has not registered is reminded."""
        day = timezone.localdate(self._calendar.moment(FIRST - 1, 7, 0))
        day += timedelta(days=-day.weekday() % 7)
        while True:
            yield timezone.make_aware(datetime.combine(day, time(7, 1)))
            tick("registry.chase")
            day += timedelta(days=7)

    def _read(self) -> Iterator[datetime]:
        """People read what they are told; what came in the last days is still new."""
        for back in (150, 40, 8, 3):
            yield self._calendar.moment(back, 7, 50)
            for person in self._cast.values():
                mark_read(person)
