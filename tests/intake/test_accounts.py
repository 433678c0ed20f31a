"""A list of today's accounts: read, judged row by row, repaired on the spot, brought in whole, once (AP 193 1.2, 3.2)."""

from __future__ import annotations

import io
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.intake import accounts, accounts_columns, accounts_reading
from rostrum.intake.accounts_models import AccountList, AccountRow
from rostrum.intake.accounts_rows import Judge
from rostrum.notices.models import Notice
from rostrum.registry import directory
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.models import Account
from tests.cast import Cast, official, submitted
from tests.intake.accounts_messy import messy

pytestmark = pytest.mark.django_db


def csv(*rows: str, header: str = "School,URL,Name,Who runs it,Email") -> io.BytesIO:
    return io.BytesIO("\n".join((header, *rows)).encode())


def staged(cast: Cast, *rows: str, **more: Any) -> AccountList:
    return accounts_reading.stage("today.csv", csv(*rows, **more), by=cast.communications)


GOOD = "Rendell Park School,https://www.instagram.com/rendellband,Rendell Park Band,Sofia Nguyen,band@lpsd.ca"


def findings(batch: AccountList, number: int = 2) -> dict[str, str]:
    """What is said about one row, by field."""
    found = accounts.judged(list(batch.rows.all()), batch)[number]
    return {one.field: one.message for one in found.findings}


def test_three_hundred_messy_rows_each_get_what_they_need(cast: Cast) -> None:
    book, wanted = messy()
    batch = accounts_reading.stage("accounts.xlsx", io.BytesIO(book), by=cast.communications)
    found = {level: count for level, count in accounts.counts(batch).items() if count}
    assert found == dict(wanted)
    assert batch.rows.count() == 300
    assert KnownAccount.objects.count() == 0


def test_a_messy_list_is_repaired_brought_in_and_changes_nothing_the_second_time(cast: Cast) -> None:
    book, wanted = messy(60)
    batch = accounts_reading.stage("accounts.xlsx", io.BytesIO(book), by=cast.communications)
    with pytest.raises(Invalid, match="Nothing was brought in"):
        accounts.bring_in(batch, by=cast.communications)
    for row in batch.rows.filter(level="problem"):
        accounts.repair(batch, row.number, by=cast.communications, skipped=True)
    made = accounts.bring_in(batch, by=cast.communications)
    assert len(made) == wanted["fine"] + wanted["look"]
    assert not AccountRow.objects.exists()
    batch.refresh_from_db()
    assert batch.state == "done"
    assert batch.counts == {"taken": len(made), "held": wanted["held"], "skipped": wanted["problem"]}
    assert Event.objects.filter(act="knownaccount:add").count() == len(made)
    assert Event.objects.filter(act="accountlist:bring_in").count() == 1
    assert Account.objects.count() == 0
    asked = Notice.objects.filter(kind="known.asked").values_list("person__email", flat=True)
    assert sorted(asked) == ["a.petrova@lpsd.ca", "c.dubois@lpsd.ca"]  # one letter each, not one for each account

    again = accounts_reading.stage("accounts.xlsx", io.BytesIO(book), by=cast.communications)
    assert accounts.counts(again)["held"] == len(made) + wanted["held"]
    for row in again.rows.filter(level="problem"):
        accounts.repair(again, row.number, by=cast.communications, skipped=True)
    assert accounts.bring_in(again, by=cast.communications) == []
    assert KnownAccount.objects.count() == len(made)


def test_a_good_row_is_understood_whole(cast: Cast) -> None:
    batch = staged(cast, GOOD)
    assert findings(batch) == {}
    known = accounts.bring_in(batch, by=cast.communications)[0]
    assert (known.platform, known.handle, known.unit, known.manager) == (
        "instagram", "rendellband", cast.school, cast.teacher,
    )  # fmt: skip
    assert (known.state, known.origin, known.source) == ("known", "import", "today.csv")


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ("Rendell Prk School,https://x.com/rpband,,,", "unit", "Did you mean"),
        ("Hogwarts,https://x.com/rpband,,,", "unit", "no unit of this name"),
        (",https://x.com/rpband,,,", "unit", "Say which school"),
        ("rendell,,,,", "address", "missing"),
        ("rendell,rpband,,,", "address", "many platforms"),
        ("rendell,https://x.com/rpband/status/12,,,", "address", "one post"),
        ("rendell,https://bit.ly/abc,,,", "address", "hides where it leads"),
        ("rendell,https://linktr.ee/rpband,,,", "address", "page of links"),
        ("rendell,https://x.com/rpband,LPSD News,,", "name", "whole division"),
        ("rendell,https://x.com/rpband,,,", "manager", "Nobody is named"),
        ("rendell,https://x.com/rpband,,A. Stranger,", "manager", "Nobody here"),
        ("rendell,https://x.com/rpband,,,rp@hotmail.com", "mailbox", "personal mailboxes"),
        ("rendell,https://x.com/rpband,Rendell\x07Band,,", "name", "hidden character"),
    ],
)
def test_every_bad_cell_says_what_is_wrong_with_it(cast: Cast, row: str, field: str, says: str) -> None:
    assert says in findings(staged(cast, row))[field]


@pytest.mark.parametrize("typed", ["Rendell Park School", "RENDELL PARK", "rendell", "École Rendell Park"])
def test_a_school_is_found_however_it_is_written(cast: Cast, typed: str) -> None:
    assert Judge().places.find(typed)[0] == cast.school


