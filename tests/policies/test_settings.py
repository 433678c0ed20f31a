"""Settings: what the procedure sets, what the division chose, and what nobody set."""

from __future__ import annotations

import pytest

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid
from rostrum.policies import queries
from rostrum.policies.actions import load_edition, set_setting
from rostrum.policies.models import Edition, SettingValue

from .test_editions import revised

pytestmark = pytest.mark.django_db


def test_a_number_the_procedure_leaves_open_is_not_set(edition: Edition) -> None:
    state = queries.setting_state("decision_days.endorse")
    assert (state.value, state.source, state.chosen) == (None, "not_set", None)
    assert queries.setting("lapse_days") is None


def test_ap193_3_4_at_least_one_manager_and_1_7_warns_below_two(edition: Edition) -> None:
    assert (queries.setting("managers_min"), queries.setting_state("managers_min").source) == (1, "procedure")
    state = queries.setting_state("managers_warn_below")
    assert (state.value, state.source) == (2, "reading")


def test_the_division_chooses_changes_and_clears_and_every_choice_stays(edition: Edition) -> None:
    set_setting("reset_days", 180, by_name="M. Laurent", reason="Twice a year")
    set_setting("reset_days", 90, by_name="M. Laurent", reason="After the breach in spring")
    state = queries.setting_state("reset_days")
    assert (state.value, state.source) == (90, "division")
    assert state.chosen is not None
    assert state.chosen.set_by_name == "M. Laurent"
    set_setting("reset_days", None, by_name="A. Petrova", reason="Back to the procedure")
    assert (queries.setting("reset_days"), queries.setting_state("reset_days").source) == (None, "not_set")
    assert [row.value for row in queries.setting_history("reset_days")] == [None, 90, 180]
    events = Event.objects.filter(act__startswith="setting:").order_by("seq")
    assert [event.act for event in events] == ["setting:set", "setting:set", "setting:clear"]


def test_clearing_returns_to_what_the_procedure_sets(edition: Edition) -> None:
    set_setting("managers_min", 2, by_name="M. Laurent", reason="Two per account")
    assert queries.setting("managers_min") == 2
    set_setting("managers_min", None, by_name="M. Laurent", reason="One will do")
    assert (queries.setting("managers_min"), queries.setting_state("managers_min").source) == (1, "procedure")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("reset_days", 0, "The least is 1"),
        ("reset_days", 5000, "The most is 1095"),
        ("reset_days", "ninety", "whole number"),
        ("reset_days", True, "whole number"),
        ("directory_managers", "everyone", "Choose one of: hidden, role"),
        ("managers_min", 0, "The least is 1"),
        ("no_such", 3, "has no setting"),
    ],
)
def test_a_value_that_cannot_be_is_refused(edition: Edition, key: str, value: object, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        set_setting(key, value, by_name="M. Laurent", reason="To try")  # type: ignore[arg-type]  # bad on purpose
    assert not SettingValue.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "a\u202eb"])
def test_a_choice_needs_a_reason(edition: Edition, reason: str) -> None:
    with pytest.raises(Invalid, match="Say why"):
        set_setting("reset_days", 90, by_name="M. Laurent", reason=reason)
    assert not SettingValue.objects.exists()


def test_a_choice_outlives_a_new_edition(edition: Edition, shipped_text: str) -> None:
    set_setting("reset_days", 90, by_name="M. Laurent", reason="Once a term")
    load_edition(revised(shipped_text, day="2020-01-01"))
    assert queries.cite(["3.1"]) == ["ap-193@2027-01#3.1"]
    assert queries.setting("reset_days") == 90


def test_all_settings_in_few_reads(edition: Edition, django_assert_num_queries: object) -> None:
    set_setting("review_days", 365, by_name="M. Laurent", reason="Once a year")
    queries.current()
    with django_assert_num_queries(2):  # type: ignore[operator]  # a pytest-django fixture
        states = queries.settings_states()
    assert len(states) == len(queries.current().settings)
    assert {state.setting.key for state in states if state.source == "division"} == {"review_days"}


def test_an_unknown_setting_in_code_is_a_mistake(edition: Edition) -> None:
    with pytest.raises(queries.UnknownSetting):
        queries.setting("no_such")


def test_a_choice_between_words(edition: Edition) -> None:
    set_setting("directory_managers", "role", by_name="M. Laurent", reason="Families ask who to call")
    assert queries.setting("directory_managers") == "role"
