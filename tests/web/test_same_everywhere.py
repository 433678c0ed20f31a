"""One text, three ways in: the page, the command and the library find the same rules at the same characters."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rostrum.checks import Division, Engine, own_rules
from rostrum.checks.catalogue import example
from rostrum.checks.marking import utf16
from rostrum.management.cli import main
from rostrum.monitoring.engine import division_values
from rostrum.web.checks.showing import plain
from tests.cast import Cast
from tests.checks.test_posts import POSTS, read

pytestmark = pytest.mark.django_db
Found = list[tuple[str, int, int]]
STRANGE = (
    "😀😀 Text me at 306-967-3058 👩‍👩‍👧 or kim@gmail.com", "𝐂𝐚𝐥𝐥 𝟑𝟎𝟔-𝟗𝟔𝟕-𝟑𝟎𝟓𝟖 𝐧𝐨𝐰",
    "e\u0301e\u0301 306-967-3058\u200d\u200d!", "שלום \u202e 306-967-3058", "ᑭᐦᐁᐤ  306-967-3058",
    "line one\r\nline two 306-967-3058\rthree 780-871-2231\n",
    "<b>306-967-3058</b> & \"you are such a loser\" 🏳️‍🌈", "\u00a0306\u00a0967\u00a03058\u3000",
    "🧑🏽‍🚀 DOB 2017-06-22 🧑🏽‍🚀 SIN 146 454 285",
)  # fmt: skip
TEXTS = [
    *(read(line)[0] for line in POSTS),
    *(example(text).text for rule in own_rules() for text in (*rule.hits, *rule.misses, *rule.traps)),
    *STRANGE,
]
PLACE = re.compile(r'<li class="ck-item[^>]*data-from="(\d+)" data-to="(\d+)"')


def library(engine: Engine, text: str) -> Found:
    return [(one.rule.id, one.start or 0, one.end or 0) for one in engine.check(text)]


def on_the_page(client: Client, path: str, text: str) -> list[tuple[int, int]]:
    """Where the page marks the text, in the browser's own count."""
    answer = client.post(path, {"text": text})
    assert answer.status_code == 200, text
    return [(int(a), int(b)) for a, b in PLACE.findall(answer.content.decode())]


def by_command(texts: list[str], tmp_path: Path, monkeypatch: Any, capsys: Any) -> list[Found]:
    """What `rostrum check` writes, with the division of the page in its file."""
    division = division_values()
    kept = {
        "public_phones": sorted(division.public_phones), "division_domains": list(division.domains),
        "addresses": sorted(division.addresses), "schools": list(division.schools), "staff": list(division.staff),
        "division_names": list(division.names),
    }  # fmt: skip
    roster = tmp_path / "division.json"
    roster.write_text(json.dumps(kept), "utf-8")
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), "utf-8"))
    assert main(["check", "--json", "--roster", str(roster)]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["id"] for one in answers] == list(range(len(texts)))
    return [[(f["rule"], f["start"], f["end"]) for f in one["findings"]] for one in answers]


def test_every_sample_gets_the_same_findings_offset_for_offset(
    client: Client, cast: Cast, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    client.force_login(cast.teacher)
    engine = Engine((), division_values())
    texts = [plain(text) for text in TEXTS]
    wanted = [library(engine, text) for text in texts]
    assert sum(map(len, wanted)) > 200
    assert by_command(texts, tmp_path, monkeypatch, capsys) == wanted
    many = [[(one.rule.id, one.start, one.end) for one in each] for each in engine.check_many(texts)]
    assert many == wanted
    for typed, text, found in zip(TEXTS, texts, wanted, strict=True):
        places = [(utf16(text, start), utf16(text, end)) for _rule, start, end in found]
        assert on_the_page(client, "/staff/check/marks", typed) == places, text
        for (start, end), (_rule, first, last) in zip(places, found, strict=True):
            assert text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == text[first:last]


@pytest.mark.parametrize("path", ["/staff/check/", "/check", "/check/marks"])
def test_the_other_doors_mark_the_same_places(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.teacher)
    engine = Engine((), division_values())
    for typed in STRANGE:
        text = plain(typed)
        found = [(utf16(text, start), utf16(text, end)) for _rule, start, end in library(engine, text)]
        assert found
        assert on_the_page(client, path, typed) == found, text


def test_half_a_character_moves_nothing(
    client: Client, cast: Cast, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    """The command and the library take a lone surrogate as it is; a form cannot carry one, and browsers send U+FFFD."""
    client.force_login(cast.teacher)
    engine = Engine((), division_values())
    texts = [f"{half} Text me at 306-967-3058 {half}" for half in ("\ud800", "\udfff", "\ud83d", "\udc00\ud800")]
    wanted = [library(engine, text) for text in texts]
    assert all(text[found[0][1] : found[0][2]] == "306-967-3058" for text, found in zip(texts, wanted, strict=True))
    assert by_command(texts, tmp_path, monkeypatch, capsys) == wanted
    for text, found in zip(texts, wanted, strict=True):
        sent = re.sub("[\ud800-\udfff]", "\ufffd", text)
        assert on_the_page(client, "/staff/check/marks", sent) == [(start, end) for _rule, start, end in found]


def test_the_division_of_the_command_is_the_one_of_the_page(cast: Cast) -> None:
    held = division_values()
    again = Division(
        public_phones=held.public_phones, domains=held.domains, addresses=held.addresses, schools=held.schools,
        staff=held.staff, names=held.names,
    )  # fmt: skip
    assert repr(again) == repr(held)
    assert again.postals == held.postals
