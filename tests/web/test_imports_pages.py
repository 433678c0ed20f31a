"""The pages that bring people in: look, confirm, result; every refusal says what to do and loses nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rostrum.custody import keeping
from rostrum.intake import actions
from rostrum.intake.leavers import left_behind
from rostrum.intake.models import ImportRun, ImportState
from rostrum.jobs.actions import work_off
from rostrum.people.models import Person
from tests.cast import Cast, official, sent_registration
from tests.intake import roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.sysadmin)
    return client


def upload(desk: Client, content: bytes, name: str = "staff.csv", **fields: str) -> Any:
    return desk.post("/staff/imports/", {"file": SimpleUploadedFile(name, content), **fields}, follow=True)


def newest() -> ImportRun:
    return ImportRun.objects.latest("pk")


def confirm(desk: Client, run: ImportRun, **fields: Any) -> Any:
    data = {"act": "confirm", "digest": run.digest, **fields}
    return desk.post(f"/staff/imports/{run.pk}/", data, follow=True)


def test_from_file_to_result(desk: Client) -> None:
    page = upload(desk, roster.in_zip(roster.v12()).getvalue(), "export.zip").content.decode()
    assert "This is what the file would change. Nothing has changed yet." in page
    assert "École du Soleil" in page
    assert "1 student and 1 family member or other" in page
    assert "Secretkid" not in page
    assert "2 new units, 2 new people, 1 new role" in page
    run = newest()
    page = confirm(desk, run).content.decode()
    assert "Brought in by Taras Boyko" in page
    assert run.sha256 in page
    assert Person.objects.filter(email="r.gagne@lpsd.ca").exists()
    assert "2 new units, 2 new people, 1 new role" in desk.get("/staff/imports/").content.decode()


def test_every_bad_row_is_explained_and_may_be_taken_along(desk: Client) -> None:
    rows = "Name,E-mail,School\n=cmd(),a@b,Rendell Park School\nB,b@lpsd.ca,Rendel Prk\n"
    upload(desk, rows.encode())
    page = desk.get(f"/staff/imports/{newest().pk}/?show=faults").content.decode()
    assert "Row 2" in page
    assert "This is no e-mail address." in page
    assert "Did you mean: Rendell Park School?" in page
    answer = desk.get(f"/staff/imports/{newest().pk}/faults.csv")
    text = answer.content.decode("utf-8-sig")
    assert '"2","E-mail","a@b","This is no e-mail address."' in text
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_no_cell_of_the_faults_is_a_formula(desk: Client) -> None:
    upload(desk, b"Name,E-mail\nA,=HYPERLINK(1)\n")
    assert '"\'=HYPERLINK(1)"' in desk.get(f"/staff/imports/{newest().pk}/faults.csv").content.decode()


def test_leavers_stand_there_with_all_they_touch(desk: Client, cast: Cast) -> None:
    account = official(cast)
    people = [*roster.PEOPLE, ("u7", "Owen", "Clarke", "o.clarke@lpsd.ca", "teacher", "s1")]
    upload(desk, roster.in_zip(roster.v11(people)).getvalue(), "a.zip")
    confirm(desk, newest())
    upload(desk, roster.in_zip(roster.v11(roster.PEOPLE[1:])).getvalue(), "b.zip")
    run = newest()
    page = desk.get(f"/staff/imports/{run.pk}/").content.decode()
    assert "Owen Clarke" in page
    assert account.name in page
    assert "Administrator (principal), Rendell Park School" in page
    page = confirm(desk, run, end=[f"person:{cast.colleague.pk}"]).content.decode()
    assert "One of them leaves an account or a request behind" in page
    assert account.name in page
    cast.colleague.refresh_from_db()
    cast.principal.refresh_from_db()
    assert not cast.colleague.is_active
    assert cast.principal.is_active


def test_leavers_are_shown_with_what_hangs_on_them_beside_managing(desk: Client, cast: Cast) -> None:
    """Recovery contact, owner of an app, the adult of student helpers: each is named before anybody is gone."""
    account = official(cast)
    people = [*roster.PEOPLE, ("u8", "Ruth", "Okafor", "r.okafor@lpsd.ca", "teacher", "s1")]
    upload(desk, roster.in_zip(roster.v11(people)).getvalue(), "a.zip")
    confirm(desk, newest())
    for kind in ("recovery", "app_owner"):
        keeping.tie(account, cast.superintendent, kind, by=cast.teacher)
    keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.superintendent, size=6)
    upload(desk, roster.in_zip(roster.v11(roster.PEOPLE)).getvalue(), "b.zip")
    page = desk.get(f"/staff/imports/{newest().pk}/").content.decode()
    assert account.name in page
    assert "recovery contact, owner of a connected app or page, answers for a group of helpers" in page


def test_a_leaver_who_alone_looks_after_accounts_is_said_to(cast: Cast) -> None:
    """Of two managers who leave together neither is the one who stays; of an account still registered likewise."""
    account, coming = official(cast), sent_registration(cast)
    both = left_behind([cast.teacher.pk, cast.colleague.pk])
    one = left_behind([cast.colleague.pk])
    assert {left.alone for left in both[cast.teacher.pk].accounts} == {True}
    assert [(left.public_id, left.alone) for left in one[cast.colleague.pk].accounts if left.public_id] == [
        (account.public_id, False)
    ]
    assert [left.part for left in one[cast.colleague.pk].accounts if left.name == coming.request.name] == [
        "named content manager, has not answered, can get in"
    ]


def test_all_leavers_at_once(desk: Client) -> None:
    upload(desk, roster.in_zip(roster.v11()).getvalue(), "a.zip")
    confirm(desk, newest())
    upload(desk, roster.in_zip(roster.v11(roster.PEOPLE[:1])).getvalue(), "b.zip")
    confirm(desk, newest(), end_all="yes")
    assert set(Person.objects.filter(is_active=False).values_list("email", flat=True)) == {
        "r.gagne@lpsd.ca", "j.aide@lpsd.ca", "s.nguyen@lpsd.ca",
    }  # fmt: skip


def test_a_file_that_cannot_be_used(desk: Client) -> None:
    page = upload(desk, b"%PDF-1.7 not a list").content.decode()
    assert "This is a PDF. A PDF holds pages, not rows." in page
    assert "Bring it in" not in page
    assert newest().state == ImportState.REFUSED


def test_no_file_and_an_empty_one(desk: Client) -> None:
    assert "Choose the file." in desk.post("/staff/imports/", {}).content.decode()
    page = desk.post("/staff/imports/", {"file": SimpleUploadedFile("x.csv", b"")})
    assert page.status_code == 422
    assert "This file is empty." in page.content.decode()
    assert not ImportRun.objects.exists()


def test_a_division_that_changed_meanwhile(desk: Client, cast: Cast) -> None:
    upload(desk, b"Name,E-mail\nA B,ab@lpsd.ca\n")
    run = newest()
    other = actions.stage(io.BytesIO(b"Name,E-mail\nA B,ab@lpsd.ca\n"), name="o.csv", by=cast.communications)
    actions.confirm(other, by=cast.communications, digest=other.digest, ends=[])
    page = confirm(desk, run).content.decode()
    assert "It was not brought in" in page
    assert "The division changed while you were looking." in page


def test_a_large_file_waits_without_a_script(desk: Client) -> None:
    rows = "Name,E-mail\n" + "".join(f"Person Number{n},person.number{n}@lpsd.ca\n" for n in range(4_500))
    page = upload(desk, rows.encode())
    assert "Your file is being read" in page.content.decode()
    assert page.headers["Refresh"] == "2"
    work_off()
    assert "4500 new people" in desk.get(f"/staff/imports/{newest().pk}/").content.decode()
    assert "Your file is being brought in" in confirm(desk, newest()).content.decode()
    work_off()
    assert "4500 new people" in desk.get(f"/staff/imports/{newest().pk}/").content.decode()


def test_set_aside(desk: Client) -> None:
    upload(desk, b"Name,E-mail\nA B,ab@lpsd.ca\n")
    page = desk.post(f"/staff/imports/{newest().pk}/", {"act": "drop"}, follow=True).content.decode()
    assert "The file is set aside." in page
    assert "This file was set aside" in desk.get(f"/staff/imports/{newest().pk}/").content.decode()


def test_filters_and_odd_questions(desk: Client) -> None:
    upload(desk, b"Name,E-mail\nA Bee,ab@lpsd.ca\nC Dee,cd@lpsd.ca\n")
    here = f"/staff/imports/{newest().pk}/"
    page = desk.get(here + "?show=new&q=bee&thing=person").content.decode()
    assert "A Bee" in page
    assert "C Dee" not in page
    for odd in ("?show=nonsense", "?page=999999", "?page=-1", "?q=%00", "?thing=x", "?show=gone"):
        assert desk.get(here + odd).status_code == 200
    assert desk.get("/staff/imports/999999/").status_code == 404
    assert desk.post(here, {"act": "nonsense"}).status_code == 422


def test_the_template(desk: Client) -> None:
    answer = desk.get("/staff/imports/template.csv")
    assert answer.content.startswith("\ufeffName,E-mail,School".encode())


def test_communications_are_told_that_roles_stay_out(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.communications)
    page = upload(client, roster.in_zip(roster.v12()).getvalue(), "export.zip").content.decode()
    assert "One role is left out: only a system administrator appoints people." in page
