"""`rostrum check`: posts in, findings out, as the contract says; no database, no name and no hurtful word in the output."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rostrum.management.cli import main

ROSTER = {
    "roster": [
        {"id": 1, "first": "Emma", "last": "Larsson", "consent": False},
        {"id": 2, "first": "Noah", "last": "Larsson", "consent": True},
    ],
    "public_phones": ["780-555-0110"],
    "division_domains": ["lpsd.example.ca"],
}


class Out:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.err, self.text = code, err, out

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command on some bytes of standard input."""

    def ran(given: bytes | str | list[Any], *argv: str) -> Out:
        if isinstance(given, list):
            given = "".join(json.dumps(one) + "\n" for one in given)
        data = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        code = main(["check", *argv])
        said = capsys.readouterr()
        return Out(code, said.out, said.err)

    return ran


@pytest.fixture
def roster(tmp_path: Path) -> str:
    path = tmp_path / "roster.json"
    path.write_text(json.dumps(ROSTER), "utf-8")
    return str(path)


def test_a_post_is_answered_with_the_keys_of_the_contract(run: Any) -> None:
    text = "Zoé’s cell is 306-967-3058"
    done = run([{"id": "p1", "text": text}], "--json")
    assert done.code == 0
    (answer,) = done.lines
    assert answer["id"] == "p1"
    (finding,) = answer["findings"]
    assert set(finding) == {"rule", "type", "clauses", "effect", "start", "end", "severity", "message"}
    assert finding["rule"] == "person.phone"
    assert finding["type"] == "PHONE"
    assert finding["clauses"] == ["1.1", "3.3"]
    assert finding["effect"] == "decides"
    assert finding["severity"] == "block"
    assert text[finding["start"] : finding["end"]] == "306-967-3058"


def test_json_lines_come_with_and_without_the_option(run: Any) -> None:
    posts = [{"id": 1, "text": "Go Barons go!"}, {"id": None, "text": "Call 306-967-3058"}, {"text": ""}]
    assert run(posts).text == run(posts, "--json").text
    assert [(one["id"], len(one["findings"])) for one in run(posts).lines] == [(1, 0), (None, 1), (None, 0)]


def test_a_student_without_consent_is_found_by_the_roster_and_never_written(run: Any, roster: str) -> None:
    posts = [{"id": 1, "text": "Way to go Emma Larsson!"}, {"id": 2, "text": "Way to go Noah Larsson!"}]
    done = run(posts, "--roster", roster, "--explain")
    assert [[f["type"] for f in one["findings"]] for one in done.lines] == [["NAME"], []]
    assert "Larsson" not in done.text
    assert "Emma" not in done.text
    assert done.lines[0]["findings"][0]["students"] == 1


def test_public_phones_and_division_mail_of_the_roster_are_allowed(run: Any, roster: str) -> None:
    text = "Call (780) 555-0110 or write to info@school.lpsd.example.ca"
    assert run([{"id": 1, "text": text}], "--roster", roster).lines[0]["findings"] == []
    assert len(run([{"id": 1, "text": text}]).lines[0]["findings"]) == 2


def test_a_line_that_is_no_post_is_answered_in_its_place_and_counted(run: Any) -> None:
    given = (
        b'{"id":1,"text":"Go!"}\nnonsense\n\n[1]\n{"id":4}\n{"id":5,"text":7}\n\xff\xfe\n{"id":6,"text":"Go!"}\n'
        + (b"[" * 100_000 + b"\n")
    )
    done = run(given)
    assert done.code == 1
    assert [one.get("error") for one in done.lines] == [None, "post", "post", "post", "post", "post", None, "post"]
    assert done.err == "6 of 8 lines could not be read.\n"
    assert "nonsense" not in done.text


def test_offsets_are_characters_of_the_text_whatever_it_holds(run: Any) -> None:
    for before in ("😀😀 ", "e\u0301\u200d\u200d ", "\ud800 ", "ᑭᐦᐁᐤ  ", "שלום \u202e"):
        text = before + "306-967-3058"
        line = json.dumps({"id": before, "text": text})
        (answer,) = run(line).lines
        assert answer["id"] == before
        (finding,) = answer["findings"]
        assert text[finding["start"] : finding["end"]] == "306-967-3058", before


@pytest.mark.parametrize(
    "content",
    ["[]", "{", '{"roster": 3}', '{"roster": [3]}', '{"roster": [{"first": 3, "last": "x"}]}', '{"public_phones": "1"}',
     '{"roster": [{"first": "a", "last": "b", "consent": "yes"}]}', '{"roster": [{"first":"a","last":"b","consent":[3]}]}'],
)  # fmt: skip
def test_a_roster_that_cannot_be_used_is_wrong_usage_and_is_not_quoted(run: Any, tmp_path: Path, content: str) -> None:
    path = tmp_path / "roster.json"
    path.write_text(content, "utf-8")
    done = run([{"id": 1, "text": "x"}], "--json", "--roster", str(path))
    assert done.code == 2
    assert done.lines[0]["error"] == "roster"


def test_a_roster_of_empty_one_letter_and_equal_names_is_taken(run: Any, tmp_path: Path) -> None:
    people = [
        {"first": "", "last": ""}, {"first": "A", "last": "B"}, {"first": "Al", "last": "Ng"}, {"first": "Al", "last": "Ng"},
        {"last": "X"}, {"first": "\u200d", "last": "\ud800"}, {"first": "ᑭᐁ", "last": "ᐁᐤᐦᑭ"}, {},
    ]  # fmt: skip
    path = tmp_path / "roster.json"
    path.write_text(json.dumps({"roster": people}), "utf-8")
    (answer,) = run([{"id": 1, "text": "A B and Al Ng and ᑭᐁ ᐁᐤᐦᑭ and a x"}], "--roster", str(path)).lines
    assert [one["type"] for one in answer["findings"]] == ["NAME", "NAME"]


def test_a_division_account_may_speak_for_the_division(run: Any) -> None:
    post = [{"id": 1, "text": "LPSD is proud of every reader."}]
    assert [one["type"] for one in run(post).lines[0]["findings"]] == ["NAMING"]
    assert run(post, "--division-account").lines[0]["findings"] == []


def test_one_plain_text_is_answered_in_words_and_the_exit_code_says_whether_to_look(run: Any) -> None:
    done = run("Appelez le 306-967-3058\n", "--plain", "--language", "fr")
    assert done.code == 1
    assert "Un numéro de téléphone" in done.text
    assert run("Go Barons go!\n", "--plain").code == 0


def test_posts_are_answered_as_they_come_and_without_a_database(tmp_path: Path) -> None:
    """A real process with no settings at all; what is read is answered before the input ends."""
    lines = "".join(json.dumps({"id": n, "text": "Call 306-967-3058"}) + "\n" for n in range(1000))
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "rostrum", "check"],
        input=lines, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""},
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == list(range(1000))
    assert all(len(one["findings"]) == 1 for one in answers)
    assert "django.db" not in done.stderr
