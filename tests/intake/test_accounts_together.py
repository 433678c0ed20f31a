"""Mending many rows of a list of accounts at once: a place written alike in several rows; passing over what is stuck."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.intake import accounts, accounts_reading, accounts_together
from rostrum.intake.accounts_models import AccountList
from rostrum.intake.accounts_rows import Judge
from rostrum.jobs.actions import work_off
from rostrum.registry.known_models import KnownAccount
from tests.cast import Cast
from tests.intake.accounts_messy import messy

pytestmark = pytest.mark.django_db
WRONG, UNKNOWN = "Rendell Prk School", "Hogwarts"
SCHOOLS = [WRONG, "Rendell Park School", UNKNOWN, WRONG, UNKNOWN, WRONG, "", "rendell"]


def brought(cast: Cast, schools: list[str] = SCHOOLS) -> AccountList:
    rows = [f"{school},https://x.com/rendell{'abcdefghij'[n]}zz,Sofia Nguyen" for n, school in enumerate(schools)]
    file = io.BytesIO("\n".join(["School,URL,Who", *rows]).encode())
    return accounts_reading.stage("today.csv", file, by=cast.communications)


def levels(batch: AccountList) -> dict[str, int]:
    return {level: count for level, count in accounts.counts(batch).items() if count}


def test_what_stands_alike_in_several_rows_is_offered_once(cast: Cast) -> None:
    offered = accounts_together.not_understood(brought(cast), Judge().places)
    assert [(one.value, one.count, one.suggestions[:1]) for one in offered] == [
        (WRONG, 3, ("Rendell Park School",)), (UNKNOWN, 2, ()),
    ]  # fmt: skip


def test_one_answer_mends_all_of_them_and_nothing_else(cast: Cast) -> None:
    batch = brought(cast)
    assert accounts_together.same_place(batch, WRONG, "Rendell Park School", by=cast.communications) == 3
    assert levels(batch) == {"fine": 5, "problem": 3}
    assert [row.number for row in batch.rows.exclude(edits={})] == [2, 5, 7]
    assert [row.cells[0] for row in batch.rows.exclude(edits={})] == [WRONG] * 3  # the file as it was sent stays


def test_what_cannot_be_used_is_passed_over_and_can_be_taken_back(cast: Cast) -> None:
    batch = brought(cast)
    assert accounts_together.skip_stuck(batch, by=cast.communications) == 6
    assert levels(batch) == {"fine": 2, "skipped": 6}
    accounts.repair(batch, 2, by=cast.communications, skipped=False, values={"unit": "rendell"})
    assert len(accounts.bring_in(batch, by=cast.communications)) == 3


def test_a_double_further_down_gives_way_to_what_was_mended(cast: Cast) -> None:
    rows = f"School,URL,Who\n{WRONG},https://x.com/rendellzz,\n{WRONG},https://x.com/rendellyy,\nrendell,x.com/rendellzz,\n"
    batch = accounts_reading.stage("today.csv", io.BytesIO(rows.encode()), by=cast.communications)
    accounts_together.skip_stuck(batch, by=cast.communications)
    assert batch.rows.get(number=4).level == "look"
    accounts.repair(batch, 2, by=cast.communications, skipped=False)
    accounts_together.same_place(batch, WRONG, "rendell", by=cast.communications)
    assert (batch.rows.get(number=2).level, batch.rows.get(number=4).level) == ("look", "held")


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [(WRONG, " ", "Say which school"), (WRONG, "x" * 500, "Say which school"), ("Narnia", "rendell", "No row")],
)
def test_what_makes_no_sense_changes_nothing(cast: Cast, value: str, unit: str, says: str) -> None:
    batch = brought(cast)
    with pytest.raises(Invalid, match=says):
        accounts_together.same_place(batch, value, unit, by=cast.communications)
    assert not batch.rows.exclude(edits={}).exists()


def test_only_communications_and_only_while_it_is_open(cast: Cast) -> None:
    batch = brought(cast)
    for act in (accounts_together.skip_stuck, lambda b, by: accounts_together.same_place(b, WRONG, "rendell", by=by)):
        with pytest.raises(NotAllowed):
            act(batch, by=cast.principal)
    accounts.drop(batch, by=cast.communications)
    with pytest.raises(WrongState):
        accounts_together.skip_stuck(batch, by=cast.communications)


def test_very_many_are_judged_by_a_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = brought(cast)
    monkeypatch.setattr(accounts_together, "SMALL_ROWS", 2)
    accounts_together.same_place(batch, WRONG, "rendell", by=cast.communications)
    assert AccountList.objects.get().state == "reading"
    work_off()
    assert (AccountList.objects.get().state, levels(batch)) == ("open", {"fine": 5, "problem": 3})


def test_three_hundred_messy_rows_in_one_sitting_on_the_page(cast: Cast) -> None:
    """Two answers and one button stand for sixty; the rest is mended one by one, each told where the eye is."""
    client = Client()
    client.force_login(cast.communications)
    book, wanted = messy()
    batch = accounts_reading.stage("accounts.xlsx", io.BytesIO(book), by=cast.communications)
    here = f"/staff/known/import/{batch.pk}/"
    page = client.get(here).content.decode()
    assert "Use it in all 15" in page
    done = client.post(f"{here}together/", {"value": "Rendel Prak Schol", "unit": "Rendell Park School"}, follow=True)
    assert "15 rows are mended." in done.content.decode()
    done = client.post(f"{here}together/", {"value": "Rendel Prak Schol", "unit": "rendell"}, follow=True)
    assert "No row that cannot be used yet says this." in done.content.decode()
    row = batch.rows.filter(level="problem").first()
    assert row is not None
    sent = {"cell-unit": "rendell", "cell-address": "https://x.com/anotherone", "show": "problem", "page": "1"}
    answer = client.post(f"{here}rows/{row.number}/", sent)
    assert answer["Location"] == f"{here}?show=problem&page=1&said={row.number}#said"
    told = client.get(answer["Location"]).content.decode()
    following = batch.rows.filter(level="problem", number__gt=row.number).first()
    assert following is not None
    assert told.index(f"Row {row.number}: ") < told.index(f'id="row-{following.number}"')
    client.post(f"{here}together/", {"act": "skip"})
    client.post(here, {"act": "take"})
    assert KnownAccount.objects.count() >= wanted["fine"] + wanted["look"] + 15


@pytest.mark.parametrize("said", ["999", "x", "-1", "99999999999999999999"])
def test_an_odd_question_for_a_row_tells_nothing(cast: Cast, said: str) -> None:
    client = Client()
    client.force_login(cast.communications)
    page = client.get(f"/staff/known/import/{brought(cast).pk}/?said={said}")
    assert page.status_code == 200
    assert 'id="said"' not in page.content.decode()
