"""A whole school year of a small division, year's end, leap day and both changes of clocks included, lived by acts and clock.

Each reminder of each series goes out exactly once in its period: neither doubled nor lost through an outage of a week,
none on a day on which nothing may be sent, and what was reminded of is over when its matter is. What is expected is
reckoned by hand in `tests/year/reckoning.py`; afterwards every account can be explained from its one page.

Days on which nothing is due and nobody does anything are passed over; a sample is lived both ways to prove that this
changes nothing. WHOLE_YEAR=1 lives every single day (five minutes).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from rostrum.audit.chain import verify
from rostrum.audit.models import Event
from rostrum.audit.queries import entries
from rostrum.audit.words import known_acts
from rostrum.core import clock
from rostrum.jobs.models import JobRun
from rostrum.jobs.registry import JOBS
from rostrum.notices.kinds import KINDS
from rostrum.notices.models import MailState, Notice
from rostrum.people.actions import set_preferences
from rostrum.registry.models import AccountStanding
from tests.registry.conftest import taken_back
from tests.upkeep.conftest import on
from tests.web.doors import come_in
from tests.year.living import HOURS, Year, strikes
from tests.year.reckoning import FIRST, LAST, days, school
from tests.year.story import Story

pytestmark = pytest.mark.xdist_group("year")  # it is lived once, by one worker
# A week in November in which no job ran, with the weekend and the day after it.
DOWN = tuple(date(2027, 11, 24) + timedelta(days=n) for n in range(7))
# Days on which every job strikes twice, as after a crash: windows, deadlines, the first day after a break.
TWICE = (date(2027, 9, 8), date(2027, 9, 23), date(2027, 12, 1), date(2028, 1, 10), date(2028, 2, 28))
# What asks for nothing, and what only a crisis sends, comes on any day.
ANY_DAY = {"hold.over", "decision.strike_ended", "keys.asked", "handover.ended_whole"}


def letters() -> dict[str, Counter[tuple[str, date]]]:
    """What went out: by kind, who on which local day how often."""
    found: dict[str, Counter[tuple[str, date]]] = {}
    for kind, name, at in Notice.objects.values_list("kind", "person__name", "owed_at"):
        found.setdefault(kind, Counter())[name, timezone.localdate(at)] += 1
    return found


def eventful(story: Story) -> set[date]:
    """The days on which somebody does something or something is due; the last day of what ends by the clock too."""
    found = {timezone.localdate(moment) for moment, _n, _act in story.year._acts}
    for counted in story.due.letters.values():
        found |= {day for _name, day in counted}
    return found | {date(2028, 6, 28)}


@contextmanager
def lived(**more: Any) -> Iterator[Story]:
    """The year, lived once; whatever it made is taken back in the end."""
    with taken_back():
        story = Story(Year(down=DOWN, twice=TWICE), DOWN)
        needed = set(days()) if os.environ.get("WHOLE_YEAR") else eventful(story)
        story.year.live(FIRST, LAST, skip=lambda day: day not in needed)
        story.reckon_review()
        yield story


@pytest.fixture(scope="module")
def _lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Story]:
    with django_db_blocker.unblock(), lived() as story:
        yield story


@pytest.fixture
def story(_lived: Story, db: None) -> Story:
    """The division on 16 September 2028, with its year behind it."""
    return _lived


def test_every_job_of_the_house_takes_part(story: Story) -> None:
    clocked = {name for name, job in JOBS.items() if job.periodic}
    assert {name for names in strikes(date(2028, 2, 29)).values() for name in names} == clocked
    assert len(HOURS) == 1
    ran = set(JobRun.objects.filter(queued_at__year=2028).values_list("name", flat=True))
    assert clocked <= ran
    assert story.year.failed == 0
    assert not JobRun.objects.exclude(state="done").exists()


def test_every_reminder_went_out_once_for_its_period_and_no_other(story: Story) -> None:
    sent, wrong = letters(), {}
    for kind, expected in story.due.letters.items():
        found = sent.get(kind, Counter())
        if kind == "keys.asked":  # people ask as well; what the clock asked is a part of it
            found = Counter({one: n for one, n in found.items() if one in expected})
        if found != expected:
            wrong[kind] = {"lost": sorted((expected - found).elements()), "more": sorted((found - expected).elements())}
    assert wrong == {}


def test_every_kind_of_reminder_is_reckoned(story: Story) -> None:
    """A letter that a job of the clock owes, and that nobody reckoned, would pass unseen."""
    by_clock = {
        "appeal.still", "case.due", "certify.asked", "certify.late", "certify.reminder", "closing.owed",
        "custody.read_asked", "decision.late", "decision.strike_ended", "decision.to_do", "departure.reminder",
        "finding.late", "handover.ended_whole", "handover.reminder", "hold.over", "keys.asked", "keys.late",
        "keys.many_asked", "keys.reminder", "order.due", "order.late", "parking.renew", "quiet.reminder",
        "request.register_reminder", "reviews.finding_reminder", "reviews.judge_reminder", "reviews.late",
        "reviews.reminder", "reviews.sample_due", "standing.ended",
    }  # fmt: skip
    assert set(story.due.letters) == by_clock
    assert by_clock <= set(KINDS)
    told = Notice.objects.filter(owed_at__gte=clock.midnight(FIRST)).values_list("kind", "owed_at")
    at_night = {kind for kind, at in told if timezone.localtime(at).hour < 8}
    assert at_night <= by_clock, "some job of the morning writes letters that nobody reckoned"


def test_nothing_is_sent_on_a_day_on_which_it_must_not(story: Story) -> None:
    found = [
        (kind, day)
        for kind, counted in letters().items() if kind in story.due.letters and kind not in ANY_DAY
        for _name, day in counted if not school(day)
    ]  # fmt: skip
    assert found == []
    outage = Notice.objects.filter(owed_at__gte=clock.midnight(DOWN[0]), owed_at__lt=clock.midnight(DOWN[-1] + timedelta(1)))
    assert not outage.exists()


def test_every_letter_that_was_owed_went_out(story: Story) -> None:
    assert not Notice.objects.filter(mail__in=[MailState.OWED, MailState.FAILED]).exists()


def test_a_series_ends_with_its_matter(story: Story) -> None:
    """Nothing of the year is asked about in the last summer but what is open: one pause, one parked name."""
    late = Notice.objects.filter(owed_at__gte=clock.midnight(date(2028, 7, 1))).values_list("kind", flat=True)
    assert set(late) == {"certify.asked", "certify.reminder", "keys.many_asked", "keys.reminder", "reviews.sample_due"}


def test_every_event_of_the_year_has_words_and_the_chain_holds(story: Story) -> None:
    words = {act for act, _words in known_acts()}
    assert set(Event.objects.values_list("act", flat=True)) <= words
    report = verify(entries())
    assert report.fault is None
    assert report.entries == Event.objects.count() > 400


@pytest.fixture(scope="module")
def pages(_lived: Story, django_db_blocker: Any) -> dict[str, str]:
    """The page of every account as Communications reads it the day after, by the account's name in the story."""
    found = {}
    with django_db_blocker.unblock(), on(LAST + timedelta(days=1), 10):
        client = Client()
        come_in(client, _lived.cast.communications)
        for name in _lived.accounts:
            answer = client.get(f"/staff/accounts/{_lived.account(name).public_id}/")
            assert answer.status_code == 200
            found[name] = unescape(answer.content.decode())
    return found


