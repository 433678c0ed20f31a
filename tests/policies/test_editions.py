"""Editions: published once, frozen, cited for ever, one in force at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, WrongState
from rostrum.policies import jobs, queries
from rostrum.policies.actions import bring_into_force, load_edition, set_setting
from rostrum.policies.citations import Citation, parse
from rostrum.policies.models import Clause, Edition, SettingValue
from rostrum.policies.triggers import REVERSE, STATEMENTS

from .conftest import OTHER, SHIPPED

pytestmark = pytest.mark.django_db


def revised(text: str, label: str = "2027-01", day: str = "2027-01-15") -> str:
    """A later text of AP 193 that says something else in 3.1."""
    return (
        text.replace('label = "2015-09"', f'label = "{label}"', 1)
        .replace("effective_from = 2015-09-01", f"effective_from = {day}", 1)
        .replace("Form 193-1 and two approvals", "Form 193-1 and two clear approvals", 1)
    )


def test_loading_publishes_every_clause_and_is_one_event(edition: Edition) -> None:
    assert str(edition) == "ap-193@2015-09"
    assert edition.in_force
    assert edition.source == SHIPPED.read_text(encoding="utf-8")
    assert Clause.objects.filter(edition=edition).count() == edition.clause_count == 26
    assert Clause.objects.get(edition=edition, number="1.10").order == 10
    acts = list(Event.objects.order_by("seq").values_list("act", flat=True))
    assert acts == ["edition:load", "edition:bring_into_force"]


def test_loading_the_same_text_again_changes_nothing(edition: Edition, shipped_text: str) -> None:
    events = Event.objects.count()
    assert load_edition(SHIPPED) == edition
    assert load_edition(str(SHIPPED)) == edition
    assert load_edition(shipped_text.replace("\n", "\r\n")) == edition
    assert (Edition.objects.count(), Event.objects.count()) == (1, events)


def test_another_text_under_a_published_label_is_refused(edition: Edition, shipped_text: str) -> None:
    with pytest.raises(Invalid, match="never changes: give the new text a new label"):
        load_edition(shipped_text.replace("two approvals", "three approvals", 1))
    assert Edition.objects.count() == 1


def test_a_bad_file_is_refused_and_publishes_nothing(shipped_text: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        load_edition(shipped_text.replace('kind = "authority"', 'kind = "law"'))
    assert len(refused.value.fields["file"]) == 2
    with pytest.raises(Invalid, match="cannot be read"):
        load_edition(tmp_path / "none.toml")
    assert not Edition.objects.exists()
    assert not Event.objects.exists()


def test_a_new_edition_comes_into_force_and_rewrites_nothing(edition: Edition, shipped_text: str) -> None:
    citation = queries.cite(["3.1"])[0]
    before = queries.clause(citation)
    new = load_edition(revised(shipped_text), at=datetime(2027, 2, 1, tzinfo=UTC))
    edition.refresh_from_db()
    assert (new.in_force, edition.in_force) == (True, False)
    assert queries.in_force() == new
    assert queries.cite(["3.1"]) == ["ap-193@2027-01#3.1"]
    old = queries.clause(citation)
    assert old is not None
    assert old == before
    assert old.title_en == "Form 193-1 and two approvals"
    assert queries.content(edition).edition.label == "2015-09"
    assert [one.label for one in queries.editions()] == ["2027-01", "2015-09"]


def test_what_was_in_force_on_a_day(edition: Edition, shipped_text: str) -> None:
    new = load_edition(revised(shipped_text), at=datetime(2027, 2, 1, tzinfo=UTC))
    assert queries.in_force(on=date(2027, 1, 14)) == edition
    assert queries.in_force(on=date(2027, 1, 15)) == new
    assert queries.cite(["1.2", "3.1"], on=date(2020, 5, 1)) == ["ap-193@2015-09#1.2", "ap-193@2015-09#3.1"]
    with pytest.raises(WrongState):
        queries.in_force(on=date(2015, 8, 31))


def test_an_edition_published_ahead_waits_for_its_day(edition: Edition, shipped_text: str) -> None:
    new = load_edition(revised(shipped_text), at=datetime(2026, 12, 1, tzinfo=UTC))
    assert not new.in_force
    assert queries.in_force() == edition
    assert bring_into_force("ap-193", on=date(2027, 1, 14)) is None
    assert bring_into_force("ap-193", on=date(2027, 1, 15)) == new
    assert bring_into_force("ap-193", on=date(2027, 1, 16)) is None
    assert queries.in_force() == new


def test_the_nightly_job_switches_editions_on_their_day(edition: Edition, shipped_text: str) -> None:
    new = load_edition(revised(shipped_text, day="2016-01-01"), at=datetime(2015, 12, 1, tzinfo=UTC))
    assert not new.in_force
    jobs.bring_into_force()
    assert queries.in_force() == new
    jobs.bring_into_force()
    assert Event.objects.filter(act="edition:bring_into_force").count() == 2


def test_an_older_edition_loaded_later_does_not_come_into_force(edition: Edition, shipped_text: str) -> None:
    old = load_edition(revised(shipped_text, "2011-05", "2011-05-01"))
    assert not old.in_force
    assert queries.in_force() == edition
    assert queries.in_force(on=date(2012, 1, 1)) == old


def test_the_database_allows_one_edition_in_force(edition: Edition, shipped_text: str) -> None:
    old = load_edition(revised(shipped_text, "2011-05", "2011-05-01"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=old.pk).update(in_force=True)


@pytest.fixture
def frozen(edition: Edition) -> Edition:
    """The edition with the database's own refusals in place, whether or not a migration mounted them."""
    with connection.cursor() as cursor:
        for statement in (*REVERSE[connection.vendor], *STATEMENTS[connection.vendor]):
            cursor.execute(statement)
    return edition


