"""The command line's promises: exit codes, JSON alone on standard output, refusals in one line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.test import Client

from rostrum import __version__
from rostrum.audit.actions import record
from rostrum.jobs.actions import enqueue
from rostrum.jobs.registry import JOBS, Job
from rostrum.management import out
from rostrum.management.cli import main, parser
from rostrum.people.models import Person, Role
from rostrum.policies.models import Edition

PROCEDURE = str(conf.DEMO_PROCEDURE)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    """A data folder of this test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def lines(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """Standard output as JSON Lines; fails when anything else stands there."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "argv",
    [
        [], ["nonsense"], ["version", "--nonsense"], ["procedure"], ["procedure", "load"],
        ["audit", "forget"], ["jobs", "run", "--twice"], ["resolve"], ["verify"],
        ["person", "add", "a@lpsd.ca"], ["serve", "--port", "x"],
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_every_command_of_the_contract_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        "serve", "web", "worker", "demo", "setup", "jobs run", "procedure load", "procedure check", "resolve",
        "verify", "audit verify", "audit export", "version", "person add", "people import",
    ):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main([*command.split(), "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: rostrum {command}")
    assert "COMMAND" in parser().format_help()


def test_version_says_what_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version", "--json"]) == 0
    [found] = lines(capsys)
    assert list(found) == ["rostrum", "python", "django", "sqlite", "tzdata"]
    assert found["rostrum"] == __version__
    assert all(found.values())
    assert main(["version"]) == 0
    assert f"rostrum {__version__}" in capsys.readouterr().out


def test_resolve_answers_one_and_many(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert main(["resolve", "--json", "https://x.com/rendell_park"]) == 0
    [found] = lines(capsys)
    assert list(found) == ["input", "status", "platform", "kind", "canonical_id", "canonical_url", "reason"]
    assert (found["status"], found["platform"]) == ("ok", "x")
    assert main(["resolve", "--json", "https://x.com/"]) == 1
    assert lines(capsys)[0]["status"] == "reject"
    assert main(["resolve", "--json", "--platform", "instagram", "rendell_park"]) == 0
    assert lines(capsys)[0]["platform"] == "instagram"
    feed = tmp_path / "lines"
    feed.write_bytes("https://x.com/a1\r\nhttps://x.com/\n\xff\n".encode("latin-1"))
    with feed.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["resolve", "--json", "-"]) == 0
    assert [one["input"] for one in lines(capsys)] == ["https://x.com/a1", "https://x.com/", "�"]


@pytest.mark.django_db
def test_verify_says_no_for_what_is_not_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "load", PROCEDURE]) == 0
    capsys.readouterr()
    assert main(["verify", "--json", "https://x.com/somebody_else"]) == 1
    assert lines(capsys)[0]["result"] == "not_ours"
    assert main(["verify", "???"]) == 1
    assert "unreadable" in capsys.readouterr().out


@pytest.mark.django_db
def test_procedure_is_checked_and_published_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "check", PROCEDURE, "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["procedure", "load", PROCEDURE, "--json"]) == 0
    [first] = lines(capsys)
    assert (first["procedure"], first["edition"]) == ("ap-193", "2015-09")
    assert main(["procedure", "load", PROCEDURE, "--json"]) == 0
    assert lines(capsys) == [first]
    assert Edition.objects.count() == 1


def test_a_bad_procedure_is_explained_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('[procedure]\nkey = "x"\nnonsense = \n')
    for act in ("check", "load"):
        assert main(["procedure", act, str(bad)]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert f"{bad}:3: " in told.err
    assert main(["procedure", "check", str(bad), "--json"]) == 1
    assert lines(capsys)[0]["line"] == 3
    assert main(["procedure", "check", str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr().err == f"There is no file {tmp_path / 'none.toml'}.\n"


@pytest.mark.django_db
def test_jobs_run_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(JOBS)
    monkeypatch.setattr("rostrum.jobs.actions.JOBS", known)
    known.clear()
    known["test.ill"] = Job("test.ill", lambda: 1 / 0, None, None, 1)
    known["test.well"] = Job("test.well", lambda: None, None, None, 1)
    enqueue("test.well")
    assert main(["jobs", "run", "--once", "--json"]) == 0
    assert lines(capsys) == [{"done": 1, "failed": 0, "dead": 0}]
    enqueue("test.ill")
    assert main(["jobs", "run", "--once"]) == 1
    assert capsys.readouterr().out == "Done: 0. Failed, to be tried again: 0. Stopped: 1.\n"
    assert main(["jobs", "run"]) == 2


@pytest.mark.django_db
def test_audit_verify_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(3):
        record(None, "unit:change", None, subject=("unit", 1), note=str(n))
    assert main(["audit", "verify", "--json"]) == 0
    [found] = lines(capsys)
    assert (found["ok"], found["entries"], found["first_bad_entry"]) == (True, 3, None)
    export = tmp_path / "log.jsonl"
    assert main(["audit", "export", str(export)]) == 0
    assert main(["audit", "verify", "--file", str(export)]) == 0
    assert "All 3 entries stand" in capsys.readouterr().out
    entries = [json.loads(line) for line in export.read_text().splitlines()]
    entries[1]["act"] = "unit:close"
    export.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    assert main(["audit", "verify", "--file", str(export)]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "Entry 2: its contents do not match its hash.\n")
    assert main(["audit", "verify", "--file", str(export), "--json"]) == 1
    assert lines(capsys)[0]["first_bad_entry"] == 2
    assert main(["audit", "export", "-"]) == 0
    assert len(lines(capsys)) == 3


@pytest.mark.django_db
def test_audit_verify_uses_checkpoints_and_says_when_it_cannot(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rostrum.audit import checkpoints

    record(None, "unit:change", None, subject=("unit", 1))
    assert main(["audit", "verify"]) == 0
    assert "No signed checkpoint" in capsys.readouterr().out
    checkpoints.make()
    where = checkpoints.places()
    named = ["audit", "verify", "--checkpoints", str(where.notes), "--public-key", str(where.public_key)]
    for argv in (named, named[:4], ["audit", "verify"]):
        assert main(argv) == 0
        assert "1 signed checkpoints agree" in capsys.readouterr().out
    assert main(["audit", "verify", "--checkpoints", str(tmp_path / "none")]) == 2
    (tmp_path / "empty").mkdir()
    assert main([*named[:3], str(tmp_path / "empty"), *named[4:]]) == 2
    assert "no checkpoints" in capsys.readouterr().err
    where.public_key.write_text("not a key")
    assert main(["audit", "verify", "--json"]) == 2
    assert lines(capsys)[0]["error"] == "evidence"


@pytest.mark.django_db
def test_the_first_person_gets_a_role_and_a_link_that_works(
    capsys: pytest.CaptureFixture[str], client: Client, settings: Any
) -> None:
    settings.DIVISION_NAME = "Lakeland School Division"
    argv = ["person", "add", "T.Abara@lpsd.ca", "Tobi Abara", "--role", "sysadmin"]
    assert main([*argv, "--json"]) == 0
    [told] = lines(capsys)
    assert told["email"] == "t.abara@lpsd.ca"
    person = Person.objects.get(email="t.abara@lpsd.ca")
    [appointment] = person.appointments.all()
    assert (appointment.role, appointment.unit.name) == (Role.SYSADMIN, "Lakeland School Division")
    path = re.sub(r"^https?://[^/]+", "", told["set_password"])
    page = client.get(path, follow=True)
    assert page.status_code == 200
    assert b'type="password"' in page.content
    assert main(argv) == 1
    assert "already" in capsys.readouterr().err
    assert main([*argv[:-1], "king"]) == 2
    assert main([*argv, "--unit", "nowhere"]) == 2


@pytest.mark.django_db
def test_a_refusal_is_one_line_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["person", "add", "no-address", "Nobody", "--role", "sysadmin"]
    assert main(argv) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert main([*argv, "--json"]) == 1
    assert lines(capsys)[0]["error"] == "invalid"
    assert not Person.objects.exists()


def test_a_bug_shows_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostrum.management.cli_version.emit", lambda _value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["version", "--json"])


def test_an_interrupt_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_value: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rostrum.management.cli_version.emit", interrupted)
    assert main(["version", "--json"]) == 130


def test_out_keeps_letters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    out.emit({"name": "École"})
    assert capsys.readouterr().out == '{"name": "École"}\n'
