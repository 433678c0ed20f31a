"""Managers are asked to read the edition in force: each once, in a number of queries that does not grow with them."""

from __future__ import annotations

from typing import Any

from rostrum.custody.jobs import ask_to_read
from rostrum.notices.models import Notice
from rostrum.policies.actions import set_setting
from rostrum.policies.queries import in_force
from rostrum.registry.models import Account, Designation
from rostrum.schoolyear.models import Reminder
from tests.cast import Cast, official


def required() -> None:
    set_setting("manager_reading", "required", by_name="Marc Laurent", reason="Asked by the trustees.")


def test_nobody_is_asked_where_the_division_does_not_ask(cast: Cast) -> None:
    official(cast)
    ask_to_read()
    assert not Reminder.objects.filter(series__startswith="custody.reading").exists()


def test_each_manager_is_asked_once_for_an_edition_and_later_ones_later(cast: Cast) -> None:
    official(cast)
    later = official(cast)
    theirs = Designation.objects.filter(registration=later.registration)
    theirs.filter(kind="second").delete()
    theirs.update(person=cast.superintendent)
    Account.objects.filter(pk=later.pk).update(state="retired")
    required()
    before = Notice.objects.count()
    ask_to_read()
    new = list(Notice.objects.order_by("-pk")[: Notice.objects.count() - before])
    assert {one.person for one in new} == {cast.teacher, cast.colleague}
    assert {one.about_ref for one in new} == {in_force().label}
    ask_to_read()
    assert Notice.objects.count() == before + 2
    Account.objects.filter(pk=later.pk).update(state="recognised")
    ask_to_read()
    assert Notice.objects.count() == before + 3
    assert Notice.objects.order_by("-pk")[0].person == cast.superintendent


def test_a_night_on_which_all_were_asked_costs_a_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    official(cast)
    required()
    with django_assert_max_num_queries(21):  # PostgreSQL counts a savepoint more
        ask_to_read()
    with django_assert_max_num_queries(8):  # two of them ask whether today is a day with school
        ask_to_read()
