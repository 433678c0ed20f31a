"""Lists brought in over the API: what would change, every bad row, all of it or nothing, done once, by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.intake import accounts, actions, storing
from rostrum.intake.accounts_models import AccountList
from rostrum.intake.models import ImportRun
from rostrum.jobs.actions import run_due
from rostrum.people.actions import add_person, end_appointment
from rostrum.people.models import Appointment, Person
from rostrum.registry.known_models import KnownAccount
from rostrum.tokens.scopes import scopes_for
from tests.api.conftest import Program
from tests.cast import Cast
from tests.intake import roster
from tests.intake.files import packed, workbook

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]
STAFF = "Name,E-mail,School\nWren Delorme,w.delorme@lpsd.ca,Rendell Park School\nNo Mail,nothing,Rendell Park School\n"
TODAY = (
    "School,URL,Contact\nRendell Park School,https://x.com/rendellquilts,Sofia Nguyen\n"
    "Rendel Park,https://www.instagram.com/rendellchoir,Sofia Nguyen\n"
)


def kind_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["type"]).rpartition("/")[2]


def test_people_are_looked_at_and_then_applied_whole(cast: Cast, program: Programs) -> None:
    api = program("sysadmin", "import:people")
    before = Person.objects.count()
    brought = api.upload("/imports/people", STAFF, "staff.csv")
    assert brought.status_code == 201, brought.content
    it = brought.json()
    here = f"/imports/people/{it['number']}"
    assert brought["Location"] == f"/api/v1{here}"
    assert (it["state"], it["kind"], it["by"]) == ("ready", "list", cast.sysadmin.name)
    assert Person.objects.count() == before
    (fault,) = api.get(f"{here}/faults").json()["items"]
    assert (fault["row"], fault["value"], fault["weight"]) == (3, "nothing", "row")
    assert fault["column"]
    assert fault["remedy"]
    new = api.get(f"{here}/changes?what=new&thing=person").json()["items"]
    assert [one["label"] for one in new] == ["Wren Delorme"]
    assert api.get(f"{here}/changes?what=gone").json()["items"] == []
    done = api.post(f"{here}/apply", {"digest": it["digest"]})
    assert (done.status_code, done.json()["state"]) == (200, "applied")
    assert Person.objects.filter(email="w.delorme@lpsd.ca").exists()
    assert kind_of(api.post(f"{here}/apply", {"digest": it["digest"]})) == (409, "not-now")
    assert kind_of(api.get(f"{here}/faults")) == (409, "not-now")
    assert Event.objects.filter(act="import:apply").count() == 1
    again = api.upload("/imports/people", STAFF, "staff.csv").json()
    assert again["counts"]["person_unchanged"] == 1
    assert "person_new" not in again["counts"]


def test_a_plan_that_is_no_longer_true_is_not_applied(cast: Cast, program: Programs) -> None:
    """The division changed between looking and applying: nothing is done, and the new plan can be applied."""
    api = program("sysadmin")
    it = api.upload("/imports/people", "Name,E-mail\nWren Delorme,w.delorme@lpsd.ca\n", "staff.csv").json()
    here = f"/imports/people/{it['number']}"
    assert it["counts"]["person_new"] == 1
    wren = add_person(email="w.delorme@lpsd.ca", name="W. Delorme", home_unit=cast.school, by=cast.sysadmin)
    key = {"Idempotency-Key": "apply-1"}
    late = api.post(f"{here}/apply", {"digest": it["digest"]}, **key)
    assert kind_of(late) == (409, "too-late")
    assert kind_of(api.post(f"{here}/apply", {"digest": it["digest"]}, **key)) == (409, "too-late")
    fresh = api.get(here).json()
    assert fresh["state"] == "ready"
    assert fresh["message"]
    assert fresh["digest"] != it["digest"]
    assert api.post(f"{here}/apply", {"digest": fresh["digest"]}).json()["state"] == "applied"
    wren.refresh_from_db()
    assert wren.name == "Wren Delorme"


def test_a_large_list_is_read_and_applied_by_jobs(
    cast: Cast, program: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "SMALL_BYTES", 10)
    monkeypatch.setattr(actions, "SMALL_CHANGES", 0)
    api = program("sysadmin")
    brought = api.upload("/imports/people", STAFF)
    here = brought["Location"].removeprefix("/api/v1")
    assert (brought.status_code, brought.json()["state"]) == (202, "reading")
    assert kind_of(api.get(f"{here}/changes")) == (409, "not-now")
    run_due()
    ready = api.get(here).json()
    assert ready["state"] == "ready"
    sent = api.post(f"{here}/apply", {"digest": ready["digest"]}, **{"Idempotency-Key": "big"})
    assert (sent.status_code, sent.json()["state"]) == (202, "applying")
    run_due()
    assert api.get(here).json()["state"] == "applied"
    replayed = api.post(f"{here}/apply", {"digest": ready["digest"]}, **{"Idempotency-Key": "big"})
    assert (replayed.status_code, replayed.content) == (202, sent.content)


def test_the_same_upload_under_one_key_is_taken_once(cast: Cast, program: Programs) -> None:
    api = program("sysadmin")
    one = api.upload("/imports/people", STAFF, Idempotency_Key="up-1")
    two = api.upload("/imports/people", STAFF, Idempotency_Key="up-1")
    assert (two.status_code, two.content, two["Location"]) == (201, one.content, one["Location"])
    assert ImportRun.objects.count() == 1
    other = api.upload("/imports/people", STAFF + "A B,ab@lpsd.ca,\n", Idempotency_Key="up-1")
    assert kind_of(other) == (422, "key-reused")
    told = api.upload("/imports/people", STAFF, Idempotency_Key="up-1", schools="true")
    assert kind_of(told) == (422, "key-reused")


def test_a_roster_keeps_no_student(cast: Cast, program: Programs) -> None:
    api = program("sysadmin")
    it = api.upload("/imports/people", packed(dict(roster.v12())).getvalue(), "export.zip").json()
    assert it["kind"] == "oneroster"
    assert it["counts"]["students"] == 1
    here = f"/imports/people/{it['number']}"
    said = b"".join(api.get(f"{here}{more}?limit=100").content for more in ("/faults", "/changes")) + api.get(here).content
    assert b"Secretkid" not in said


def test_leavers_stay_unless_they_are_named(cast: Cast, program: Programs) -> None:
    api = program("sysadmin")
    one = api.upload("/imports/people", packed(dict(roster.v12())).getvalue(), "export.zip").json()
    api.post(f"/imports/people/{one['number']}/apply", {"digest": one["digest"]})
    less = roster.v12([one for one in roster.PEOPLE if one[0] != "u2"])
    two = api.upload("/imports/people", packed(dict(less)).getvalue(), "export.zip").json()
    here = f"/imports/people/{two['number']}"
    gone = [one for one in api.get(f"{here}/changes?what=gone&thing=person").json()["items"] if one["end"]]
    assert len(gone) == 1
    ended = api.post(f"{here}/apply", {"digest": two["digest"], "ends": [gone[0]["end"]]})
    assert ended.json()["state"] == "applied"
    left = Person.objects.get(pk=int(gone[0]["end"].partition(":")[2]))
    assert not left.is_active


def test_a_long_list_of_changes_comes_in_parts(cast: Cast, program: Programs) -> None:
    api = program("sysadmin")
    lines = "".join(f"Person Number{n},p{n}@lpsd.ca\n" for n in range(25))
    it = api.upload("/imports/people", "Name,E-mail\n" + lines).json()
    following, seen = f"/imports/people/{it['number']}/changes?limit=10", []
    while following:
        answer = api.get(following.removeprefix("/api/v1")).json()
        seen += [one["label"] for one in answer["items"]]
        following = answer["next"]
    assert seen == [f"Person Number{n}" for n in range(25)]


def test_a_file_that_cannot_be_used_says_why(cast: Cast, program: Programs) -> None:
    api = program("sysadmin")
    it = api.upload("/imports/people", b"%PDF-1.7", "x.csv").json()
    assert (it["state"], it["digest"]) == ("refused", "")
    here = f"/imports/people/{it['number']}"
    assert "PDF" in api.get(f"{here}/faults").json()["items"][0]["message"]
    assert kind_of(api.post(f"{here}/apply", {"digest": "0" * 64})) == (409, "not-now")
    assert api.post(f"{here}/drop").json()["state"] == "dropped"
    assert kind_of(api.post(f"{here}/drop")) == (409, "not-now")


def test_what_is_no_upload(cast: Cast, program: Programs) -> None:
    api = program("sysadmin")
    assert kind_of(api.post("/imports/people", {"file": "x"})) == (415, "media-type")
    half = api.send("POST", "/imports/people", b"--x\r\nConte", **{"Content-Type": "multipart/form-data; boundary=x"})
    assert half.status_code == 422
    bare = api.send("POST", "/imports/people", b"abc", **{"Content-Type": "multipart/form-data"})
    assert kind_of(bare) == (400, "unreadable")
    assert kind_of(api.upload("/imports/people", STAFF, colour="red")) == (422, "invalid")
    assert list(api.upload("/imports/people", STAFF, colour="red").json()["fields"]) == ["colour"]
    assert list(api.upload("/imports/people", STAFF, schools="maybe").json()["fields"]) == ["schools"]
    assert not ImportRun.objects.exists()


def test_accounts_are_looked_at_mended_and_taken_in(cast: Cast, program: Programs) -> None:
    """AP 193 1.2, 3.2: what a program brings is known and not official, and each school is asked."""
    api = program("communications", "import:accounts")
    brought = api.upload("/imports/accounts", TODAY, "today.csv", Idempotency_Key="today")
    assert brought.status_code == 201, brought.content
    assert api.upload("/imports/accounts", TODAY, "today.csv", Idempotency_Key="today").content == brought.content
    it = brought.json()
    here = f"/imports/accounts/{it['number']}"
    assert it["columns"]["address"] == "URL"
    assert it["counts"]["problem"] == 1
    (bad,) = api.get(f"{here}/rows?level=problem").json()["items"]
    finding = next(one for one in bad["findings"] if one["level"] == "problem")
    assert (bad["row"], finding["column"], finding["value"]) == (3, "School", "Rendel Park")
    assert "Rendell Park School" in finding["suggestions"]
    stuck = api.post(f"{here}/apply", {"version": it["version"]})
    assert kind_of(stuck) == (422, "invalid")
    assert not KnownAccount.objects.exists()
    mended = api.send("PATCH", f"{here}/rows/3", {"values": {"unit": "Rendell Park School"}})
    assert mended.json()["level"] in {"fine", "look"}
    assert kind_of(api.send("PATCH", f"{here}/rows/99", {"skipped": True})) == (404, "not-found")
    assert kind_of(api.post(f"{here}/apply", {"version": it["version"] + 1})) == (409, "too-late")
    done = api.post(f"{here}/apply", {"version": it["version"]}).json()
    assert (done["state"], done["counts"]["taken"]) == ("done", 2)
    assert KnownAccount.objects.count() == 2
    assert kind_of(api.post(f"{here}/drop")) == (409, "not-now")
    same = api.upload("/imports/accounts", TODAY.replace("Rendel Park", "Rendell Park School")).json()
    assert same["counts"]["held"] == 2
    assert api.post(f"/imports/accounts/{same['number']}/drop").json()["state"] == "dropped"
    assert api.get(f"/imports/accounts/{same['number']}/rows").json()["items"] == []


def test_a_large_list_of_accounts_is_read_and_taken_in_by_jobs(
    cast: Cast, program: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "SMALL_BYTES", 10)
    monkeypatch.setattr(accounts, "SMALL_ROWS", 0)
    api = program("communications")
    brought = api.upload("/imports/accounts", TODAY.replace("Rendel ", "Rendell "))
    here = brought["Location"].removeprefix("/api/v1")
    assert (brought.status_code, brought.json()["state"]) == (202, "reading")
    assert kind_of(api.get(f"{here}/rows")) == (409, "not-now")
    run_due()
    ready = api.get(here).json()
    assert (ready["state"], ready["counts"]["problem"], ready["sheet"], ready["sheets"]) == ("open", 0, "", [])
    sent = api.post(f"{here}/apply", {"version": ready["version"]}, **{"Idempotency-Key": "big"})
    assert (sent.status_code, sent.json()["state"]) == (202, "taking")
    run_due()
    assert api.get(here).json()["counts"]["taken"] == 2
    bad = api.upload("/imports/accounts", b"%PDF-1.7 and so on", "x.xlsx")
    run_due()
    told = api.get(bad["Location"].removeprefix("/api/v1")).json()
    assert (told["state"], told["notes"][0]["weight"]) == ("refused", "file")
    assert "PDF" in told["notes"][0]["message"]


def test_a_sheet_is_chosen_by_its_name(cast: Cast, program: Programs) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("Read me").write_row(0, 0, ["School", "URL"])
        sheet = book.add_worksheet("Accounts")
        for number, line in enumerate(TODAY.splitlines()[:2]):
            sheet.write_row(number, 0, line.split(","))

    api, file = program("communications"), workbook(fill).getvalue()
    assert kind_of(api.upload("/imports/accounts", file, "x.xlsx")) == (422, "invalid")
    assert kind_of(api.upload("/imports/accounts", file, "x.xlsx", sheet="Nothing")) == (422, "invalid")
    brought = api.upload("/imports/accounts", file, "x.xlsx", sheet="Accounts")
    assert (brought.status_code, brought.json()["sheet"]) == (201, "Accounts")


def test_a_list_that_cannot_be_read_is_refused_whole(cast: Cast, program: Programs) -> None:
    answer = program("communications").upload("/imports/accounts", b"%PDF-1.7", "x.xlsx")
    assert kind_of(answer) == (422, "invalid")
    assert "PDF" in answer.json()["fields"]["file"][0]
    assert not AccountList.objects.exists()


@pytest.mark.parametrize("who", ["teacher", "principal", "director", "auditor"])
def test_who_may_not_bring_lists_cannot_make_such_a_token(cast: Cast, who: str) -> None:
    assert not {"import:people", "import:accounts"} & set(scopes_for(getattr(cast, who)))


def test_a_scope_opens_nothing_that_the_person_may_not(cast: Cast, program: Programs) -> None:
    """A role that ended, or a scope for the other kind of list."""
    assert kind_of(program("sysadmin", "import:people").get("/imports/accounts")) == (403, "scope-missing")
    assert kind_of(program("communications", "read:requests").get("/imports/accounts")) == (403, "scope-missing")
    api = program("communications", "import:accounts")
    assert api.get("/imports/accounts").status_code == 200
    for one in Appointment.objects.filter(person=cast.communications):
        end_appointment(one, by=cast.sysadmin)
    with clock.standing_at(clock.now() + timedelta(days=2)):
        assert kind_of(api.get("/imports/accounts")) == (403, "not-you")
        assert kind_of(api.upload("/imports/accounts", TODAY)) == (403, "not-you")
