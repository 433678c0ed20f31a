"""People brought in: compared, applied whole, repeatable; leavers only when someone says so."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.audit.queries import history
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.intake import actions, storing
from rostrum.intake.models import ImportRun, ImportState, SourceRecord
from rostrum.jobs.actions import work_off
from rostrum.people.actions import add_person, add_unit, appoint, change_person, note_departure
from rostrum.people.models import Appointment, Person, Unit
from tests.cast import Cast
from tests.intake import roster
from tests.intake.files import sheet_of, text, workbook

pytestmark = pytest.mark.django_db


def bring(cast: Cast, files: dict[str, str], *, ends: list[str] | None = None, by: Person | None = None,
          **options: Any) -> ImportRun:  # fmt: skip
    """Stage and confirm an export."""
    run = actions.stage(roster.in_zip(files), name="export.zip", by=by or cast.sysadmin, options=options)
    return actions.confirm(run, by=by or cast.sysadmin, digest=run.digest, ends=ends or [])


def lists(cast: Cast, rows: str, by: Person | None = None, **options: Any) -> ImportRun:
    return actions.stage(text(rows), name="staff.csv", by=by or cast.sysadmin, options=options)


def two_sheets(header: list[str], row: list[str]) -> io.BytesIO:
    """A workbook whose second sheet holds the staff."""

    def fill(book: Any) -> None:
        first = book.add_worksheet("First")
        first.write_row(0, 0, header)
        first.write_row(1, 0, row)
        sheet = book.add_worksheet("Staff")
        sheet.write_row(0, 0, ["Name", "E-mail"])
        sheet.write_row(1, 0, ["A B", "ab@lpsd.ca"])

    return workbook(fill)


def everything() -> list[Any]:
    return [
        list(Person.objects.order_by("pk").values_list("pk", "email", "name", "home_unit", "is_active")),
        list(Unit.objects.order_by("pk").values_list("pk", "name", "code", "path")),
        list(Appointment.objects.order_by("pk").values_list("pk", "person", "unit", "role", "ends_on")),
        SourceRecord.objects.count(),
    ]


class TestOneRoster:
    def test_a_division_comes_in(self, cast: Cast) -> None:
        run = bring(cast, roster.v12())
        assert run.state == ImportState.APPLIED
        remy = Person.objects.get(email="r.gagne@lpsd.ca")
        assert remy.home_unit is not None
        assert remy.home_unit.name == "École du Soleil"
        assert remy.home_unit.parent == cast.division
        assert Appointment.objects.get(person=remy).role == "administrator"
        assert not remy.has_usable_password()
        # Those who were here are the same people; the school with the code of the file is the same school.
        assert Person.objects.filter(email="a.petrova@lpsd.ca").count() == 1
        assert Unit.objects.filter(name="Rendell Park School").count() == 1
        assert Appointment.objects.filter(person=cast.principal).count() == 1

    def test_one_event_for_the_import_and_one_for_each_act(self, cast: Cast) -> None:
        before = Event.objects.count()
        run = bring(cast, roster.v12())
        acts = list(Event.objects.filter(seq__gt=before).order_by("seq").values_list("act", flat=True))
        assert acts.count("import:apply") == 1
        assert acts.count("person:add") == run.counts["person_new"] == 2
        assert acts.count("unit:add") == 2
        assert acts.count("appointment:start") == 1
        assert "export.zip" in history(run)[0].words

    def test_the_same_file_twice_changes_nothing(self, cast: Cast) -> None:
        bring(cast, roster.v12(), classes=True)
        before, events = everything(), Event.objects.count()
        run = actions.stage(roster.in_zip(roster.v12()), name="x", by=cast.sysadmin, options={"classes": True})
        assert not actions.saved_plan(run).changes
        assert not actions.saved_plan(run).does_something
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        assert everything() == before
        assert Event.objects.count() == events + 1  # that it was brought again

    def test_a_new_address_under_the_same_id_is_the_same_person(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        remy = Person.objects.get(email="r.gagne@lpsd.ca")
        changed = [("u2", "Rémy", "Gagné-Roy", "r.gagneroy@lpsd.ca", "principal", "s2") if one[0] == "u2" else one
                   for one in roster.PEOPLE]  # fmt: skip
        run = bring(cast, roster.v11(changed))
        assert run.counts["person_changed"] == 1
        assert "person_new" not in run.counts
        remy.refresh_from_db()
        assert (remy.email, remy.name) == ("r.gagneroy@lpsd.ca", "Rémy Gagné-Roy")

    def test_two_people_exchange_their_addresses(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        people = {p.email: p.pk for p in Person.objects.filter(email__in=["r.gagne@lpsd.ca", "j.aide@lpsd.ca"])}
        swap = {"r.gagne@lpsd.ca": "j.aide@lpsd.ca", "j.aide@lpsd.ca": "r.gagne@lpsd.ca"}
        bring(cast, roster.v11([(*one[:3], swap.get(one[3], one[3]), *one[4:]) for one in roster.PEOPLE]))
        for email, pk in people.items():
            assert Person.objects.get(pk=pk).email == swap[email]

    def test_an_address_that_is_somebody_elses_is_a_contradiction(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        changed = [(*one[:3], "c.dubois@lpsd.ca", *one[4:]) if one[0] == "u2" else one for one in roster.PEOPLE]
        run = actions.stage(roster.in_zip(roster.v11(changed)), name="x", by=cast.sysadmin)
        plan = actions.saved_plan(run)
        assert [fault.code for fault in plan.faults] == ["contradiction"]
        assert not plan.of("person", "changed")
        assert not plan.of("person", "gone")

    def test_who_is_gone_stays_until_somebody_ticks_them(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        fewer = [one for one in roster.PEOPLE if one[0] != "u2"]
        run = actions.stage(roster.in_zip(roster.v11(fewer)), name="x", by=cast.sysadmin)
        gone = actions.saved_plan(run).of("person", "gone")
        assert [one.label for one in gone] == ["Rémy Gagné"]
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        assert Person.objects.get(email="r.gagne@lpsd.ca").is_active
        run = bring(cast, roster.v11(fewer), ends=[f"person:{gone[0].pk}"])
        assert run.left == [gone[0].pk]
        remy = Person.objects.get(email="r.gagne@lpsd.ca")
        assert not remy.is_active
        assert Appointment.objects.get(person=remy).ends_on is not None

    def test_whoever_a_file_once_had_is_asked_about_and_nobody_else(self, cast: Cast) -> None:
        bring(cast, roster.v11())  # Ana and Sofia were put in by hand before and are in the file; Owen never was
        run = actions.stage(roster.in_zip(roster.v11(roster.PEOPLE[1:2])), name="x", by=cast.sysadmin)
        gone = {one.label: one.pk for one in actions.saved_plan(run).of("person", "gone")}
        assert gone == {"Ana Petrova": cast.principal.pk, "Jo Aide": gone["Jo Aide"], "Sofia Nguyen": cast.teacher.pk}
        # Ticking what the plan does not offer does nothing.
        ticked = [f"person:{cast.teacher.pk}", f"person:{cast.colleague.pk}", "person:999"]
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=ticked)
        left = Person.objects.filter(is_active=False)
        assert list(left) == [cast.teacher]

    def test_a_row_that_cannot_be_read_does_not_make_a_leaver(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        broken = [(*one[:3], "no address", *one[4:]) if one[0] == "u4" else one for one in roster.PEOPLE]
        run = actions.stage(roster.in_zip(roster.v11(broken)), name="x", by=cast.sysadmin)
        assert not actions.saved_plan(run).of("person", "gone")

    def test_a_delta_names_its_leavers(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        delta = roster.v11([("u4", "Jo", "Aide", "j.aide@lpsd.ca", "aide", "s2", "tobedeleted")], mode="delta")
        run = actions.stage(roster.in_zip(delta), name="x", by=cast.sysadmin)
        assert [one.label for one in actions.saved_plan(run).of("person", "gone")] == ["Jo Aide"]

    def test_a_principal_who_moves(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        moved = [(*one[:5], "s1") if one[0] == "u2" else one for one in roster.PEOPLE]
        run = actions.stage(roster.in_zip(roster.v11(moved)), name="x", by=cast.sysadmin)
        plan = actions.saved_plan(run)
        (old,) = plan.of("post", "gone")
        assert [one.detail for one in plan.of("post", "new")] == ["Administrator (principal), Rendell Park School"]
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[f"post:{old.pk}"])
        remy = Person.objects.get(email="r.gagne@lpsd.ca")
        assert remy.home_unit == cast.school
        assert Appointment.objects.get(pk=old.pk).ends_on is not None
        assert Appointment.objects.filter(person=remy, unit=cast.school, ends_on=None).exists()

    def test_someone_noted_as_having_left_is_not_called_back(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        jo = Person.objects.get(email="j.aide@lpsd.ca")
        note_departure(jo, by=cast.sysadmin)
        run = bring(cast, roster.v11())
        jo.refresh_from_db()
        assert not jo.is_active
        assert run.counts["notes"] == 1

    def test_what_a_hand_corrected_comes_back_as_a_change_to_look_at(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        jo = Person.objects.get(email="j.aide@lpsd.ca")
        change_person(jo, by=cast.sysadmin, name="Joanna Aide", home_unit=jo.home_unit)
        run = actions.stage(roster.in_zip(roster.v11()), name="x", by=cast.sysadmin)
        assert [one.detail for one in actions.saved_plan(run).changes] == ["Joanna Aide → Jo Aide"]

    def test_classes_come_only_when_asked_for(self, cast: Cast) -> None:
        bring(cast, roster.v12())
        assert not Unit.objects.filter(source_records__source_id="c1").exists()
        bring(cast, roster.v12(), classes=True)
        grade = Unit.objects.get(source_records__source_id="c1")
        assert (grade, grade.parent) == (cast.classroom, cast.school)  # "Grade 4" was there by hand

    def test_a_renamed_school_keeps_its_place(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        orgs = [{**one, "name": "Rendell Park Elementary"} if one["sourcedId"] == "s1" else one for one in roster.ORGS]
        bring(cast, roster.v11(orgs=orgs))
        cast.school.refresh_from_db()
        assert cast.school.name == "Rendell Park Elementary"

    def test_an_empty_place_is_filled_by_the_operator(self, db: None, tmp_path: Path) -> None:
        roster.in_zip(roster.v12(), tmp_path / "x.zip")
        _roll, plan, run = actions.bring_in(tmp_path / "x.zip", dry=True)
        assert run is None
        assert not Unit.objects.exists()
        assert plan.counts["person_new"] == 4
        _roll, _plan, run = actions.bring_in(tmp_path / "x.zip", dry=False)
        assert run is not None
        assert Unit.objects.get(parent=None).name == "Lloydminster Public School Division"
        assert Person.objects.count() == 4


class TestWhoMay:
    def test_a_teacher_may_not(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            lists(cast, "Name,E-mail\nA,a@lpsd.ca\n", by=cast.teacher)
        assert not ImportRun.objects.exists()

    def test_communications_bring_people_but_no_roles(self, cast: Cast) -> None:
        run = bring(cast, roster.v12(), by=cast.communications)
        assert run.state == ImportState.APPLIED
        assert run.counts["post_withheld"] == 1
        assert not Appointment.objects.filter(person__email="r.gagne@lpsd.ca").exists()

    def test_communications_cannot_take_over_the_address_of_someone_with_a_role(self, cast: Cast) -> None:
        bring(cast, roster.v11())
        changed = [(*one[:3], "mine@lpsd.ca", *one[4:]) if one[0] == "u2" else one for one in roster.PEOPLE]
        run = actions.stage(roster.in_zip(roster.v11(changed)), name="x", by=cast.communications)
        plan = actions.saved_plan(run)
        assert [fault.code for fault in plan.faults] == ["email-of-holder"]
        assert not plan.of("person", "changed")

    def test_no_file_gives_a_role_over_the_whole_division(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail,School,Role\nEve,eve@lpsd.ca,Rendell Park School,sysadmin\n")
        plan = actions.saved_plan(run)
        assert not plan.of("post", "new")
        assert [fault.code for fault in plan.faults] == ["by-hand"]


class TestTogether:
    def test_of_two_imports_at_once_one_wins(self, cast: Cast) -> None:
        first = lists(cast, "Name,E-mail\nA B,ab@lpsd.ca\n")
        second = lists(cast, "Name,E-mail\nA B,ab@lpsd.ca\nC D,cd@lpsd.ca\n", by=cast.communications)
        actions.confirm(first, by=cast.sysadmin, digest=first.digest, ends=[])
        second = actions.confirm(second, by=cast.communications, digest=second.digest, ends=[])
        assert second.state == ImportState.READY
        assert "changed while you were looking" in second.message
        assert not Person.objects.filter(email="cd@lpsd.ca").exists()
        actions.confirm(second, by=cast.communications, digest=second.digest, ends=[])
        assert Person.objects.filter(email="cd@lpsd.ca").exists()
        assert Person.objects.filter(email="ab@lpsd.ca").count() == 1

    def test_a_plan_that_was_not_seen_is_not_applied(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail\nA B,ab@lpsd.ca\n")
        with pytest.raises(Overtaken):
            actions.confirm(run, by=cast.sysadmin, digest="other", ends=[])

    def test_once_only(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail\nA B,ab@lpsd.ca\n")
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        with pytest.raises(WrongState):
            actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        with pytest.raises(WrongState):
            actions.drop(run, by=cast.sysadmin)

    def test_all_or_nothing(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        run = lists(cast, "Name,E-mail,School,Role\nA B,ab@lpsd.ca,Rendell Park School,principal\n")
        before, events = everything(), Event.objects.count()

        def refuse(*_args: Any, **_more: Any) -> None:
            raise Invalid("no")

        monkeypatch.setattr("rostrum.intake.writing.appoint_people", refuse)
        run = actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        assert (run.state, run.message) == (ImportState.READY, "no")
        assert everything() == before
        assert Event.objects.count() == events


class TestSimpleList:
    def test_in_french_with_semicolons_and_windows_letters(self, cast: Cast) -> None:
        rows = "Nom;Prénom;Courriel;École;Poste;Rôle;Du\n"
        rows += "Gagné;Rémy;r.gagne@lpsd.ca;rendell park school;Directeur;direction;1er sept. 2026\n"
        run = actions.stage(text(rows, "cp1252"), name="liste.csv", by=cast.sysadmin)
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        remy = Person.objects.get(email="r.gagne@lpsd.ca")
        assert (remy.name, remy.title, remy.home_unit) == ("Rémy Gagné", "Directeur", cast.school)
        assert str(Appointment.objects.get(person=remy).starts_on) == "2026-09-01"

    def test_the_template_comes_back_in_both_languages(self, cast: Cast) -> None:
        from django.utils import translation

        from rostrum.intake import stafflist

        for language in ("en-ca", "fr-ca"):
            with translation.override(language):
                roll = stafflist.read("t.csv", io.BytesIO(stafflist.template()))
                assert [one.email for one in roll.persons] == ["a.petrova@lpsd.ca", "s.nguyen@lpsd.ca"]
                assert [one.role for one in roll.posts] == ["administrator"]
                assert not roll.faults

    def test_a_workbook(self, cast: Cast) -> None:
        rows = [["Staff 2026"], [], ["Full name", "Work e-mail", "Site"], ["Lee, Bo", "B.Lee@LPSD.ca", "winston"]]
        run = actions.stage(sheet_of(rows), name="x.xlsx", by=cast.sysadmin)
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        bo = Person.objects.get(email="b.lee@lpsd.ca")
        assert (bo.name, bo.home_unit) == ("Bo Lee", cast.other_school)

    def test_an_unknown_school_is_asked_back_with_a_guess(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail,School\nA,a@lpsd.ca,Rendel Park Scool\n")
        (fault,) = actions.saved_plan(run).faults
        assert (fault.code, fault.row, fault.value) == ("unknown-unit", 2, "Rendel Park Scool")
        assert "Rendell Park School" in fault.remedy

    def test_schools_are_made_when_asked_for(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail,School\nA,a@lpsd.ca,New School\nB,b@lpsd.ca,New School\n", schools=True)
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        assert Person.objects.filter(home_unit__name="New School", home_unit__parent=cast.division).count() == 2
        assert not actions.saved_plan(lists(cast, "Name,E-mail,School\nA,a@lpsd.ca,New School\n", schools=True)).of(
            "unit", "new"
        )

    def test_contradictions_and_doubles(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail\nA B,a@lpsd.ca\nA B,A@lpsd.ca\nC D,a@lpsd.ca\n,x@lpsd.ca\nE,e\n")
        plan = actions.saved_plan(run)
        assert [(f.code, f.row, f.weight) for f in plan.faults] == [
            ("double", 3, "note"), ("contradiction", 4, "row"), ("missing", 5, "row"), ("email", 6, "row"),
        ]  # fmt: skip
        assert run.counts["person_new"] == 1

    def test_a_list_of_students_is_refused_and_forgotten(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail,Student number\nKid,kid@x.ca,123\n")
        assert run.state == ImportState.REFUSED
        assert not (storing.folder(run.kept_in) / storing.UPLOAD).exists()
        assert "Kid" not in (storing.folder(run.kept_in) / storing.PLAN).read_text()

    def test_students_in_a_list_are_counted_and_forgotten(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail,Role\nKid,kid@x.ca,Student\nA,a@lpsd.ca,teacher\n")
        assert run.counts["students"] == 1
        for one in storing.folder(run.kept_in).iterdir():
            assert "kid@x.ca" not in one.read_text()

    def test_another_sheet(self, cast: Cast) -> None:
        def fill(book: Any) -> None:
            book.add_worksheet("Notes").write_row(0, 0, ["nothing", "here"])
            sheet = book.add_worksheet("Staff")
            sheet.write_row(0, 0, ["Name", "E-mail"])
            sheet.write_row(1, 0, ["A B", "ab@lpsd.ca"])

        run = actions.stage(workbook(fill), name="x.xlsx", by=cast.sysadmin)
        assert run.state == ImportState.REFUSED
        run = actions.again(run, by=cast.sysadmin, options={"sheet": "Staff"})
        assert (run.state, run.counts["person_new"]) == (ImportState.READY, 1)

    def test_another_sheet_of_a_large_workbook_is_read_by_a_job(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = actions.stage(two_sheets(["Name", "E-mail"], ["C D", "cd@lpsd.ca"]), name="x.xlsx", by=cast.sysadmin)
        monkeypatch.setattr(storing, "SMALL_PACKED_BYTES", 0)
        run = actions.again(run, by=cast.sysadmin, options={"sheet": "Staff"})
        assert run.state == ImportState.READING
        with pytest.raises(WrongState):
            actions.again(run, by=cast.sysadmin, options={"sheet": "First"})
        work_off()
        run.refresh_from_db()
        assert (run.state, run.counts["person_new"]) == (ImportState.READY, 1)
        assert [one.detail for one in actions.saved_plan(run).of("person", "new")] == ["ab@lpsd.ca"]

    def test_of_a_workbook_with_students_no_other_sheet_is_kept(self, cast: Cast) -> None:
        kid = ["Kid", "kid@x.ca"]
        run = actions.stage(two_sheets(["Student number", "E-mail"], kid), name="x.xlsx", by=cast.sysadmin)
        assert not actions.other_sheets(run)
        with pytest.raises(WrongState, match="held students"):
            actions.again(run, by=cast.sysadmin, options={"sheet": "Staff"})

    def test_a_volunteer(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail,Role\nCoach,coach@x.ca,Volunteer\n")
        actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        assert Person.objects.get(email="coach@x.ca").kind == "volunteer"


class TestLarge:
    def test_a_large_file_is_read_and_applied_by_jobs(self, cast: Cast) -> None:
        rows = "Name,E-mail\n" + "".join(f"Person Number{n},person.number{n}@lpsd.ca\n" for n in range(5_000))
        run = lists(cast, rows)
        assert run.state == ImportState.READING
        work_off()
        run.refresh_from_db()
        assert run.state == ImportState.READY
        run = actions.confirm(run, by=cast.sysadmin, digest=run.digest, ends=[])
        assert run.state == ImportState.APPLYING
        work_off()
        run.refresh_from_db()
        assert run.state == ImportState.APPLIED
        assert Person.objects.filter(email__startswith="person.number").count() == 5_000
        from rostrum.audit.chain import verify
        from rostrum.audit.queries import entries

        assert verify(entries()).fault is None


class TestKeeping:
    def test_what_nobody_confirms_is_deleted_after_a_day(self, cast: Cast) -> None:
        from datetime import timedelta

        run = lists(cast, "Name,E-mail\nA B,ab@lpsd.ca\n")
        assert actions.clear_old() == 0
        assert storing.folder(run.kept_in).exists()
        ImportRun.objects.filter(pk=run.pk).update(started_at=run.started_at - timedelta(hours=25))
        assert actions.clear_old() == 1
        run.refresh_from_db()
        assert run.state == ImportState.DROPPED
        assert not storing.folder(run.kept_in).exists()
        with pytest.raises(WrongState):
            actions.saved_plan(run)

    def test_a_dropped_import_changes_nothing(self, cast: Cast) -> None:
        before = everything()
        run = actions.drop(lists(cast, "Name,E-mail\nA B,ab@lpsd.ca\n"), by=cast.sysadmin)
        assert run.state == ImportState.DROPPED
        assert everything() == before
        assert not storing.folder(run.kept_in).exists()

    def test_the_last_day_before_the_first(self, cast: Cast) -> None:
        run = lists(cast, "Name,E-mail,From,Until\nA B,ab@lpsd.ca,2026-09-01,2026-08-01\n")
        assert [fault.code for fault in actions.saved_plan(run).faults] == ["dates"]


def test_hands_and_files_together(cast: Cast) -> None:
    """Somebody added by hand who is later in the file is the same person, and their role is not doubled."""
    school = add_unit(kind="school", name="École du Soleil", parent=cast.division, by=None)
    remy = add_person(email="R.Gagne@lpsd.ca", name="Rémy Gagné", by=None, home_unit=school)
    appoint(remy, role="administrator", unit=school, by=None)
    run = bring(cast, roster.v12())
    assert Person.objects.filter(email__iexact="r.gagne@lpsd.ca").count() == 1
    assert Unit.objects.filter(name="École du Soleil").count() == 1
    assert Appointment.objects.filter(person=remy).count() == 1
    assert "post_new" not in run.counts
