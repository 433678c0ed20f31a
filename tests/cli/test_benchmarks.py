"""The report of the benchmarks: one section can be written anew while the rest stays."""

from __future__ import annotations

from benchmarks.__main__ import SECTIONS, replaced
from benchmarks.nights import FIRST, NIGHTS, section
from benchmarks.today import OPEN

REPORT = "# Benchmarks\n\nHow.\n\n## One\n\nold\n\n## Two\n\nkept\n"


def test_a_section_is_written_at_its_place_and_the_rest_stays() -> None:
    assert replaced(REPORT, "One", ["new", "lines"]) == "# Benchmarks\n\nHow.\n\n## One\n\nnew\nlines\n\n## Two\n\nkept\n"
    assert replaced(REPORT, "Two", ["new"]) == "# Benchmarks\n\nHow.\n\n## One\n\nold\n\n## Two\n\nnew\n"


def test_a_new_section_comes_last() -> None:
    assert replaced(REPORT, "Three", ["new"]) == REPORT + "\n## Three\n\nnew\n"


def test_writing_twice_is_writing_once() -> None:
    once = replaced(REPORT, "One", ["new"])
    assert replaced(once, "One", ["new"]) == once


def test_the_nights_are_told_job_by_job_with_what_was_aimed_at() -> None:
    rows = [{"night": night, "job": job, "seconds": 70.0, "queries": 1200, "letters": 3, "megabytes": 150}
            for night in NIGHTS for job in ("keys.round", "upkeep.nightly")]  # fmt: skip
    lines = section({"accounts": 50_000, "people": 20_000, "rows": rows})
    assert "The first night takes 140 s, once; the longest of the others takes 140 s." in lines[0]
    assert "within the 300 s and 300 MB aimed at" in lines[0]
    assert any(line.startswith("| keys.round | 70.0 / 1,200 / 3 |") for line in lines)
    rows[0]["seconds"] = 400.0
    assert rows[0]["night"] == FIRST
    told = section({"accounts": 50_000, "people": 20_000, "rows": rows})[0]
    assert "The first night takes 470 s, once" in told
    assert "within" in told, "it comes once, and is no night's measure"
    rows[-1]["seconds"] = 400.0
    assert "beyond" in section({"accounts": 50_000, "people": 20_000, "rows": rows})[0]


def test_today_is_measured_with_five_thousand_things_open() -> None:
    assert sum(OPEN.values()) == 5_000
    assert {"machines", "nights", "today"} == set(SECTIONS)
