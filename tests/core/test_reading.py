"""What is asked once in one reading, and what ends it."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from rostrum.audit.actions import hold_the_pen
from rostrum.core.reading import forget, going_on, once, reading
from rostrum.custody.queries import managers
from rostrum.people.actions import appoint, note_departure
from rostrum.people.queries import in_turn
from rostrum.policies.actions import set_setting
from rostrum.policies.queries import in_force, setting, setting_state, settings_states
from rostrum.web.middleware import ReadingMiddleware
from tests.cast import Cast, official


@pytest.fixture
def asked() -> list[int]:
    return []


def ask(asked: list[int]) -> int:
    return once("number", lambda: len(asked.append(1) or asked))


def test_outside_of_a_reading_every_question_is_asked(asked: list[int]) -> None:
    assert not going_on()
    assert [ask(asked), ask(asked)] == [1, 2]


def test_inside_one_each_question_is_asked_once_and_the_next_begins_anew(asked: list[int]) -> None:
    with reading():
        assert going_on()
        assert [ask(asked), ask(asked)] == [1, 1]
    with reading():
        assert ask(asked) == 2
    assert not going_on()


def test_an_answer_of_none_is_an_answer() -> None:
    calls: list[int] = []
    with reading():
        for _twice in range(2):
            assert once("nothing", lambda: calls.append(1)) is None
    assert calls == [1]


def test_what_raised_is_asked_again(asked: list[int]) -> None:
    def fail() -> int:
        asked.append(1)
        raise ValueError

    with reading():
        for _twice in range(2):
            with pytest.raises(ValueError):
                once("number", fail)
    assert len(asked) == 2


def test_forgetting_outside_of_a_reading_is_nothing() -> None:
    forget()
    assert not going_on()


@pytest.mark.django_db
def test_every_act_ends_what_was_read(asked: list[int]) -> None:
    with reading():
        ask(asked)
        hold_the_pen()
        assert ask(asked) == 2


@pytest.mark.parametrize(("method", "inside"), [("GET", True), ("HEAD", True), ("POST", False), ("PUT", False),
                                                ("PATCH", False), ("DELETE", False)])  # fmt: skip
def test_only_requests_that_change_nothing_are_readings(method: str, inside: bool) -> None:
    seen: list[bool] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(going_on())
        return HttpResponse()

    ReadingMiddleware(view)(RequestFactory().generic(method, "/"))
    assert seen == [inside]
    assert not going_on()


def test_a_setting_changed_inside_a_reading_is_read_anew(cast: Cast, django_assert_num_queries: Any) -> None:
    with reading():
        before = setting("managers_min"), setting("quiet_days")
        with django_assert_num_queries(0):
            assert setting("managers_min") == before[0]
            assert setting_state("quiet_days").value == before[1]
            assert in_force().in_force
            settings_states()
        set_setting("quiet_days", 77, by_name="Marc", reason="Asked.", by=cast.communications)
        assert setting("quiet_days") == 77
        assert {one.setting.key: one.value for one in settings_states()}["quiet_days"] == 77


def test_managers_and_turns_change_with_the_act(cast: Cast) -> None:
    account = official(cast)
    with reading():
        assert {one.person for one in managers(account)} == {cast.teacher, cast.colleague}
        assert in_turn(cast.school, ({"administrator"},)).people == (cast.principal,)
        appoint(cast.charlie, role="administrator", unit=cast.school, by=None)
        assert in_turn(cast.school, ({"administrator"},)).people == (cast.principal, cast.charlie)
        note_departure(cast.colleague, by=None)
        assert {one.person for one in managers(account)} == {cast.teacher}


def test_one_reading_inside_another_is_the_same_and_forgets_with_it(asked: list[int]) -> None:
    with reading():
        assert ask(asked) == 1
        with reading():
            assert ask(asked) == 1
            forget()
        assert ask(asked) == 2
