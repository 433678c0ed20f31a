"""Reading a list of accounts: a large one by a job that says how far it is, one sheet at a time, and nothing half kept."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rostrum.core.errors import Invalid, WrongState
from rostrum.intake import accounts, accounts_reading, actions, progress, storing
from rostrum.intake.accounts_models import AccountList, AccountRow
from rostrum.jobs.actions import work_off
from rostrum.jobs.models import JobRun
from rostrum.registry.known_models import KnownAccount
from tests.cast import Cast
from tests.intake.files import sheet_of, workbook

pytestmark = pytest.mark.django_db
HEAD = ["School", "URL", "Who"]
ROWS = [["Rendell Park School", f"https://x.com/rendell{word}", "Sofia Nguyen"] for word in ("quilts", "brass", "lunch")]


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "SMALL_BYTES", 0)
    monkeypatch.setattr(storing, "SMALL_PACKED_BYTES", 0)


def book(**sheets: Sequence[Sequence[str]]) -> io.BytesIO:
    """A workbook of these sheets, the names of the columns above each."""

    def fill(made: Any) -> None:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate([HEAD, *rows]):
                sheet.write_row(number, 0, row)

    return workbook(fill)


def bring(cast: Cast, file: io.BytesIO, name: str = "today.xlsx") -> AccountList:
    return accounts_reading.stage(name, file, by=cast.communications)


def fresh(batch: AccountList) -> AccountList:
    return AccountList.objects.get(pk=batch.pk)


def kept(batch: AccountList) -> bool:
    return storing.folder(batch.kept_in).exists()


def urls(batch: AccountList) -> list[str]:
    return [row.cells[1] for row in batch.rows.all()]


@pytest.mark.usefixtures("everything_is_large")
class TestByAJob:
    def test_a_large_list_waits_to_be_read_and_then_for_a_person(
        self, cast: Cast, django_capture_on_commit_callbacks: Any
    ) -> None:
        batch = bring(cast, sheet_of([HEAD, *ROWS]))
        assert (batch.state, batch.rows.count()) == ("reading", 0)
        with pytest.raises(WrongState):
            accounts.bring_in(batch, by=cast.communications)
        with django_capture_on_commit_callbacks(execute=True):
            work_off()
        assert fresh(batch).state == "open"
        assert accounts.counts(batch)["fine"] == 3
        assert not kept(batch)  # one sheet: nothing else of it will be asked for

    def test_one_that_is_of_no_use_says_why_and_can_be_given_up(self, cast: Cast) -> None:
        batch = bring(cast, io.BytesIO(b"PK\x03\x04 cut off"))
        work_off()
        batch = fresh(batch)
        assert (batch.state, batch.notes[0]["weight"]) == ("refused", "file")
        with pytest.raises(WrongState):
            accounts.bring_in(batch, by=cast.communications)
        assert accounts.drop(batch, by=cast.communications).state == "dropped"

    def test_one_that_was_given_up_meanwhile_stays_given_up(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = bring(cast, sheet_of([HEAD, *ROWS]))
        judged = accounts_reading.judged

        def slow(*args: Any) -> Any:
            accounts.drop(batch, by=cast.communications)
            return judged(*args)

        monkeypatch.setattr(accounts_reading, "judged", slow)
        work_off()
        assert fresh(batch).state == "dropped"
        assert not AccountRow.objects.exists()

    def test_reading_twice_is_reading_once(self, cast: Cast) -> None:
        batch = bring(cast, sheet_of([HEAD, *ROWS]))
        twin = fresh(batch)
        accounts_reading.read(batch)
        accounts_reading.read(twin)
        assert urls(batch) == [row[1] for row in ROWS]

    def test_another_sheet_too(self, cast: Cast) -> None:
        batch = bring(cast, book(First=ROWS[:1], Second=ROWS[1:]))
        work_off()
        batch = fresh(batch)
        accounts_reading.read_sheet(batch, "Second", by=cast.communications)
        assert (fresh(batch).state, batch.rows.count()) == ("reading", 0)
        work_off()
        assert (fresh(batch).state, fresh(batch).sheet) == ("open", "Second")
        assert urls(batch) == [row[1] for row in ROWS[1:]]

    def test_whoever_waits_is_told_how_far_it_is(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = bring(cast, io.BytesIO(("School,URL\n" + "Rendell Park School,https://x.com/rp\n" * 2_500).encode()))
        client, page, said = Client(), f"/staff/known/import/{batch.pk}/", []
        client.force_login(cast.communications)
        write = progress._write

        def looked(telling: Any) -> None:
            write(telling)
            answer = client.get(page)
            assert answer["Refresh"] == "2"
            said.append(answer.content.decode())

        monkeypatch.setattr(progress, "_write", looked)
        assert "Your file is being read" in client.get(page).content.decode()
        accounts_reading.read(batch)
        assert "1\xa0000 rows read so far." in said[0]
        assert "2\xa0000 rows read so far." in said[1]
        assert "What each means is being worked out." in said[2]
        assert "Your file is being read" not in client.get(page).content.decode()


class TestSheets:
    def test_another_sheet_takes_the_place_of_this_one_with_what_was_mended(
        self, cast: Cast, django_capture_on_commit_callbacks: Any
    ) -> None:
        batch = bring(cast, book(First=ROWS[:1], Second=ROWS[1:]))
        assert (batch.sheet, batch.sheets, urls(batch)) == ("First", ["First", "Second"], [ROWS[0][1]])
        accounts.repair(batch, 2, by=cast.communications, values={"name": "Quilts"})
        accounts_reading.read_sheet(batch, "Second", by=cast.communications)
        assert urls(batch) == [row[1] for row in ROWS[1:]]
        assert not batch.rows.exclude(edits={}).exists()
        with django_capture_on_commit_callbacks(execute=True):
            assert len(accounts.bring_in(fresh(batch), by=cast.communications)) == 2
        assert not kept(batch)

    def test_an_empty_one_is_refused_and_the_next_still_read(self, cast: Cast) -> None:
        batch = bring(cast, book(First=ROWS[:1], Second=[], Third=ROWS[1:]))
        accounts_reading.read_sheet(batch, "Second", by=cast.communications)
        assert fresh(batch).state == "refused"
        assert "no row under" in fresh(batch).notes[0]["message"]
        accounts_reading.read_sheet(fresh(batch), "Third", by=cast.communications)
        assert (fresh(batch).state, batch.rows.count()) == ("open", 2)

    def test_one_that_is_not_there(self, cast: Cast) -> None:
        batch = bring(cast, book(First=ROWS[:1], Second=ROWS[1:]))
        with pytest.raises(Invalid, match="no sheet called"):
            accounts_reading.read_sheet(batch, "Fourth", by=cast.communications)
        assert urls(batch) == [ROWS[0][1]]

    def test_when_the_file_is_gone_the_rows_stay(self, cast: Cast) -> None:
        batch = bring(cast, book(First=ROWS[:1], Second=ROWS[1:]))
        storing.forget(batch.kept_in)
        with pytest.raises(WrongState, match="no longer kept"):
            accounts_reading.read_sheet(batch, "Second", by=cast.communications)
        assert urls(batch) == [ROWS[0][1]]

    def test_on_the_page(self, cast: Cast) -> None:
        batch = bring(cast, book(First=ROWS[:1], Second=ROWS[1:]))
        client, page = Client(), f"/staff/known/import/{batch.pk}/"
        client.force_login(cast.communications)
        assert "<option selected>First</option>" in client.get(page).content.decode()
        assert "what you mended" not in client.get(page).content.decode()
        accounts.repair(batch, 2, by=cast.communications, skipped=True)
        assert "what you mended" in client.get(page).content.decode()
        told = client.post(f"{page}sheet/", {"sheet": "Nothing"}, follow=True).content.decode()
        assert "no sheet called “Nothing”" in told
        told = client.post(f"{page}sheet/", {"sheet": "Second"}, follow=True).content.decode()
        assert "2 accounts can be taken in." in told
        AccountList.objects.update(state="refused", notes=[{"row": 0, "column": "", "weight": "file", "message": "No."}])
        told = client.get(page).content.decode()
        assert "This file cannot be used as it is." in told
        assert 'value="take"' not in told


class TestLong:
    @pytest.fixture(autouse=True)
    def _two_rows_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (accounts, accounts_reading):
            monkeypatch.setattr(module, "SMALL_ROWS", 2)

    def test_a_long_list_is_taken_in_by_a_job(self, cast: Cast) -> None:
        batch = accounts.confirm(bring(cast, sheet_of([HEAD, *ROWS])), by=cast.communications)
        assert (batch.state, KnownAccount.objects.count()) == ("taking", 0)
        with pytest.raises(WrongState):
            accounts.repair(batch, 2, by=cast.communications, skipped=True)
        work_off()
        assert (fresh(batch).state, fresh(batch).counts["taken"]) == ("done", 3)
        assert JobRun.objects.filter(name="jobs.statistics").exists(), "the database is told that there are many more rows"
        accounts.take(fresh(batch), by=cast.communications)
        assert KnownAccount.objects.count() == 3

    def test_what_is_refused_by_then_opens_the_list_again_with_the_reason(self, cast: Cast) -> None:
        batch = accounts.confirm(bring(cast, sheet_of([HEAD, *ROWS])), by=cast.communications)
        row = batch.rows.get(number=3)
        row.edits = {"address": "nothing at all"}
        row.save(update_fields=["edits"])
        work_off()
        batch = fresh(batch)
        assert (batch.state, KnownAccount.objects.count()) == ("open", 0)
        assert "Nothing was brought in" in batch.notes[0]["message"]

    def test_its_columns_are_read_another_way_by_a_job(self, cast: Cast) -> None:
        rows = [["2014", *row] for row in ROWS]
        batch = bring(cast, sheet_of([["School", "Where", "URL", "Who"], *rows]))
        accounts.repair(batch, 3, by=cast.communications, values={"name": "Brass"})
        accounts_reading.read_columns(batch, {"unit": 1, "address": 2, "manager": 3}, by=cast.communications)
        assert fresh(batch).state == "reading"
        work_off()
        assert fresh(batch).state == "open"
        assert accounts.counts(batch)["fine"] == 3
        assert batch.rows.get(number=3).edits == {"name": "Brass"}


class TestKeeping:
    def test_files_of_open_lists_stay_and_others_go(self, cast: Cast) -> None:
        batch = bring(cast, book(First=ROWS[:1], Second=ROWS[1:]))
        lost = storing.new_token()
        storing.keep(lost, io.BytesIO(b"left behind by a process that died"))
        actions.clear_old()
        assert kept(batch)
        assert storing.folder(lost).exists()  # an upload that nobody can see yet looks the same
        hours_ago = time.time() - 2 * 3600
        for token in (lost, batch.kept_in):
            os.utime(storing.folder(token), (hours_ago, hours_ago))
        actions.clear_old()
        assert kept(batch)
        assert not storing.folder(lost).exists()

    def test_a_list_that_nobody_finishes_is_forgotten_file_and_all(self, cast: Cast) -> None:
        old = bring(cast, book(First=ROWS[:1], Second=ROWS[1:]))
        AccountList.objects.update(started_at=old.started_at - timedelta(days=61))
        bring(cast, sheet_of([HEAD, *ROWS]))
        assert not AccountList.objects.filter(pk=old.pk).exists()
        hours_ago = time.time() - 2 * 3600
        os.utime(storing.folder(old.kept_in), (hours_ago, hours_ago))
        actions.clear_old()
        assert not kept(old)


def test_too_many_rows_name_the_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts_reading, "MOST_ROWS", 2)
    with pytest.raises(Invalid, match=r"more than 2 rows\. Split it"):
        bring(cast, sheet_of([HEAD, *ROWS]))
    assert not AccountList.objects.exists()


MEASURED = """
import io, sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.conf import settings
from rostrum.core.errors import Invalid
from rostrum.intake import accounts_reading
from rostrum.policies.actions import load_edition
load_edition(settings.DEMO_PROCEDURE)
try:
    accounts_reading.stage("many.csv", open(sys.argv[1], "rb"), by=None)
except Invalid as refused:
    print(refused.message)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say what a process used")
def test_two_hundred_thousand_rows_are_refused_in_little_memory(tmp_path: Path) -> None:
    source = tmp_path / "many.csv"
    with source.open("w") as out:
        out.write("School,URL,Name\n")
        out.writelines(f"School {n % 60},https://x.com/account{n},Account {n}\n" for n in range(200_000))
    env = {**os.environ, "ROSTRUM_MODE": "test", "ROSTRUM_DATA_DIR": str(tmp_path), "ROSTRUM_LOG_LEVEL": "ERROR",
           "DATABASE_URL": f"sqlite:///{tmp_path}/one.sqlite3"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(source)], capture_output=True, text=True, check=True, env=env
    )
    said, kilobytes = done.stdout.strip().splitlines()
    assert "more than 20000 rows. Split it" in said
    assert int(kilobytes) < 300_000