def test_what_the_register_holds_is_nothing_to_do(cast: Cast) -> None:
    mine = official(cast)
    asked = submitted(cast)
    first = staged(cast, GOOD)
    accounts.bring_in(first, by=cast.communications)
    rows = [f"rendell,{mine.address},,,", f"rendell,{asked.answers['handle'][0]},,,", GOOD]
    batch = staged(cast, *rows)
    assert accounts.counts(batch)["held"] == 3
    assert mine.public_id in findings(batch, 2)["address"]
    assert "Sofia Nguyen has already asked" in findings(batch, 3)["address"]
    assert "Known already" in findings(batch, 4)["address"]
    assert accounts.bring_in(batch, by=cast.communications) == []


def test_a_look_alike_of_an_official_account_of_another_school_is_pointed_out(cast: Cast) -> None:
    theirs = official(cast, platform="instagram", page_kind="page", handle="https://www.instagram.com/rendellchess")
    near = f"Winston Churchill School,https://www.instagram.com/{theirs.handle.replace('l', '1', 1)},,,"
    own = f"Rendell Park School,https://www.facebook.com/{theirs.handle},,,"
    batch = staged(cast, near, own)
    assert "Close to an official account" in findings(batch, 2)["address"]
    assert "address" not in findings(batch, 3)  # one school, one name on several platforms


def test_a_repair_is_kept_judged_at_once_and_undoes_a_double(cast: Cast) -> None:
    batch = staged(cast, GOOD, GOOD, "Nowhere,https://x.com/rpband,Rendell Park X,Sofia Nguyen,x@lpsd.ca")
    assert accounts.counts(batch) | {"fine": 1, "held": 1, "problem": 1} == accounts.counts(batch)
    row, found = accounts.repair(batch, 4, by=cast.communications, values={"unit": "Rendell Park School"})
    assert (row.level, found.findings) == ("fine", [])
    assert row.cells[0] == "Nowhere"  # the file as it was sent stays
    accounts.repair(batch, 2, by=cast.communications, skipped=True)
    assert batch.rows.get(number=3).level == "fine"  # it is the first of its kind now
    accounts.repair(batch, 2, by=cast.communications, skipped=False)
    assert batch.rows.get(number=3).level == "held"
    accounts.repair(batch, 3, by=cast.communications, values={"address": "https://x.com/rpotherband"})
    assert batch.rows.get(number=3).level == "fine"
    assert len(accounts.bring_in(batch, by=cast.communications)) == 3


def test_columns_are_found_in_both_languages_and_another_reading_is_kept_for_next_time(cast: Cast) -> None:
    guess = accounts_columns.guess(["École", "Lien du compte", "Responsable", "Courriel", "Plateforme", "Nom"])
    assert guess == {"unit": 0, "address": 1, "manager": 2, "mailbox": 3, "platform": 4, "name": 5}
    assert accounts_columns.guess(["Handle", "URL"]) == {"address": 1}
    header = "Where,URL,School,Boss"
    batch = staged(cast, "Rendell Park School,https://x.com/rpband,2014,Sofia Nguyen", header=header)
    assert batch.mapping == {"address": 1, "unit": 2}
    accounts_reading.read_columns(batch, {"address": 1, "unit": 0, "manager": 3}, by=cast.communications)
    assert batch.rows.get().level == "fine"
    again = staged(cast, "Rendell Park School,https://x.com/rpband2,2014,Sofia Nguyen", header=header)
    assert again.mapping == {"address": 1, "unit": 0, "manager": 3}
    with pytest.raises(Invalid, match="two things"):
        accounts_reading.read_columns(again, {"address": 1, "unit": 1}, by=cast.communications)


def test_all_or_nothing_and_only_once(cast: Cast) -> None:
    batch = staged(cast, GOOD)
    twin = AccountList.objects.get(pk=batch.pk)
    accounts.bring_in(batch, by=cast.communications)
    with pytest.raises(WrongState):
        accounts.bring_in(twin, by=cast.communications)
    with pytest.raises(WrongState):
        accounts.repair(twin, 2, by=cast.communications, skipped=True)
    assert KnownAccount.objects.count() == 1


def test_a_dropped_list_leaves_nothing(cast: Cast) -> None:
    batch = accounts.drop(staged(cast, GOOD), by=cast.communications)
    assert (batch.state, batch.rows.count(), KnownAccount.objects.count()) == ("dropped", 0, 0)


@pytest.mark.parametrize("who", ["teacher", "principal", "director", "sysadmin", "auditor"])
def test_only_communications_brings_a_list_in(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        accounts_reading.stage("today.csv", csv(GOOD), by=getattr(cast, who))


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 cut off", b"School,URL\n"])
def test_a_file_that_cannot_be_used_says_so(cast: Cast, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        accounts_reading.stage("today.xlsx", io.BytesIO(content), by=cast.communications)
    assert refused.value.fields["file"]
    assert not AccountList.objects.exists()


def test_a_known_account_is_publicly_not_ours(cast: Cast) -> None:
    """AP 193 1.2, 3.2: nothing is official before it is registered, and the public learns of nothing before."""
    before = directory.verify("https://www.instagram.com/rendellband")
    accounts.bring_in(staged(cast, GOOD), by=cast.communications)
    assert directory.verify("https://www.instagram.com/rendellband") == before
    assert before.result == "not_ours"