def test_every_account_is_explained_on_one_page(story: Story, pages: dict[str, str]) -> None:
    """Each dated stretch with its reason, who decided and under which clause; the timeline in words."""
    for name, page in pages.items():
        stretches = AccountStanding.objects.filter(account=story.account(name)).select_related("by")
        assert stretches, name
        for one in stretches:
            assert one.by is not None, name
            assert one.by.name in page, name
            assert one.reason in page, (name, one.reason)
            assert one.citations, (name, one.reason)
            assert all(cited.split("#")[1] in page for cited in one.citations), (name, one.citations)
        for act in Event.objects.values_list("act", flat=True).distinct():
            assert f">{act}" not in page, "an act without words"


SAYS = {
    "band": ("Pictures without consent.", "They are down.", "suspended the official mark"),
    "quilts": ("Stolen.", "retired the account", "looked after the parked name"),
    "track": ("A lock-down at the school.", "The clause does not reach it."),
    "yearbook": ("Nora Vance", "asked for a reset"),
    "choir": ("Ines Roy",),
    "garden": ("Nobody can tell whose it is.", "It is there now."),
    "library": ("Nobody can tell whose it is.", "It is there now."),
    "chess": ("I changed it.",),
    "blog": ("Summer.",),
    "skating": ("made the account official",),
}


@pytest.mark.parametrize("name", sorted(SAYS))
def test_the_page_tells_what_happened_to_it(pages: dict[str, str], name: str) -> None:
    assert [words for words in SAYS[name] if words not in pages[name]] == []


def test_in_french_no_act_is_left_in_english(story: Story, client: Client) -> None:
    with on(LAST + timedelta(days=1), 10), translation.override("en-ca"):
        come_in(client, story.cast.communications)
        set_preferences(story.cast.communications, language="fr-ca", mail_rhythm="at_once")
        page = unescape(client.get(f"/staff/accounts/{story.account('band').public_id}/").content.decode())
    assert "Pictures without consent." in page
    assert "suspended the official mark" not in page
