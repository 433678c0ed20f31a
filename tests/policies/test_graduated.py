"""Graduated actions: absent from AP 193, checked where a file has them, written down and taken back by the division."""

from __future__ import annotations

from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.policies import queries
from rostrum.policies.actions import load_edition
from rostrum.policies.check import check_text, read
from rostrum.policies.graduated import graduated, set_graduated
from rostrum.policies.models import Edition, SettingValue

from .conftest import SHIPPED

TABLE = """
[graduated]
cites = ["1.5"]
severities = [
    {key = "minor", label = {en = "Minor", fr = "Léger"}, counts_days = 180},
    {key = "serious", label = {en = "Serious", fr = "Grave"}},
]
steps = [
    {severity = "minor", occurrence = 1, measures = ["guidance"]},
    {severity = "serious", occurrence = 1, measures = ["warning"]},
    {severity = "serious", occurrence = 2, within_days = 365, clauses = ["1.9"], measures = ["warning", "suspend"]},
]

"""
OWN: dict[str, Any] = {
    "cites": ["1.5"],
    "severities": [{"key": "serious", "label": {"en": "Serious", "fr": "Grave"}}],
    "steps": [{"severity": "serious", "occurrence": 2, "within_days": 365, "measures": ["suspend"]}],
}


def with_table(text: str, table: str = TABLE) -> str:
    return text.replace("\n[[forms]]\n", table + "\n[[forms]]\n", 1)


def test_ap193_sets_no_graduated_actions(edition: Edition) -> None:
    assert (graduated().table, graduated().source) == (None, "not_set")


def test_a_file_may_bring_them(shipped_text: str) -> None:
    document, problems = read(with_table(shipped_text))
    assert problems == []
    assert document is not None
    assert document.graduated is not None
    assert document.graduated.steps[2].measures == ("warning", "suspend")
    serious = document.graduated.severity("serious")
    assert serious is not None
    assert (serious.label.fr, document.graduated.severity("grave")) == ("Grave", None)


@pytest.mark.django_db
def test_what_a_procedure_brings_is_the_procedures(shipped_text: str) -> None:
    load_edition(with_table(shipped_text))
    assert graduated().source == "procedure"


@pytest.mark.parametrize(
    ("wrong", "by", "said"),
    [
        ('{severity = "minor", occurrence', '{severity = "small", occurrence', "no severity of this table"),
        ('measures = ["warning", "suspend"]', 'measures = ["close", "suspend"]', "suspended or closed, not both"),
        ('measures = ["warning", "suspend"]', 'measures = ["guidance", "suspend"]', "stands alone"),
        ('measures = ["warning", "suspend"]', 'measures = ["warning", "warning"]', "here twice"),
        ('measures = ["warning", "suspend"]', 'measures = ["fine"]', "“fine”"),
        ('clauses = ["1.9"]', 'clauses = ["1.99"]', "There is no clause 1.99"),
        ('cites = ["1.5"]\nseverities', 'cites = ["9.9"]\nseverities', "There is no clause 9.9"),
        ('key = "minor", label', 'key = "serious", label', "here twice"),
        ('severity = "serious", occurrence = 2, within_days = 365, clauses = ["1.9"]',
         'severity = "serious", occurrence = 1', "here twice"),
        ("occurrence = 2", "occurrence = 0", "steps[3].occurrence"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_explained(shipped_text: str, wrong: str, by: str, said: str) -> None:
    assert wrong in TABLE
    problems = check_text(with_table(shipped_text, TABLE.replace(wrong, by, 1)))
    assert said in " ".join(str(one) for one in problems), problems


@pytest.mark.django_db
def test_the_division_writes_its_own_down_and_takes_it_back(edition: Edition) -> None:
    set_graduated(OWN, by_name="M. Laurent", reason="Decided by the Director in May.")
    state = graduated()
    assert state.source == "division"
    assert state.table is not None
    assert state.table.steps[0].within_days == 365
    assert state.chosen is not None
    assert state.chosen.reason == "Decided by the Director in May."
    event = Event.objects.latest("seq")
    assert (event.act, event.kept.payload["citations"]) == ("graduated:set", ["ap-193@2015-09#1.5"])
    set_graduated(None, by_name="M. Laurent", reason="Not any more.")
    assert (graduated().table, graduated().source) == (None, "not_set")
    assert Event.objects.latest("seq").act == "graduated:clear"
    assert [row.value is None for row in queries.setting_history("graduated")] == [True, False]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        ({**OWN, "cites": ["9.9"]}, "Why", "table"),
        ({**OWN, "steps": [{**OWN["steps"][0], "clauses": ["7.7"]}]}, "Why", "table"),
        ({**OWN, "steps": [{**OWN["steps"][0], "severity": "mild"}]}, "Why", "table"),
        ({**OWN, "steps": []}, "Why", "table"),
        ({"anything": 1}, "Why", "table"),
        (OWN, " ", "reason"),
        (OWN, "\x00", "reason"),
    ],
)
def test_a_table_of_the_division_that_cannot_be_is_refused(
    edition: Edition, value: dict[str, Any], reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_graduated(value, by_name="M. Laurent", reason=reason)
    assert field in refused.value.fields
    assert SettingValue.objects.count() == 0


@pytest.mark.django_db
def test_a_table_that_no_longer_fits_counts_as_none(edition: Edition) -> None:
    SettingValue.objects.create(
        procedure=edition.procedure, key="graduated", value={"old": "shape"}, reason="Of old.", set_by_name="M. Laurent",
        set_at=clock.now(),
    )  # fmt: skip
    assert (graduated().table, graduated().source) == (None, "not_set")


def test_the_shipped_file_has_no_table_of_its_own() -> None:
    assert "[graduated]" not in SHIPPED.read_text(encoding="utf-8")