def test_the_database_refuses_to_change_what_was_published(frozen: Edition) -> None:
    clauses = Clause.objects.filter(edition=frozen)
    first = clauses.get(number="1.1")
    for change in (
        lambda: Edition.objects.filter(pk=frozen.pk).update(source="other"),
        lambda: Edition.objects.filter(pk=frozen.pk).update(label="2016-01"),
        lambda: Edition.objects.filter(pk=frozen.pk).update(effective_from=date(2000, 1, 1)),
        lambda: Edition.objects.filter(pk=frozen.pk)._raw_delete("default"),  # type: ignore[attr-defined]  # Django's own, untyped
        lambda: clauses.filter(pk=first.pk).update(text_en="other"),
        lambda: clauses.filter(pk=first.pk)._raw_delete("default"),  # type: ignore[attr-defined]  # as above
        lambda: Clause.objects.create(edition=frozen, number="9.9", order=99),
    ):
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            change()
    Edition.objects.filter(pk=frozen.pk).update(in_force=False)
    Edition.objects.filter(pk=frozen.pk).update(in_force=True)


def test_the_database_keeps_chosen_settings_and_lets_an_edition_in(
    frozen: Edition, shipped_text: str
) -> None:
    chosen = set_setting("reset_days", 180, by_name="M. Laurent", reason="Twice a year")
    for change in (
        lambda: SettingValue.objects.filter(pk=chosen.pk).update(value=1),
        lambda: SettingValue.objects.filter(pk=chosen.pk)._raw_delete("default"),  # type: ignore[attr-defined]  # Django's own, untyped
    ):
        with pytest.raises(DatabaseError, match="chosen setting"), transaction.atomic():
            change()
    assert load_edition(revised(shipped_text), at=datetime(2027, 2, 1, tzinfo=UTC)).in_force


def test_the_reverse_statements_take_the_refusals_away(frozen: Edition) -> None:
    with connection.cursor() as cursor:
        for statement in REVERSE[connection.vendor]:
            cursor.execute(statement)
    assert Edition.objects.filter(pk=frozen.pk).update(label="2016-01") == 1


def test_a_text_that_was_changed_underneath_is_noticed(edition: Edition) -> None:
    queries._parsed.clear()
    edition.source = edition.source.replace("two approvals", "no approvals")
    with pytest.raises(ValueError, match="not the one that was published"):
        queries.content(edition)


def test_without_a_procedure_nothing_has_authority() -> None:
    with pytest.raises(WrongState) as refused:
        queries.cite(["3.1"])
    assert "procedure load" in refused.value.way_forward


def test_citing_says_each_clause_once_and_refuses_an_unknown_one(edition: Edition) -> None:
    assert queries.cite(["3.1", "1.2", "3.1"]) == ["ap-193@2015-09#3.1", "ap-193@2015-09#1.2"]
    assert queries.cite([]) == []
    with pytest.raises(queries.UnknownClause):
        queries.cite(["4.1"])


@pytest.mark.parametrize(
    "text",
    ["", "3.1", "ap-193#3.1", "ap-193@2015-09", "ap-193@2015-09#", "AP 193 3.1", "ap-193@2015-09#3.1 ",
     "ap-193@2015-09#3.1\n", "ap-193@2015-09#٣.١", "ap-193@2015-9#3.1", "ap-193@2015-09#9.9"],
)  # fmt: skip
def test_a_malformed_or_unknown_citation_is_no_clause(edition: Edition, text: str) -> None:
    assert queries.clause(text) is None


def test_a_citation_is_read_back() -> None:
    assert parse("ap-193@2015-09#3.1") == Citation("ap-193", "2015-09", "3.1")
    assert str(Citation("policy-7", "2024-03-15", "A")) == "policy-7@2024-03-15#A"


def test_reading_a_known_edition_takes_one_small_query(
    edition: Edition, django_assert_num_queries: object
) -> None:
    queries.current()
    with django_assert_num_queries(1) as seen:  # type: ignore[operator]  # a pytest-django fixture
        assert queries.current().clause("3.1") is not None
    assert '"source"' not in seen.captured_queries[0]["sql"]


def test_words_follow_the_readers_language(edition: Edition) -> None:
    label = queries.form(edition, "193-1").field("mailbox").label
    with translation.override("fr-ca"):
        assert queries.text(label).startswith("Courriel professionnel")
    with translation.override("en-ca"):
        assert queries.text(label).startswith("Work email")
    assert queries.text(label, "fr").startswith("Courriel")
    assert queries.text(None) == ""


def test_another_division_brings_its_file_and_no_code() -> None:
    other = load_edition(OTHER)
    assert other.in_force
    assert queries.in_force() == other
    document = queries.current()
    assert [step.key for step in document.approval.steps] == ["sponsor", "head", "affairs"]
    assert document.approval.steps[2].role_for("school") == "communications"
    assert queries.text(document.step("head").label, "fr") == "La direction signe"
    assert queries.cite(["3.1", "1.2", "3.2"]) == ["policy-7@2024-03-15#A", "policy-7@2024-03-15#B"]
    assert queries.cite(["1.3"]) == []
    assert queries.setting("clearing_days") == 10
    assert queries.form(other, "request").key == "p7-a"
    assert queries.in_force(on=date(2025, 1, 1)) == other
