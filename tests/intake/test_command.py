"""`rostrum people import`: exit codes, JSON alone, refusals in one line, nothing half done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostrum.intake.models import ImportRun
from rostrum.management.cli import main
from rostrum.people.models import Person
from tests.cast import Cast
from tests.intake import roster

pytestmark = pytest.mark.django_db


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    (line,) = capsys.readouterr().out.splitlines()
    value: dict[str, object] = json.loads(line)
    return value


def test_dry_then_done_then_unchanged(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(roster.in_folder(roster.v12(), tmp_path / "export"))
    assert main(["people", "import", place, "--dry-run", "--json"]) == 0
    dry = said(capsys)
    assert dry["outcome"] == "dry-run"
    assert not ImportRun.objects.exists()
    assert main(["people", "import", place, "--json"]) == 0
    done = said(capsys)
    assert done["outcome"] == "applied"
    assert done["changes"] == dry["changes"]
    assert ImportRun.objects.get().by is None
    assert main(["people", "import", place, "--json"]) == 0
    assert said(capsys)["outcome"] == "unchanged"
    assert ImportRun.objects.count() == 1


def test_in_words(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = roster.v11([*roster.PEOPLE, ("u9", "X", "Y", "nothing", "teacher", "s1")])
    assert main(["people", "import", str(roster.in_folder(files, tmp_path / "export"))]) == 0
    captured = capsys.readouterr()
    assert "People: 2 new, 0 changed, 0 gone, 2 unchanged." in captured.out
    assert "1 students" in captured.out
    assert "Secretkid" not in captured.out + captured.err
    assert captured.err == (
        "users.csv row 8 email: This is no e-mail address. [nothing] "
        "Write one whole work address, for example r.okafor@lpsd.ca.\n"
    )


def test_a_file_that_cannot_be_used(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "x.csv"
    bad.write_bytes(b"%PDF-1.7")
    before = Person.objects.count()
    assert main(["people", "import", str(bad)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "This is a PDF" in captured.err
    assert main(["people", "import", str(bad), "--json"]) == 1
    assert said(capsys)["outcome"] == "refused"
    assert Person.objects.count() == before


def test_no_such_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "import", "/nowhere/at/all.zip"]) == 2
    assert capsys.readouterr().err == "There is no file or folder /nowhere/at/all.zip.\n"
