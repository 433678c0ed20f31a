"""Two hundred managers hear of a crisis hold: over a real mail server, under way within a minute, each once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.jobs.actions import run_due, work_off
from rostrum.notices import actions
from rostrum.notices.actions import deliver_digests, deliver_due, deliver_some, owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.notices.models import MailState, Notice
from rostrum.notices.render import Letter
from rostrum.orders import holds
from rostrum.orders.hold_models import HoldTold
from rostrum.people.models import Person
from rostrum.registry.models import Designation
from tests.cast import Cast, official
from tests.notices.conftest import Catcher, catcher  # noqa: F401 - a mail server for these tests
from tests.orders.test_holds import wanted

pytestmark = pytest.mark.django_db
MANAGERS = 200
WITHIN = 60.0
CHASED = declare(
    NoticeKind("test.ordinary", "An ordinary letter: %(what)s", "%(who)s wrote.", "You are a test.", "Open", "web:account")
)


def many(cast: Cast, count: int = MANAGERS) -> None:
    """One account, and so many people who look after it."""
    registration = official(cast).registration
    people = Person.objects.bulk_create(
        Person(email=f"manager{n:03}@lpsd.ca", name=f"Manager {n:03}", home_unit=cast.school) for n in range(count - 2)
    )
    now = clock.now()
    Designation.objects.bulk_create(
        Designation(registration=registration, person=one, kind="second", named_at=now, accepted_at=now) for one in people
    )


def test_1_5_letters_to_two_hundred_managers_are_under_way_within_a_minute(cast: Cast, catcher: Catcher) -> None:  # noqa: F811
    many(cast)
    run_due()
    catcher.letters.clear()
    catcher.to.clear()
    begun = time.monotonic()
    it = holds.place(wanted(), by=cast.communications)
    placed = time.monotonic() - begun
    run_due()
    took = time.monotonic() - begun
    stop = [to for to, letter in zip(catcher.to, catcher.letters, strict=True) if letter["Subject"].startswith("Stop")]
    assert len(stop) == len({one for [one] in stop}) == MANAGERS
    assert not Notice.objects.filter(about_type="crisishold", mail=MailState.OWED).exists()
    assert HoldTold.objects.filter(hold=it, asked=True).count() == MANAGERS
    assert placed < WITHIN / 10, "whoever places it does not wait for letters"
    assert took < WITHIN


def test_placing_costs_a_number_of_queries_that_does_not_grow_with_the_people(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many(cast)
    with django_assert_max_num_queries(110):
        holds.place(wanted(), by=cast.communications)


def test_a_server_that_hangs_up_is_tried_again_letter_by_letter(cast: Cast, catcher: Catcher) -> None:  # noqa: F811
    many(cast, 4)
    run_due()
    catcher.letters.clear()
    it = holds.place(wanted(), by=cast.communications)
    numbers = list(Notice.objects.filter(about_type="crisishold", about_id=it.pk).values_list("pk", flat=True))
    catcher.mood = "refuse"
    assert deliver_some(numbers) == 0
    catcher.mood = "take"
    with clock.standing_at(clock.now() + timedelta(minutes=2)):
        assert deliver_due() == len(numbers)
    assert deliver_some(numbers) == 0, "nothing goes out twice"


def test_a_slow_server_does_not_cost_the_job_its_time(cast: Cast, catcher: Catcher) -> None:  # noqa: F811
    many(cast, 4)
    run_due()
    it = holds.place(wanted(), by=cast.communications)
    numbers = list(Notice.objects.filter(about_type="crisishold", about_id=it.pk).values_list("pk", flat=True))
    assert deliver_some(numbers, enough=0.0) == 0
    assert deliver_some(numbers) == len(numbers)


def backlog(cast: Cast, count: int = 40) -> list[Notice]:
    """Letters of ordinary business that wait, each with its job in the queue, all older than the hold."""
    about = official(cast)
    run_due()
    person = Person.objects.bulk_create(
        Person(email=f"reader{n:03}@lpsd.ca", name=f"Reader {n:03}", home_unit=cast.other_school) for n in range(count)
    )
    return [
        owe(CHASED, to=one, about=about, ref=about.public_id, context=dict.fromkeys(("what", "who", "unit", "comment"), "x"))
        for one in person
    ]


def subjects(catcher: Catcher) -> list[bool]:  # noqa: F811
    """Of each letter, in the order in which the mail server got it: whether it is about the hold."""
    return [str(one["Subject"]).startswith(("Stop", "Crisis")) for one in catcher.letters]


def test_1_5_the_letters_of_a_hold_go_before_all_that_waits(cast: Cast, catcher: Catcher) -> None:  # noqa: F811
    many(cast, 6)
    backlog(cast)
    catcher.letters.clear()
    holds.place(wanted(), by=cast.communications)
    work_off()
    order = subjects(catcher)
    assert order == sorted(order, reverse=True), "no letter of a hold comes after another one"
    assert sum(order) >= 6
    assert order.count(False) == 40


@pytest.mark.parametrize("job", ["one by one", "together", "retries", "daily letters"])
def test_1_5_a_hold_placed_while_a_slow_server_takes_other_letters_is_next(
    cast: Cast, catcher: Catcher, monkeypatch: pytest.MonkeyPatch, job: str  # noqa: F811
) -> None:  # fmt: skip
    many(cast, 6)
    waiting = backlog(cast)
    if job == "daily letters":
        Notice.objects.filter(pk__in=[one.pk for one in waiting]).update(mail=MailState.DIGEST)
    catcher.letters.clear()
    sends = actions._send

    def slow(person: Person, ready: Letter, message_id: str) -> str:
        said = sends(person, ready, message_id)
        if len(catcher.letters) == 3:
            holds.place(wanted(), by=cast.communications)
        return said

    monkeypatch.setattr(actions, "_send", slow)
    if job == "one by one":
        work_off()
    elif job == "together":
        deliver_some([one.pk for one in waiting])
    elif job == "retries":
        deliver_due()
    else:
        deliver_digests()
    order = subjects(catcher)
    asked = sum(order)
    assert asked >= 6
    assert order[:3] == [False] * 3
    assert order[3 : 3 + asked] == [True] * asked, "the hold is not told of after what waited longer"
