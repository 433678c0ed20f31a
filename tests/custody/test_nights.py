"""The night's work on departures: what it asks of the database grows gently, and it tells all as an act of one would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.custody.departure_models import Departure
from rostrum.custody.jobs import remind, sweep_again
from rostrum.custody.touches import touches_of
from rostrum.notices.models import Notice
from rostrum.people.actions import add_person, note_departure
from rostrum.people.models import Person
from rostrum.registry.models import AccessHolder, Account
from tests.cast import Cast, official
from tests.custody.holding import third_manager

pytestmark = pytest.mark.django_db
_numbers = count(1)


def left(cast: Cast, many: int, shared: Account, own: int = 1) -> list[Person]:
    """People who left by another way: each managed accounts of their own, and could get into one that all share."""
    people = []
    for n in (next(_numbers) for _one in range(many)):
        person = add_person(email=f"leaver{n}@lpsd.ca", name=f"Leaver {n:03}", home_unit=cast.school, by=None)
        for _account in range(own):
            third_manager(cast, official(cast), person)
        AccessHolder.objects.create(
            registration=shared.registration, person=person, name=person.name, platform_role="editor", since=clock.now()
        )
        people.append(note_departure(person, by=cast.sysadmin))
    return people


def asked(work: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_a_sweep_asks_fewer_than_sixty_questions_for_each_leaver(cast: Cast) -> None:
    shared, counts = official(cast), {}
    for many in (2, 4):
        left(cast, many, shared)
        counts[many] = asked(sweep_again)
    assert Departure.objects.filter(state="open").count() == 6
    assert (counts[4] - counts[2]) / 2 < 60


def test_a_sweep_hardly_asks_more_for_a_leaver_of_more_accounts(cast: Cast) -> None:
    shared, counts = official(cast), {}
    left(cast, 1, shared)
    sweep_again()
    for own in (1, 4):
        left(cast, 1, shared, own)
        counts[own] = asked(sweep_again)
    assert (counts[4] - counts[1]) / 3 < 3


def test_a_night_on_which_nothing_came_to_light_asks_the_same_however_many_left(cast: Cast) -> None:
    shared, counts = official(cast), {}
    for many in (1, 3):
        left(cast, many, shared)
        sweep_again()
        counts[many] = asked(sweep_again)
    assert counts[1] == counts[3]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of few rows whole, whatever its indexes.")
def test_a_leaver_s_own_mailbox_is_found_without_reading_every_account(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        touches_of([cast.teacher.pk])
    [sql] = (one["sql"] for one in queries.captured_queries if 'LOWER("registry_account"."mailbox") IN' in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        assert "account_by_mailbox" in str(cursor.fetchall())


def test_each_leaver_is_an_act_of_their_own_in_the_log(cast: Cast) -> None:
    shared = official(cast)
    people = left(cast, 2, shared, own=2)
    before = Event.objects.latest("seq").seq
    sweep_again()
    found = list(Event.objects.filter(seq__gt=before).order_by("seq").values_list("act", "kept__payload__note"))
    one, two = (person.name for person in people)
    assert [found[0], *sorted(found[1:4])] == [("departure:note", ""), *[("resetcall:ask", one)] * 3]
    assert [found[4], *sorted(found[5:])] == [
        ("departure:note", ""), *[("resetcall:ask", two)] * 2, ("resetcall:ask_again", two)
    ]  # fmt: skip


def test_reminders_hardly_ask_more_for_more_departures(cast: Cast) -> None:
    shared, counts, start = official(cast), {}, timezone.now()
    for many, days in ((2, 8), (4, 16)):
        left(cast, many, shared)
        sweep_again()
        before = Notice.objects.filter(kind="departure.reminder").count()
        with clock.standing_at(start + timedelta(days=days)):
            counts[many] = asked(remind)
            assert asked(remind) < counts[many], "once for a period"
        told = Notice.objects.filter(kind="departure.reminder").count() - before
        assert told == 2 * Departure.objects.count(), "each by both managers who stay"
    assert (counts[4] - counts[2]) / 4 < 2
