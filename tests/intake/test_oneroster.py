"""OneRoster exports: staff and schools come, students never; what is wrong is told with file, row and column."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from rostrum.intake import oneroster
from rostrum.intake.roll import Roll, is_outsider, load
from tests.intake import roster

Files = dict[str, str]


def faults(roll: Roll) -> list[tuple[str, str, int, str]]:
    return [(fault.code, fault.file, fault.row, fault.weight) for fault in roll.faults]


def read(files: Files) -> Roll:
    return oneroster.read(roster.in_zip(files))


@pytest.mark.parametrize("make", [roster.v11, roster.v12])
def test_staff_and_schools_come(make: Callable[[], Files]) -> None:
    roll = read(make())
    assert [one.name for one in roll.persons] == ["Ana Petrova", "Rémy Gagné", "Sofia Nguyen", "Jo Aide"]
    assert [(one.kind, one.name) for one in roll.units] == [
        ("division", "Lloydminster Public School Division"), ("school", "Rendell Park School"),
        ("school", "École du Soleil"), ("department", "Learning Services"),
    ]  # fmt: skip
    assert [(one.person, one.unit, one.role) for one in roll.posts] == [
        ("u1", "s1", "administrator"), ("u2", "s2", "administrator"),
    ]  # fmt: skip
    assert roll.counts["students"] == 1
    assert roll.complete


@pytest.mark.parametrize("make", [roster.v11, roster.v12])
def test_no_student_and_no_family_is_kept_anywhere(make: Callable[[], Files], tmp_path: Path) -> None:
    files = make()
    # A student's row that cannot even be read must not put the name into a fault.
    line = next(one for one in files["users.csv"].splitlines() if "Secretkid" in one)
    files["users.csv"] += line.replace("u5", "u55") + ",,,,,,Secretkid,too much\r\n"
    files["users.csv"] += line.replace("u5", "u56").replace("Secretkid", "Secretkid\x00") + "\r\n"
    files["demographics.csv"] = "sourcedId,birthDate\r\nu5,2015-01-01\r\n"
    roll = read(files)
    roll.save(tmp_path / "roll.json")
    kept = (tmp_path / "roll.json").read_text() + json.dumps([asdict(fault) for fault in roll.faults])
    for secret in ("Secretkid", "Smithson", "Hiddenmum", "mum@", "u5", "2015"):
        assert secret not in kept
    assert asdict(load(tmp_path / "roll.json").persons[0]) == asdict(roll.persons[0])


def test_folder_zip_and_zip_with_a_folder_in_it_say_the_same(tmp_path: Path) -> None:
    files = roster.v12()
    rolls = [
        oneroster.read(roster.in_folder(files, tmp_path / "export")), read(files),
        oneroster.read(roster.in_zip(files, tmp_path / "x.zip", within="Export 2026/")),
        oneroster.read(tmp_path / "x.zip"),
    ]  # fmt: skip
    assert len({json.dumps([asdict(one) for one in roll.persons]) for roll in rolls}) == 1


def test_classes_of_this_year_only_and_homerooms_first() -> None:
    roll = read(roster.v12())
    assert [(one.name, one.parent) for one in roll.classes] == [("Grade 4", "s1")]
    assert ("orphan", "classes.csv", 5, "row") in faults(roll)


def test_the_preferred_name_is_used() -> None:
    users = roster.v12()["users.csv"].replace("Sofia,Nguyen", "Sofia,Nguyen")
    header = users.splitlines()[0].split(",")
    row = dict.fromkeys(header, "") | {
        "sourcedId": "u9", "status": "active", "enabledUser": "true", "givenName": "Robert", "familyName": "Cardinal",
        "preferredGivenName": "Bob", "email": "b.cardinal@lpsd.ca", "primaryOrgSourcedId": "s1",
    }  # fmt: skip
    files = roster.v12()
    files["users.csv"] += ",".join(row.values()) + "\r\n"
    files["roles.csv"] += f"r9,u9,active,{roster.STAMP},primary,teacher,,,s1,\r\n"
    assert "Bob Cardinal" in [one.name for one in read(files).persons]


def test_what_the_roles_become_is_shown() -> None:
    words = {said: made for said, made, _n in read(roster.v12()).mapping}
    assert "Administrator" in words["principal"]
    assert "no role needed" in words["teacher"]
    assert words["state"] == "left out"


def test_who_is_marked_as_deleted_or_disabled_does_not_come() -> None:
    people = [("u1", "Ana", "Petrova", "a@lpsd.ca", "teacher", "s1", "tobedeleted"),
              ("u2", "Bo", "Lee", "b@lpsd.ca", "teacher", "s1")]  # fmt: skip
    roll = read(roster.v11(people))
    assert [one.key for one in roll.persons] == ["u2"]
    assert roll.removed == ["u1"]
    assert roll.counts["deleted"] == 1


def test_a_delta_does_not_mean_that_the_others_left() -> None:
    assert not read(roster.v11(mode="delta")).complete


class TestWhatIsWrong:
    def test_a_double_id_and_a_double_address(self) -> None:
        people = [*roster.PEOPLE, ("u3", "Other", "One", "o@lpsd.ca", "teacher", "s1"),
                  ("u8", "Third", "One", "A.Petrova@lpsd.ca", "teacher", "s1")]  # fmt: skip
        roll = read(roster.v11(people))
        assert faults(roll) == [("double-id", "users.csv", 8, "row"), ("double-email", "users.csv", 9, "row")]
        assert len(roll.persons) == 4
        assert {"u3", "u8"} <= set(roll.present)

    def test_orphans(self) -> None:
        orgs = [*roster.ORGS, {"sourcedId": "s3", "name": "Lost School", "type": "school", "parentSourcedId": "gone"}]
        people = [("u1", "Ana", "Petrova", "a@lpsd.ca", "teacher", "nowhere")]
        roll = read(roster.v11(people, orgs))
        assert faults(roll) == [("orphan", "orgs.csv", 7, "note"), ("unknown-org", "users.csv", 2, "note")]
        assert roll.units[-1].parent == ""
        assert roll.persons[0].home == ""

    def test_a_circle_of_parents(self) -> None:
        orgs = [{"sourcedId": "a", "name": "A", "type": "school", "parentSourcedId": "b"},
                {"sourcedId": "b", "name": "B", "type": "department", "parentSourcedId": "a"}]  # fmt: skip
        roll = read(roster.v11(orgs=orgs))
        assert [one.parent for one in roll.units] == ["", ""]
        assert {code for code, *_rest in faults(roll)} >= {"orphan"}

    def test_a_bad_address_and_a_missing_name(self) -> None:
        people = [("u1", "Ana", "Petrova", "not an address", "teacher", "s1"), ("u2", "", "", "b@lpsd.ca", "teacher", "s1"),
                  ("u3", "C", "D", "c@lpsd.ca", "teacher", "s1")]  # fmt: skip
        roll = read(roster.v11(people))
        assert [(fault.code, fault.row, fault.column, fault.value) for fault in roll.faults] == [
            ("email", 2, "email", "not an address"), ("missing", 3, "familyName", ""),
        ]  # fmt: skip

    def test_bad_dates(self) -> None:
        files = roster.v12()
        files["roles.csv"] += f"r8,u3,active,{roster.STAMP},secondary,teacher,03/04/2026,,s1,\r\n"
        files["roles.csv"] += f"r9,u3,active,{roster.STAMP},secondary,teacher,2026-09-01,2026-08-01,s1,\r\n"
        assert [(f.code, f.file, f.row, f.column) for f in read(files).faults if f.file == "roles.csv"] == [
            ("date", "roles.csv", 8, "beginDate"), ("dates", "roles.csv", 9, "endDate"),
        ]  # fmt: skip

    def test_someone_who_is_a_student_and_staff_stays_out(self) -> None:
        files = roster.v12()
        files["roles.csv"] += f"r9,u5,active,{roster.STAMP},secondary,aide,,,s1,\r\n"
        roll = read(files)
        assert "u5" not in [one.key for one in roll.persons]
        assert ("student-staff", "users.csv", 6, "row") in faults(roll)

    @pytest.mark.parametrize("name", ["orgs.csv", "users.csv", "roles.csv"])
    def test_a_missing_file(self, name: str) -> None:
        files = roster.v12()
        del files[name]
        roll = read(files)
        assert roll.faults.stopping
        assert name[:-4] in next(iter(roll.faults)).message

    @pytest.mark.parametrize("name", ["classes.csv", "enrollments.csv", "academicSessions.csv"])
    def test_a_division_may_keep_back_what_is_about_students(self, name: str) -> None:
        """Staff and schools come in without it, and the note says what is not there."""
        files, whole = roster.v12(), read(roster.v12())
        files["manifest.csv"] = roster.manifest("1.2", [one.removesuffix(".csv") for one in roster.v12()])
        files.pop(name, None)
        roll = read(files)
        assert not roll.faults.stopping
        assert [one.key for one in roll.persons] == [one.key for one in whole.persons]
        assert [one.weight for one in roll.faults if name[:-4] in one.message] == ["note"]

    def test_a_missing_column(self) -> None:
        files = roster.v11()
        files["users.csv"] = files["users.csv"].replace("familyName", "somethingElse")
        roll = read(files)
        assert [(fault.code, fault.weight) for fault in roll.faults] == [("columns", "file")]
        assert "familyName" in next(iter(roll.faults)).message

    def test_no_manifest_and_a_later_version(self) -> None:
        files = roster.v12()
        del files["manifest.csv"]
        assert faults(read(files))[0][0] == "no-manifest"
        assert len(read(files).persons) == 4
        files["manifest.csv"] = roster.manifest("2.0", ["orgs", "users"])
        assert faults(read(files))[0][0] == "version"

    def test_two_districts(self) -> None:
        orgs = [*roster.ORGS, {"sourcedId": "d2", "name": "Other Division", "type": "district"}]
        assert faults(read(roster.v11(orgs=orgs))) == [("districts", "orgs.csv", 0, "file")]

    def test_an_export_without_staff(self) -> None:
        assert faults(read(roster.v11(roster.PEOPLE[4:])))[0][0] == "nobody"

    def test_half_a_zip_and_a_bomb(self, tmp_path: Path) -> None:
        whole = roster.in_zip(roster.v11(), tmp_path / "x.zip").getvalue()
        (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
        assert faults(oneroster.read(tmp_path / "half.zip")) == [("damaged", "", 0, "file")]
        files: dict[str, Any] = roster.v11()
        files["users.csv"] += " " * 30_000_000
        assert faults(read(files))[-1] == ("bomb", "", 0, "file")

    def test_windows_1252(self) -> None:
        files: dict[str, Any] = roster.v11()
        files["users.csv"] = files["users.csv"].encode("cp1252")
        roll = read(files)
        assert "Rémy Gagné" in [one.name for one in roll.persons]
        assert ("encoding", "users.csv", 0, "note") in faults(roll)


@pytest.mark.parametrize(
    ("role", "outside"),
    [("Student", True), ("students", True), ("Parent/Guardian", True), ("Élève", True), ("parent", True),
     ("Student services", False), ("Teacher", False), ("", False), ("Parent liaison", False)],
)  # fmt: skip
def test_who_is_not_staff(role: str, outside: bool) -> None:
    assert is_outsider(role) is outside


@override_settings(LANGUAGE_CODE="fr-ca")
def test_nothing_depends_on_the_language() -> None:
    assert len(read(roster.v12()).persons) == 4
